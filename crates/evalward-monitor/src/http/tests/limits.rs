//! Limits on time, by a clock that runs as fast as the test.

use std::convert::Infallible;
use std::future::pending;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, middleware};
use futures::StreamExt as _;
use insta::assert_snapshot;
use tower::ServiceExt as _;

use crate::http::{ApiError, body, guard};
use crate::state::Limits;

async fn shown(response: Response) -> String {
    let status = response.status().as_u16();
    let retry = response.headers().get("retry-after").map(|secs| secs.to_str().unwrap().to_owned());
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    format!("{status} {retry:?}\n{}", String::from_utf8_lossy(&body))
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_is_given_up() {
    let begun = futures::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"{"))]);
    let body = Body::from_stream(begun.chain(futures::stream::pending()));
    let limits = Limits { body_bytes: 10, decompressed_bytes: 10, backlog: 1 };
    let refused = body::read(&HeaderMap::new(), body, limits).await.unwrap_err();
    assert_snapshot!(shown(refused.into_response()).await, @r#"
    408 None
    {"type":"about:blank","title":"Request Timeout","status":408,"detail":"the body did not go on within 10 seconds"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_span_whose_body_stops_can_be_sent_again() {
    let stopped = async || ApiError::new(StatusCode::REQUEST_TIMEOUT, "the body did not go on");
    let routes =
        Router::new().route("/v1/traces", post(stopped)).layer(middleware::from_fn(guard::guard));
    let request = Request::post("/v1/traces").body(Body::empty()).unwrap();
    assert_snapshot!(shown(routes.oneshot(request).await.unwrap()).await, @r#"
    503 Some("1")
    {"code":14,"message":"the body did not go on"}
    "#);
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_can_be_tried_again() {
    let routes = Router::new()
        .route("/api/slow", post(pending::<()>))
        .route("/v1/traces", post(pending::<()>))
        .layer(middleware::from_fn(guard::guard));
    let mut answers = Vec::new();
    for path in ["/api/slow", "/v1/traces"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        answers.push(shown(routes.clone().oneshot(request).await.unwrap()).await);
    }
    assert_snapshot!(answers.join("\n"), @r#"
    503 Some("5")
    {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"the answer took too long; try again"}
    503 Some("5")
    {"code":14,"message":"the answer took too long; try again"}
    "#);
}
