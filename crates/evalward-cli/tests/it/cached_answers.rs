//! Answers of subjects from the cache: when there are any, what runs say of them, and what the cache's own commands do.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::Value;
use tokio::time::timeout;

use crate::answers_of_models::geographer;
use crate::support::{evalward, openai, suite};

/// How long a run that hangs may hold a test up.
const LIMIT: Duration = Duration::from_mins(1);

const SUBJECT: &str = "[subject.openai]\nmodel = \"gpt-test\"\nbase_url = \"${MODEL_URL}/v1\"\napi_key = \"k\"\nprompt = \"prompt.j2\"\ncalls = { attempts = 1 }\n";

fn last_summary(scratch: &Scratch) -> Value {
    let folder = scratch.runs().pop().unwrap();
    serde_json::from_str(&scratch.read(folder.join("summary.json"))).unwrap()
}

fn last_rows(scratch: &Scratch) -> Vec<Value> {
    let folder = scratch.runs().pop().unwrap();
    let text = scratch.read(folder.join("results.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_second_run_calls_nothing_and_says_so() {
    let scratch = suite(SUBJECT);
    let model = geographer().await;
    let address = model.address();
    drop(evalward(&scratch, "run --quiet").env("MODEL_URL", &address).run().expect_code(0));
    assert_eq!(last_summary(&scratch)["subject"], serde_json::json!({"answers": 3}));
    let first = last_rows(&scratch);
    // The model is gone: a call would fail.
    drop(model);
    let again = evalward(&scratch, "run").env("MODEL_URL", &address).run().expect_code(0);
    assert!(
        again.stderr.contains("3 of 3 answers came from the cache; `--no-cache` asks again\n"),
        "{}",
        again.stderr
    );
    assert_eq!(last_summary(&scratch)["subject"], serde_json::json!({"answers": 3, "cached": 3}));
    for (row, before) in last_rows(&scratch).iter().zip(&first) {
        assert_eq!((&row["cached"], &row["attempts"]), (&Value::from(true), &Value::from(0)));
        for same in ["response", "scores", "latency_millis", "outcome"] {
            assert_eq!(row[same], before[same]);
        }
        assert_eq!((&before["cached"], &before["attempts"]), (&Value::Null, &Value::from(1)));
    }
    let uncached = evalward(&scratch, "run --quiet --no-cache").env("MODEL_URL", &address);
    drop(uncached.run().expect_code(3));
    // Somewhere else the name stands for another model.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let elsewhere = evalward(&scratch, "run --quiet").env("MODEL_URL", &format!("http://{closed}"));
    drop(elsewhere.run().expect_code(3));
}

#[tokio::test]
async fn each_trial_is_an_answer_of_its_own_and_what_changes_is_asked_again() {
    let model = geographer().await;
    let scratch = suite(&openai(&model.address()));
    drop(evalward(&scratch, "run --quiet --repeats 2").run().expect_code(0));
    assert_eq!(model.requests().len(), 6);
    drop(evalward(&scratch, "run --quiet --repeats 3").run().expect_code(0));
    assert_eq!(model.requests().len(), 9);
    scratch.file("prompt.j2", "{{ input.question }} Be brief.");
    drop(evalward(&scratch, "run --quiet --repeats 3").run().expect_code(0));
    assert_eq!(model.requests().len(), 18);
}

#[tokio::test]
async fn errors_are_asked_for_again() {
    let turns = [Turn::refuses(400, "no"), Turn::Raw("{".into()), Turn::says("It is Paris.")];
    let model = FakeModel::sequence(turns).await;
    let scratch = suite(&openai(&model.address()));
    for code in [3, 3, 0, 0] {
        drop(evalward(&scratch, "run --quiet --id france").run().expect_code(code));
    }
    assert_eq!(model.requests().len(), 3);
}

/// Counts its starts and answers in a file.
const APP: &str = r#"import json, sys
cities = {"France": "Paris", "Japan": "Tokyo", "Peru": "Lima"}
for line in sys.stdin:
    request = json.loads(line)
    city = next(city for it, city in cities.items() if it in request["input"]["question"])
    open("asked", "a").write("x")
    print(json.dumps({"id": request["id"], "output": f"It is {city}."}), flush=True)
"#;

#[test]
fn a_program_is_asked_again_unless_its_version_is_stated_and_the_same() {
    let subject = |version: &str| {
        format!("[subject.command]\ncommand = [\"python3\", \"app.py\"]\n{version}\n")
    };
    let scratch = suite(&subject(""));
    scratch.file("app.py", APP);
    let tables = scratch.read("evalward.toml");
    let mut asked = Vec::new();
    for version in ["", "", "version = \"1\"", "version = \"1\"", "version = \"2\""] {
        scratch.file("evalward.toml", &tables.replace(&subject(""), &subject(version)));
        drop(evalward(&scratch, "run --quiet").run().expect_code(0));
        asked.push(scratch.read("asked").len());
    }
    assert_eq!(asked, [3, 6, 9, 9, 12]);
    scratch.file("evalward.toml", &tables.replace(&subject(""), &subject("version = \" \"")));
    let refused = evalward(&scratch, "run --quiet").run().expect_code(2);
    assert!(refused.stderr.contains("the version is empty"), "{}", refused.stderr);
}

#[tokio::test]
async fn an_application_is_asked_again_unless_its_version_is_stated() {
    let model = FakeModel::start(|_| Turn::Raw("{\"output\": \"It is Paris.\"}".into())).await;
    let subject =
        |version: &str| format!("[subject.http]\nurl = \"{}/ask\"\n{version}\n", model.address());
    let scratch = suite(&subject(""));
    let tables = scratch.read("evalward.toml");
    let mut asked = Vec::new();
    for version in ["", "", "version = \"1\"", "version = \"1\""] {
        scratch.file("evalward.toml", &tables.replace(&subject(""), &subject(version)));
        drop(evalward(&scratch, "run --quiet --id france").run().expect_code(0));
        asked.push(model.requests().len());
    }
    assert_eq!(asked, [1, 2, 3, 3]);
}

#[tokio::test]
async fn two_processes_share_one_cache_and_no_answer_is_doubled() {
    let model = geographer().await;
    let scratch = suite(&openai(&model.address()));
    let runs: Vec<_> = (0..4)
        .map(|number| {
            std::process::Command::new(env!("CARGO_BIN_EXE_evalward"))
                .args(["run", "--quiet", "--repeats", "20"])
                .args(["--concurrency", if number % 2 == 0 { "1" } else { "20" }])
                .current_dir(scratch.path(""))
                .env("CI", "1")
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    // One is killed in the middle.
    for (number, mut run) in runs.into_iter().enumerate() {
        if number == 0 {
            let some_answers = async {
                while model.requests().len() < 5 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            timeout(LIMIT, some_answers).await.expect("the first run asks");
            run.kill().unwrap();
            run.wait().unwrap();
        } else {
            let ended = async {
                loop {
                    match run.try_wait().unwrap() {
                        Some(status) => return status,
                        None => tokio::time::sleep(Duration::from_millis(5)).await,
                    }
                }
            };
            let status = timeout(LIMIT, ended).await;
            // A run that waits for ever must not outlive the test.
            drop(run.kill());
            assert!(status.expect("the run ends").success());
        }
    }
    let stats = evalward(&scratch, "cache stats --format json").run().expect_code(0);
    let stats: Value = serde_json::from_str(&stats.stdout).unwrap();
    assert_eq!(stats["kinds"]["chat"]["answers"], 60);
    let asked = model.requests().len();
    let again = evalward(&scratch, "run --repeats 20").run().expect_code(0);
    assert!(again.stderr.contains("60 of 60 answers came from the cache"), "{}", again.stderr);
    assert_eq!(model.requests().len(), asked);
}

#[tokio::test]
async fn the_cache_is_shown_and_pruned() {
    let scratch = suite(SUBJECT);
    let nothing = evalward(&scratch, "cache stats").run().expect_code(0);
    assert_snapshot!(nothing.stdout, @"
    .evalward/cache/calls.db  0 bytes
    it holds nothing
    ");
    let nothing = evalward(&scratch, "cache prune --all").run().expect_code(0);
    assert_snapshot!(nothing.stdout, @"there is no cache `.evalward/cache/calls.db`");
    assert!(!scratch.path(".evalward").exists());
    let model = geographer().await;
    let run = || evalward(&scratch, "run --quiet").env("MODEL_URL", &model.address()).run();
    drop(run().expect_code(0));
    let shown = evalward(&scratch, "cache stats").run().expect_code(0).stdout.clone();
    assert!(shown.contains("\nchat               3  "), "{shown}");
    for (arguments, gone) in [
        ("--older-than 30d", "0 answers (0 bytes) went"),
        ("--max-size 1GB", "0 answers (0 bytes) went"),
        ("--kind judge", "0 answers (0 bytes) went"),
        ("--kind chat --older-than 1w", "0 answers (0 bytes) went"),
        ("--kind chat", "3 answers ("),
    ] {
        let pruned = evalward(&scratch, &format!("cache prune {arguments}")).run().expect_code(0);
        assert!(pruned.stdout.starts_with(gone), "{arguments}: {}", pruned.stdout);
    }
    drop(run().expect_code(0));
    assert_eq!(model.requests().len(), 6);
    for wrong in
        ["", "--older-than yesterday", "--max-size much", "--kind chats", "--all --kind chat"]
    {
        drop(evalward(&scratch, &format!("cache prune {wrong}")).run().expect_code(2));
    }
    fs::write(scratch.path(".evalward/cache/calls.db"), "notes of mine ".repeat(1000)).unwrap();
    let refused = evalward(&scratch, "cache prune --all").run().expect_code(2);
    assert_snapshot!(refused.stderr, @"error: the cache `.evalward/cache/calls.db` is not used: failed to open it: file is not a database; delete the folder `.evalward/cache`, which is made anew");
}
