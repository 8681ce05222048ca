//! Why a server cannot begin.

use std::io;

use nablab::data::DataError;
use thiserror::Error;

/// Why a server cannot begin.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Another program has the port.
    #[error("port {port} of {host} is taken by another program")]
    Taken {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The address is none of this machine, or may not be had.
    #[error("cannot listen on {host}, port {port}: {source}")]
    Address {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// A token that can be guessed, or that no address can hold.
    #[error("token: expected at least {least} letters, digits, `-` or `_`, got {got}")]
    Token {
        /// Characters at least.
        least: usize,
        /// What came.
        got: String,
    },
    /// The directory cannot be found.
    #[error(transparent)]
    Directory(#[from] DataError),
    /// The system has no random numbers, or no threads.
    #[error("cannot begin to serve: {0}")]
    System(#[from] io::Error),
}
