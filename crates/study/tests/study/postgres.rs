//! A PostgreSQL of the tests' own, on a port nobody uses, in a folder that goes with it. Some have TLS, and some are frozen.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use nablab_testing::running::{Running, output};

/// A running server.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    /// Settings of its own.
    options: String,
}

/// An authority, a certificate of it for `localhost` alone, and another authority. Then certificates of the same key: one of
/// version 1, and one that signs itself.
const CERTIFICATES: &str = "
    authority() { openssl req -x509 -newkey rsa:2048 -nodes -keyout $1.key -out $1.crt -days 2 -subj /CN=$1; }
    authority ca && authority other &&
    openssl req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=localhost &&
    printf 'basicConstraints=CA:FALSE\\nsubjectAltName=DNS:localhost\\n' >names &&
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt &&
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -days 2 -out old.crt &&
    openssl req -x509 -key server.key -out self.crt -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost &&
    chmod 600 server.key && chmod 644 *.crt";

impl Postgres {
    /// Start one; nothing, with a word, where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(false)
    }

    /// One that takes connections with TLS and without.
    pub(crate) fn start_with_tls() -> Option<Self> {
        Self::start_with(true)
    }

    fn start_with(tls: bool) -> Option<Self> {
        let Some(programs) = programs() else { return missing("postgresql") };
        if tls && Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
            return missing("openssl");
        }
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { programs, folder, port, options: String::new() };
        if is_root() {
            // It does not run as root.
            let mut chown = Command::new("chown");
            let chown = chown.arg("postgres").arg(server.folder.path());
            assert!(Running::start(chown).end().status.success());
        }
        server.run("initdb", &format!("-D {} -A trust -U lab --no-sync", server.data().display()));
        if tls {
            server.shell(&format!(
                "cd {} && {{ {CERTIFICATES}; }} 2>openssl.log",
                server.folder.path().display()
            ));
            let file = |name| server.file(name).display().to_string();
            let (certificate, key) = (file("server.crt"), file("server.key"));
            server.options = format!("-c ssl=on -c ssl_cert_file={certificate} -c ssl_key_file={key}");
        }
        server.up();
        server.run("createdb", &format!("-h 127.0.0.1 -p {port} -U lab studies"));
        Some(server)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        self.at("127.0.0.1")
    }

    /// Its address by another name of this machine.
    pub(crate) fn at(&self, host: &str) -> String {
        format!("postgresql://lab@{host}:{}/studies", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A file beside its data.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What it answers, asked without nablab.
    pub(crate) fn ask(&self, sql: &str) -> String {
        let answer = output(&mut self.psql(sql));
        assert!(answer.status.success(), "{answer:?}");
        String::from_utf8(answer.stdout).unwrap().trim().to_owned()
    }

    fn psql(&self, sql: &str) -> Command {
        let mut psql = Command::new(self.programs.join("psql"));
        let port = self.port.to_string();
        psql.args([
            "-X",
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-U",
            "lab",
            "-d",
            "studies",
            "-A",
            "-t",
            "-c",
            sql,
        ]);
        psql.env("PGSSLMODE", "prefer");
        psql
    }

    /// Let nobody in over the network but in this way: `hostssl`, or `hostnossl`.
    pub(crate) fn let_in(&self, way: &str) {
        fs::write(self.data().join("pg_hba.conf"), format!("{way} all all 127.0.0.1/32 trust\n")).unwrap();
        self.run("pg_ctl", &format!("-D {} reload", self.data().display()));
    }

    /// Another certificate from now on.
    pub(crate) fn present(&self, certificate: &str) {
        fs::copy(self.file(certificate), self.file("server.crt")).unwrap();
        self.run("pg_ctl", &format!("-D {} reload", self.data().display()));
        // What was connected to before it was read shows the old one.
        std::thread::sleep(std::time::Duration::from_millis(300));
    }

    pub(crate) fn up(&self) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -k {} {}",
            self.port,
            self.folder.path().display(),
            self.options
        );
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
        self.shell(&format!("{} {arguments} >/dev/null", self.programs.join(program).display()));
    }

    /// A line of the shell, as the user that the server runs as.
    fn shell(&self, line: &str) {
        let mut command = match is_root() {
            true => Command::new("su"),
            false => Command::new("sh"),
        };
        if is_root() {
            command.args(["postgres", "-s", "/bin/sh"]);
        }
        let status = Running::start(command.args(["-c", line]).current_dir("/tmp")).end().status;
        assert!(status.success(), "{line}");
    }
}

/// A server that takes what is sent and does nothing, until it is dropped.
#[cfg(target_os = "linux")]
pub(crate) struct Frozen(Vec<u32>);

#[cfg(target_os = "linux")]
impl Postgres {
    /// Begin to ask it something that takes a while.
    pub(crate) fn begin_to_ask(&self, sql: &str) -> Running {
        Running::start(self.psql(sql).stdout(Stdio::null()))
    }

    pub(crate) fn freeze(&self) -> Frozen {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let first: u32 = text.lines().next().unwrap().parse().unwrap();
        // The first one alone makes others.
        send("-STOP", &[first]);
        let mut all = children(first);
        send("-STOP", &all);
        all.push(first);
        Frozen(all)
    }
}

#[cfg(target_os = "linux")]
impl Drop for Frozen {
    fn drop(&mut self) {
        send("-CONT", &self.0);
    }
}

#[cfg(target_os = "linux")]
fn children(of: u32) -> Vec<u32> {
    let numbers = fs::read_dir("/proc").unwrap().filter_map(|entry| {
        let id: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
        // The name of the program stands in brackets, and may have any sign.
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let parent: u32 = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
        (parent == of).then_some(id)
    });
    numbers.collect()
}

#[cfg(target_os = "linux")]
fn send(signal: &str, to: &[u32]) {
    let mut kill = Command::new("kill");
    // One that has ended meanwhile cannot be sent to.
    output(kill.arg(signal).args(to.iter().map(u32::to_string)));
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.down();
        }
    }
}

/// Say that a package is missing; where everything has to be checked that is a failure.
fn missing<T>(package: &str) -> Option<T> {
    let what = format!("{package} is not installed: apt-get install {package}");
    assert!(std::env::var_os("CI").is_none(), "{what}");
    let _ = writeln!(io::stderr(), "skipped: {what}");
    None
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
