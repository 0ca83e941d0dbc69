//! Calls of hosts that are busy, away, or back again, on a clock of the tests' own.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use tokio::time::{Instant, sleep};

use super::headers::Quota;
use super::host::Permit;
use super::{Ending, Host, Hosts, Quotas, Sign, Stated};

const FREE: Stated = Stated {
    calls_at_once: None,
    requests_per_minute: None,
    tokens_per_minute: None,
    patience: Duration::from_secs(8),
};

fn ending(call: u64, sign: Sign) -> Ending<'static> {
    Ending { call, sign, error: "answered 503", pause: None, quotas: Quotas::default() }
}

/// Ends a call with what the server says is left.
fn told(permit: Permit, quotas: Quotas) {
    permit.end(Ending { quotas, ..ending(0, Sign::Answered(None)) });
}

async fn admit(host: &Arc<Host>, stated: &Stated) -> Permit {
    host.admit(stated, 0).await.unwrap()
}

fn left(calls: u64, secs: u64) -> Quotas {
    let quota = Quota { remaining: calls, reset: Duration::from_secs(secs) };
    Quotas { calls: Some(quota), tokens: None }
}

/// Makes a call until it is answered by a server of this kind, or the host is given up.
async fn call(host: &Arc<Host>, server: impl Fn() -> Sign) -> Result<(), String> {
    let number = host.new_call();
    loop {
        let permit = host.admit(&FREE, 0).await?;
        sleep(Duration::from_millis(20)).await;
        let sign = server();
        let upshot = permit.end(ending(number, sign));
        if matches!(sign, Sign::Answered(_)) {
            return Ok(());
        }
        if !upshot.is_away {
            sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_for_every_call_of_the_host_and_for_no_other() {
    let hosts = Hosts::default();
    let host = hosts.named("a:80");
    let begin = Instant::now();
    let (busy, other) = (admit(&host, &FREE).await, admit(&host, &FREE).await);
    let pause = Some(Duration::from_secs(7));
    assert!(!busy.end(Ending { pause, ..ending(0, Sign::Busy) }).is_away);
    // A shorter pause does not end a longer one.
    let pause = Some(Duration::from_secs(1));
    other.end(Ending { pause, ..ending(1, Sign::Busy) });
    drop(admit(&hosts.named("b:80"), &FREE).await);
    assert_eq!(begin.elapsed(), Duration::ZERO);
    drop(admit(&hosts.clone().named("a:80"), &FREE).await);
    assert!(begin.elapsed() >= Duration::from_secs(7));
    assert!(begin.elapsed() < Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_a_limit_is_not_overdrawn() {
    let host = Arc::new(Host::default());
    let begin = Instant::now();
    let [first, second, third] =
        [admit(&host, &FREE).await, admit(&host, &FREE).await, admit(&host, &FREE).await];
    told(third, left(2, 30));
    // Two are under way, of which the server may not know yet.
    let waiting = tokio::spawn({
        let host = Arc::clone(&host);
        async move { admit(&host, &FREE).await }
    });
    sleep(Duration::from_secs(1)).await;
    assert!(!waiting.is_finished());
    // Sent before the third was answered, so that it tells of an earlier time.
    told(first, left(4, 29));
    told(second, left(3, 29));
    let fourth = waiting.await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(2), "the server knew of all of them");
    let fifth = admit(&host, &FREE).await;
    assert!(begin.elapsed() < Duration::from_secs(2));
    // One more than was left: the limit is refilled as time goes by.
    told(fourth, left(1, 28));
    told(fifth, left(0, 28));
    drop(admit(&host, &FREE).await);
    assert!(begin.elapsed() >= Duration::from_secs(29));
    // Far beyond what a call waits for: let the server say so itself.
    told(admit(&host, &FREE).await, left(0, 3_600));
    drop(admit(&host, &FREE).await);
    assert!(begin.elapsed() < Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_tells_nothing_counts_as_taken_off() {
    let host = Arc::new(Host::default());
    let begin = Instant::now();
    told(admit(&host, &FREE).await, left(2, 30));
    told(admit(&host, &FREE).await, Quotas::default());
    told(admit(&host, &FREE).await, Quotas::default());
    assert_eq!(begin.elapsed(), Duration::ZERO);
    drop(admit(&host, &FREE).await);
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_are_left_are_for_calls_that_fit() {
    let host = Arc::new(Host::default());
    let begin = Instant::now();
    assert!(!host.counts_tokens());
    let tokens = Some(Quota { remaining: 500, reset: Duration::from_secs(20) });
    told(admit(&host, &FREE).await, Quotas { calls: None, tokens });
    assert!(host.counts_tokens());
    let under_way = host.admit(&FREE, 400).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::ZERO);
    drop(host.admit(&FREE, 400).await.unwrap());
    assert_eq!(begin.elapsed().as_secs(), 20);
    drop(under_way);
}

#[tokio::test(start_paused = true)]
async fn clients_of_one_host_share_the_smallest_of_their_limits() {
    let host = Arc::new(Host::default());
    let few = Stated { calls_at_once: NonZeroUsize::new(2), ..FREE };
    let more = Stated { calls_at_once: NonZeroUsize::new(5), ..FREE };
    let held = [admit(&host, &few).await, admit(&host, &more).await];
    let third = tokio::time::timeout(Duration::from_secs(5), host.admit(&more, 0)).await;
    assert!(third.is_err());
    drop(held);
    drop(admit(&host, &more).await);
    assert_eq!(host.calls_at_once(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn callers_are_served_in_their_order_and_may_leave_the_line() {
    let host = Arc::new(Host::default());
    let one = Stated { calls_at_once: NonZeroUsize::new(1), ..FREE };
    let first = admit(&host, &one).await;
    let served = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..6 {
        let (host, served) = (Arc::clone(&host), Arc::clone(&served));
        tasks.push(tokio::spawn(async move {
            let permit = admit(&host, &one).await;
            served.lock().unwrap().push(number);
            sleep(Duration::from_millis(10)).await;
            drop(permit);
        }));
        tokio::task::yield_now().await;
    }
    for left in [0, 3] {
        tasks[left].abort();
    }
    sleep(Duration::from_millis(1)).await;
    drop(first);
    futures::future::join_all(tasks).await;
    assert_eq!(*served.lock().unwrap(), [1, 2, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_stays_away_is_given_up_in_seconds_and_hardly_asked() {
    let host = Arc::new(Host::default());
    call(&host, || Sign::Answered(None)).await.unwrap();
    let (begin, asked) = (Instant::now(), AtomicU32::new(0));
    let dead = || {
        asked.fetch_add(1, Ordering::Relaxed);
        Sign::Unwell
    };
    let calls = futures::future::join_all((0..50).map(|_| call(&host, dead))).await;
    let took = begin.elapsed();
    assert!(calls.iter().all(Result::is_err), "{calls:?}");
    assert!(took > Duration::from_secs(8) && took < Duration::from_secs(10), "{took:?}");
    let asked = asked.into_inner();
    assert!(asked <= 50 + 5, "{asked}: each once, and the scouts");
    assert!(call(&host, || Sign::Answered(None)).await.is_err());
    sleep(Duration::from_secs(31)).await;
    call(&host, || Sign::Answered(None)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_host_that_comes_back_loses_no_call() {
    for sign in [Sign::Unwell, Sign::Nobody] {
        let host = Arc::new(Host::default());
        call(&host, || Sign::Answered(None)).await.unwrap();
        let begin = Instant::now();
        let server = || {
            let is_away = begin.elapsed() < Duration::from_secs(5);
            if is_away { sign } else { Sign::Answered(None) }
        };
        let calls = futures::future::join_all((0..50).map(|_| call(&host, server))).await;
        assert!(calls.iter().all(Result::is_ok), "{calls:?}");
        assert!(begin.elapsed() < Duration::from_secs(12), "{:?}", begin.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_scout_makes_way_for_another() {
    let host = Arc::new(Host::default());
    let mut permits = Vec::new();
    for _ in 0..10 {
        permits.push(admit(&host, &FREE).await);
    }
    for (permit, call) in permits.into_iter().zip(0..) {
        permit.end(ending(call, Sign::Unwell));
    }
    drop(admit(&host, &FREE).await);
    let begin = Instant::now();
    let scout = admit(&host, &FREE).await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    scout.end(ending(11, Sign::Refused));
    drop((admit(&host, &FREE).await, admit(&host, &FREE).await));
    assert_eq!(begin.elapsed(), Duration::ZERO, "a refusal is an answer");
}

/// Returns of how many calls a second request could be sent, where all of them take long.
async fn beside(host: &Arc<Host>, calls: u32) -> u32 {
    let mut beside = 0;
    for _ in 0..calls {
        let first = admit(host, &FREE).await;
        beside += u32::from(host.admit_beside(&FREE, 0).await.is_some());
        first.end(ending(0, Sign::Answered(None)));
    }
    beside
}

#[tokio::test(start_paused = true)]
async fn one_request_for_ten_others_may_be_sent_beside_and_not_many_at_once() {
    let host = Arc::new(Host::default());
    assert_eq!(beside(&host, 9).await, 0);
    assert_eq!(beside(&host, 91).await, 10);
    for _ in 0..10_000 {
        admit(&host, &FREE).await.end(ending(0, Sign::Answered(None)));
    }
    // The server gets slow: those of before count for ten requests and no more.
    assert_eq!(beside(&host, 1_001).await, 10 + 100);
}

/// A host that has had calls enough for some requests beside others.
async fn busy_host() -> Arc<Host> {
    let host = Arc::new(Host::default());
    for _ in 0..100 {
        drop(admit(&host, &FREE).await);
    }
    host
}

#[tokio::test(start_paused = true)]
async fn no_request_is_sent_beside_another_one_where_others_wait_or_the_host_is_away() {
    let host = busy_host().await;
    let one = Stated { calls_at_once: NonZeroUsize::new(1), ..FREE };
    let first = admit(&host, &one).await;
    assert!(host.admit_beside(&one, 0).await.is_none(), "no room");
    drop(first);
    assert!(host.admit_beside(&one, 0).await.is_some());

    // One waits for more tokens than there are, and a smaller request does not overtake it.
    let host = busy_host().await;
    let tokens = Some(Quota { remaining: 500, reset: Duration::from_secs(20) });
    told(admit(&host, &FREE).await, Quotas { calls: None, tokens });
    let waiting = tokio::spawn({
        let host = Arc::clone(&host);
        async move { host.admit(&FREE, 600).await.map(drop) }
    });
    tokio::task::yield_now().await;
    assert!(host.admit_beside(&FREE, 10).await.is_none());
    waiting.await.unwrap().unwrap();
    assert!(host.admit_beside(&FREE, 10).await.is_some());

    let host = busy_host().await;
    let mut permits = Vec::new();
    for _ in 0..10 {
        permits.push(admit(&host, &FREE).await);
    }
    for (permit, call) in permits.into_iter().zip(0..) {
        permit.end(ending(call, Sign::Unwell));
    }
    sleep(Duration::from_secs(1)).await;
    assert!(host.admit_beside(&FREE, 0).await.is_none(), "a scout is due");
    drop(admit(&host, &FREE).await);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_dropped_counts_as_taken_off() {
    let host = Arc::new(Host::default());
    let begin = Instant::now();
    told(admit(&host, &FREE).await, left(2, 30));
    drop(admit(&host, &FREE).await);
    drop(admit(&host, &FREE).await);
    assert_eq!(begin.elapsed(), Duration::ZERO);
    drop(admit(&host, &FREE).await);
    assert_eq!(begin.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_healthy_host_is_never_held_back() {
    let host = Arc::new(Host::default());
    let (begin, answered) = (Instant::now(), AtomicU64::new(0));
    let worker = |worker: u64| {
        let (host, answered) = (&host, &answered);
        async move {
            for round in 0..50 {
                let permit = admit(host, &FREE).await;
                // As latencies are: 50 ms, and now and then much more.
                let jitter = (worker * 31 + round * 17) % 13
                    + 90 * u64::from((worker + round).is_multiple_of(40));
                sleep(Duration::from_millis(50 + jitter)).await;
                permit.end(ending(worker, Sign::Answered(None)));
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    futures::future::join_all((0..200).map(worker)).await;
    assert_eq!(answered.into_inner(), 10_000);
    assert_eq!(host.calls_at_once(), None);
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn no_minute_has_more_calls_than_stated(
        per_minute in 1_u32..60,
        pauses in prop::collection::vec(0_u64..20_000, 1..60),
    ) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        let stated = Stated { requests_per_minute: NonZeroU32::new(per_minute), ..FREE };
        let host = Arc::new(Host::default());
        let call = |pause| {
            let host = Arc::clone(&host);
            async move {
                sleep(Duration::from_millis(pause)).await;
                let permit = admit(&host, &stated).await;
                let sent = Instant::now();
                sleep(Duration::from_millis(300)).await;
                permit.end(ending(0, Sign::Answered(None)));
                sent
            }
        };
        let sent = runtime.block_on(async {
            futures::future::join_all(pauses.into_iter().map(call).collect::<Vec<_>>()).await
        });
        for start in &sent {
            let end = *start + Duration::from_mins(1);
            let calls = sent.iter().filter(|at| start <= *at && **at < end).count();
            prop_assert!(calls <= usize::try_from(per_minute).unwrap());
        }
    }
}
