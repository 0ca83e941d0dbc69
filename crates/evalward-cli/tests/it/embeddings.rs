//! Embeddings of a server: how often it is asked, what is kept, and what becomes of bad answers.

use std::fs;
use std::time::Duration;

use evalward_core::{Example, Partition};
use evalward_testkit::{Finished, Scratch};
use insta::assert_snapshot;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{evalward, example};

/// Gives each text of a request a vector by its letters, of the length that is asked for.
fn vectors(request: &Request) -> Value {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let length = body["dimensions"].as_u64().map_or(4, |length| usize::try_from(length).unwrap());
    let vector = |text: &Value| {
        let mut vector = vec![1_u32; length];
        for byte in text.as_str().unwrap().bytes() {
            vector[usize::from(byte) % length] += u32::from(byte);
        }
        json!({"embedding": vector})
    };
    let data: Vec<Value> = body["input"].as_array().unwrap().iter().map(vector).collect();
    json!({"data": data, "usage": {"prompt_tokens": 7, "total_tokens": 7}})
}

async fn server() -> MockServer {
    let server = MockServer::builder().start().await;
    Mock::given(method("POST"))
        .and(path("/v1/embeddings"))
        .respond_with(|request: &Request| {
            // Long enough for the other examples to come.
            let answer = ResponseTemplate::new(200).set_body_json(vectors(request));
            answer.set_delay(Duration::from_millis(50))
        })
        .mount(&server)
        .await;
    server
}

/// Returns the number of texts of each request so far.
async fn asked(server: &MockServer) -> Vec<usize> {
    let size = |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        body["input"].as_array().unwrap().len()
    };
    server.received_requests().await.unwrap().iter().map(size).collect()
}

/// A suite with so many examples, each with an answer that is not quite right.
fn suite(count: usize) -> Scratch {
    let scratch = Scratch::new();
    let ids: Vec<String> = (0..count).map(|index| format!("e-{index}")).collect();
    let right = |id: &str| example(id, Partition::Golden, "Which?", &format!("It is {id}."));
    let examples: Vec<Example> = ids.iter().map(|id| right(id)).collect();
    let outputs: Vec<String> = ids.iter().map(|id| format!("That would be {id}.")).collect();
    let answers: Vec<(&str, &str)> =
        ids.iter().map(String::as_str).zip(outputs.iter().map(String::as_str)).collect();
    scratch.dataset(&examples).answers("answers.jsonl", &answers);
    scratch.file("evalward.toml", "[suite]\nname = \"many\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n[metrics.meaning.semantic_similarity]\nthreshold = 0.1\n\n[metrics.meaning.semantic_similarity.openai]\nmodel = \"small\"\nbase_url = \"${SERVER}/v1\"\napi_key = \"${KEY}\"\ncalls = { attempts = 1 }\n");
    scratch
}

fn run(scratch: &Scratch, arguments: &[&str], address: &str) -> Finished {
    let run = evalward(scratch, "run").env("SERVER", address).env("KEY", "sk-secret");
    arguments.iter().fold(run, |run, argument| run.arg(argument)).run()
}

