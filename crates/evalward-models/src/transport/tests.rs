//! What the transport does with servers that fail, in every way we could think of.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use evalward_core::{CallError, CallErrorKind, FixedClock};
use insta::assert_snapshot;
use secrecy::SecretString;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::limits::Stated;
use super::{HttpAnswer, HttpCall, HttpMethod, Transport, TransportOptions};
use crate::{Address, Headers};

const SECRET: &str = "sk-very-secret-key";

fn options() -> TransportOptions {
    TransportOptions {
        backoff_base: Duration::from_millis(1),
        max_retry_time: Duration::from_secs(5),
        system_proxy: false,
        clock: Arc::new(FixedClock("2026-11-03T10:00:00Z".parse().unwrap())),
        ..TransportOptions::default()
    }
}

async fn send(options: TransportOptions, url: &str) -> Result<HttpAnswer, CallError> {
    let key = SecretString::from(format!("Bearer {SECRET}"));
    let headers = Headers::new([("authorization", &key)]).unwrap();
    let address = Address::parse(&format!("{url}/v1/chat?token=query-secret")).unwrap();
    let transport = Transport::new(options).unwrap();
    let call = HttpCall {
        method: HttpMethod::Post,
        address: &address,
        headers: &headers,
        body: Some(&json!({"a": 1})),
        credential: "the API key",
    };
    let outcome = transport.send(call).await;
    assert!(!format!("{transport:?}{call:?}{outcome:?}").contains("secret-key"));
    assert!(!format!("{call:?}{outcome:?}").contains("query-secret"));
    outcome
}

async fn server(template: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(template).mount(&server).await;
    server
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

/// Returns the error against a server that always answers like this, with its port replaced.
async fn refused(template: ResponseTemplate) -> (CallError, String) {
    let server = server(template).await;
    let error = send(options(), &server.uri()).await.unwrap_err();
    assert_eq!(usize::try_from(error.attempts).unwrap(), requests(&server).await);
    let message = error.message.replace(&server.uri(), "http://server");
    (error, message)
}

/// Fails some times, then answers.
struct FailsThen {
    failures: AtomicUsize,
    failure: ResponseTemplate,
}

impl Respond for FailsThen {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let left = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_ok() {
            self.failure.clone()
        } else {
            ResponseTemplate::new(200).set_body_string("fine")
        }
    }
}

async fn fails_then(failures: usize, failure: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let respond = FailsThen { failures: AtomicUsize::new(failures), failure };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

#[tokio::test]
async fn transient_statuses_are_tried_again_and_others_are_not() {
    for status in [408, 409, 429, 500, 502, 503, 504, 529] {
        let server = fails_then(2, ResponseTemplate::new(status)).await;
        let answer = send(options(), &server.uri()).await.unwrap();
        assert_eq!((answer.attempts, answer.body), (3, b"fine".to_vec()), "{status}");
    }
    for (status, kind) in [
        (400, CallErrorKind::BadRequest),
        (401, CallErrorKind::Refused),
        (403, CallErrorKind::Refused),
        (404, CallErrorKind::Refused),
        (413, CallErrorKind::Failed),
        (422, CallErrorKind::BadRequest),
        (501, CallErrorKind::Failed),
    ] {
        let (error, _) = refused(ResponseTemplate::new(status)).await;
        assert_eq!((error.kind, error.attempts), (kind, 1), "{status}");
    }
}

#[tokio::test]
async fn attempts_end() {
    let (error, message) = refused(ResponseTemplate::new(503)).await;
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Failed, 5));
    assert_snapshot!(message, @"`POST http://server/v1/chat` answered 503 Service Unavailable (5 attempts)");
    let server = server(ResponseTemplate::new(500)).await;
    let once = TransportOptions { max_attempts: NonZeroU32::MIN, ..options() };
    assert_eq!(send(once, &server.uri()).await.unwrap_err().attempts, 1);
}

#[tokio::test]
async fn refusals_carry_the_servers_words_and_a_remedy() {
    let error = json!({"error": {"message": format!("Incorrect API key provided: {SECRET}.")}});
    let (_, message) = refused(ResponseTemplate::new(401).set_body_json(error)).await;
    assert_snapshot!(message, @"`POST http://server/v1/chat` answered 401 Unauthorized: Incorrect API key provided: [secret].; check the API key");
    let error =
        json!({"type": "error", "error": {"type": "not_found_error", "message": "model: x"}});
    let (_, message) = refused(ResponseTemplate::new(404).set_body_json(error)).await;
    assert_snapshot!(message, @"`POST http://server/v1/chat` answered 404 Not Found: model: x; check the model's name and the address's path");
    let page = "<html>\n".repeat(100);
    let (_, message) = refused(ResponseTemplate::new(403).set_body_string(page)).await;
    assert!(message.ends_with(" <html>…; check what the API key is allowed to do"), "{message}");
    assert!(message.len() < 450, "{message}");
    let moved =
        ResponseTemplate::new(307).insert_header("location", "https://else.example/v2?key=1");
    let (_, message) = refused(moved).await;
    assert_snapshot!(message, @"`POST http://server/v1/chat` answered 307 Temporary Redirect; redirects are not followed; if you trust it, use `https://else.example/v2` as the address");
    let quota =
        json!({"error": {"message": "You exceeded your quota.", "code": "insufficient_quota"}});
    let (error, _) = refused(ResponseTemplate::new(429).set_body_json(quota)).await;
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Refused, 1));
}

