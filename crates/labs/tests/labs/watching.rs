//! Whoever watches is told of each lab whose record is made, and may stop it.

use std::num::NonZeroUsize;
use std::sync::Mutex;

use nablab_engine::Done;
use nablab_labs::{Lab, LabError, Labs, Options, Watch};
use nablab_report::Lang;

struct Seen(bool, Mutex<Vec<Done>>);

impl Watch<Done> for Seen {
    fn saw(&self, event: &Done) {
        self.1.lock().unwrap().push(*event);
    }

    fn stop(&self) -> bool {
        self.0
    }
}

#[test]
fn records_are_told_of_and_can_be_stopped() {
    // This lab trains nothing.
    let labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() }).unwrap();
    let records = |stops| {
        let seen = Seen(stops, Mutex::new(Vec::new()));
        (labs.records(Lang::En, NonZeroUsize::MIN, &seen), seen.1.into_inner().unwrap())
    };
    let (made, seen) = records(false);
    assert_eq!((made.unwrap().len(), seen), (1, vec![Done { done: 1, of: 1 }]));
    let (made, seen) = records(true);
    assert!(matches!(made, Err(LabError::Cancelled)) && seen.is_empty());
}
