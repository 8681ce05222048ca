//! `nablab man`: a manual page for each command, with the words of its `--help`.

use std::io;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::{Answer, Cli, output, terminal};

#[derive(ClapArgs)]
#[command(after_help = "Example: nablab man ~/.local/share/man/man1, and then man nablab-train")]
pub(crate) struct Args {
    /// Where to; pages that are there already are replaced
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    // No page for `nablab help`: it shows what the pages show.
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let pages = pages(command)?;
    for (name, page) in &pages {
        output::write(&args.folder.join(name), page)?;
    }
    terminal::say(&format!("wrote {} pages to {}", pages.len(), args.folder.display()));
    Ok(Answer::Yes)
}

/// File names and texts: of the commands below this one, and of this one.
fn pages(mut command: Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut all = Vec::new();
    for below in command.get_subcommands() {
        all.extend(pages(below.clone())?);
    }
    let usage = command.render_usage().to_string();
    let notes = command.get_after_help().map(ToString::to_string);
    // The usage of clap_mangen names every option, and its notes break tables. The version is in the page's last line.
    let command = command
        .override_usage(usage.trim_start_matches("Usage: ").to_owned())
        .after_help(None::<&str>)
        .version(None::<&str>);
    let man = Man::new(command)
        .date("\"\"")
        .source(concat!("nablab ", env!("CARGO_PKG_VERSION")))
        .manual("nablab's manual");
    let mut page = Vec::new();
    man.render(&mut page)?;
    if let Some(notes) = notes {
        section(&notes).to_writer(&mut page)?;
    }
    all.push((man.get_filename(), page));
    Ok(all)
}

/// What stands below the options in the help. Indented lines are tables and examples, and stay as they are.
fn section(notes: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["NOTES"]);
    for line in notes.lines() {
        match line {
            "" => roff.control("PP", []),
            line if line.starts_with(' ') => roff.control("nf", []).text([roman(line)]).control("fi", []),
            line => roff.text([roman(line)]),
        };
    }
    roff
}
