//! Whether the site hangs together.

use std::collections::{BTreeMap, BTreeSet};

use nablab::report::File;
use percent_encoding::percent_decode_str;

use crate::place::Place;

/// Every link and picture of every page is there, with the place in it that is meant, every heading can be linked to, and no formula is
/// left in LaTeX.
///
/// # Errors
/// All that is wrong, a line each.
pub fn check(files: &[File]) -> Result<(), String> {
    let pages: BTreeMap<&str, &str> = files
        .iter()
        .filter(|file| file.name.ends_with(".html"))
        .filter_map(|file| Some((&*file.name, std::str::from_utf8(&file.bytes).ok()?)))
        .collect();
    let names: BTreeSet<&str> = files.iter().map(|file| &*file.name).collect();
    let ids: BTreeMap<_, BTreeSet<_>> =
        pages.iter().map(|(name, html)| (*name, values(html, "id").collect())).collect();
    let mut wrong = Vec::new();
    for (name, html) in &pages {
        let place = Place::new(*name);
        for link in values(html, "href").chain(values(html, "src")) {
            if ["https://", "data:"].iter().any(|begin| link.starts_with(begin)) {
                continue;
            }
            let there = place.joined(link).filter(|path| names.contains(&**path));
            let fragment = link.split_once('#').map_or("", |(_, fragment)| fragment);
            let fragment = percent_decode_str(fragment).decode_utf8_lossy();
            let is_there = there.is_some_and(|path| {
                // The rooms of the page build their places themselves.
                fragment.is_empty()
                    || !path.contains('/')
                    || ids.get(&*path).is_some_and(|ids| ids.contains(&*fragment))
            });
            if !is_there {
                wrong.push(format!("{name}: {link} leads nowhere"));
            }
        }
        if name.starts_with("docs/") {
            wrong.extend(headings_without_id(html).map(|heading| format!("{name}: {heading} has no id")));
            wrong.extend(left_over(html).map(|line| format!("{name}: LaTeX is left in {line}")));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let begin = format!(" {attribute}=\"");
    let starts: Vec<_> = html.match_indices(&*begin).map(|(at, begin)| at + begin.len()).collect();
    starts.into_iter().filter_map(|at| html[at..].split('"').next())
}

fn headings_without_id(html: &str) -> impl Iterator<Item = &str> {
    let tags = ["<h1", "<h2", "<h3", "<h4"];
    let found = tags.into_iter().flat_map(|tag| html.match_indices(tag));
    found.map(|(at, tag)| &html[at..at + tag.len() + 1]).filter(|tag| tag.ends_with('>'))
}

/// Lines with a mark of a formula outside of code.
fn left_over(html: &str) -> impl Iterator<Item = &str> {
    let outside = html.split("<code").enumerate().map(|(k, part)| match k {
        0 => part,
        _ => part.split_once("</code>").map_or("", |(_, rest)| rest),
    });
    outside.flat_map(str::lines).filter(|line| line.contains('$') || line.contains("\\frac"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_nowhere_is_named() {
        let file = |name: &str, html: &str| File::new(name, html.as_bytes());
        let other = file("docs/b.html", "<h2 id=\"c\">C</h2>");
        let right = file(
            "docs/a.html",
            "<a href=\"b.html#c\">c</a> <a href=\"https://x.y/z#w\">z</a> <code>$HOME</code>",
        );
        check(&[right, other.clone()]).unwrap();
        let wrong = file("docs/a.html", "<a href=\"b.html#d\">d</a><img src=\"e.png\"><h2>F</h2>\na $g$");
        let error = check(&[wrong, other]).unwrap_err();
        let said: Vec<_> = error.lines().collect();
        assert_eq!(
            said,
            [
                "docs/a.html: b.html#d leads nowhere",
                "docs/a.html: e.png leads nowhere",
                "docs/a.html: <h2> has no id",
                "docs/a.html: LaTeX is left in a $g$"
            ]
        );
    }
}
