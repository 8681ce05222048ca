//! Flags that take several names at once, separated by commas. As in CSV, a name that has a comma stands in quotes:
//! `--ignore '"a,b",c'`.

use std::str::FromStr;

/// The names of one flag.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List(Vec<String>);

impl List {
    /// The name, where there is only one.
    pub(crate) fn only(self) -> Option<String> {
        <[String; 1]>::try_from(self.0).ok().map(|[name]| name)
    }
}

/// All that was given, however often the flag was.
pub(crate) fn all(lists: &Option<Vec<List>>) -> Option<Vec<String>> {
    lists.as_ref().map(|lists| lists.iter().flat_map(|list| list.0.iter().cloned()).collect())
}

impl FromStr for List {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (mut names, mut rest) = (Vec::new(), Some(text));
        while let Some(left) = rest {
            let mut name = String::new();
            let mut left = left;
            if let Some(inside) = left.strip_prefix('"') {
                left = quoted(inside, &mut name)?;
            }
            let (last, next) = left.split_once(',').map_or((left, None), |(last, next)| (last, Some(next)));
            names.push(name + last);
            rest = next;
        }
        Ok(Self(names))
    }
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
            assert_eq!(text.parse::<List>().unwrap().0, names, "{text}");
        }
        assert!("a,\"b".parse::<List>().unwrap_err().contains("not closed"));
    }
}
