//! A Python of the checks' own, with the packages whose files nablab writes (ONNX Runtime, TensorBoard, safetensors), those that
//! test the package `nablab`, and the one that finds misspelt words.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{run, run_in};

const REQUIREMENTS: [&str; 2] =
    ["crates/tables/tests/python/requirements.txt", "crates/python/tests/requirements.txt"];

/// The package, and the extension module as cargo builds it with the tests of the workspace.
const PACKAGE: &str = "crates/python";
const EXTENSION: &str = "debug/deps/lib_core.so";

/// The interpreter, in `target/python`; made and filled where it is not there.
///
/// # Errors
/// What could not be had, in words.
pub(crate) fn prepare() -> Result<PathBuf, String> {
    let root = crate::root()?;
    let folder = root.join("target/python");
    let python = folder.join("bin/python");
    let read = |file| std::fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"));
    let wanted = REQUIREMENTS.into_iter().map(read).collect::<Result<String, _>>()?;
    let done = folder.join("requirements.txt");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(install).args(REQUIREMENTS.iter().flat_map(|file| ["-r", file])))?;
    std::fs::write(&done, wanted).map_err(|error| format!("{}: {error}", done.display()))?;
    Ok(python)
}

/// Test the package `nablab`: its types, its documentation's examples, its tests. The tests of Rust have been built.
///
/// # Errors
/// What failed, in words.
pub(crate) fn test_package(python: &Path) -> Result<(), String> {
    let root = crate::root()?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let (built, package) = (root.join(target).join(EXTENSION), root.join(PACKAGE));
    // Python's loader wants it beside the modules, and under this name.
    let place = package.join("python/nablab/_core.abi3.so");
    std::fs::copy(&built, &place).map_err(|error| format!("{}: {error}", built.display()))?;
    run_in(&package, Command::new(python).args(["-m", "mypy"]))?;
    let tests = ["-m", "pytest", "--quiet", "-p", "no:cacheprovider"];
    // Not relative: tests start programs in other folders.
    run_in(&package, Command::new(python).args(tests).env("PYTHONPATH", package.join("python")))
}
