//! What a server says, and what the library says of it, as errors of ours.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::storage::StorageError;

/// The library's words for a server that has no TLS.
const NO_TLS: &str = "server does not support TLS";

pub(super) fn wrong(address: &str, error: &Error) -> StorageError {
    let url = address.to_owned();
    if let Some((what, hint)) = about_tls(error) {
        return StorageError::Refused { url, what, hint };
    }
    let what = in_words(error);
    match error.as_db_error() {
        // Who holds it goes on, or its connection ends: it comes back as a server does.
        Some(said) if *said.code() == SqlState::LOCK_NOT_AVAILABLE => StorageError::Gone {
            url,
            what: format!("another program holds a lock on it: {what}"),
            hint: "try again; pg_stat_activity says who it is; ?connect_timeout=60 waits longer",
        },
        // A server that is about to stop or has just begun says so in words of its own: classes 57 and 08.
        Some(said) if !["57P", "08"].iter().any(|class| said.code().code().starts_with(class)) => {
            // Who may do what, which database, which tables; else it is about what was sent.
            let is_about_rights =
                ["28", "3D", "42"].iter().any(|class| said.code().code().starts_with(class));
            let hint = match is_about_rights {
                true => "check the user, the password, the database and its rights",
                false => "the server does not take what was sent; its log has more",
            };
            StorageError::Refused { url, what, hint }
        }
        _ => StorageError::Gone { url, what, hint: "check that the server runs and can be reached" },
    }
}

/// It took what was sent, and says nothing.
pub(super) fn silent(address: &str, limit: Duration) -> StorageError {
    StorageError::Gone {
        url: address.to_owned(),
        what: format!("no answer within {} seconds", limit.as_secs_f64().round()),
        hint: "check that a server of PostgreSQL is at this address and not frozen; ?connect_timeout=60 waits longer",
    }
}

pub(super) fn is_about_tls(error: &Error) -> bool {
    in_words(error).starts_with("error performing TLS handshake")
}

/// Nobody is let in from there, with TLS or without: `pg_hba.conf` says so.
pub(super) fn is_about_entry(error: &Error) -> bool {
    error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

/// A server without TLS that has to have it, a certificate that is refused, or no common ground.
fn about_tls(error: &Error) -> Option<(String, &'static str)> {
    let source = error.source()?;
    if source.to_string() == NO_TLS {
        return Some((
            "the server has no TLS, and sslmode asks for it".into(),
            "ssl = on in its postgresql.conf; or a tunnel, ssh -L, and sslmode=prefer",
        ));
    }
    let inner = source.downcast_ref::<io::Error>()?.get_ref()?;
    let why = match inner.downcast_ref()? {
        rustls::Error::InvalidCertificate(why) => why,
        other => {
            let what = format!("there is no TLS that both sides take: {other}");
            return Some((what, "nablab takes TLS 1.2 and 1.3, without a certificate of its own"));
        }
    };
    let hint = match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "sslrootcert=FILE names the certificate of the authority that signed the server's"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "use a name that the certificate has (subjectAltName), or sslmode=verify-ca, which asks for none"
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "renew the server's certificate, or check this machine's clock"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "check this machine's clock"
        }
        _ => "give the server a certificate of its own, signed by an authority: openssl x509 -req -CA",
    };
    Some((format!("the server's certificate is refused: {why}"), hint))
}

/// An error with its causes.
fn in_words(error: &Error) -> String {
    let mut said = match error.as_db_error() {
        Some(error) => return error.message().to_owned(),
        None => error.to_string(),
    };
    let mut cause = error.source();
    while let Some(inner) = cause {
        if !said.contains(&inner.to_string()) {
            said = format!("{said}: {inner}");
        }
        cause = inner.source();
    }
    said
}