fn rows(scratch: &Scratch, run: usize) -> Vec<Value> {
    let text = scratch.read(scratch.runs()[run].join("results.jsonl"));
    let row = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    text.lines().map(|line| row(line)["scores"]["meaning"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_that_come_together_are_few_requests() {
    let server = server().await;
    let scratch = suite(40);
    drop(run(&scratch, &["--quiet", "-j", "40"], &server.uri()).expect_code(0));
    let asked = asked(&server).await;
    assert_eq!(asked.iter().sum::<usize>(), 80);
    assert!(asked.len() < 20, "{asked:?}");
    assert!(asked.iter().all(|texts| *texts <= 64), "{asked:?}");
}

/// Returns what the summary of a run says of the calls of embedding models.
fn calls(scratch: &Scratch, run: usize) -> Value {
    let text = scratch.read(scratch.runs()[run].join("summary.json"));
    serde_json::from_str::<Value>(&text).unwrap()["embeddings"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_model_took_is_in_the_summary_and_in_reports() {
    let server = server().await;
    let scratch = suite(5);
    drop(run(&scratch, &["--quiet", "-j", "5"], &server.uri()).expect_code(0));
    let requests = asked(&server).await.len();
    let expected = json!({"meaning": {"model": "small", "texts": 10, "requests": requests, "input_tokens": 7 * requests}});
    assert_eq!(calls(&scratch, 0), expected);
    drop(run(&scratch, &["--quiet", "--record", "calls.jsonl"], &server.uri()).expect_code(0));
    let cached = json!({"meaning": {"model": "small", "texts": 10, "cached": 10}});
    assert_eq!(calls(&scratch, 1), cached);
    drop(run(&scratch, &["--quiet", "--replay", "calls.jsonl"], &server.uri()).expect_code(0));
    assert_eq!(calls(&scratch, 2), json!({"meaning": {"model": "small", "texts": 10}}));
    assert_eq!(asked(&server).await.len(), requests);
    let cached = scratch.runs()[1].display().to_string();
    let report = |format: &str| {
        let shown = evalward(&scratch, &format!("report {cached} --format {format}")).run();
        shown.expect_code(0).clean_stdout().to_owned()
    };
    let shown = report("terminal");
    let (_, table) = shown.split_once("calls of embedding models\n").expect("a table of calls");
    assert_snapshot!(table.lines().take(4).collect::<Vec<_>>().join("\n"), @"
    metric   model  texts  cached  requests  tokens in
    ──────────────────────────────────────────────────
    meaning  small     10      10         0          -
    texts from the cache or from a recording take nothing now
    ");
    for format in ["markdown", "html"] {
        assert!(report(format).contains("calls of embedding models"), "{format}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_part_of_what_is_asked() {
    let server = server().await;
    let scratch = suite(2);
    let base = |version: &str| {
        format!(
            "metrics.meaning.semantic_similarity.openai.base_url={}/v1?api-version={version}",
            server.uri()
        )
    };
    for (version, sum) in [("1", 4), ("2", 8), ("1", 8)] {
        drop(run(&scratch, &["--quiet", "--set", &base(version)], &server.uri()).expect_code(0));
        assert_eq!(asked(&server).await.iter().sum::<usize>(), sum, "version {version}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_asks_nobody_unless_something_else_is_asked() {
    let (server, other) = (server().await, server().await);
    let scratch = suite(3);
    let first = run(&scratch, &["-v"], &server.uri()).expect_code(0);
    let note = "cache `.evalward/cache/calls.db`: 0 of 6 answers were there";
    assert!(first.stderr.contains(note), "{}", first.stderr);
    assert_eq!(asked(&server).await.iter().sum::<usize>(), 6);
    let second = run(&scratch, &["-v"], &server.uri()).expect_code(0);
    assert!(second.stderr.contains("6 of 6 answers were there"), "{}", second.stderr);
    assert_eq!(asked(&server).await.iter().sum::<usize>(), 6, "nothing is asked twice");
    assert_eq!(rows(&scratch, 1), rows(&scratch, 0));

    // Every one of these could give other vectors.
    let table = "metrics.meaning.semantic_similarity.openai";
    let dimensions = format!("{table}.dimensions=8");
    let model = format!("{table}.model=\"large\"");
    let quiet = run(&scratch, &["--set", &dimensions], &server.uri()).expect_code(0);
    assert!(!quiet.stderr.contains("cache"), "{}", quiet.stderr);
    assert_eq!(asked(&server).await.iter().sum::<usize>(), 12);
    drop(run(&scratch, &["--set", &model], &server.uri()).expect_code(0));
    assert_eq!(asked(&server).await.iter().sum::<usize>(), 18);
    drop(run(&scratch, &[], &other.uri()).expect_code(0));
    assert_eq!(asked(&other).await.iter().sum::<usize>(), 6);

    // Without the cache everything is asked, and nothing is kept.
    let bare = run(&scratch, &["--no-cache", "-v"], &server.uri()).expect_code(0);
    assert!(!bare.stderr.contains("cache"), "{}", bare.stderr);
    assert_eq!(asked(&server).await.iter().sum::<usize>(), 24);
    let kept = fs::read(scratch.path(".evalward/cache/calls.db")).unwrap();
    assert!(!kept.windows(9).any(|bytes| bytes == b"sk-secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_cache_is_told_and_the_run_goes_on() {
    let server = server().await;
    let scratch = suite(3);
    drop(run(&scratch, &["--quiet", "--no-cache"], &server.uri()).expect_code(0));
    assert!(!scratch.path(".evalward/cache").exists());
    scratch.file(".evalward/cache/calls.db", &"notes of mine ".repeat(500));
    let finished = run(&scratch, &[], &server.uri()).expect_code(0);
    let warning = finished.stderr.lines().find(|line| line.contains("cache")).unwrap();
    assert_snapshot!(warning, @"warning: the cache `.evalward/cache/calls.db` is not used: failed to open it: file is not a database; delete the folder `.evalward/cache`, which is made anew");
    assert_eq!(rows(&scratch, 1), rows(&scratch, 0));
    assert!(scratch.read(".evalward/cache/calls.db").starts_with("notes of mine "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_run_is_replayed_without_server_address_or_key() {
    let server = server().await;
    let scratch = suite(3);
    drop(run(&scratch, &["--quiet", "--record", "calls.jsonl"], &server.uri()).expect_code(0));
    let recording = scratch.read("calls.jsonl");
    assert_eq!(recording.lines().count(), 7);
    assert!(!recording.contains("sk-secret") && !recording.contains("127.0.0.1"));
    drop(server);
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(0));
    assert_eq!(rows(&scratch, 1), rows(&scratch, 0));
}

/// Runs a suite whose server answers with this, and returns the reason that the row gives.
async fn errored(response: ResponseTemplate) -> String {
    let server = MockServer::builder().start().await;
    Mock::given(method("POST")).respond_with(response).mount(&server).await;
    let scratch = suite(1);
    for _ in 0..2 {
        let finished = run(&scratch, &[], &server.uri()).expect_code(3);
        assert!(!finished.stdout.contains("sk-secret") && !finished.stderr.contains("sk-secret"));
    }
    let requests = server.received_requests().await.unwrap().len();
    assert_eq!(requests, 2, "an error is not kept");
    let reason = rows(&scratch, 1)[0]["errored"].as_str().unwrap().to_owned();
    reason.replace(&server.uri(), "SERVER")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_answer_makes_the_example_errored_and_is_asked_again() {
    let answer = |body: &str| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    let reason = errored(answer("{\"data\": [{\"embedding\": [1.0, 2.0]}]}")).await;
    assert_snapshot!(reason, @r#"failed to embed the output: `POST SERVER/v1/embeddings` answered with what are no embeddings: 1 vectors for 2 texts; the answer starts: {"data": [{"embedding": [1.0, 2.0]}]}"#);
    let nan = errored(answer("{\"data\": [{\"embedding\": [NaN]}, {\"embedding\": [1.0]}]}")).await;
    assert!(nan.contains("what are no embeddings: expected value"), "{nan}");
    let reason = errored(ResponseTemplate::new(500).set_body_string("out of memory")).await;
    assert_snapshot!(reason, @"failed to embed the output: `POST SERVER/v1/embeddings` answered 500 Internal Server Error: out of memory");
}
