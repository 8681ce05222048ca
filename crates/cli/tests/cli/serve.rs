//! `nablab serve` as a user starts and ends it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use tempfile::TempDir;

use crate::signals::{send, start};
use crate::{assert_refused, command};

#[test]
fn it_prints_where_it_is_and_ends_at_once() {
    let folder = TempDir::new().unwrap();
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let mut running = start(command(folder.path(), &["serve", "--port", "0"]).stdout(Stdio::piped()));
        let mut address = String::new();
        BufReader::new(running.child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let place = address.trim().strip_prefix("http://").unwrap().strip_suffix('/').unwrap();
        let mut stream = TcpStream::connect(place).unwrap();
        stream
            .write_all(format!("GET / HTTP/1.1\r\nHost: {place}\r\nConnection: close\r\n\r\n").as_bytes())
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("<title>nablab"), "{answer:.200}");
        let port = place.rsplit(':').next().unwrap();
        assert_refused(
            folder.path(),
            &["serve", "--port", port],
            &["is taken by another program", "--port 0"],
        );
        // Somebody is still connected.
        let _idle = TcpStream::connect(place).unwrap();
        send(signal, &running);
        assert_eq!(running.end().status.code(), Some(code));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it writes nothing");
}

#[test]
fn what_cannot_be_served_is_one_error() {
    let folder = TempDir::new().unwrap();
    for (args, words) in [
        (&["serve", "--dir", "nowhere"][..], &["nowhere is no directory", "--dir"][..]),
        (&["serve", "--token", "short"], &["expected at least 16 letters", "got 5 of them", "leave it away"]),
        (&["serve", "--token", "with a space in it"], &["got ` `"]),
        (
            &["serve", "--host", "192.0.2.1"],
            &["cannot listen on 192.0.2.1", "--host is an address or a name"],
        ),
        (&["serve", "--host", "no such name"], &["cannot listen on no such name"]),
        (&["serve", "--port", "99999"], &["99999 is not in 0..=65535"]),
    ] {
        assert_refused(folder.path(), args, words);
    }
}
