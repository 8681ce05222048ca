//! The page in the browser: its module of WebAssembly, which is committed, and the folder that a server shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{root, run, run_in};

/// The built module within the page.
const MODULE: &str = "crates/web/page/engine";
/// What the module was built from.
const STAMP: &str = "crates/web/page/engine/source.txt";
/// The crates whose code is in it.
const SOURCES: &[&str] =
    &["kernel", "engine", "statistics", "data", "report", "diagnosis", "by-hand", "tables", "session", "web"];

/// A browser that lacks the relaxed instructions loads no module that has them, so there is one without.
const MODULES: &[(&str, &str)] = &[("nablab", "+simd128,+relaxed-simd"), ("nablab-exact", "+simd128")];

const TARGET: &str = "wasm32-unknown-unknown";
const IMMEDIATE_ABORT: &str = "-Zunstable-options -Cpanic=immediate-abort";

/// Build the modules anew, with the target of that name (`rustup target add wasm32-unknown-unknown`) and `wasm-bindgen` of the version in
/// `Cargo.lock`. Where no such target can be had, `NABLAB_WASM_RUSTC` names a compiler that has the sources of its standard library.
///
/// # Errors
/// What failed, in words.
pub(crate) fn build() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for (name, features) in MODULES {
        let target = root()?.join("target/web").join(name);
        let mut flags = format!("-C target-feature={features}");
        let mut build = Command::new(&cargo);
        build.args(["build", "--locked", "--package=nablab-web", "--profile=web", "--target", TARGET]);
        if let Some(compiler) = std::env::var_os("NABLAB_WASM_RUSTC") {
            // The standard library is built with it: small, and without the words of a panic, which a page cannot show.
            flags += &format!(" -C linker={} {IMMEDIATE_ABORT}", linker()?.display());
            build.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"]);
            build.env("RUSTC", compiler).env("RUSTC_BOOTSTRAP", "1");
        }
        run(build
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
            .env("CARGO_TARGET_DIR", &target))?;
        let built = target.join(TARGET).join("web/nablab_web.wasm");
        run(Command::new("wasm-bindgen")
            .args(["--target=web", "--remove-name-section", "--remove-producers-section"])
            .args(["--out-name", name, "--out-dir", MODULE])
            .arg(built))?;
    }
    // Both modules have the same types. Each has a file of its own that loads it: a module names that file in its imports.
    for file in ["nablab-exact.d.ts", "nablab-exact_bg.wasm.d.ts"] {
        let file = root()?.join(MODULE).join(file);
        fs::remove_file(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let stamp = root()?.join(STAMP);
    fs::write(&stamp, format!("{}\n", fingerprint()?))
        .map_err(|error| format!("{}: {error}", stamp.display()))
}

/// The linker that rustup's toolchain has for itself.
fn linker() -> Result<PathBuf, String> {
    let rustc = Command::new("rustc").args(["--print", "sysroot"]).env_remove("RUSTC").output();
    let sysroot = rustc.map_err(|error| format!("rustc --print sysroot: {error}"))?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    let hosts = sysroot.join("lib/rustlib");
    let entries = fs::read_dir(&hosts).map_err(|error| format!("{}: {error}", hosts.display()))?;
    let places = entries.flatten().map(|entry| entry.path().join("bin/rust-lld"));
    places.into_iter().find(|place| place.exists()).ok_or_else(|| format!("{}: no rust-lld", hosts.display()))
}

/// The committed module is that of the sources as they are.
///
/// # Errors
/// It is not.
pub(crate) fn check() -> Result<(), String> {
    let stamp = fs::read_to_string(root()?.join(STAMP)).unwrap_or_default();
    match stamp.trim() == fingerprint()? {
        true => Ok(()),
        false => Err(format!("{MODULE} was built from other sources; `cargo xtask wasm` builds it anew")),
    }
}

/// A number that is another one for other sources (FNV-1a), whatever the ends of their lines are.
fn fingerprint() -> Result<String, String> {
    let mut files = Vec::new();
    for name in SOURCES {
        let folder = root()?.join("crates").join(name);
        files.push(folder.join("Cargo.toml"));
        list(&folder.join("src"), &mut files)?;
    }
    files.sort();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in files {
        let content = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let name = file.strip_prefix(root()?).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        for byte in name.bytes().chain(content).filter(|byte| *byte != b'\r') {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", folder.display()))?.path();
        match path.is_dir() {
            true => list(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

/// The tests of the page, in a browser; `npm` brings what they need.
const TESTS: &str = "crates/web/tests";

/// Test the page as people use it: its module is that of the sources, its types, and all of it in Chromium.
///
/// # Errors
/// What failed, in words.
pub(crate) fn test() -> Result<(), String> {
    check()?;
    let tests = root()?.join(TESTS);
    run_in(&tests, Command::new("npm").args(["ci", "--silent", "--no-audit", "--no-fund"]))?;
    run_in(&tests, Command::new("npm").args(["run", "--silent", "types"]))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let command = root()?.join(target).join("debug/nablab");
    run_in(&tests, Command::new("npm").args(["test", "--silent"]).env("NABLAB", command))
}

/// A browser that takes longer to start is none.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the tests need is here: `npm`, and a Chromium that starts, where `CHROMIUM` says or in its usual place.
///
/// # Errors
/// What is missing.
pub(crate) fn prepare() -> Result<(), String> {
    run(Command::new("npm").arg("--version"))?;
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".into());
    let arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"];
    let mut started = Command::new(&chromium)
        .args(arguments)
        .arg("about:blank")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{chromium}: {error}"))?;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match started.try_wait() {
            Ok(None) => thread::sleep(Duration::from_millis(50)),
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{chromium}: {status}")),
            Err(error) => return Err(format!("{chromium}: {error}")),
        }
    }
    let _ = started.kill();
    Err(format!("{chromium} does not start"))
}

/// Lay the site into `target/site`, a folder that any server of files shows: the page, the documents, the labs' reports.
///
/// # Errors
/// What cannot be read or written, or a link that leads nowhere.
pub(crate) fn site() -> Result<(), String> {
    check()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo).args([
        "run",
        "--quiet",
        "--locked",
        "--package=nablab-site",
        "--",
        "target/site",
    ]))
}
