//! The documents of the repository as pages: `docs` with its folders.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nablab::report::{File, Lang};

use crate::place::{Place, REPOSITORY, SITE};
use crate::{frame, markdown};

/// The folder of the documents.
const DOCUMENTS: &str = "docs";
/// What a document in Chinese is called, beside the one in English.
const ZH: &str = ".zh.md";

/// The documents of a repository.
pub(crate) struct Documents {
    root: PathBuf,
    /// Paths in the repository.
    texts: BTreeSet<String>,
    /// Files that they show.
    pictures: BTreeSet<String>,
}

impl Documents {
    /// All that there are.
    ///
    /// # Errors
    /// What cannot be read.
    pub(crate) fn find(root: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        crate::list(&root.join(DOCUMENTS), &mut files)?;
        let mut found = Self { root: root.to_owned(), texts: BTreeSet::new(), pictures: BTreeSet::new() };
        for file in files {
            let path = crate::path_within(root, &file);
            match path.rsplit_once('.').map(|(_, ending)| ending) {
                Some("md") => drop(found.texts.insert(path)),
                Some("svg" | "png" | "webp") => drop(found.pictures.insert(path)),
                _ => {}
            }
        }
        Ok(found)
    }

    /// All of them as pages, and what they show.
    ///
    /// # Errors
    /// What cannot be read, a formula that is none, or a link that leads nowhere.
    pub(crate) fn pages(&self) -> Result<Vec<File>, String> {
        let pages = self.texts.iter().map(|path| self.page(path));
        let pictures = self.pictures.iter().map(|path| Ok(File::new(path.as_str(), self.read(path)?)));
        pages.chain(pictures).collect()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        fs::read(self.root.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    fn page(&self, path: &str) -> Result<File, String> {
        let text = String::from_utf8(self.read(path)?).map_err(|error| format!("{path}: {error}"))?;
        let place = Place::of_document(path);
        let written = markdown::written(&text, &|link| self.address(path, link))
            .map_err(|error| format!("{path}: {error}"))?;
        let (lang, other) = match path.strip_suffix(ZH) {
            Some(name) => (Lang::Zh, format!("{name}.md")),
            None => (Lang::En, path.replace(".md", ZH)),
        };
        let other = self.texts.contains(&other).then(|| Place::of_document(&other));
        let html = frame::document(&place, lang, other.as_ref(), &written);
        Ok(File::new(place.path(), html))
    }

    /// Where a link of a document leads on the site. What the site does not have is in the repository.
    fn address(&self, from: &str, link: &str) -> Result<String, String> {
        let place = Place::of_document(from);
        if let Some(way) = self.at_hand(&place, link) {
            return Ok(way);
        }
        if link.starts_with("https://") || link.starts_with('#') {
            return Ok(link.to_owned());
        }
        let (file, fragment) = link.split_once('#').map_or((link, ""), |(file, fragment)| (file, fragment));
        let missing = || format!("a link to {link}, which the repository does not have");
        let mut path = Place::new(from).joined(file).ok_or_else(missing)?;
        if self.root.join(&path).join("README.md").exists() {
            path += "/README.md";
        }
        let fragment = if fragment.is_empty() { String::new() } else { format!("#{fragment}") };
        if let Some(way) = self.of_repository(&place, &format!("{path}{fragment}")) {
            return Ok(way);
        }
        match self.root.join(&path).exists() {
            true => Ok(format!("{REPOSITORY}{path}{fragment}")),
            false => Err(missing()),
        }
    }

    /// The way to what the site has of an address.
    fn at_hand(&self, from: &Place, address: &str) -> Option<String> {
        match (address.strip_prefix(REPOSITORY), address.strip_prefix(SITE)) {
            (Some(file), _) => self.of_repository(from, file),
            (None, Some(file)) => Some(from.to(if file.is_empty() { "index.html" } else { file })),
            (None, None) => None,
        }
    }

    /// The same of a file of the repository.
    fn of_repository(&self, from: &Place, file: &str) -> Option<String> {
        let (path, fragment) = file.split_at(file.find('#').unwrap_or(file.len()));
        if self.texts.contains(path) {
            return Some(from.to(Place::of_document(path).path()) + fragment);
        }
        self.pictures.contains(path).then(|| from.to(path))
    }

    /// A page whose links to what the site has lead there.
    pub(crate) fn at_home(&self, html: &str, place: &Place) -> String {
        const LINK: &str = "href=\"";
        let mut parts = html.split(LINK);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (address, rest) = part.split_at(part.find('"').unwrap_or(part.len()));
            let way = self.at_hand(place, address);
            out += &format!("{LINK}{}{rest}", way.as_deref().unwrap_or(address));
        }
        out
    }
}
