//! The program `nablab`. What is the whole process's is decided here: its memory and its signals. All else is the command's.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use nablab::memory::Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = nablab_cli::allocator();

/// Of the first thread's stack, which the system makes as it is used, and ends the program where it cannot: had at once, it is not
/// lacking when memory is.
const STACK: usize = 1 << 20;

#[inline(never)]
fn use_stack() {
    std::hint::black_box(&mut [0_u8; STACK]);
}

fn main() -> ExitCode {
    use_stack();
    nablab_cli::listen();
    ExitCode::from(nablab_cli::run(std::env::args_os()))
}
