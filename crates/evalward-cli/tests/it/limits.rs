//! Servers that are busy, that fail now and then, and that go away in the middle of a run.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use evalward_core::{Example, Partition};
use evalward_testkit::{Arrival, FakeModel, Scratch, Turn};
use serde_json::{Value, json};

use crate::support::{evalward, example, openai, suite};

const PASSED: &str = "passed";

/// A suite of so many examples over a model, with these settings of its calls.
fn scratch(examples: u32, address: &str, calls: &str) -> Scratch {
    let scratch = suite(&openai(address).replace("attempts = 1", calls));
    let numbered = |number| {
        let (id, question) = (format!("e-{number:03}"), format!("Question {number}?"));
        example(&id, Partition::Golden, &question, "yes")
    };
    scratch.dataset(&(0..examples).map(numbered).collect::<Vec<Example>>());
    scratch
}

/// Adds a judge at an address to a suite.
fn judged(scratch: &Scratch, address: &str) {
    let suite = scratch.read("evalward.toml");
    let judge = format!(
        "\n[judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"{address}/v1\"\ncalls = {{ outage_time = \"500ms\" }}\n\n\
         [metrics.helpful.judge]\njudge = \"helpfulness\"\nthreshold = 3.0\nsamples = 1\n"
    );
    scratch.file("evalward.toml", &(suite + &judge));
}

/// What a judge answers who is content.
fn content(text: &str) -> Turn {
    let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
    let helpful = json!({"reasoning": "Good.", "strengths": [], "weaknesses": [], "score": 4});
    let criteria = json!({ "helpfulness": helpful });
    let answer = json!({"code": after.split('.').next(), "criteria": criteria});
    Turn::says(answer.to_string())
}

fn question(body: &Value) -> String {
    body["messages"][0]["content"].as_str().unwrap().to_owned()
}

fn rows_by_outcome(scratch: &Scratch) -> BTreeMap<String, Vec<Value>> {
    let mut rows: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in scratch.rows() {
        rows.entry(row["outcome"].as_str().unwrap().to_owned()).or_default().push(row);
    }
    rows
}

fn is_busy(arrival: &Arrival) -> bool {
    matches!(&arrival.turn, Turn::Refuses { status: 429, .. })
        || matches!(&arrival.turn, Turn::Told { turn, .. } if matches!(**turn, Turn::Refuses { status: 429, .. }))
}

#[tokio::test]
async fn a_server_that_fails_now_and_then_costs_no_example_and_few_calls() {
    let pause = Duration::from_millis(100);
    let calls = AtomicUsize::new(0);
    let model = FakeModel::start(move |_| match calls.fetch_add(1, Ordering::Relaxed) % 100 {
        0 | 20 | 40 | 60 | 80 => Turn::refuses(429, "slow down").with("retry-after", "0.1"),
        10 | 50 => Turn::refuses(500, "oops"),
        30 => Turn::Hangs,
        70 => Turn::Raw("<html>".to_owned()),
        _ => Turn::says("yes"),
    })
    .await;
    let scratch = scratch(200, &model.address(), "timeout = \"1s\"");
    drop(evalward(&scratch, "run --quiet -j 20").run().expect_code(3));
    let rows = rows_by_outcome(&scratch);
    assert_eq!(rows[PASSED].len(), 198);
    assert!(rows[PASSED].iter().all(|row| row["response"]["output"] == "yes"));
    let errored = rows["errored"].iter().map(|row| row["cause"].as_str().unwrap());
    let malformed = errored.filter(|cause| cause.contains("answered with what is no chat answer"));
    assert_eq!(malformed.count(), 2, "an answer without sense is not asked for again");
    let log = model.log();
    assert!(log.len() <= 220, "{} calls, of which 200 are needed", log.len());
    let mut waited = 0;
    for (index, busy) in log.iter().enumerate().filter(|(_, arrival)| is_busy(arrival)) {
        let mut later = log[index + 1..].iter();
        let again = later.find(|later| later.body == busy.body).expect("it was asked again");
        assert!(again.at - busy.at >= pause, "{:?}", again.at - busy.at);
        waited += 1;
    }
    assert!(waited >= 10);
}

#[tokio::test]
async fn a_busy_server_is_left_alone_by_all_calls() {
    let calls = AtomicUsize::new(0);
    let model = FakeModel::start(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
        5 => Turn::is_busy(1),
        _ => Turn::says("yes"),
    })
    .await;
    let scratch = scratch(20, &model.address(), "attempts = 2");
    drop(evalward(&scratch, "run --quiet -j 4").run().expect_code(0));
    let log = model.log();
    assert_eq!(log.len(), 21);
    let busy = log.iter().find(|arrival| is_busy(arrival)).unwrap();
    let after = |from, to| {
        let range = busy.at + Duration::from_millis(from)..busy.at + Duration::from_millis(to);
        log.iter().filter(|arrival| range.contains(&arrival.at)).count()
    };
    // Calls that were sent before the refusal was read may still come.
    assert_eq!(after(500, 1_000), 0);
    assert!(after(1_000, 60_000) >= 10);
}

