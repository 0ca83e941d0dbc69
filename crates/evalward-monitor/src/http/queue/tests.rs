use std::time::Duration;

use evalward_core::Outcome;
use reqwest::Method;
use serde_json::json;

use crate::fixture::{Fixture, Server};
use crate::http::Auth;

#[tokio::test]
async fn the_queue_tells_what_waits_and_for_how_long() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let empty =
        json!({"waiting": 0, "parked": 0, "oldest_received_at": null, "oldest_age_millis": null});
    assert_eq!(server.get("/api/v1/queue").await, empty);
    fixture.arrives("base", 0.25, true).await;
    fixture.pass(Duration::from_secs(90));
    fixture.arrives("base", 0.25, true).await;
    let waiting = json!({
        "waiting": 2, "parked": 0, "oldest_received_at": "2026-11-03T10:00:00Z", "oldest_age_millis": 90_000
    });
    assert_eq!(server.get("/api/v1/queue").await, waiting);
    fixture.evaluate(&Outcome::Passed, &[]).await;
    assert_eq!(server.get("/api/v1/queue").await, empty);
}

#[tokio::test]
async fn parked_samples_can_be_taken_up_again() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let retry = async || server.send(Method::POST, "/api/v1/queue/retry-parked", None).await;
    assert_eq!(retry().await, (200, json!({"retried": 0})));
    fixture.arrives("base", 0.25, true).await;
    let now = fixture.now();
    let leased = fixture.store.lease(1, Duration::from_mins(1), now).await.unwrap();
    fixture.store.park(&leased[0], "metric `rules`: down", "e1", now).await.unwrap();
    assert_eq!(server.get("/api/v1/queue").await["parked"], 1);
    assert_eq!(retry().await, (200, json!({"retried": 1})));
    let queue = server.get("/api/v1/queue").await;
    assert_eq!((&queue["parked"], &queue["waiting"]), (&json!(0), &json!(1)));
}
