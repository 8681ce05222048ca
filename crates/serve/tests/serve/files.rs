//! Files of the page.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::{answer, get, limits, options, serve};

/// The value of a header.
fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    answer.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
}

#[test]
fn each_file_of_the_page_is_what_its_name_says() {
    let (address, _) = serve(options(limits()));
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/page.css", "text/css; charset=utf-8"),
        ("/playground/main.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let answer = get(address, path);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer:.99}");
        assert_eq!(header(&answer, "content-type"), Some(kind), "{path}");
        assert_eq!(header(&answer, "x-content-type-options"), Some("nosniff"));
        assert_eq!(header(&answer, "referrer-policy"), Some("no-referrer"));
        assert_eq!(header(&answer, "cache-control"), Some("no-cache"));
    }
    let wasm =
        answer(address, &format!("GET /engine/nablab_bg.wasm HTTP/1.1\nHost: {address}\nConnection: close"));
    let own =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/page/engine/nablab_bg.wasm")).unwrap();
    assert!(wasm.ends_with(&own), "the engine is another one");
    assert!(String::from_utf8_lossy(&wasm[..999]).contains("content-type: application/wasm"));
}

#[test]
fn the_policy_is_that_of_the_page_and_it_says_who_serves_it() {
    let (address, _) = serve(options(limits()));
    let answer = get(address, "/");
    let index =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/page/index.html")).unwrap();
    let policy =
        header(&answer, "content-security-policy").unwrap().strip_suffix("; frame-ancestors 'none'").unwrap();
    assert!(
        index.contains(&format!("content=\"{policy}\"")) && policy.contains("wasm-unsafe-eval"),
        "{policy}"
    );
    assert!(answer.contains("<meta name=\"nablab-serve\""));
    assert!(!index.contains("nablab-serve"), "a server of files is not us");
}

#[test]
fn a_file_is_sent_again_only_where_it_has_changed() {
    let (address, _) = serve(options(limits()));
    let first = get(address, "/page.css");
    let tag = header(&first, "etag").unwrap();
    let again = |tag: &str| {
        let request =
            format!("GET /page.css HTTP/1.1\nHost: {address}\nConnection: close\nIf-None-Match: {tag}");
        String::from_utf8(answer(address, &request)).unwrap()
    };
    let kept = again(tag);
    assert!(kept.starts_with("HTTP/1.1 304 ") && kept.ends_with("\r\n\r\n"), "{kept}");
    assert!(again("\"other\"").starts_with("HTTP/1.1 200 "));
}

#[test]
fn whoever_takes_it_gets_it_compressed() {
    let (address, _) = serve(options(limits()));
    let request = format!(
        "GET /page.css HTTP/1.1\nHost: {address}\nConnection: close\nAccept-Encoding: br, gzip;q=0.8"
    );
    let answer = answer(address, &request);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap();
    assert_eq!(header(&head, "content-encoding"), Some("gzip"));
    assert_eq!(header(&head, "vary"), Some("accept-encoding"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&answer[end + 4..]).read_to_string(&mut text).unwrap();
    let own = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/page/page.css")).unwrap();
    assert_eq!(text, own);
}

#[test]
fn no_path_leaves_the_page() {
    let (address, _) = serve(options(limits()));
    for path in [
        "/../Cargo.toml",
        "/../../Cargo.toml",
        "/%2e%2e/src/lib.rs",
        "/..%2fsrc/lib.rs",
        "/playground/../../src/lib.rs",
        "//etc/passwd",
        "/etc/passwd",
        "/%2fetc/passwd",
        "/..\\src\\lib.rs",
        "/playground",
        "/playground/",
        "/nowhere.js",
        "/page.css/",
        "/%00",
        "/page.css%00.html",
    ] {
        let answer = get(address, path);
        assert!(
            answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "),
            "{path}: {answer:.99}"
        );
    }
}
