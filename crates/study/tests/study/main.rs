//! Studies: spaces, samplers, and storage in SQLite, in PostgreSQL and beside Optuna.

mod ask;
mod confirming;
mod found;
mod grid;
mod landscape;
mod optuna;
#[cfg(feature = "postgres")]
mod postgres;
mod progress;
mod samplers;
#[cfg(all(feature = "postgres", target_os = "linux"))]
mod silence;
mod space;
mod stops_after;
mod storage;
#[cfg(feature = "postgres")]
mod tls;
mod work;

/// In a file, and in PostgreSQL where that is built in and installed.
fn in_each(check: impl Fn(&str)) {
    let folder = tempfile::tempdir().unwrap();
    check(&folder.path().join("study.db").display().to_string());
    #[cfg(feature = "postgres")]
    if let Some(server) = postgres::Postgres::start() {
        check(&server.url());
    }
}
