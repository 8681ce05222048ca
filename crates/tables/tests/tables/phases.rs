//! What a training tells of itself besides its epochs.

use std::num::NonZeroUsize;
use std::time::Duration;

use nablab_data::table::csv;
use nablab_tables::run::{Phase, Run, Watch};
use nablab_tables::{Epoch, Found, Options, Settings, Tables};

/// What was told, in this order.
#[derive(Default)]
struct Told(Vec<String>);

impl Watch for Told {
    fn phase(&mut self, phase: Phase) {
        self.0.push(format!("{phase:?}"));
    }
    fn begin(&mut self, _: &Found, rows: (usize, usize), _: usize, _: u64) {
        self.0.push(format!("{rows:?}"));
    }
    fn epoch(&mut self, epoch: &Epoch, _: Option<u64>) {
        self.0.push(epoch.epoch.to_string());
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
    let mut told = Told::default();
    Run::create(folder.path(), settings).unwrap().train(Tables::from(&table), options, &mut told).unwrap();
    assert_eq!(told.0, ["Preparing", "(27, 3)", "1", "2", "Judging"]);
}
