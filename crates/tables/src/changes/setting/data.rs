//! What is predicted, and from what.

use super::macros::{list, one, switch};
use super::{Setting, SettingGroup, read};
use crate::recipe::ClassWeight;

const OF: SettingGroup = SettingGroup::Data;

pub(super) const SETTINGS: [Setting; 9] = [
    list!(OF, target, "What is to be predicted; several columns are separated by commas, and a name that has a comma stands in \
                       quotes, here as in all lists: '\"a,b\",c'")
        .takes("COLUMN", "price")
        .letter('t'),
    one!(OF, task, |text| read::named("task", text), "Kind of the prediction").chooses("binary").or("found out"),
    switch!(OF, drop_missing_target, "Leave out the rows without a target, which are an error otherwise"),
    list!(OF, features, "Learn from these columns only").takes("COLUMNS", "rooms,district"),
    list!(OF, ignore, "Do not learn from these columns").takes("COLUMNS", "id").also(&["exclude", "drop"]).key("data", "ignore"),
    Setting::new(
        "types",
        OF,
        "Types of columns, number, category or date, where the one found out is wrong; date-day-first and date-month-first say \
         what no day above 12 does",
        |changes, text| {
            changes.types.extend(read::types(text)?);
            Ok(())
        },
        |changes| !changes.types.is_empty(),
    )
    .takes("COLUMN=TYPE", "district=category"),
    one!(OF, scaling, |text| read::named("scaling", text), "How numbers are scaled").chooses("robust").or("standard"),
    one!(OF, weight, read::name, "A column that says how much each row counts").takes("COLUMN", "weight"),
    Setting::new(
        "class_weight",
        OF,
        "How much a row of a class counts in the loss, relative to the other classes: yes=2,no=1, where classes that are not named \
         count 1, scaled to a mean of 1; or balanced: every class counts the same, however many rows it has",
        |changes, text| {
            let more = read::class_weight(text)?;
            changes.class_weight = Some(match (changes.class_weight.take(), more) {
                (Some(ClassWeight::Of(before)), ClassWeight::Of(more)) => {
                    ClassWeight::Of(read::once_each(before.into_iter().chain(more))?)
                }
                (_, other) => other,
            });
            Ok(())
        },
        |changes| changes.class_weight.as_ref().is_some_and(|how| *how != ClassWeight::None),
    )
    .takes("CLASS=WEIGHT|balanced", "balanced")
    .or("none"),
];
