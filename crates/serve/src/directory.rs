//! Runs and studies of a directory, for whoever watches them.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use nablab::data::with_causes;
use nablab::study::Directory;
use nablab::study::directory::DirectoryError;
use serde::{Deserialize, Serialize};

use crate::server::{beside, json};

/// A report may be somebody else's: its scripts run, but they reach neither this server nor any other.
const POLICY: &str = "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; \
                      style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

pub(crate) fn routes<S: Clone + Send + Sync + 'static>(directory: Directory) -> Router<S> {
    Router::new()
        .route("/directory", get(list))
        .route("/directory/run", get(run))
        .route("/directory/study", get(study))
        .route("/directory/report", get(report))
        .with_state(directory)
}

/// What is asked for.
#[derive(Deserialize)]
struct Asked {
    /// From the directory on.
    #[serde(default)]
    place: String,
    /// Of a study, in its database.
    #[serde(default)]
    name: String,
}

async fn list(State(directory): State<Directory>) -> Response {
    beside(move || json(StatusCode::OK, &directory.list())).await
}

async fn run(State(directory): State<Directory>, Query(asked): Query<Asked>, headers: HeaderMap) -> Response {
    beside(move || changed(&directory, &asked, &headers, || directory.run(&asked.place))).await
}

async fn study(
    State(directory): State<Directory>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    beside(move || changed(&directory, &asked, &headers, || directory.study(&asked.place, &asked.name))).await
}

async fn report(State(directory): State<Directory>, Query(asked): Query<Asked>) -> Response {
    let page = move || match directory.report(&asked.place) {
        Ok(page) => {
            let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
            (headers, page).into_response()
        }
        Err(error) => refused(&error),
    };
    beside(page).await
}

/// What is asked for, unless nothing of it was written since it was asked for last.
fn changed<T: Serialize>(
    directory: &Directory,
    asked: &Asked,
    headers: &HeaderMap,
    read: impl FnOnce() -> Result<T, DirectoryError>,
) -> Response {
    // Before it is read: what is written meanwhile is seen next time.
    let tag = format!("W/\"{}\"", directory.version(&asked.place));
    if headers.get(IF_NONE_MATCH).is_some_and(|known| *known == tag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    match read() {
        Ok(shown) => {
            let mut response = json(StatusCode::OK, &shown);
            let tag = HeaderValue::try_from(tag).expect("digits and signs");
            response.headers_mut().insert(ETAG, tag);
            response
        }
        Err(error) => refused(&error),
    }
}

/// In words.
fn refused(error: &DirectoryError) -> Response {
    let status = match error {
        DirectoryError::Nothing { .. } => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let message = with_causes(error, &|cause| cause.to_string());
    json(status, &serde_json::json!({ "message": message }))
}
