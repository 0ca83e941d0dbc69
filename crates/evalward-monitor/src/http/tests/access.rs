//! Keys, scopes, paths and what stands around every handler.

use axum::Router;
use axum::routing::get;
use evalward_store::Scope;
use insta::assert_snapshot;

use super::server::{Answer, Server};
use crate::http::Auth;
use crate::http::router::guarded;

const ROUTE: &str = "/api/v1/interactions";
const ITEM: &str = r#"{"id":"a","input":"q"}"#;

#[tokio::test]
async fn a_key_is_needed_and_must_have_the_scope() {
    let server = Server::start(Auth::keys()).await;
    let reader = server.add_key("shop", &[Scope::Read]).await;
    let sender = server.add_key("shop", &[Scope::Read, Scope::Ingest]).await;
    let admin = server.add_key("other", &[Scope::Admin]).await;
    let send = |name: &'static str, value: String| {
        let request = server.post(ROUTE).header("content-type", "application/json").body(ITEM);
        Answer::of(request.header(name, value))
    };
    let mut shown = Vec::new();
    for (name, value) in [
        ("x-none", String::new()),
        ("authorization", "Bearer ew_wrong".to_owned()),
        ("authorization", "Basic dXNlcjpwYXNz".to_owned()),
        ("x-api-key", " ".to_owned()),
        ("x-api-key", reader),
    ] {
        let answer = send(name, value).await;
        let challenge = answer.header("www-authenticate").to_owned();
        shown.push(format!("{} [{challenge}]", answer.shown()));
    }
    assert_snapshot!(shown.join("\n"), @r#"
    401 application/problem+json
    {"type":"about:blank","title":"Unauthorized","status":401,"detail":"an API key is needed: send `Authorization: Bearer KEY` or `X-Api-Key: KEY`"} [Bearer]
    401 application/problem+json
    {"type":"about:blank","title":"Unauthorized","status":401,"detail":"the API key is unknown or revoked"} [Bearer]
    401 application/problem+json
    {"type":"about:blank","title":"Unauthorized","status":401,"detail":"the header `Authorization` has the form `Bearer KEY`"} [Bearer]
    401 application/problem+json
    {"type":"about:blank","title":"Unauthorized","status":401,"detail":"the API key is empty"} [Bearer]
    403 application/problem+json
    {"type":"about:blank","title":"Forbidden","status":403,"detail":"the API key `shop-1` lacks the scope `ingest`"} []
    "#);
    assert_eq!(server.stored("shop").await, 0);
    assert_eq!(send("authorization", format!("bearer {sender}")).await.status, 202);
    assert_eq!(send("x-api-key", admin).await.status, 202);
    assert_eq!((server.stored("shop").await, server.stored("other").await), (1, 1));
}

#[tokio::test]
async fn a_revoked_key_works_for_two_seconds_at_most() {
    let server = Server::start(Auth::keys()).await;
    let key = server.add_key("shop", &[Scope::Ingest]).await;
    let send = || {
        let request = server.post(ROUTE).header("content-type", "application/json").body(ITEM);
        Answer::of(request.bearer_auth(&key))
    };
    assert_eq!(send().await.status, 202);
    server.state.store.revoke_key("shop-1", server.state.clock.now()).await.unwrap();
    server.wait(2_000);
    assert_eq!(send().await.status, 401);
}

#[tokio::test]
async fn errors_on_otlp_paths_have_the_form_of_the_protocol() {
    let server = Server::start(Auth::keys()).await;
    let reader = server.add_key("shop", &[Scope::Read]).await;
    let json = |key: &str| {
        let request = server.post("/v1/traces").header("content-type", "application/json");
        Answer::of(request.header("x-api-key", key).body("{}"))
    };
    let missing =
        Answer::of(server.post("/v1/traces").header("content-type", "application/x-protobuf"));
    let missing = missing.await;
    assert_eq!(missing.status, 401);
    assert_eq!(missing.header("www-authenticate"), "Bearer");
    assert_eq!(missing.header("content-type"), "application/x-protobuf");
    // Field 1 is the code, 16 for a caller that is not known, and field 2 the text.
    assert_eq!(missing.body[..3], [0x08, 16, 0x12]);
    assert_snapshot!(json("ew_wrong").await.shown(), @r#"
    401 application/json
    {"code":16,"message":"the API key is unknown or revoked"}
    "#);
    assert_snapshot!(json(&reader).await.shown(), @r#"
    403 application/json
    {"code":7,"message":"the API key `shop-1` lacks the scope `ingest`"}
    "#);
    let logs = server.post("/v1/logs").header("content-type", "application/json").body("{}");
    assert_snapshot!(Answer::of(logs).await.shown(), @r#"
    404 application/json
    {"code":5,"message":"`/v1/logs` is not taken in, only `/v1/traces` is; set the exporter of this signal to `none`"}
    "#);
    let method = Answer::of(server.get("/v1/traces")).await;
    assert_snapshot!(method.shown(), @r#"
    405 application/json
    {"code":12,"message":"`/v1/traces` does not take `GET`"}
    "#);
    assert_eq!(method.header("allow"), "POST");
}

#[tokio::test]
async fn unknown_paths_methods_and_panics_are_problem_documents() {
    let with_panic = |state| {
        let panics = get(|| async {
            assert!(std::hint::black_box(false), "this is the end");
        });
        let broken = get(|| async { (axum::http::StatusCode::BAD_REQUEST, "library text") });
        guarded(Router::new().route("/panic", panics).route("/library", broken)).with_state(state)
    };
    let server = Server::start_with(Auth::Off, 1, with_panic).await;
    assert_snapshot!(Answer::of(server.get("/nowhere")).await.shown(), @r#"
    404 application/problem+json
    {"type":"about:blank","title":"Not Found","status":404,"detail":"there is nothing at `/nowhere`"}
    "#);
    assert_snapshot!(Answer::of(server.get("/panic")).await.shown(), @r#"
    500 application/problem+json
    {"type":"about:blank","title":"Internal Server Error","status":500,"detail":"the monitor failed at this request"}
    "#);
    assert_snapshot!(Answer::of(server.get("/library")).await.shown(), @r#"
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"library text"}
    "#);
    let method = Answer::of(server.post("/panic")).await;
    assert_snapshot!(method.shown(), @r#"
    405 application/problem+json
    {"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"`/panic` does not take `POST`"}
    "#);
    assert_eq!(method.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn health_and_metrics_need_no_key() {
    let server = Server::start(Auth::keys()).await;
    for path in ["/livez", "/readyz"] {
        assert_eq!(
            Answer::of(server.get(path)).await.shown(),
            "200 text/plain; charset=utf-8\nok\n"
        );
    }
    Answer::of(server.get("/nowhere")).await;
    Answer::of(server.post(ROUTE)).await;
    let metrics = Answer::of(server.get("/metrics")).await;
    assert_eq!(metrics.status, 200);
    let text = String::from_utf8(metrics.body).unwrap();
    for line in [
        r#"evalward_refused_total{route="/api/v1/interactions",reason="no_key"}"#,
        r#"evalward_refused_total{route="unknown",reason="not_found"}"#,
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    server.state.store.close().await.unwrap();
    assert_snapshot!(Answer::of(server.get("/readyz")).await.shown(), @r#"
    503 application/problem+json
    {"type":"about:blank","title":"Service Unavailable","status":503,"detail":"the store does not answer"}
    "#);
}
