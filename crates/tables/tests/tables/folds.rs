//! A cross-validation says the same in memory, in a folder, and in a folder that was gone on with.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nablab_data::table::{Table, csv};
use nablab_tables::run::Status;
use nablab_tables::{
    CrossValidationFolder, Ensemble, Error, Event, Options, Settings, Tables, Threshold, Watch,
};

fn table() -> Table {
    let row =
        |i: usize| format!("{},{},{}\n", i % 9, i % 5, if (i % 9 < 4) == (i % 5 < 2) { "in" } else { "out" });
    let rows: String = (0..90).map(row).collect();
    csv::read(format!("a,b,y\n{rows}").as_bytes(), "t.csv").unwrap()
}

fn settings() -> Settings {
    Settings::from_toml("hidden = [{ units = 8 }]\nepochs = 6\n[data]\ntarget = [\"y\"]", "recipe").unwrap()
}

/// Follows the folds, and stops in the second one after two epochs.
#[derive(Default)]
struct Stop(Mutex<Vec<(usize, usize)>>, AtomicU64);

impl Watch<Event> for Stop {
    fn saw(&self, event: &Event) {
        match event {
            Event::Fold { number, of } => {
                self.0.lock().unwrap().push((*number, *of));
                self.1.store(0, Relaxed);
            }
            Event::Epoch { epoch, .. } => self.1.store(epoch.epoch, Relaxed),
            _ => {}
        }
    }

    fn stop(&self) -> bool {
        self.0.lock().unwrap().len() == 2 && self.1.load(Relaxed) == 2
    }
}

#[test]
fn folds_say_the_same_wherever_they_are_trained() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("folds");
    let tables = Tables::from(table());
    let whole = settings().cross_validate(tables.lent(), 3, Options::default(), &()).unwrap();

    let watch = Stop::default();
    let new = CrossValidationFolder::create(&folder, settings(), 3).unwrap();
    let stopped = new.train(&tables, |fold| {
        watch.saw(&Event::Fold { number: fold.number(), of: 3 });
        fold.run()?.0.train(tables.lent(), Options::default(), &watch)
    });
    match stopped {
        Err(Error::Fold { fold, summary }) => {
            assert_eq!((fold.number, fold.of, summary.ended), (2, 3, Status::Interrupted));
        }
        other => panic!("{other:?}"),
    }
    assert!(!folder.join("cross-validation.json").exists());
    assert!(matches!(
        CrossValidationFolder::create(&folder, settings(), 3),
        Err(Error::NotEmpty { folder: named }) if named == folder
    ));

    let again = CrossValidationFolder::open(&folder, settings(), 3);
    let found =
        again.train(&tables, |fold| fold.run()?.0.train(tables.lent(), Options::default(), &())).unwrap();
    assert_eq!(found.models, whole.models);
    assert_eq!(found.predictions, whole.predictions);
    assert_eq!(found.found.out_of_fold, whole.found.out_of_fold);
    for file in found.files() {
        assert_eq!(std::fs::read(folder.join(&file.name)).unwrap(), file.bytes);
    }
}

#[test]
fn a_fold_that_is_stopped_is_named() {
    let watch = Stop::default();
    let error = settings().cross_validate(table(), 3, Options::default(), &watch).unwrap_err();
    assert_eq!(watch.0.into_inner().unwrap(), [(1, 3), (2, 3)]);
    assert!(error.to_string().starts_with("fold 2 of 3 did not come to its end: interrupted after 2 epochs"));
}

/// Folds that were trained with different thresholds: the averaged probability is judged by their mean, whichever model comes first.
#[test]
fn averaged_probabilities_are_judged_by_the_mean_of_the_thresholds() {
    let place = tempfile::tempdir().unwrap();
    let tables = Tables::from(table());
    let trained = |threshold: f64| {
        let folder = place.path().join(threshold.to_string());
        let mut settings = settings();
        settings.validation.threshold = Some(Threshold::At(threshold));
        CrossValidationFolder::create(&folder, settings, 3)
            .unwrap()
            .train(&tables, |fold| fold.run()?.0.train(tables.lent(), Options::default(), &()))
            .unwrap();
        folder
    };
    let (folder, other) = (trained(0.2), trained(0.7));
    std::fs::remove_dir_all(folder.join("fold-2")).unwrap();
    std::fs::rename(other.join("fold-2"), folder.join("fold-2")).unwrap();
    let mut all = Ensemble::load(&folder).unwrap();
    let own: Vec<f64> = all.models().map(|model| model.threshold).collect();
    assert!(all.has_own_thresholds() && own == [0.2, 0.7, 0.2], "{own:?}");
    let mean = own.iter().sum::<f64>() / 3.0;
    let said = all.predict(&tables.table).unwrap();
    assert_eq!((all.threshold(), said.threshold), (mean, mean));
    for (row, answer) in said.rows().zip(said.answers()) {
        assert_eq!(answer[0] == said.names()[1], row[1] > mean, "{row:?}");
    }
    all.set_threshold(0.3).unwrap();
    assert!(!all.has_own_thresholds());
    assert_eq!(all.predict(&tables.table).unwrap().threshold, 0.3);
}
