//! Who may come in: pages of this server alone, in the browsers of those who know the token where there is one.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderName, LOCATION, ORIGIN,
    REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Token;

/// Who may come in.
pub(crate) struct Access {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The host it was asked to listen on.
    pub(crate) host: String,
    pub(crate) token: Option<Token>,
    /// The content-security policy of the page.
    pub(crate) policy: HeaderValue,
}

const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

/// A request goes on only if it may, and every answer carries what keeps a browser from doing more with it than is meant.
pub(crate) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let mut response = match access.refused(&request) {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    // A report brings its own, which is stricter.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| access.policy.clone());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), SAME_ORIGIN);
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), SAME_ORIGIN);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

impl Access {
    /// The answer to a request that may not go on.
    fn refused(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Some(said(StatusCode::METHOD_NOT_ALLOWED, "this server is only read from: GET or HEAD"));
        }
        let Some(host) = one(headers, &HOST).filter(|host| self.is_own(host)) else {
            let words = "this server answers to the address alone that `nablab serve` printed";
            return Some(said(StatusCode::FORBIDDEN, words));
        };
        // A page of another origin may open a socket, and a browser says whose page it is.
        let is_own = |origin: &HeaderValue| {
            origin.to_str().ok().and_then(|origin| origin.split_once("://")).is_some_and(|(_, of)| of == host)
        };
        if !headers.get_all(ORIGIN).iter().all(is_own) {
            return Some(said(StatusCode::FORBIDDEN, "a page of another origin has no place here"));
        }
        let token = self.token.as_ref()?;
        let given = request.uri().query().and_then(|query| query.strip_prefix("token="));
        if given.is_some_and(|given| token.is(given)) {
            return Some(self.let_in(token));
        }
        let name = self.cookie();
        let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut cookies =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|c| c.trim().split_once('='));
        let is_known = cookies.any(|(of, value)| of == name && token.is(value));
        (!is_known).then(|| said(StatusCode::UNAUTHORIZED, TOKEN))
    }

    /// From now on the browser has the token, and the address no more. Who follows a link comes with it; a request of another
    /// site's page does not have it.
    fn let_in(&self, token: &Token) -> Response {
        let cookie = format!("{}={}; Path=/; HttpOnly; SameSite=Lax", self.cookie(), token.text());
        let headers = [(LOCATION, "/".to_owned()), (SET_COOKIE, cookie)];
        (StatusCode::SEE_OTHER, headers).into_response()
    }

    /// Servers of one machine share their cookies.
    fn cookie(&self) -> String {
        format!("nablab-{}", self.address.port())
    }

    /// An address of this server, and not a name that somebody has let lead here. A server for others is found by names that it does
    /// not know: there the token says who may.
    fn is_own(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
        let name = name.map_or(host, |(name, _)| name);
        let bare = name.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        !self.address.ip().is_loopback()
            || is_loopback
            || bare.eq_ignore_ascii_case("localhost")
            || bare.eq_ignore_ascii_case(&self.host)
    }
}

const TOKEN: &str = "This laboratory asks for a token. Open the address that `nablab serve` printed: it ends with the token.\n\
                     本实验室需要令牌。请打开 `nablab serve` 打印的地址，其末尾带有令牌。";

/// The only header of its name.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

/// An answer in words.
pub(crate) fn said(status: StatusCode, words: &str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{words}\n")).into_response()
}
