//! Data of one's own in place of a lab's: points on a plane, in two classes.

use nablab_data::{DataError, Dataset, Parts};
use nablab_report::Lang;
use sha2::{Digest, Sha256};

use crate::LabError;
use crate::experiment::Difference;

/// SHA-256 of the points of the course's file, as [`fingerprint`] takes it. The points themselves are not nablab's to give away.
const OF_THE_COURSE: &str = "83dda6413324b3f18be7f427cbb8d69260a889fb68584b6f2052b211a51c8530";

/// Are these the points of the file that the course has for its regularisation lab?
pub(crate) fn is_of_the_course(data: &Parts) -> bool {
    fingerprint(data) == OF_THE_COURSE
}

/// SHA-256 of all points and labels, bit by bit: of each part its size, then X feature by feature, then the labels.
fn fingerprint(data: &Parts) -> String {
    let mut hash = Sha256::new();
    for set in [Some(&data.train), data.test.as_ref()] {
        let examples = set.map_or(0, Dataset::examples);
        hash.update((examples as u64).to_le_bytes());
        let Some(set) = set else { continue };
        hash.update((set.features() as u64).to_le_bytes());
        set.x().iter().for_each(|x| hash.update(x.to_bits().to_le_bytes()));
        set.labels().iter().for_each(|label| hash.update(label.to_le_bytes()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The given data, checked, and how it differs from the lab's; or the lab's own.
pub(crate) fn given_or(
    given: Option<&Parts>,
    own: impl FnOnce() -> Result<Parts, DataError>,
) -> Result<(Parts, Vec<Difference>), LabError> {
    match given {
        Some(data) => {
            check(data)?;
            Ok((data.clone(), vec![Difference::OwnData]))
        }
        None => Ok((own()?, Vec::new())),
    }
}

/// Its name in the heading, and where it comes from.
pub(crate) fn source(lang: Lang) -> (&'static str, &'static str) {
    let given = lang.choose("The data that was given.", "自己给出的数据。");
    (lang.choose("your own", "您的数据"), given)
}

/// Points on a plane, in two classes.
fn check(data: &Parts) -> Result<(), LabError> {
    for (part, set) in [("training set", Some(&data.train)), ("test set", data.test.as_ref())] {
        let Some(set) = set else { continue };
        let hint = "the lab draws points on a plane, in two colours";
        let unsuitable = |expected, got, hint| Err(LabError::Unsuitable { part, expected, got, hint });
        if set.features() != 2 {
            return unsuitable("2", format!("{} features", set.features()), hint);
        }
        if set.classes() == 3 && set.count(0) == 0 {
            return unsuitable("0 and 1", "labels from 1 to 2".into(), "labels count the classes from 0");
        }
        if set.classes() != 2 {
            return unsuitable("2", format!("{} classes", set.classes()), hint);
        }
        if set.examples() == 0 {
            return unsuitable("at least 1", "0 examples".into(), hint);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::print_stderr, reason = "a skipped test says so")]

    use std::path::Path;

    use nablab_data::Generator;

    use super::*;
    use crate::{Knobs, Lab, Options};

    /// As many points as the course has, but others.
    fn of_the_same_size() -> Parts {
        let moons = |samples, seed| Generator::Moons { samples, noise: 0.2, seed }.generate().unwrap();
        Parts { train: moons(211, 1), test: Some(moons(200, 2)) }
    }

    #[test]
    fn data_of_the_same_size_is_ones_own() {
        let own = of_the_same_size();
        assert!(!is_of_the_course(&own));
        let plan = Lab::Regularization.plan(Some(own.clone()), &Knobs::default()).unwrap();
        assert_eq!(plan.differences, [Difference::OwnData]);
        let options = Options { labs: Lab::ALL.to_vec(), data: Some(own), ..Options::default() };
        for lab in Lab::ALL {
            assert_eq!(options.data_of(lab).is_some(), lab.trains(), "{lab:?}");
        }
    }

    #[test]
    fn the_file_of_the_course_is_known_by_its_points() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data.mat");
        if !path.exists() {
            eprintln!("skipped: the course's data.mat is not here; whether it is recognised is not tested");
            return;
        }
        let course = nablab_data::load(&path).unwrap();
        assert_eq!(fingerprint(&course), OF_THE_COURSE);
        let labels = course.train.labels().iter().map(|label| 1 - label).collect();
        let rows: Vec<f64> = course.train.rows().flatten().collect();
        let turned = Parts { train: Dataset::from_rows(2, &rows, labels).unwrap(), ..course.clone() };
        assert!(!is_of_the_course(&turned), "the labels count, too");
        assert!(!is_of_the_course(&Parts { test: None, ..course }), "so do the test points");
    }
}
