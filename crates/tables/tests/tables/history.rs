//! What is kept of the epochs of a training.

use std::num::NonZeroUsize;

use nablab_data::table::{Table, csv};
use nablab_tables::{Ending, Epoch, Prepared, Settings, Tables, Training};

fn table() -> Table {
    let text: String =
        (0..60).map(|j| format!("{},{}\n", j * 37 % 60, if j % 7 < 3 { "a" } else { "b" })).collect();
    csv::read(format!("x,y\n{text}").as_bytes(), "t.csv").unwrap()
}

/// The history, the parameters and how it ended.
fn trained(recipe: &str, is_lean: bool) -> (Vec<Epoch>, Vec<f32>, Ending, u64) {
    let text = format!("{recipe}\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.2\n");
    let settings = Settings::from_toml(&text, "r.toml").unwrap();
    let prepared = Prepared::<f32>::new(&settings, &Tables::from(table()), NonZeroUsize::MIN).unwrap();
    let mut training = Training::new(&settings, &prepared, NonZeroUsize::MIN).unwrap();
    if is_lean {
        training = training.lean();
    }
    let ended = loop {
        if let Err(ended) = training.epoch(&|| 0.0, &|| false) {
            break ended;
        }
    };
    (training.history().to_vec(), training.params().to_vec(), ended, training.epochs_done())
}

#[test]
fn a_long_training_has_a_row_for_every_few_epochs_and_for_the_last() {
    let (history, params, ended, done) =
        trained("epochs = 4001\nhidden = [{ units = 3 }]\nbatch_size = 60", false);
    assert_eq!((ended, done), (Ending::Finished, 4001));
    let epochs: Vec<u64> = history.iter().map(|row| row.epoch).collect();
    let expected: Vec<u64> = (1..=500).map(|k| 8 * k).chain([4001]).collect();
    assert_eq!(epochs, expected);
    for row in &history {
        let numbers =
            [row.cost, row.train_loss, row.train_metric, row.validation_loss, row.validation_metric];
        assert!(numbers.iter().all(|number| number.is_finite()), "{row:?}");
        assert_eq!((row.step, row.learning_rate), (row.epoch, 1e-3));
    }
    let (lean, same, ..) = trained("epochs = 4001\nhidden = [{ units = 3 }]\nbatch_size = 60", true);
    assert!(lean.is_empty() && same == params);
    let (short, ..) = trained("epochs = 1000\nhidden = [{ units = 3 }]\nbatch_size = 60", false);
    assert_eq!(short.len(), 1000);
    // Whatever it was to be, of what is done there are enough rows.
    let (longer, ..) = trained("epochs = 1001\nhidden = [{ units = 3 }]\nbatch_size = 60", false);
    assert_eq!((longer.len(), longer[0].epoch, longer[500].epoch), (501, 2, 1001));
}

#[test]
fn the_epoch_at_which_a_training_stops_early_has_a_row() {
    let recipe = "epochs = 6000\nlearning_rate = 0.3\nhidden = [{ units = 3 }]\nbatch_size = 60";
    let text = format!("{recipe}\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.2\npatience = 4\n");
    let settings = Settings::from_toml(&text, "r.toml").unwrap();
    let prepared = Prepared::<f32>::new(&settings, &Tables::from(table()), NonZeroUsize::MIN).unwrap();
    let mut training = Training::new(&settings, &prepared, NonZeroUsize::MIN).unwrap();
    let mut lowest = (f64::INFINITY, 0);
    let ended = loop {
        match training.epoch(&|| 0.0, &|| false) {
            Ok(epoch) if epoch.validation_loss < lowest.0 => lowest = (epoch.validation_loss, epoch.epoch),
            Ok(epoch) => assert!(epoch.validation_loss.is_finite(), "each is judged"),
            Err(ended) => break ended,
        }
    };
    let done = training.epochs_done();
    assert_eq!((ended, training.best_epoch(), done), (Ending::StoppedEarly, Some(lowest.1), lowest.1 + 4));
    let last = training.history().last().unwrap();
    assert!(last.epoch == done && last.cost.is_finite() && last.train_loss.is_finite());
    assert_eq!(training.history().len() as u64, done.min(1000), "few are done of many");
}
