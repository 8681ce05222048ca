//! Bounds: past each a clear answer, and the others are served as before.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use nablab_serve::Limits;
use tungstenite::Message;

use crate::{BEGIN, Socket, ask, ended, get, limits, load, open, options, send, serve, until};

/// It goes on, and nothing stays of what came.
fn assert_well(address: SocketAddr) {
    until("all sessions are free", || load(address, "sessions") == 0);
    assert_eq!((load(address, "held"), load(address, "unread")), (0, 0));
    assert_eq!(ask(&mut open(address), BEGIN).0[0]["event"], "began");
}

#[test]
fn sessions() {
    let (address, _) = serve(options(Limits { sessions: 3, ..limits() }));
    let mut open_ones: Vec<Socket> = (0..3).map(|_| open(address)).collect();
    let (code, reason) = ended(&mut open(address));
    assert_eq!(code, 1013);
    assert!(reason.contains("as many sessions are open as this server takes"), "{reason}");
    assert_eq!(ask(&mut open_ones[0], BEGIN).0[0]["event"], "began");
    drop(open_ones);
    assert_well(address);
}

#[test]
fn connections() {
    let (address, _) = serve(options(Limits { connections: 8, request: Duration::from_secs(3), ..limits() }));
    let idle: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(address).unwrap()).collect();
    until("the ninth is told", || get(address, "/").starts_with("HTTP/1.1 503 "));
    drop(idle);
    until("there is a place again", || get(address, "/").starts_with("HTTP/1.1 200 "));
    assert_well(address);
}

#[test]
fn the_length_of_a_command() {
    let (address, _) = serve(options(Limits { command: 1 << 20, ..limits() }));
    let mut socket = open(address);
    assert_eq!(ask(&mut socket, &" ".repeat(1 << 20)).0[0]["event"], "refused");
    // Whether all of it is sent depends on when its length is seen.
    let _ = socket.send(Message::text(" ".repeat((1 << 20) + 1)));
    let (code, reason) = ended(&mut socket);
    assert_eq!((code, &*reason), (1009, "a command is longer than this server takes"));
    drop(socket);
    assert_well(address);
}