#[tokio::test]
async fn retry_after_is_honoured_in_both_forms() {
    for value in ["0.2", "Tue, 03 Nov 2026 10:00:01 GMT"] {
        let failure = ResponseTemplate::new(429).insert_header("retry-after", value);
        let server = fails_then(1, failure).await;
        let started = Instant::now();
        assert_eq!(send(options(), &server.uri()).await.unwrap().attempts, 2);
        assert!(started.elapsed() >= Duration::from_millis(200), "{value}");
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_limit_fails_at_once() {
    let (error, message) =
        refused(ResponseTemplate::new(429).insert_header("retry-after", "3600")).await;
    assert_eq!((error.kind, error.attempts), (CallErrorKind::RateLimited, 1));
    assert_snapshot!(message, @"`POST http://server/v1/chat` answered 429 Too Many Requests; it asks to wait 3600 s, more than is left of the 5 s for retries; lower the concurrency, or ask the provider for a higher limit");
}

#[tokio::test]
async fn a_slow_answer_times_out() {
    let server = server(ResponseTemplate::new(200).set_delay(Duration::from_mins(1))).await;
    let hasty = TransportOptions {
        request_timeout: Duration::from_millis(50),
        max_attempts: NonZeroU32::new(2).unwrap(),
        ..options()
    };
    let error = send(hasty, &server.uri()).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (CallErrorKind::TimedOut, 2));
}

#[tokio::test]
async fn a_dead_endpoint_is_unreachable_after_one_retry() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = send(options(), &url).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Unreachable, 2));
    let message = error.message.replace(&url, "http://server");
    assert_snapshot!(message, @"`POST http://server/v1/chat` cannot be reached: Connection refused (os error 111) (2 attempts); check the address, and that the server runs");
    let error = send(options(), "http://no-such-host.invalid").await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Unreachable, 2));
}

#[tokio::test]
async fn vanishing_packets_fail_within_four_and_a_half_seconds() {
    // A full backlog of a listener that accepts nothing makes the kernel drop further connections.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    for _ in 0..4 {
        let connect = tokio::net::TcpStream::connect(address);
        held.push(tokio::time::timeout(Duration::from_millis(50), connect).await);
    }
    let started = Instant::now();
    let hasty = TransportOptions { connect_timeout: Duration::from_millis(100), ..options() };
    let error = send(hasty, &format!("http://{address}")).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Unreachable, 2));
    assert!(started.elapsed() < Duration::from_secs(2));
    let defaults = TransportOptions::default();
    let longest = defaults.connect_timeout * 2 + defaults.backoff_base;
    assert!(longest <= Duration::from_millis(4_500));
}

#[tokio::test]
async fn a_truncated_body_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        for body in ["cut", "whole body"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let answer = send(options(), &url).await.unwrap();
    assert_eq!((answer.attempts, answer.body), (2, b"whole body".to_vec()));
    server.await.unwrap();
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let server = server(ResponseTemplate::new(200).set_body_string("x".repeat(2_000))).await;
    let small = TransportOptions { max_body_bytes: 1_000, ..options() };
    let error = send(small, &server.uri()).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (CallErrorKind::Malformed, 1));
}

#[tokio::test]
async fn a_host_gets_no_more_calls_at_a_time_than_allowed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (server_running, server_most) = (Arc::clone(&running), Arc::clone(&most));
    let server = tokio::spawn(async move {
        for _ in 0..9 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (running, most) = (Arc::clone(&server_running), Arc::clone(&server_most));
            tokio::spawn(async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let mut request = [0; 4096];
                assert!(stream.read(&mut request).await.unwrap() > 0);
                tokio::time::sleep(Duration::from_millis(20)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                stream.write_all(answer).await.unwrap();
            });
        }
    });
    let limited = TransportOptions { max_calls_per_host: NonZeroUsize::new(3), ..options() };
    let transport = Transport::new(limited).unwrap();
    let headers = Headers::default();
    let call = HttpCall {
        method: HttpMethod::Get,
        address: &address,
        headers: &headers,
        body: None,
        credential: "",
    };
    let calls = futures::future::join_all((0..9).map(|_| transport.send(call))).await;
    assert!(calls.iter().all(Result::is_ok));
    assert_eq!(most.load(Ordering::SeqCst), 3);
    server.await.unwrap();
}

