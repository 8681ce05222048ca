//! The terminal: results to stdout, progress to stderr where someone is looking.

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use nablab::labs;
use nablab::report::clock;
use nablab::study::{Done, Watch};
use nablab::tables::PartsProgress;

use crate::{Answer, signals};

/// Print to stdout.
pub(crate) fn print(text: &str) -> anyhow::Result<Answer> {
    print_bytes(text.as_bytes())
}

/// Print to stdout what need not be text.
pub(crate) fn print_bytes(bytes: &[u8]) -> anyhow::Result<Answer> {
    let mut out = std::io::stdout().lock();
    printed(out.write_all(bytes).and_then(|()| out.flush()))
}

/// The answer of a command that has printed to stdout. A reader that went away (`nablab … | head`) is no error.
pub(crate) fn printed(result: std::io::Result<()>) -> anyhow::Result<Answer> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to stdout\nhint: check where it goes, and the space there")
        }
        _ => Ok(Answer::Yes),
    }
}

/// Print a line to stderr. Where that cannot be written, there is nobody to tell.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The version of the program and what was typed, for a report's header.
pub(crate) fn command_line(typed: &[OsString]) -> String {
    let quoted = |typed: String| if typed.contains(' ') { format!("'{typed}'") } else { typed };
    let words: Vec<_> =
        typed.iter().skip(1).map(|word| quoted(word.to_string_lossy().into_owned())).collect();
    format!("nablab {} · nablab {}", env!("CARGO_PKG_VERSION"), words.join(" "))
}

/// A bar on stderr; silent when asked, or when stderr is no terminal.
pub(crate) fn bar(length: u64, what: &'static str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = style("{msg} [{bar:32}] {percent:>3} %  {left} left").with_key("left", left);
    let bar = ProgressBar::new(length).with_style(style).with_message(what);
    moves(&bar, Duration::from_millis(120));
    bar
}

/// Of what has not begun, nobody can say how long it takes.
fn left(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let _ = match state.pos() {
        0 => out.write_str("…"),
        _ => out.write_str(&clock(state.eta().as_secs_f64())),
    };
}

/// From now on the bar moves by itself, if there is a thread for that: indicatif takes it for granted, and panics where there is none.
pub(crate) fn moves(bar: &ProgressBar, every: Duration) {
    let tried = std::thread::Builder::new().spawn(|| ());
    if tried.is_ok_and(|thread| thread.join().is_ok()) {
        bar.enable_steady_tick(every);
    }
}

/// What a bar looks like.
pub(crate) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("a template").progress_chars("=> ")
}

/// Shows how many trainings of how many are done, and says whether to go on: on a bar, or now and then in a line.
pub(crate) struct Counts {
    bar: ProgressBar,
    /// None where a bar shows it, or nothing is to be said.
    lines: Option<Mutex<PartsProgress>>,
}

impl Counts {
    pub(crate) fn new(what: &'static str, quiet: bool) -> Self {
        let says = !quiet && !std::io::stderr().is_terminal();
        Self { bar: bar(0, what, quiet), lines: says.then(|| Mutex::new(PartsProgress::new(what))) }
    }
}

impl Watch<Done> for Counts {
    fn saw(&self, done: &Done) {
        self.bar.set_length(done.of as u64);
        self.bar.set_position(done.done as u64);
        // Whoever else is about to say something says it for all.
        if let Some(Ok(mut lines)) = self.lines.as_ref().map(Mutex::try_lock)
            && let Some(line) = lines.see(*done)
        {
            say(&line);
        }
    }

    fn stop(&self) -> bool {
        signals::came()
    }
}

impl Drop for Counts {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Shows trainings on a bar.
pub(crate) struct TrainingBar(pub(crate) ProgressBar);

impl Watch<labs::Event> for TrainingBar {
    fn saw(&self, event: &labs::Event) {
        if let labs::Event::Epochs(more) = event {
            self.0.inc(*more);
        }
    }

    fn stop(&self) -> bool {
        signals::ends()
    }
}
