//! `nablab serve`: the page in the browser.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args as ClapArgs;
use nablab_serve::{Limits, Options, ServeError, Server, Token};

use crate::{Answer, terminal};

const HELP: &str = "\
It prints an address: open it in a browser. Ctrl-C ends the server; what runs on the command line goes on.

The page trains networks on this machine, and shows the runs and studies of the directory, which are only read. Other
machines do not reach it. With --host they do, and then whoever opens the page has to know a token, which is part of the
printed address. The connection is not encrypted: through a network that others listen to, use a tunnel, such as
ssh -L 8123:localhost:8123 MACHINE.

Examples:
  nablab serve
  nablab serve --dir experiments --port 9000
  nablab serve --host 0.0.0.0";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// The directory whose runs and studies are shown
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = 8123)]
    port: u16,
    /// The address to listen on: 0.0.0.0 lets other machines in, who know the token
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// What somebody has to know who opens the page [default: none; with another --host a new one]
    #[arg(long)]
    token: Option<String>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<Answer> {
    let Args { dir: directory, port, host, token } = args;
    if !directory.is_dir() {
        bail!("{} is no directory\nhint: name one with --dir", directory.display());
    }
    let token = token.map(|token| Token::new(&token)).transpose();
    let token = token.context("--token\nhint: leave it away, and a new one is made where one is needed")?;
    let server = Server::bind(Options { directory, host, port, token, limits: Limits::default() });
    let server = server.map_err(|error| {
        let hint = match error {
            ServeError::Taken { .. } => "--port 0 takes a port that is free, or name another one",
            ServeError::Address { .. } => "--host is an address or a name of this machine, such as 127.0.0.1",
            _ => return anyhow::Error::from(error),
        };
        anyhow::anyhow!("{error}\nhint: {hint}")
    })?;
    terminal::print(&format!("{}\n", server.address()))?;
    if server.is_for_others() {
        terminal::say("from another machine, this machine's name stands in place of the address's host");
    }
    server.run()?;
    Ok(Answer::Yes)
}