/// Answers each request after a time of its own, and those that come after with the last one.
async fn slow(answers: &'static [(u64, u16)]) -> MockServer {
    let server = MockServer::start().await;
    let asked = AtomicUsize::new(0);
    let respond = move |_: &Request| {
        let (millis, status) = answers[asked.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)];
        ResponseTemplate::new(status).set_delay(Duration::from_millis(millis))
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

/// Longer than any test takes.
const LONG: u64 = 30_000;

/// Options of a client that has made enough calls of a server to send some requests twice.
async fn hedging(server: &MockServer, after: Duration) -> TransportOptions {
    let options = TransportOptions { hedge_after: Some(after), ..options() };
    let stated = Stated {
        calls_at_once: None,
        requests_per_minute: None,
        tokens_per_minute: None,
        patience: options.outage_time,
    };
    let host = options.hosts.named(&Address::parse(&server.uri()).unwrap().host());
    for _ in 0..100 {
        drop(host.admit(&stated, 0).await.unwrap());
    }
    options
}

/// Makes a call of a server that answers like this, with a second request after 50 ms.
async fn hedged(answers: &'static [(u64, u16)]) -> (Result<HttpAnswer, CallError>, usize, u64) {
    let server = slow(answers).await;
    let options = hedging(&server, Duration::from_millis(50)).await;
    let meter = options.meter.clone();
    let outcome = send(options, &server.uri()).await;
    (outcome, requests(&server).await, meter.spent().calls)
}

#[tokio::test]
async fn a_slow_answer_is_asked_for_once_more_and_the_first_answer_counts() {
    let (answer, requests, counted) = hedged(&[(LONG, 200), (0, 200)]).await;
    let answer = answer.unwrap();
    assert_eq!((answer.attempts, requests, counted), (2, 2, 2));
    assert!((50..LONG).contains(&answer.latency_millis), "{}", answer.latency_millis);
    // The second request is the slow one.
    let (answer, requests, counted) = hedged(&[(800, 200), (LONG, 200)]).await;
    let answer = answer.unwrap();
    assert_eq!((answer.attempts, requests, counted), (2, 2, 2));
    assert!((800..LONG).contains(&answer.latency_millis), "{}", answer.latency_millis);
}

#[tokio::test]
async fn of_two_requests_one_may_fail() {
    // The answer of the first one counts, though the second one failed before, for good or not.
    for answers in [&[(800, 200), (0, 503)], &[(800, 200), (0, 401)]] {
        let (answer, requests, _) = hedged(answers).await;
        assert_eq!((answer.unwrap().attempts, requests), (2, 2));
    }
    let (answer, requests, _) = hedged(&[(600, 503), (900, 200)]).await;
    assert_eq!((answer.unwrap().attempts, requests), (2, 2));
    // What is wrong with the call itself is wrong with both requests.
    let (error, requests, _) = hedged(&[(600, 400), (LONG, 200)]).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind, error.attempts, requests), (CallErrorKind::BadRequest, 2, 2));
    let (answer, requests, counted) = hedged(&[(600, 500), (600, 500), (0, 200)]).await;
    assert_eq!((answer.unwrap().attempts, requests, counted), (3, 3, 3));
}

#[tokio::test]
async fn a_call_that_is_given_up_with_two_requests_under_way_keeps_no_place() {
    let server = slow(&[(LONG, 200), (LONG, 200), (0, 200)]).await;
    let options = hedging(&server, Duration::from_millis(50)).await;
    let options = TransportOptions { max_calls_per_host: NonZeroUsize::new(2), ..options };
    let both_came = async {
        while requests(&server).await < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let address = server.uri();
    tokio::select! {
        outcome = send(options.clone(), &address) => panic!("{outcome:?}"),
        () = both_came => {}
    }
    let host = options.hosts.named(&Address::parse(&address).unwrap().host());
    assert_eq!((host.under_way(), host.calls_at_once()), (0, Some(2)));
    send(options, &address).await.unwrap();
    assert_eq!(host.under_way(), 0);
}

#[tokio::test]
async fn nothing_is_sent_twice_without_room_time_or_the_wish() {
    let soon = Duration::from_millis(50);
    for (after, max_calls_per_host) in
        [(None, None), (Some(soon), NonZeroUsize::new(1)), (Some(soon * 400), None)]
    {
        let server = slow(&[(300, 200)]).await;
        let calm = hedging(&server, soon).await;
        let calm = TransportOptions { hedge_after: after, max_calls_per_host, ..calm };
        assert_eq!(send(calm, &server.uri()).await.unwrap().attempts, 1);
    }
    let never = TransportOptions { hedge_after: Some(options().request_timeout), ..options() };
    let error = Transport::new(never).unwrap_err();
    assert_snapshot!(error, @"failed to use a `hedge_after` of 60s: it is not shorter than `timeout`, which is 60s");
}
