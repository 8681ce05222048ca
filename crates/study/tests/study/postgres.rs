//! A PostgreSQL of the tests' own, on a port nobody uses, in a folder that goes with it.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::running::Running;

/// A running server.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    /// Start one; nothing, with a word, where PostgreSQL is not installed. Where everything has to be checked that is a failure.
    pub(crate) fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "PostgreSQL is not installed: apt-get install postgresql"
            );
            let _ =
                writeln!(io::stderr(), "skipped: PostgreSQL is not installed (apt-get install postgresql)");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, folder, port };
        if is_root() {
            // It does not run as root.
            let mut chown = Command::new("chown");
            let chown = chown.arg("postgres").arg(server.folder.path());
            assert!(Running::start(chown).end().status.success());
        }
        server.run("initdb", &format!("-D {} -A trust -U lab --no-sync", server.data().display()));
        server.up();
        server.run("createdb", &format!("-h 127.0.0.1 -p {port} -U lab studies"));
        Some(server)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("postgresql://lab@127.0.0.1:{}/studies", self.port)
    }

    pub(crate) fn up(&self) {
        let options =
            format!("-p {} -c listen_addresses=127.0.0.1 -k {}", self.port, self.folder.path().display());
        self.run(
            "pg_ctl",
            &format!(
                "-D {} -o '{options}' -l {}/log -w start",
                self.data().display(),
                self.folder.path().display()
            ),
        );
    }

    /// Stop it as a failure would.
    pub(crate) fn down(&self) {
        self.run("pg_ctl", &format!("-D {} -m immediate -w stop", self.data().display()));
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, program: &str, arguments: &str) {
        let line = format!("{} {arguments} >/dev/null", self.programs.join(program).display());
        let mut command = match is_root() {
            true => Command::new("su"),
            false => Command::new("sh"),
        };
        if is_root() {
            command.args(["postgres", "-s", "/bin/sh"]);
        }
        let status = Running::start(command.args(["-c", &line]).current_dir("/tmp")).end().status;
        assert!(status.success(), "{line}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.down();
        }
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Debian keeps them out of the way, a folder for each version.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut folders: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| is_there(folder, "pg_ctl") && is_there(folder, "initdb"))
}

fn is_there(folder: &Path, program: &str) -> bool {
    folder.join(program).exists()
}
