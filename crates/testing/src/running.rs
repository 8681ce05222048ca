//! Programs that tests start. None is waited for without a limit, and none outlives its test.

use std::io::Read;
use std::process::{Child, Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// More than any of them takes on a slow and busy machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// A program under way, killed when it is dropped.
pub struct Running {
    /// It.
    pub child: Child,
    line: String,
}

impl Running {
    /// Start it, with nothing to read.
    pub fn start(command: &mut Command) -> Self {
        let line = format!("{command:?}");
        let child = command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
        Self { child, line }
    }

    /// Look again and again until there is something.
    pub fn until<T>(&mut self, what: &str, mut look: impl FnMut(&mut Child) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(seen) = look(&mut self.child) {
                return seen;
            }
            assert!(begun.elapsed() < PATIENCE, "{}: waited {PATIENCE:?} for {what}", self.line);
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Wait for its end. Its pipes are read meanwhile, because a full one would stop it.
    pub fn end(mut self) -> Output {
        let stdout = self.child.stdout.take().map(read);
        let stderr = self.child.stderr.take().map(read);
        let status = self.until("its end", |child| child.try_wait().unwrap());
        let all = |pipe: Option<JoinHandle<Vec<u8>>>| pipe.map_or_else(Vec::new, |pipe| pipe.join().unwrap());
        Output { status, stdout: all(stdout), stderr: all(stderr) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It fails where the program has ended, as it should have.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        pipe.read_to_end(&mut all).unwrap();
        all
    })
}

/// What a program says and how it ends.
pub fn output(command: &mut Command) -> Output {
    Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped())).end()
}
