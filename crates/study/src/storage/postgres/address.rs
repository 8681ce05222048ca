//! An address of PostgreSQL, as libpq reads it: `postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?NAME=VALUE&…`.

use std::error::Error;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rand::seq::SliceRandom;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, LoadBalanceHosts};

use super::tls::{Mode, Root, Way};
use crate::storage::{StorageError, without_password};

/// So long a server may take for its first answer, where the address has no `connect_timeout`.
const PATIENCE: Duration = Duration::from_secs(15);
/// A longer limit is none. What follows from it is still a number for the server.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What an address says.
pub(super) struct Address {
    /// One for each host, in the order in which they are tried.
    pub(super) hosts: Vec<Config>,
    /// The address for people.
    pub(super) shown: String,
    mode: Mode,
    root: Option<Root>,
    timeout: Duration,
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StorageError> {
        // SQLAlchemy's addresses name the driver, too: postgresql+psycopg2://…
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        let shown = without_password(url);
        let wrong = |what: String, hint| StorageError::Address { url: shown.clone(), what, hint };
        const EXAMPLE: &str = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE";

        let (rest, ours) = of_tls(rest);
        let (mut mode, mut root) = (None, None);
        for (name, value) in ours {
            match name.as_str() {
                // As libpq has it, an empty value is none, and of several the last counts.
                _ if value.is_empty() => {}
                "sslmode" => mode = Some(value.parse().map_err(|what| wrong(what, Mode::HINT))?),
                _ => root = Some(Root::named(&value)),
            }
        }
        let (mode, root) = Mode::with(mode, root).map_err(|(what, hint)| wrong(what, hint))?;

        let plain = format!("{}://{rest}", scheme.split('+').next().unwrap_or_default());
        let mut config: Config = plain.parse().map_err(|error: tokio_postgres::Error| {
            wrong(error.source().map_or_else(|| error.to_string(), ToString::to_string), EXAMPLE)
        })?;
        config.application_name("nablab");
        // Without it a connection that was cut in silence is waited for as long as the system likes.
        config.tcp_user_timeout(Duration::from_secs(20));
        let timeout = config.get_connect_timeout().copied().unwrap_or(PATIENCE).min(LONGEST);
        config.connect_timeout(timeout);
        let hosts = each(&config).map_err(|what| wrong(what, EXAMPLE))?;
        Ok(Self { hosts, shown, mode, root, timeout })
    }

    /// So long a host may take to let somebody in. The network's own limit, for each of its numbers, comes first and says more.
    pub(super) fn patience(&self) -> Duration {
        self.timeout + self.timeout / 3
    }

    /// So long a server may be silent over a statement. It does in milliseconds what nablab asks for; more is a wait for a lock.
    pub(super) fn silence(&self) -> Duration {
        4 * self.timeout
    }

    /// How it is connected to.
    pub(super) fn way(&self) -> Result<Way, StorageError> {
        if self.hosts.iter().all(is_local) {
            return Ok(Way::Plain);
        }
        self.mode.way(self.root.as_ref()).map_err(|(what, hint)| StorageError::Address {
            url: self.shown.clone(),
            what,
            hint,
        })
    }
}

/// A socket of this machine, which goes without TLS, as with all clients of PostgreSQL.
pub(super) fn is_local(host: &Config) -> bool {
    !matches!(host.get_hosts(), [Host::Tcp(_)])
}

/// Take the parameters about TLS out: the library knows fewer modes and no certificates.
fn of_tls(address: &str) -> (String, Vec<(String, String)>) {
    // A password before the host may hold any sign.
    let start = address.find('@').map_or(0, |at| at + 1);
    let Some(question) = address[start..].find('?').map(|at| start + at) else {
        return (address.to_owned(), Vec::new());
    };
    let decode = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (mut others, mut ours) = (Vec::new(), Vec::new());
    for parameter in address[question + 1..].split('&') {
        match parameter.split_once('=').map(|(name, value)| (decode(name), value)) {
            Some((name, value)) if name == "sslmode" || name == "sslrootcert" => {
                ours.push((name, decode(value)));
            }
            _ => others.push(parameter),
        }
    }
    let others = others.join("&");
    let others = if others.is_empty() { others } else { format!("?{others}") };
    (format!("{}{others}", &address[..question]), ours)
}

/// One configuration for each host, so that each has its time, and is tried with TLS and without before the next.
fn each(config: &Config) -> Result<Vec<Config>, String> {
    let (hosts, numbers, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(numbers.len());
    let fits = |length: usize| length == count || length == 0;
    if count == 0 {
        return Err("expected a host, got none".into());
    }
    if !fits(hosts.len()) || !fits(numbers.len()) || !(fits(ports.len()) || ports.len() == 1) {
        return Err(format!(
            "expected as many of each, got {} hosts, {} hostaddr, {} ports",
            hosts.len(),
            numbers.len(),
            ports.len()
        ));
    }
    let mut all: Vec<Config> = (0..count).map(|i| one(config, i)).collect();
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        all.shuffle(&mut rand::rng());
    }
    Ok(all)
}

fn one(config: &Config, i: usize) -> Config {
    let mut one = Config::new();
    let number = config.get_hostaddrs().get(i);
    match (config.get_hosts().get(i), number) {
        (Some(Host::Tcp(name)), _) => drop(one.host(name)),
        #[cfg(unix)]
        (Some(Host::Unix(path)), _) => drop(one.host_path(path)),
        // Its certificate has to be for the number then.
        (None, Some(number)) => drop(one.host(number.to_string())),
        (None, None) => {}
    }
    if let Some(number) = number {
        one.hostaddr(*number);
    }
    let ports = config.get_ports();
    if let Some(port) = ports.get(i).or(ports.first()) {
        one.port(*port);
    }
    if let Some(user) = config.get_user() {
        one.user(user);
    }
    if let Some(password) = config.get_password() {
        one.password(password);
    }
    if let Some(name) = config.get_dbname() {
        one.dbname(name);
    }
    if let Some(options) = config.get_options() {
        one.options(options);
    }
    if let Some(name) = config.get_application_name() {
        one.application_name(name);
    }
    if let Some(timeout) = config.get_connect_timeout() {
        one.connect_timeout(*timeout);
    }
    if let Some(timeout) = config.get_tcp_user_timeout() {
        one.tcp_user_timeout(*timeout);
    }
    one.keepalives(config.get_keepalives()).keepalives_idle(config.get_keepalives_idle());
    if let Some(interval) = config.get_keepalives_interval() {
        one.keepalives_interval(interval);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        one.keepalives_retries(retries);
    }
    one.ssl_negotiation(config.get_ssl_negotiation())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding());
    one
}
