//! Who may come in.

use std::net::SocketAddr;

use nablab_serve::{Options, ServeError, Server, Token};

use crate::{answer, limits, options, serve};

fn status(address: SocketAddr, request: &str) -> String {
    let answer =
        String::from_utf8_lossy(&answer(address, &format!("{request}\nConnection: close"))).into_owned();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

const UPGRADE: &str = "\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

#[test]
fn a_name_that_leads_here_is_not_ours() {
    let (address, _) = serve(options(limits()));
    let port = address.port();
    for (host, expected) in [
        (format!("127.0.0.1:{port}"), "200"),
        (format!("localhost:{port}"), "200"),
        (format!("LOCALHOST:{port}"), "200"),
        (format!("[::1]:{port}"), "200"),
        // Through a tunnel that begins at another port.
        ("localhost:9000".to_owned(), "200"),
        ("localhost".to_owned(), "200"),
        (format!("attacker.example:{port}"), "403"),
        (format!("localhost.attacker.example:{port}"), "403"),
        (format!("10.0.0.1:{port}"), "403"),
        (String::new(), "403"),
    ] {
        assert_eq!(status(address, &format!("GET / HTTP/1.1\nHost: {host}")), expected, "{host}");
    }
    assert_eq!(status(address, "GET / HTTP/1.0"), "403");
    assert_eq!(status(address, &format!("GET / HTTP/1.1\nHost: {address}\nHost: localhost")), "403");
}

#[test]
fn a_page_of_another_origin_opens_no_session() {
    let (address, _) = serve(options(limits()));
    let session = |origin: &str| {
        let request = format!("GET /session HTTP/1.1\nHost: {address}{UPGRADE}\nOrigin: {origin}");
        let answer = answer(address, &(request + "\n\n\u{88}\u{80}")); // then nonsense, which ends it
        String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(session(&format!("http://{address}")), "101");
    for other in
        ["http://attacker.example", "null", "http://127.0.0.1:1", &format!("http://{address}.example"), ""]
    {
        assert_eq!(session(other), "403", "{other}");
    }
}

#[test]
fn it_is_only_read_from() {
    let (address, _) = serve(options(limits()));
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "BREW"] {
        let answer = status(address, &format!("{method} / HTTP/1.1\nHost: {address}\nContent-Length: 0"));
        assert!(answer == "405" || answer == "400", "{method}: {answer}");
    }
    assert_eq!(status(address, &format!("GET /session HTTP/1.1\nHost: {address}")), "426");
}

#[test]
fn a_token_lets_in_who_has_it() {
    let token = Some(Token::new("a-token-of-somebody").unwrap());
    let (address, printed) = serve(Options { token, ..options(limits()) });
    assert!(printed.ends_with("/?token=a-token-of-somebody"), "{printed}");
    let host = format!("HTTP/1.1\nHost: {address}");
    for path in ["/", "/session", "/load.json", "/?token=", "/?token=a-token-of-somebod", "/page.css?token=x"]
    {
        assert_eq!(status(address, &format!("GET {path} {host}")), "401", "{path}");
    }
    let let_in = String::from_utf8(answer(
        address,
        &format!("GET /?token=a-token-of-somebody {host}\nConnection: close"),
    ));
    let let_in = let_in.unwrap();
    assert!(let_in.starts_with("HTTP/1.1 303 ") && let_in.contains("\r\nlocation: /\r\n"), "{let_in}");
    let cookie = let_in.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(status(address, &format!("GET / {host}\nCookie: other=1; {cookie}")), "200");
    assert_eq!(status(address, &format!("GET / {host}\nCookie: {}", &cookie[..cookie.len() - 1])), "401");
}

#[test]
fn other_machines_need_a_token_always() {
    let server = Server::bind(Options { host: "0.0.0.0".into(), ..options(limits()) }).unwrap();
    let printed = server.address();
    let (_, token) = printed.split_once("/?token=").expect("a token was made");
    assert!(token.len() >= 40 && server.is_for_others(), "{printed}");
    let (address, printed) = serve(Options { host: "0.0.0.0".into(), ..options(limits()) });
    let token = printed.split_once("token=").unwrap().1;
    // It has names that it does not know, but no place for pages of others.
    let cookie = format!("Cookie: nablab-{}={token}", address.port());
    assert_eq!(status(address, &format!("GET / HTTP/1.1\nHost: laboratory.example\n{cookie}")), "200");
    assert_eq!(status(address, "GET / HTTP/1.1\nHost: laboratory.example"), "401");
    let other = format!("GET / HTTP/1.1\nHost: laboratory.example\n{cookie}\nOrigin: http://other.example");
    assert_eq!(status(address, &other), "403");
}

#[test]
fn an_address_that_cannot_be_had_is_one_error() {
    let (address, _) = serve(options(limits()));
    let taken = Server::bind(Options { port: address.port(), ..options(limits()) });
    assert!(matches!(taken, Err(ServeError::Taken { port, .. }) if port == address.port()));
    let nowhere = Server::bind(Options { host: "192.0.2.1".into(), ..options(limits()) });
    assert!(matches!(nowhere, Err(ServeError::Address { .. })));
}
