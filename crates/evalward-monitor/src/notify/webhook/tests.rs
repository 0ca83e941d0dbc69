use evalward_store::{Alert, AlertSignal, AlertState, Severity};
use serde_json::{Value, json};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

fn delivery() -> Delivery {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let signal = AlertSignal {
        project: "support".to_owned(),
        rule: "constraints".to_owned(),
        key: "rules/no_competitors".to_owned(),
        severity: Severity::Medium,
        title: "constraint `no_competitors` of `rules` is broken: has `CompetitorA` at byte 4"
            .to_owned(),
        detail: json!({"metric": "rules", "constraint": "no_competitors"}),
    };
    let alert = Alert {
        id: 3,
        signal,
        state: AlertState::Acknowledged,
        first_at: at("2026-11-03T10:00:00Z"),
        last_at: at("2026-11-03T10:04:30Z"),
        count: 5,
        resolved_at: None,
        acknowledged_by: Some("ann".to_owned()),
    };
    let destination = "ops".to_owned();
    Delivery { id: 7, destination, attempt: 1, alert, event: AlertState::Firing }
}

fn webhook(url: &str) -> Webhook {
    Webhook::new("ops".to_owned(), &url.into(), Duration::from_millis(500)).unwrap()
}

async fn send(url: &str) -> Result<(), Refusal> {
    webhook(url).send(&delivery(), "2026-11-03T10:05:00Z".parse().unwrap()).await
}

async fn answering(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(response).mount(&server).await;
    server
}

#[tokio::test]
async fn a_webhook_gets_the_alert_as_json() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/hooks/T01"))
        .and(header("idempotency-key", "evalward-7"))
        .and(header("content-type", "application/json"))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&server)
        .await;
    send(&format!("{}/hooks/T01", server.uri())).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let body: Value = requests[0].body_json().unwrap();
    insta::assert_json_snapshot!(body, @r#"
    {
      "alert": {
        "count": 5,
        "detail": {
          "constraint": "no_competitors",
          "metric": "rules"
        },
        "first_at": "2026-11-03T10:00:00Z",
        "id": 3,
        "key": "rules/no_competitors",
        "last_at": "2026-11-03T10:04:30Z",
        "project": "support",
        "rule": "constraints",
        "severity": "medium",
        "state": "acknowledged",
        "title": "constraint `no_competitors` of `rules` is broken: has `CompetitorA` at byte 4"
      },
      "delivery": 7,
      "event": "firing",
      "format": 1
    }
    "#);
}

#[track_caller]
fn check(sent: &Result<(), Refusal>, problem: &str, asked: Option<u64>) {
    let asked = asked.map(Duration::from_secs);
    assert_eq!(sent, &Err(Refusal { problem: problem.to_owned(), asked }));
}

#[tokio::test]
async fn what_is_no_success_is_a_refusal_with_the_time_that_is_asked_for() {
    let server = answering(ResponseTemplate::new(500)).await;
    check(&send(&server.uri()).await, "answered with status 500", None);
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "7");
    check(&send(&answering(busy).await.uri()).await, "answered with status 429", Some(7));
    let until =
        ResponseTemplate::new(503).insert_header("retry-after", "Tue, 03 Nov 2026 10:05:30 GMT");
    check(&send(&answering(until).await.uri()).await, "answered with status 503", Some(30));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let target = answering(ResponseTemplate::new(200)).await;
    let moved = ResponseTemplate::new(307).insert_header("location", target.uri().as_str());
    let sent = send(&answering(moved).await.uri()).await;
    check(&sent, "answered with status 307; redirects are not followed", None);
    assert!(target.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_is_not_waited_for() {
    let slow = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let refusal = send(&slow.uri()).await.unwrap_err();
    assert!(refusal.problem.starts_with("gave no answer in time"), "{refusal:?}");
}

#[tokio::test]
async fn the_address_is_never_told() {
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/hooks/hunter2?token=hunter2");
    let refusal = send(&url).await.unwrap_err();
    assert!(refusal.problem.starts_with("cannot be reached"), "{refusal:?}");
    for text in [refusal.problem, format!("{:?}", webhook(&url))] {
        assert!(!text.contains("hunter2") && !text.contains("127.0.0.1"), "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused_without_telling_it() {
    let check = |url: &str, expected: &str| {
        let error =
            Webhook::new("ops".to_owned(), &url.into(), Duration::from_secs(1)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    check("", "use the address of webhook `ops`: relative URL without a base");
    check("hunter2", "use the address of webhook `ops`: relative URL without a base");
    check(
        "ftp://hunter2",
        "use the address of webhook `ops`: its scheme is `ftp`, not http or https",
    );
}
