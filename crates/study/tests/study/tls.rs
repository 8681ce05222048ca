//! PostgreSQL with TLS and without, by every `sslmode`.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use nablab_study::{Storage, StorageError};

use crate::postgres::Postgres;

/// The connection has TLS.
fn has_tls(server: &Postgres, address: &str) -> bool {
    let storage = Storage::open(address).unwrap_or_else(|error| panic!("{address}: {error}"));
    let answer = server.ask(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'nablab'",
    );
    drop(storage);
    // The next one must not see this one.
    while server.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'nablab'") != "0" {}
    assert!(["t", "f"].contains(&&*answer), "{address}: {answer}");
    answer == "t"
}

/// A clear error with a hint, and no password in it.
fn refused(address: &str, words: &[&str]) -> StorageError {
    let address = address.replace("lab@", "lab:secret@");
    let Err(error) = Storage::open(&address) else { panic!("{address} is taken") };
    let said = error.to_string();
    for word in words.iter().chain(&["\nhint: ", "lab:***@"]) {
        assert!(said.contains(word), "{address}: no `{word}` in: {said}");
    }
    assert!(!said.contains("secret"), "{said}");
    error
}

#[test]
fn every_mode_does_what_it_says() {
    let Some(server) = Postgres::start_with_tls() else { return };
    let file = |name: &str| server.file(name).display().to_string().replace('/', "%2F");
    let (ca, other) = (file("ca.crt"), file("other.crt"));
    let with = |host: &str, parameters: &str| format!("{}?{parameters}", server.at(host));
    for (host, parameters, tls) in [
        ("127.0.0.1", String::new(), true),
        ("127.0.0.1", "sslmode=disable".into(), false),
        ("127.0.0.1", "sslmode=allow".into(), false),
        ("127.0.0.1", "sslmode=prefer".into(), true),
        ("127.0.0.1", "sslmode=require".into(), true),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={ca}"), true),
        ("127.0.0.1", format!("sslmode=verify-ca&connect_timeout=9&sslrootcert={ca}"), true),
        ("localhost", format!("sslrootcert={ca}&sslmode=verify%2Dfull"), true),
        ("localhost", format!("sslmode=disable&sslmode=verify-full&sslrootcert={ca}"), true),
        // Where there is no TLS, on a socket of this machine, the server sees who it is.
        (&file(""), "sslmode=verify-full".into(), false),
    ] {
        assert_eq!(has_tls(&server, &with(host, &parameters)), tls, "{host} {parameters}");
    }

    // An address by number alone, and one of several hosts in any order.
    let number = format!("postgresql:///studies?user=lab&port={}&hostaddr=127.0.0.1", server.port());
    assert!(has_tls(&server, &number));
    let two = format!("postgresql://lab@127.0.0.1:{0},127.0.0.1:{0}/studies", server.port());
    assert!(has_tls(&server, &format!("{two}?load_balance_hosts=random")));

    let by_other = ["certificate is refused", "UnknownIssuer", "sslrootcert=FILE names"];
    for mode in ["require", "verify-ca", "verify-full"] {
        let address = with("localhost", &format!("sslmode={mode}&sslrootcert={other}"));
        assert!(matches!(refused(&address, &by_other), StorageError::Refused { .. }));
    }
    let address = with("127.0.0.1", &format!("sslmode=verify-full&sslrootcert={ca}"));
    let words =
        ["certificate is refused", "127.0.0.1", "localhost", "sslmode=verify-ca, which asks for none"];
    assert!(matches!(refused(&address, &words), StorageError::Refused { .. }));
    // Of several hosts the first that has the right certificate; none of this one is by an authority that a machine trusts.
    let several = format!("postgresql://lab@127.0.0.1:{0},localhost:{0}/studies", server.port());
    assert!(has_tls(&server, &format!("{several}?sslmode=verify-full&sslrootcert={ca}")));
    refused(&with("localhost", "sslrootcert=system"), &["sslrootcert"]);

    server.present("old.crt");
    assert!(has_tls(&server, &with("localhost", "sslmode=require")), "whatever the certificate is");
    server.present("self.crt");
    assert!(has_tls(&server, &with("localhost", "sslmode=require")), "whatever the certificate is");
    let address = with("localhost", &format!("sslmode=verify-full&sslrootcert={}", file("self.crt")));
    refused(&address, &["certificate is refused", "give the server a certificate of its own"]);

    server.let_in("hostnossl");
    assert!(!has_tls(&server, &server.url()), "prefer goes without TLS where none is let in");
    refused(&with("127.0.0.1", "sslmode=require"), &["no pg_hba.conf entry"]);
    server.let_in("hostssl");
    assert!(
        has_tls(&server, &with("127.0.0.1", "sslmode=allow")),
        "allow takes TLS where nothing else is let in"
    );
    refused(&with("127.0.0.1", "sslmode=disable"), &["no pg_hba.conf entry"]);
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let Some(server) = Postgres::start() else { return };
    assert!(!has_tls(&server, &server.url()));
    assert!(!has_tls(&server, &format!("{}?sslmode=prefer", server.url())));
    let ca = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (parameters, words) in [
        ("sslmode=require".to_owned(), ["the server has no TLS", "ssl = on"]),
        (
            "sslmode=on".into(),
            ["expected disable, allow, prefer, require, verify-ca or verify-full", "got on"],
        ),
        ("sslmode=verify-full".into(), ["expected sslrootcert", "sslrootcert=FILE"]),
        ("sslmode=verify-ca&sslrootcert=no%20such".into(), ["got no such: ", "name the certificate"]),
        (
            format!("sslmode=verify-full&sslrootcert={ca}"),
            ["Cargo.toml: it has none", "name the certificate"],
        ),
        ("sslmode=require&sslrootcert=system".into(), ["expected sslmode=verify-full", "got a weaker one"]),
        // It would look as if something were checked.
        ("sslrootcert=ca.crt".into(), ["checks nothing", "sslmode=verify-full"]),
        ("sslmode=prefer&sslrootcert=ca.crt".into(), ["checks nothing", "sslmode=verify-full"]),
        ("sslcert=client.crt".into(), ["sslcert", "postgresql://USER"]),
        ("hostaddr=127.0.0.1,127.0.0.1".into(), ["expected as many of each", "1 hosts, 2 hostaddr, 1 ports"]),
    ] {
        refused(&format!("{}?{parameters}", server.url()), &words);
    }
    refused("postgresql://lab@/studies", &["expected a host, got none", "USER:PASSWORD@HOST"]);
}

/// It says that it has TLS, and then that it has none of this version. With `prefer` a connection without is tried, with
/// `require` none.
#[test]
fn only_prefer_goes_without_tls() {
    for (mode, connections, words) in
        [("prefer", 2, "no answer within 1 seconds"), ("require", 1, "no TLS that both sides take")]
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap();
        let served = thread::spawn(move || {
            let (mut first, mut open, mut eight) = (Vec::new(), Vec::new(), [0; 8]);
            while let Ok((mut stream, _)) = listener.accept()
                && stream.read_exact(&mut eight).is_ok()
            {
                first.push(u32::from_be_bytes([eight[4], eight[5], eight[6], eight[7]]));
                stream.write_all(b"S\x15\x03\x03\x00\x02\x02\x46").unwrap();
                open.push(stream);
            }
            first
        });
        refused(&format!("postgresql://lab@{place}/studies?connect_timeout=1&sslmode={mode}"), &[words]);
        // One that says nothing is the last.
        drop(TcpStream::connect(place).unwrap());
        // What asks for TLS, and what begins to talk without.
        assert_eq!(served.join().unwrap(), [80_877_103, 196_608][..connections]);
    }
}
