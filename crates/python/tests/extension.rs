//! The extension module is built with whatever tests are built, and has what Python's loader looks for. What it does is tested in Python,
//! by the files beside this one.

use std::path::PathBuf;

/// Where cargo puts what tests use, and these tests themselves.
fn folder() -> PathBuf {
    std::env::current_exe().unwrap().parent().unwrap().to_owned()
}

#[test]
fn the_extension_module_is_there() {
    let name = format!("{}_core{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = std::fs::read(folder().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let symbol = b"PyInit__core";
    assert!(library.windows(symbol.len()).any(|bytes| bytes == symbol), "{name} has no PyInit__core");
}
