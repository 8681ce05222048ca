//! Studies: spaces, samplers, and storage in SQLite, in PostgreSQL and beside Optuna.

mod found;
mod landscape;
mod optuna;
mod postgres;
mod samplers;
mod space;
mod storage;
mod work;
