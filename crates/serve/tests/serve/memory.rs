//! What 200 tabs take: `NABLAB=target/release/nablab cargo test -p nablab-serve --test serve -- --ignored --nocapture --test-threads=1 tabs`.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "these are measurements")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use tungstenite::Message;

use crate::{BEGIN, Socket, ask, load, open, receive, send, until};

const TABS: usize = 200;
/// What the playground asks for of a picture.
const PICTURE: &str = r#"{"do": "step", "steps": 20, "views": [{"view": "boundary", "cells": 64}, {"view": "units", "cells": 20},
    {"view": "parameters"}, {"view": "curve", "from": 0}]}"#;

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Program {
    /// The command of a build, and where it listens.
    fn start() -> (Self, SocketAddr) {
        let program = std::env::var("NABLAB").expect("NABLAB is the command that is measured");
        let mut command = Command::new(program);
        let mut child = command.args(["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut printed = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut printed).unwrap();
        let address = printed.trim().trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        (Self(child), address)
    }

    /// MiB that it holds, and has held at most.
    fn memory(&self) -> [u64; 2] {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        ["VmRSS:", "VmHWM:"].map(|name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap() >> 10
        })
    }

    fn say(&self, what: &str) {
        let [now, most] = self.memory();
        println!("{what}: {now} MiB, {most} MiB at most");
    }
}

#[test]
#[ignore = "a measurement of a release build"]
fn tabs_that_train() {
    let (program, address) = Program::start();
    program.say("nobody there");
    let mut tabs: Vec<Socket> = (0..TABS).map(|_| open(address)).collect();
    program.say("200 tabs");
    for tab in &mut tabs {
        ask(tab, BEGIN);
    }
    program.say("200 trainings begun");
    let start = Instant::now();
    for _ in 0..50 {
        for tab in &mut tabs {
            send(tab, PICTURE);
        }
        for tab in &mut tabs {
            receive(tab);
        }
    }
    let rate = 50.0 * TABS as f64 / start.elapsed().as_secs_f64();
    program.say(&format!("50 pictures each, {rate:.0} a second together"));
    drop(tabs);
    until("all are gone", || load(address, "sessions") == 0);
    program.say("all gone");
}

#[test]
#[ignore = "a measurement of a release build"]
fn tabs_that_read_nothing() {
    let (program, address) = Program::start();
    let mut tabs: Vec<Socket> = Vec::new();
    let views = [r#"{"view": "boundary", "cells": 400}"#; 8].join(", ");
    for _ in 0..TABS {
        let mut tab = open(address);
        ask(&mut tab, BEGIN);
        for _ in 0..8 {
            // Past the bound its session has ended.
            let _ = tab.send(Message::text(format!(r#"{{"do": "look", "views": [{views}]}}"#)));
        }
        tabs.push(tab);
    }
    let mut other = open(address);
    ask(&mut other, BEGIN);
    let start = Instant::now();
    ask(&mut other, r#"{"do": "step", "steps": 3}"#);
    program.say(&format!(
        "200 that read nothing of 40 MiB each; another is answered in {:.0?}",
        start.elapsed()
    ));
    println!(
        "bytes that wait: {} MiB, sessions: {}",
        load(address, "unread") >> 20,
        load(address, "sessions")
    );
}
