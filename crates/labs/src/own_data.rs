//! Data of one's own in place of a lab's: points on a plane, in two classes.

use nablab_data::{DataError, Dataset, Parts};
use nablab_report::Lang;

use crate::LabError;
use crate::experiment::Difference;

/// Examples of the course's file, by which its data is recognised.
const COURSE_EXAMPLES: (usize, usize) = (211, 200);

/// Is it the file that the course has for its regularisation lab?
pub(crate) fn is_of_the_course(data: &Parts) -> bool {
    (data.train.examples(), data.test.as_ref().map_or(0, Dataset::examples)) == COURSE_EXAMPLES
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
    let given = lang.choose("The data given with `--data`.", "`--data` 给出的数据。");
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
