//! Names in one text, separated by commas. As in CSV, a name that has a comma stands in quotes: `"a,b",c`.

/// The names in a text, for whoever reads lists of columns.
///
/// ```
/// assert_eq!(nablab_tables::names_in("\"a,b\",c")?, ["a,b", "c"]);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// That a quote is not closed.
pub fn names_in(text: &str) -> Result<Vec<String>, String> {
    let (mut names, mut rest) = (Vec::new(), Some(text));
    while let Some(mut left) = rest {
        let mut name = String::new();
        if let Some(inside) = left.strip_prefix('"') {
            left = quoted(inside, &mut name)?;
        }
        let (last, next) = left.split_once(',').map_or((left, None), |(last, next)| (last, Some(next)));
        names.push(name + last);
        rest = next;
    }
    Ok(names)
}

/// What stands in quotes goes to the name; what is left lies behind them.
fn quoted<'t>(inside: &'t str, name: &mut String) -> Result<&'t str, String> {
    let mut left = inside;
    loop {
        let (before, after) = left
            .split_once('"')
            .ok_or("a quote is not closed; one that belongs to a name is written twice")?;
        name.push_str(before);
        match after.strip_prefix('"') {
            None => return Ok(after),
            Some(after) => {
                name.push('"');
                left = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_separates_nothing() {
        for (text, names) in [
            ("a", &["a"][..]),
            ("a,b", &["a", "b"]),
            ("", &[""]),
            ("a,", &["a", ""]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("c,\"a,b\"", &["c", "a,b"]),
            ("\"a,b\"=date,c=number", &["a,b=date", "c=number"]),
            ("\"say \"\"no\"\"\"", &["say \"no\""]),
            ("5\" pipe,b", &["5\" pipe", "b"]),
            ("größe,\"一,二\"", &["größe", "一,二"]),
        ] {
            assert_eq!(names_in(text).unwrap(), names, "{text}");
        }
        assert!(names_in("a,\"b").unwrap_err().contains("not closed"));
    }
}