#[test]
fn commands_that_wait() {
    let (address, _) = serve(options(Limits { waiting: 10, ..limits() }));
    let mut socket = open(address);
    ask(&mut socket, BEGIN);
    send(&mut socket, r#"{"do": "step", "steps": 1000000000000}"#);
    for _ in 0..12 {
        send(&mut socket, r#"{"do": "look"}"#);
    }
    assert_eq!(ended(&mut socket), (1008, "too many commands wait in this session".into()));
    drop(socket);
    assert_well(address);
}

#[test]
fn what_all_trainings_hold() {
    let (address, _) = serve(options(Limits { held: 3 << 20, ..limits() }));
    let begin = BEGIN.replace("200", "20000");
    let mut sockets: Vec<Socket> = (0..3).map(|_| open(address)).collect();
    assert_eq!(ask(&mut sockets[0], &begin).0[0]["event"], "began");
    assert_eq!(ask(&mut sockets[1], &begin).0[0]["event"], "began");
    let (refused, _) = ask(&mut sockets[2], &begin);
    let message = refused[0]["message"].as_str().unwrap();
    assert!(message.contains("take the 3 MiB that this server has for them"), "{message}");
    // Of a training that is begun anew, the one before counts no more.
    assert_eq!(ask(&mut sockets[1], &begin).0[0]["event"], "began");
    sockets.swap_remove(0);
    until("there is room again", || ask(&mut sockets[0], &begin).0[0]["event"] == "began");
    drop(sockets);
    assert_well(address);
}

#[test]
fn frames_that_are_none() {
    let (address, _) = serve(options(limits()));
    for frames in [
        &b"\x81\x05hello"[..],                               // not masked
        b"\x83\x80\0\0\0\0",                                 // a kind that there is not
        b"\xf1\x80\0\0\0\0",                                 // bits that mean nothing
        b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", // longer than all memory
        b"\x89\xfe\x01\x00\0\0\0\0",                         // a long ping
        b"\x80\x80\0\0\0\0",                                 // goes on with nothing
        b"\x81\x82\0\0\0\0\xff\xfe",                         // no UTF-8
        b"\x88\x81\0\0\0\0\x03",                             // half a code
        b"\x82\x81\0\0\0\0\x03",                             // bytes
        b"\x81\xfe\x00\x80\0\0\0\0half",                     // only begun
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        let mut socket = open(address);
        socket.get_mut().write_all(frames).unwrap();
        let mut rest = Vec::new();
        // It ends by itself; where it is reset, the end came first.
        let _ = socket.get_mut().read_to_end(&mut rest);
    }
    assert_well(address);
}

#[test]
fn requests_that_are_none() {
    let (address, _) = serve(options(limits()));
    let long = format!("GET /{} HTTP/1.1\r\n", "x".repeat(1 << 20));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(10_000));
    for request in
        ["\0\0\0\0\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\0\x01", &long, &many]
    {
        let mut stream = TcpStream::connect(address).unwrap();
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{request:.40}");
    }
    assert_well(address);
}

/// A reply that no buffer of the system holds: eight maps of 160,000 numbers.
fn large() -> String {
    let views = [r#"{"view": "boundary", "cells": 400}"#; 8].join(", ");
    format!(r#"{{"do": "look", "views": [{views}]}}"#)
}

#[test]
fn readers_that_are_slow() {
    let (address, _) = serve(options(limits()));
    let mut slow = open(address);
    ask(&mut slow, BEGIN);
    for _ in 0..4 {
        send(&mut slow, &large());
    }
    let mut other = open(address);
    ask(&mut other, BEGIN);
    until("it waits for the slow one", || load(address, "unread") > 1 << 20);
    assert_eq!(ask(&mut other, r#"{"do": "step", "steps": 3}"#).0[0]["step"], 3);
    drop(other);
    // The slow one still has its connection, and reads nothing.
    assert_well(address);
    drop(slow);
}

#[test]
fn readers_of_files_that_are_slow() {
    let (address, _) = serve(options(Limits { connections: 4, ..limits() }));
    let slow: Vec<TcpStream> = (0..4)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            let request = format!("GET /engine/nablab_bg.wasm HTTP/1.1\r\nHost: {address}\r\n\r\n");
            stream.write_all(request.repeat(9).as_bytes()).unwrap();
            stream
        })
        .collect();
    until("slow readers have lost their places", || get(address, "/").starts_with("HTTP/1.1 200 "));
    drop(slow);
}

#[test]
fn answers_that_nobody_takes() {
    let (address, _) =
        serve(options(Limits { unread: 6 << 20, patience: Duration::from_secs(60), ..limits() }));
    let mut slow: Vec<Socket> = (0..4).map(|_| open(address)).collect();
    for socket in &mut slow {
        ask(socket, BEGIN);
        for _ in 0..3 {
            send(socket, &large());
        }
    }
    until("those past the bound have ended", || load(address, "sessions") < 4);
    assert!(load(address, "unread") <= 6 << 20);
    let mut other = open(address);
    ask(&mut other, BEGIN);
    assert_eq!(ask(&mut other, r#"{"do": "step", "steps": 3}"#).0[0]["step"], 3);
}

#[test]
fn connections_whose_other_end_has_gone() {
    let (address, _) = serve(options(limits()));
    // As after a cable is pulled: nothing comes, not even an end. This client answers pings only when it reads.
    let mut gone = open(address);
    ask(&mut gone, BEGIN);
    until("a silent session has ended", || load(address, "sessions") == 0);
    // Half a request, and none.
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: lo"] {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(begun.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it ends by itself");
        assert!(!answer.starts_with(b"HTTP/1.1 200"));
    }
    // One that asks nothing more.
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("GET /icon.svg HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("it ends by itself");
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    assert_well(address);
}

#[test]
fn a_session_that_is_heard_lives() {
    let (address, _) = serve(options(limits()));
    let mut socket = open(address);
    ask(&mut socket, BEGIN);
    // For longer than three pings.
    for _ in 0..12 {
        thread::sleep(Duration::from_millis(100));
        socket.get_mut().set_nonblocking(true).unwrap();
        let _ = socket.read(); // answers a ping, where one came
        let _ = socket.flush();
        socket.get_mut().set_nonblocking(false).unwrap();
    }
    assert_eq!(ask(&mut socket, r#"{"do": "step", "steps": 3}"#).0[0]["step"], 3);
}
