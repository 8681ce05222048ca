//! PostgreSQL for the tests of shared studies, installed where it is not there and the system lets us.

use std::path::Path;
use std::process::{Command, Stdio};

/// Where Debian and Ubuntu keep the server's programs.
const DEBIAN: &str = "/usr/lib/postgresql";
const INSTALL: &str = "apt-get update && apt-get install --yes --no-install-recommends postgresql";

/// Find the server, or install it.
///
/// # Errors
/// What to do by hand, in words.
pub(crate) fn prepare() -> Result<(), String> {
    if is_there() {
        return Ok(());
    }
    // As root, or as somebody who may become root without being asked.
    for shell in [&["sh", "-c", INSTALL][..], &["sudo", "--non-interactive", "sh", "-c", INSTALL][..]] {
        let mut command = Command::new(shell[0]);
        let quiet = command.args(&shell[1..]).stdout(Stdio::null()).stderr(Stdio::null());
        if quiet.status().is_ok_and(|status| status.success()) && is_there() {
            return Ok(());
        }
    }
    Err("PostgreSQL is not installed: apt-get install postgresql, or put pg_ctl and initdb into PATH".into())
}

fn is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    Path::new(DEBIAN).is_dir() || std::env::split_paths(&path).any(|folder| folder.join("pg_ctl").exists())
}
