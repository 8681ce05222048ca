//! The page in the browser, served by the program itself: its files, a session of the engine for whoever opens it, and the runs and
//! studies of a directory, which are only read.
//!
//! ```text
//! connection ── bounds (listen) ── who may (access) ─┬─ files of the page (page)
//!                                                    ├─ /session: commands in, replies out (socket) ── its own thread (work)
//!                                                    └─ /directory: runs and studies (directory)
//! ```
//!
//! Nothing here can be made to wait for one that is slow, and nothing grows with what is sent: `Limits` has every bound.
#![forbid(unsafe_code)]

mod access;
mod budget;
mod directory;
mod error;
mod frame;
mod limits;
mod listen;
mod page;
mod patient;
mod server;
mod socket;
mod token;
mod work;

pub use error::ServeError;
pub use limits::Limits;
pub use server::{Options, Server};
pub use token::Token;
