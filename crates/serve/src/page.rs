//! The files of the page, which the program carries with it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

/// In a debug build they are read where they lie, so that a change is seen at once.
#[derive(RustEmbed)]
#[folder = "../web/page"]
struct Files;

/// The page, ready to be sent.
#[derive(Clone)]
pub(crate) struct Page {
    /// Bytes of a command at most.
    most: usize,
    /// Files that somebody has asked for, compressed.
    compressed: Arc<Mutex<HashMap<Version, Bytes>>>,
}

/// A file by its name, and what is in it.
type Version = (String, [u8; 32]);

/// Where a page begins. Behind it is put by what the page's modules know who serves them: the bytes of a command at most.
const HEAD: &str = "<meta charset=\"utf-8\">";

impl Page {
    /// For sessions that take commands of so many bytes at most.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, compressed: Arc::default() }
    }

    /// A file, or its name's answer where there is none.
    pub(crate) fn file(&self, name: &str, asked: &HeaderMap) -> Response {
        let name = if name.is_empty() { "index.html" } else { name };
        let Some(EmbeddedFile { data, metadata }) = Files::get(name) else {
            return (StatusCode::NOT_FOUND, "there is no such page\n").into_response();
        };
        let hash = metadata.sha256_hash();
        let tag: String = hash[..12].iter().map(|byte| format!("{byte:02x}")).collect();
        let tag = format!("\"{tag}-{}\"", self.most);
        // Kept, but never used unasked: after an update no old file stands beside a new one.
        let kept = [(ETAG, tag.clone()), (CACHE_CONTROL, "no-cache".to_owned())];
        if has(asked, IF_NONE_MATCH, &tag) {
            return (StatusCode::NOT_MODIFIED, kept).into_response();
        }
        let kind = [(CONTENT_TYPE, kind_of(name)), (VARY, "accept-encoding")];
        let body = self.whole(name, data);
        if has(asked, ACCEPT_ENCODING, "gzip") && is_compressible(name) {
            let body = self.compressed(name, hash, &body);
            return (kept, kind, [(CONTENT_ENCODING, "gzip")], body).into_response();
        }
        (kept, kind, body).into_response()
    }

    /// A file as it is sent.
    fn whole(&self, name: &str, data: Cow<'static, [u8]>) -> Bytes {
        if name.ends_with(".html") {
            let mark = format!("{HEAD}\n<meta name=\"nablab-serve\" content=\"{}\">", self.most);
            return String::from_utf8_lossy(&data).replacen(HEAD, &mark, 1).into();
        }
        match data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        }
    }

    /// Once for each file.
    fn compressed(&self, name: &str, hash: [u8; 32], bytes: &Bytes) -> Bytes {
        let mut compressed = self.compressed.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that has changed, as in a debug build, is kept in its new form alone.
        compressed.retain(|(other, of), _| other != name || *of == hash);
        let make = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
            let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
            written.expect("memory can be written").into()
        };
        compressed.entry((name.to_owned(), hash)).or_insert_with(make).clone()
    }
}

/// The content-security policy that the page has of itself.
pub(crate) fn policy() -> String {
    let index = Files::get("index.html").map(|file| file.data).unwrap_or_default();
    let index = String::from_utf8_lossy(&index).into_owned();
    let own =
        index.split_once("Content-Security-Policy\" content=\"").and_then(|(_, own)| own.split_once('"'));
    // Of itself a page cannot say that nobody may frame it.
    format!("{}; frame-ancestors 'none'", own.map_or("default-src 'none'", |(own, _)| own))
}

fn has(asked: &HeaderMap, name: axum::http::HeaderName, value: &str) -> bool {
    let values = asked.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let mut values = values.flat_map(|line| line.split([',', ';'])).map(str::trim);
    values.any(|one| one.strip_prefix("W/").unwrap_or(one) == value)
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// What a file is, by its name.
pub(crate) fn kind_of(name: &str) -> &'static str {
    match extension(name) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}

fn is_compressible(name: &str) -> bool {
    extension(name) != "png"
}
