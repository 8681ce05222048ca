//! A Python of the checks' own, with the packages whose files nablab writes (ONNX Runtime, TensorBoard, safetensors), and
//! the one that finds misspelt words.

use std::path::PathBuf;
use std::process::Command;

use crate::run;

const REQUIREMENTS: &str = "crates/tables/tests/python/requirements.txt";

/// The interpreter, in `target/python`; made and filled where it is not there.
///
/// # Errors
/// What could not be had, in words.
pub(crate) fn prepare() -> Result<PathBuf, String> {
    let root = crate::root()?;
    let folder = root.join("target/python");
    let python = folder.join("bin/python");
    let wanted =
        std::fs::read_to_string(root.join(REQUIREMENTS)).map_err(|e| format!("{REQUIREMENTS}: {e}"))?;
    let done = folder.join("requirements.txt");
    if std::fs::read_to_string(&done).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    run(Command::new(&python).args(install))?;
    std::fs::write(&done, wanted).map_err(|error| format!("{}: {error}", done.display()))?;
    Ok(python)
}
