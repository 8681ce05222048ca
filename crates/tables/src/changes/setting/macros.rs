//! A setting of a field of [`Changes`](super::Changes), by the field's name.

/// What is there or not.
macro_rules! switch {
    ($group:expr, $field:ident, $meaning:expr) => {
        Setting::new(
            stringify!($field),
            $group,
            $meaning,
            |changes, text| {
                changes.$field = read::yes_or_no(text)?;
                Ok(())
            },
            |changes| changes.$field,
        )
    };
}

/// One value, read so.
macro_rules! one {
    ($group:expr, reading.$field:ident, $read:expr, $meaning:expr) => {
        one!(@ $group, $field, (reading.$field), $read, $meaning)
    };
    ($group:expr, $field:ident, $read:expr, $meaning:expr) => {
        one!(@ $group, $field, ($field), $read, $meaning)
    };
    (@ $group:expr, $name:ident, ($($field:ident).+), $read:expr, $meaning:expr) => {
        Setting::new(
            stringify!($name),
            $group,
            $meaning,
            |changes, text| {
                changes.$($field).+ = Some($read(text)?);
                Ok(())
            },
            |changes| changes.$($field).+.is_some(),
        )
    };
}

/// Names.
macro_rules! list {
    ($group:expr, reading.$field:ident, $meaning:expr) => {
        list!(@ $group, $field, (reading.$field), $meaning)
    };
    ($group:expr, $field:ident, $meaning:expr) => {
        list!(@ $group, $field, ($field), $meaning)
    };
    (@ $group:expr, $name:ident, ($($field:ident).+), $meaning:expr) => {
        Setting::new(
            stringify!($name),
            $group,
            $meaning,
            |changes, text| {
                changes.$($field).+.get_or_insert_default().extend(read::list(text)?);
                Ok(())
            },
            |changes| changes.$($field).+.is_some(),
        )
    };
}

pub(super) use {list, one, switch};
