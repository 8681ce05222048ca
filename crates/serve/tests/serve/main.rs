//! The server as browsers meet it, and as those meet it who mean it no good, or have gone.

mod access;
mod bounds;
mod directory;
mod files;
mod memory;
mod sessions;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use nablab_serve::{Limits, Options, Server};
use serde_json::Value;
use tungstenite::{Message, WebSocket};

/// As far from the bounds of a person as a test has time for.
fn limits() -> Limits {
    Limits {
        patience: Duration::from_millis(500),
        request: Duration::from_millis(500),
        ping: Duration::from_millis(300),
        ..Limits::default()
    }
}

fn options(limits: Limits) -> Options {
    let (directory, host) = (".".into(), "127.0.0.1".into());
    Options { directory, host, port: 0, token: None, limits }
}

/// A server for the time of the test, and the address that it prints.
fn serve(options: Options) -> (SocketAddr, String) {
    let server = Server::bind(options).unwrap();
    let printed = server.address();
    let port = printed.split(['/', '?']).nth(2).unwrap().rsplit_once(':').unwrap().1.parse().unwrap();
    thread::spawn(move || server.run());
    (SocketAddr::from(([127, 0, 0, 1], port)), printed)
}

/// Whatever is answered to these lines; `close` among them ends it.
fn answer(address: SocketAddr, lines: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("{}\r\n\r\n", lines.replace('\n', "\r\n")).as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

fn get(address: SocketAddr, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\nHost: {address}\nConnection: close");
    String::from_utf8(answer(address, &request)).unwrap()
}

/// How much of what it takes at most is in use.
fn load(address: SocketAddr, name: &str) -> u64 {
    let answer = get(address, "/load.json");
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    serde_json::from_str::<Value>(body).unwrap()[name].as_u64().unwrap()
}

/// Wait for something, but not for ever.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(5);
    while !is() {
        assert!(Instant::now() < end, "not within 5 s: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

type Socket = WebSocket<TcpStream>;

fn open(address: SocketAddr) -> Socket {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    tungstenite::client(format!("ws://{address}/session"), stream).unwrap().0
}

fn send(socket: &mut Socket, command: &str) {
    socket.send(Message::text(command)).unwrap();
}

/// The next answer: its events, and its numbers.
fn receive(socket: &mut Socket) -> (Value, Vec<f32>) {
    loop {
        match socket.read().unwrap() {
            Message::Binary(bytes) => {
                let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
                let events = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
                let numbers = bytes[(4 + length).next_multiple_of(4)..].chunks_exact(4);
                return (events, numbers.map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect());
            }
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

fn ask(socket: &mut Socket, command: &str) -> (Value, Vec<f32>) {
    send(socket, command);
    receive(socket)
}

/// Why the server ends a session.
fn ended(socket: &mut Socket) -> (u16, String) {
    loop {
        if let Message::Close(Some(frame)) = socket.read().unwrap() {
            return (frame.code.into(), frame.reason.to_string());
        }
    }
}

const BEGIN: &str = r#"{"do": "begin", "plan": {
    "data": {"source": "moons", "samples": 200, "noise": 0.2, "seed": 3},
    "recipe": {"hidden": [{"units": 8, "dropout": 0.1}, {"units": 5}], "epochs": 100000000, "batch_size": 16, "learning_rate": 0.01}
}}"#;
