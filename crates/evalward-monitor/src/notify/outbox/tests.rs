use std::num::NonZeroU32;

use evalward_store::AlertSignal;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::fixture::{Fixture, SetClock, signal};

fn outbox(fixture: &Fixture, webhooks: &[(&str, &MockServer)], max_attempts: u32) -> Outbox {
    let webhook = |(name, server): &(&str, &MockServer)| {
        Webhook::new((*name).to_owned(), &server.uri().into(), Duration::from_secs(5)).unwrap()
    };
    let max_attempts = NonZeroU32::new(max_attempts).unwrap();
    let options = OutboxOptions {
        webhooks: webhooks.iter().map(webhook).collect(),
        patience: Patience { max_attempts, ..Patience::default() },
        clock: Arc::<SetClock>::clone(&fixture.clock),
        deliveries: Arc::new(Notify::new()),
        interval: Duration::from_secs(1),
    };
    Outbox::new(fixture.store.clone(), options)
}

async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    server
}

async fn raise(fixture: &Fixture, key: &str) {
    let signal = AlertSignal { key: key.to_owned(), ..signal() };
    fixture.store.raise(&[signal], &["ops".to_owned()], fixture.now()).await.unwrap();
}

/// Returns the event, the alert's key and the state of each request in its order.
async fn told(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let told = |body: serde_json::Value| {
        format!("{} {}", body["event"].as_str().unwrap(), body["alert"]["key"].as_str().unwrap())
    };
    requests.iter().map(|request| told(request.body_json().unwrap())).collect()
}

#[tokio::test]
async fn what_is_due_is_delivered_once() {
    let fixture = Fixture::new().await;
    let server = server().await;
    let outbox = outbox(&fixture, &[("ops", &server)], 3);
    raise(&fixture, "a").await;
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    fixture.pass(Duration::from_hours(1));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    assert_eq!(told(&server).await, ["firing a"]);
}

#[tokio::test]
async fn a_receiver_that_was_down_gets_it_later_and_in_order() {
    let fixture = Fixture::new().await;
    let server = MockServer::start().await;
    let down = ResponseTemplate::new(503);
    let post = || Mock::given(method("POST"));
    post().respond_with(down).up_to_n_times(1).expect(1).mount(&server).await;
    post().respond_with(ResponseTemplate::new(200)).mount(&server).await;
    raise(&fixture, "a").await;
    let destinations = ["ops".to_owned()];
    let alert = fixture.store.open_alerts().await.unwrap().remove(0);
    fixture.store.resolve(&alert, &destinations, fixture.now()).await.unwrap();
    // The program starts anew in between, and forgets nothing.
    let sent = async || outbox(&fixture, &[("ops", &server)], 3).deliver().await.unwrap();
    assert_eq!((sent().await, sent().await), (1, 0));
    fixture.pass(Duration::from_secs(2));
    assert_eq!((sent().await, sent().await, sent().await), (1, 1, 0));
    assert_eq!(told(&server).await, ["firing a", "firing a", "resolved a"]);
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it() {
    let fixture = Fixture::new().await;
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "90");
    Mock::given(method("POST")).respond_with(busy).mount(&server).await;
    raise(&fixture, "a").await;
    let outbox = outbox(&fixture, &[("ops", &server)], 3);
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    fixture.pass(Duration::from_secs(89));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
    fixture.pass(Duration::from_secs(1));
    assert_eq!(outbox.deliver().await.unwrap(), 1);
}

#[tokio::test]
async fn a_notification_is_given_up_after_its_last_attempt() {
    let fixture = Fixture::new().await;
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).mount(&server).await;
    raise(&fixture, "a").await;
    let outbox = outbox(&fixture, &[("ops", &server)], 3);
    for _ in 0..5 {
        outbox.deliver().await.unwrap();
        fixture.pass(Duration::from_mins(20));
    }
    assert_eq!(told(&server).await.len(), 3);
}

#[tokio::test]
async fn one_receiver_that_is_down_does_not_hold_up_another() {
    let fixture = Fixture::new().await;
    let (down, up) = (MockServer::start().await, server().await);
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(500)).mount(&down).await;
    let destinations = ["down".to_owned(), "up".to_owned()];
    fixture.store.raise(&[signal()], &destinations, fixture.now()).await.unwrap();
    outbox(&fixture, &[("down", &down), ("up", &up)], 3).deliver().await.unwrap();
    assert_eq!((told(&down).await.len(), told(&up).await.len()), (1, 1));
}

#[tokio::test]
async fn a_webhook_that_is_no_longer_configured_gets_nothing() {
    let fixture = Fixture::new().await;
    raise(&fixture, "a").await;
    let outbox = outbox(&fixture, &[], 3);
    assert_eq!(outbox.deliver().await.unwrap(), 1);
    fixture.pass(Duration::from_hours(1));
    assert_eq!(outbox.deliver().await.unwrap(), 0);
}

#[tokio::test]
async fn a_cancelled_outbox_finishes_its_round_and_ends() {
    let fixture = Fixture::new().await;
    let server = server().await;
    raise(&fixture, "a").await;
    let cancelled = CancellationToken::new();
    let running = tokio::spawn(outbox(&fixture, &[("ops", &server)], 3).run(cancelled.clone()));
    while told(&server).await.is_empty() {
        tokio::task::yield_now().await;
    }
    cancelled.cancel();
    running.await.unwrap();
    let left = fixture.store.due_deliveries(10, Duration::from_secs(1), fixture.now()).await;
    assert!(left.unwrap().is_empty());
}
