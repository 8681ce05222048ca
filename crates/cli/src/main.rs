//! The program `nablab`. What is the whole process's is decided here: its memory and its signals. All else is the command's.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use nablab::memory::Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = nablab_cli::allocator();

fn main() -> ExitCode {
    nablab_cli::listen();
    nablab_cli::run(std::env::args_os())
}
