//! TLS: the modes of libpq's `sslmode`, and the certificates that are trusted.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

/// What is wrong, and what to do.
type Wrong = (String, &'static str);

/// How much TLS there has to be (<https://www.postgresql.org/docs/current/libpq-ssl.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// Whose signature under a certificate is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Root {
    /// Whomever this machine trusts.
    System,
    /// Those in a file in PEM.
    File(PathBuf),
}

/// How a server is connected to.
pub(super) enum Way {
    Plain,
    PlainFirst(MakeRustlsConnect),
    TlsFirst(MakeRustlsConnect),
    Tls(MakeRustlsConnect),
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "disable" => Self::Disable,
            "allow" => Self::Allow,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            _ => {
                return Err(format!(
                    "sslmode: expected disable, allow, prefer, require, verify-ca or verify-full, got {text}"
                ));
            }
        })
    }
}

impl Root {
    pub(super) fn named(text: &str) -> Self {
        if text == "system" { Self::System } else { Self::File(text.into()) }
    }

    /// Where libpq looks where none is named.
    fn usual() -> Option<Self> {
        let folder = match cfg!(windows) {
            true => PathBuf::from(std::env::var_os("APPDATA")?).join("postgresql"),
            false => std::env::home_dir()?.join(".postgresql"),
        };
        Some(folder.join("root.crt")).filter(|file| file.is_file()).map(Self::File)
    }

    fn certificates(&self) -> Result<RootCertStore, Wrong> {
        let mut store = RootCertStore::empty();
        match self {
            Self::System => {
                // What cannot be read among them is left out, as other programs do.
                store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
                if store.is_empty() {
                    let what = "sslrootcert=system: expected certificates that this machine trusts, got none";
                    return Err((what.into(), "install ca-certificates, or name a file: sslrootcert=FILE"));
                }
            }
            Self::File(path) => {
                let wrong = |why: String| {
                    let what =
                        format!("sslrootcert: expected certificates in PEM, got {}: {why}", path.display());
                    (what, "name the certificate of the authority that signed the server's")
                };
                let all = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
                for certificate in all {
                    let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
                    store.add(certificate).map_err(|error| wrong(error.to_string()))?;
                }
                if store.is_empty() {
                    return Err(wrong("it has none".into()));
                }
            }
        }
        Ok(store)
    }
}

impl Mode {
    pub(super) const HINT: &str = "sslmode=verify-full&sslrootcert=FILE lets nobody come between";

    /// The mode and the trusted, given what the address says of both.
    pub(super) fn with(mode: Option<Self>, root: Option<Root>) -> Result<(Self, Option<Root>), Wrong> {
        let mode = match (mode, &root) {
            (Some(mode), _) => mode,
            (None, Some(Root::System)) => Self::VerifyFull,
            (None, _) => Self::Prefer,
        };
        match (mode, &root) {
            // Anybody can have a certificate that a machine trusts: it says who somebody is, and has to be asked that.
            (Self::VerifyFull, Some(Root::System)) => {}
            (_, Some(Root::System)) => {
                return Err((
                    "expected sslmode=verify-full beside sslrootcert=system, got a weaker one".into(),
                    Self::HINT,
                ));
            }
            // In these, a certificate that is refused would be followed by a connection without TLS.
            (Self::Disable | Self::Allow | Self::Prefer, Some(Root::File(_))) => {
                return Err((
                    "sslrootcert checks nothing where TLS may be left out, as it may without sslmode".into(),
                    Self::HINT,
                ));
            }
            _ => {}
        }
        Ok((mode, root))
    }

    /// How a server is connected to in this mode.
    pub(super) fn way(self, root: Option<&Root>) -> Result<Way, Wrong> {
        let certificates = || root.cloned().or_else(Root::usual).map(|root| root.certificates()).transpose();
        Ok(match self {
            Self::Disable => Way::Plain,
            Self::Allow => Way::PlainFirst(connector(Trust::Anybody)),
            Self::Prefer => Way::TlsFirst(connector(Trust::Anybody)),
            Self::Require => Way::Tls(connector(certificates()?.map_or(Trust::Anybody, Trust::SignedBy))),
            Self::VerifyCa | Self::VerifyFull => {
                let Some(certificates) = certificates()? else {
                    let what =
                        "expected sslrootcert beside this sslmode, got none, nor ~/.postgresql/root.crt";
                    return Err((
                        what.into(),
                        "sslrootcert=FILE, or sslrootcert=system with sslmode=verify-full",
                    ));
                };
                let is_full = self == Self::VerifyFull;
                Way::Tls(connector(if is_full {
                    Trust::Named(certificates)
                } else {
                    Trust::SignedBy(certificates)
                }))
            }
        })
    }
}

/// Whom to trust.
#[derive(Debug)]
enum Trust {
    /// Whoever answers.
    Anybody,
    /// Whose certificate one of these signed.
    SignedBy(RootCertStore),
    /// The same, and it has to be for the host that was asked for.
    Named(RootCertStore),
}

fn connector(trust: Trust) -> MakeRustlsConnect {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring has what both versions of TLS need");
    let mut config = match trust {
        Trust::Named(roots) => builder.with_root_certificates(roots).with_no_client_auth(),
        trust => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Lenient { trust, provider }))
            .with_no_client_auth(),
    };
    // As libpq does, for servers that are asked for TLS at once.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    MakeRustlsConnect::new(config)
}

/// Checks less than rustls does by itself, as the weaker modes have it.
#[derive(Debug)]
struct Lenient {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

impl Lenient {
    /// Who need not be known need not prove it: of some certificates in use, of version 1, rustls would not even read the key.
    fn proven(
        &self,
        verify: impl FnOnce(&WebPkiSupportedAlgorithms) -> Result<HandshakeSignatureValid, Error>,
    ) -> Result<HandshakeSignatureValid, Error> {
        match self.trust {
            Trust::Anybody => Ok(HandshakeSignatureValid::assertion()),
            _ => verify(&self.provider.signature_verification_algorithms),
        }
    }
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Trust::SignedBy(roots) = &self.trust {
            let certificate = ParsedCertificate::try_from(certificate)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(&certificate, roots, between, now, algorithms)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.proven(|algorithms| verify_tls12_signature(message, certificate, signature, algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.proven(|algorithms| verify_tls13_signature(message, certificate, signature, algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
