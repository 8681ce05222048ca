//! What a training tells of itself besides its epochs.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::Duration;

use nablab_data::table::csv;
use nablab_tables::{Event, Options, Run, Settings, Tables, Watch};

/// What has happened, in this order.
#[derive(Default)]
struct Seen(Mutex<Vec<String>>);

impl Watch<Event> for Seen {
    fn saw(&self, event: &Event) {
        self.0.lock().unwrap().push(match event {
            Event::Begun { rows, .. } => format!("{rows:?}"),
            Event::Epoch { epoch, .. } => epoch.epoch.to_string(),
            other => format!("{other:?}"),
        });
    }
}

#[test]
fn preparing_and_judging_are_told_around_the_epochs() {
    let text: String = (0..30).map(|j| format!("{j},{}\n", if j % 3 == 0 { "a" } else { "b" })).collect();
    let table = csv::read(format!("x,y\n{text}").as_bytes(), "t.csv").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::from_toml("epochs = 2\n[data]\ntarget = [\"y\"]\n", "r.toml").unwrap();
    let options =
        Options { threads: NonZeroUsize::MIN, checkpoint_every: Duration::from_secs(9), signals: true };
    let seen = Seen::default();
    Run::create(folder.path(), settings).unwrap().train(Tables::from(&table), options, &seen).unwrap();
    assert_eq!(seen.0.into_inner().unwrap(), ["Preparing", "(27, 3)", "1", "2", "Judging"]);
}
