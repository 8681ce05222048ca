//! Data: files and tables of all kinds, those that are refused, generators, and matrices made of tables.

mod dates;
mod formats;
mod load;
mod named_arrays;
mod prepare;
mod reading;
mod reading_again;
mod refused;
mod sklearn;
mod tables;
mod targets;