#[tokio::test]
async fn a_limit_that_the_server_tells_is_kept_without_a_refusal() {
    let (window, most) = (Duration::from_millis(400), 10);
    let windows = std::sync::Mutex::new((tokio::time::Instant::now(), 0));
    let model = FakeModel::start(move |_| {
        let mut windows = windows.lock().unwrap();
        if windows.0.elapsed() >= window {
            *windows = (tokio::time::Instant::now(), 0);
        }
        let (since, used) = &mut *windows;
        *used += 1;
        if *used > most {
            return Turn::refuses(429, "slow down");
        }
        let left = window.saturating_sub(since.elapsed());
        Turn::says("yes")
            .with("x-ratelimit-remaining-requests", (most - *used).to_string())
            .with("x-ratelimit-reset-requests", format!("{}ms", left.as_millis() + 1))
    })
    .await;
    let scratch = scratch(35, &model.address(), "attempts = 1");
    drop(evalward(&scratch, "run --quiet -j 6").run().expect_code(0));
    assert_eq!(model.log().len(), 35);
}

#[tokio::test]
async fn a_stated_rate_is_kept() {
    let model = FakeModel::start(|_| Turn::says("yes")).await;
    let scratch = scratch(40, &model.address(), "requests_per_minute = 600");
    drop(evalward(&scratch, "run --quiet -j 40").run().expect_code(0));
    let log = model.log();
    assert_eq!(log.len(), 40);
    // A twentieth and one, here 31, may come at once; the others come one after the other, however late the first ones come.
    let took = log[39].at - log[31].at;
    assert!(took >= Duration::from_millis(600), "{took:?}");
}

#[tokio::test]
async fn a_judge_that_dies_ends_the_run_and_the_run_goes_on_when_it_is_back() {
    let subject = FakeModel::start(|_| Turn::says("yes")).await;
    let is_back = Arc::new(AtomicBool::new(false));
    let (answers, alive) = (AtomicUsize::new(0), Arc::clone(&is_back));
    let judge = FakeModel::start(move |text| {
        if alive.load(Ordering::Relaxed) || answers.fetch_add(1, Ordering::Relaxed) < 100 {
            content(text)
        } else {
            Turn::refuses(503, "no worker left")
        }
    })
    .await;
    let scratch = scratch(130, &subject.address(), "attempts = 2");
    judged(&scratch, &judge.address());
    let run = evalward(&scratch, "run").run().expect_code(3);
    assert!(run.stderr.contains("has been down for"), "{}", run.stderr);
    assert!(run.stderr.contains("503 Service Unavailable: no worker left"), "{}", run.stderr);
    let rows = rows_by_outcome(&scratch);
    assert_eq!((rows[PASSED].len(), rows["errored"].len()), (100, 30));
    let dead = judge.log().len() - 100;
    assert!(dead <= 5 * 2 + 10, "{dead} calls of a dead judge");
    let kept: Vec<_> =
        rows[PASSED].iter().map(|row| row["example_id"].as_str().unwrap().to_owned()).collect();
    is_back.store(true, Ordering::Relaxed);
    drop(evalward(&scratch, "run --resume").run().expect_code(0));
    assert_eq!(rows_by_outcome(&scratch)[PASSED].len(), 130);
    assert_eq!(judge.log().len(), 100 + dead + 30);
    for id in kept {
        let number: u32 = id.trim_start_matches("e-").parse().unwrap();
        let asked = subject.requests();
        let asked = asked.iter().filter(|it| question(it) == format!("Question {number}?"));
        assert_eq!(asked.count(), 1, "{id}");
    }
}

#[tokio::test]
async fn a_judge_whose_process_ends_loses_no_result() {
    let subject = FakeModel::start(|_| Turn::says("yes")).await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let judge = FakeModel::start_on(listener, content).await;
    let scratch = scratch(150, &subject.address(), "attempts = 2");
    judged(&scratch, &judge.address());
    let run = evalward(&scratch, "run").start();
    let enough = async {
        while judge.log().len() < 30 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), enough).await.unwrap();
    drop(judge);
    let run = run.wait().expect_code(3);
    assert!(run.stderr.contains("has been down for"), "{}", run.stderr);
    let passed = rows_by_outcome(&scratch)[PASSED].len();
    assert!((20..150).contains(&passed), "{passed}");
    let judge = FakeModel::start_on(TcpListener::bind(address).unwrap(), content).await;
    drop(evalward(&scratch, "run --resume").run().expect_code(0));
    assert_eq!(rows_by_outcome(&scratch)[PASSED].len(), 150);
    assert_eq!(judge.log().len(), 150 - passed);
}

#[tokio::test]
async fn a_judge_that_was_never_there_ends_the_run_too() {
    let subject = FakeModel::start(|_| Turn::says("yes")).await;
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scratch = scratch(300, &subject.address(), "attempts = 1");
    judged(&scratch, &format!("http://{closed}"));
    let run = evalward(&scratch, "run").run().expect_code(3);
    assert!(run.stderr.contains("was never reached"), "{}", run.stderr);
    assert!(subject.log().len() < 150, "{}", subject.log().len());
    assert!(rows_by_outcome(&scratch).keys().all(|outcome| outcome == "errored"));
}

#[tokio::test]
async fn an_answer_that_takes_long_is_asked_for_once_more_where_the_suite_says_so() {
    let calls = AtomicUsize::new(0);
    let model = FakeModel::start(move |_| match calls.fetch_add(1, Ordering::Relaxed) % 20 {
        10 => Turn::Hangs,
        _ => Turn::says("yes"),
    })
    .await;
    let scratch = scratch(100, &model.address(), "attempts = 1, hedge_after = \"1s\"");
    drop(evalward(&scratch, "run --quiet -j 10").run().expect_code(0));
    assert_eq!(rows_by_outcome(&scratch)[PASSED].len(), 100);
    let twice = scratch.rows().iter().filter(|row| row["attempts"] == 2).count();
    assert_eq!((twice, model.log().len()), (5, 105));
}
