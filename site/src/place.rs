//! Where things are: files of the repository, their places on the site, and the way from one to another.

/// Where the repository's files can be read.
pub(crate) const REPOSITORY: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// Where the site is published: what documents and reports say of it leads to the files beside them.
pub(crate) const SITE: &str = "https://nablab.github.io/nablab/";

/// A place on the site: the path of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place(String);

impl Place {
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// Where a Markdown file of the repository goes, `docs/maths/README.zh.md` to `docs/maths/index.zh.html`.
    pub(crate) fn of_document(file: &str) -> Self {
        let path = file.strip_suffix(".md").unwrap_or(file);
        Self(format!("{}.html", path.replace("README", "index")))
    }

    pub(crate) fn path(&self) -> &str {
        &self.0
    }

    /// The way from here to a file of the site.
    pub(crate) fn to(&self, path: &str) -> String {
        let (here, there): (Vec<_>, Vec<_>) = (self.0.split('/').collect(), path.split('/').collect());
        let folders = &here[..here.len() - 1];
        let shared = folders.iter().zip(&there[..there.len() - 1]).take_while(|(a, b)| a == b).count();
        "../".repeat(folders.len() - shared) + &there[shared..].join("/")
    }

    /// The file that a link from here means: a path, without what comes behind `#` or `?`.
    pub(crate) fn joined(&self, link: &str) -> Option<String> {
        let link = link.split(['#', '?']).next().unwrap_or_default();
        let mut parts: Vec<_> = self.0.split('/').collect();
        if link.is_empty() {
            return Some(self.0.clone());
        }
        parts.pop();
        for part in link.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        // A folder is shown by its index.
        Some(match (link.ends_with('/') || path.is_empty(), path.is_empty()) {
            (true, true) => "index.html".into(),
            (true, false) => format!("{path}/index.html"),
            (false, _) => path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_relative() {
        let place = Place::of_document("docs/maths/README.zh.md");
        assert_eq!(place.path(), "docs/maths/index.zh.html");
        assert_eq!(place.to("docs/maths/init.html"), "init.html");
        assert_eq!(place.to("docs/course/index.html"), "../course/index.html");
        assert_eq!(place.to("page.css"), "../../page.css");
        assert_eq!(Place::new("index.html").to("docs/index.html"), "docs/index.html");
    }

    #[test]
    fn links_are_followed() {
        let place = Place::new("docs/maths/init.html");
        let to = |link| place.joined(link);
        assert_eq!(to("#a").as_deref(), Some("docs/maths/init.html"));
        assert_eq!(to("../defaults.html#a").as_deref(), Some("docs/defaults.html"));
        assert_eq!(to("../../").as_deref(), Some("index.html"));
        assert_eq!(to("../../labs.html?lang=zh#b").as_deref(), Some("labs.html"));
        assert_eq!(to("../../../x"), None);
    }
}
