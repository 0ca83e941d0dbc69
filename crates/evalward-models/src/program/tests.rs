//! Real processes that behave, die, hang and talk nonsense.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::time::Duration;

use evalward_core::{
    CallError, CallErrorKind, Example, Measurement, Metric, Partition, ReasonKind, Reply, Response,
    Scale,
};
use futures::future::join_all;
use insta::assert_snapshot;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::{
    CommandMetric, CommandMetricOptions, OneShot, ProgramAnswer, ProgramOptions, WorkerPool,
};

/// The frame of a worker: reads requests line by line as `request`, the `count`-th of this process.
const LOOP: &str = "import json, os, sys, time\n\
    def answer(**fields): print(json.dumps(fields), flush=True)\n\
    for count, line in enumerate(sys.stdin, 1):\n    request = json.loads(line)\n";

/// Makes the options of a worker with this body, which lives as long as the folder.
fn worker(folder: &TempDir, body: &str) -> ProgramOptions {
    let body = body.replace('\n', "\n    ");
    script(folder, &format!("{LOOP}    {body}\n"))
}

fn script(folder: &TempDir, text: &str) -> ProgramOptions {
    std::fs::write(folder.path().join("app.py"), text).unwrap();
    ProgramOptions {
        cwd: Some(folder.path().to_owned()),
        timeout: Duration::from_secs(20),
        start_timeout: Duration::from_secs(20),
        ..ProgramOptions::new(["python3", "app.py"])
    }
}

fn request(question: &str) -> Map<String, Value> {
    [("input".to_owned(), json!({ "question": question }))].into_iter().collect()
}

async fn call(pool: &WorkerPool, id: &str) -> Result<ProgramAnswer, CallError> {
    pool.call(id, request(id)).await
}

/// Returns the kind, the attempts and the message of what a worker with this body does to one call.
async fn failure(body: &str) -> (CallErrorKind, u32, String) {
    let folder = TempDir::new().unwrap();
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    let error = call(&pool, "a-1").await.unwrap_err();
    (error.kind, error.attempts, error.message)
}

#[tokio::test]
async fn fifty_calls_share_four_workers() {
    let folder = TempDir::new().unwrap();
    let body = "time.sleep(0.005)\nanswer(id=request['id'], output=request['input']['question'], model=str(os.getpid()))";
    let options = ProgramOptions { max_workers: NonZeroUsize::new(4), ..worker(&folder, body) };
    let pool = WorkerPool::new(options).unwrap();
    let calls = (0..50).map(|number| {
        let pool = &pool;
        async move { call(pool, &format!("q-{number}")).await }
    });
    let mut processes = BTreeSet::new();
    for (number, answer) in join_all(calls).await.into_iter().enumerate() {
        let answer = answer.unwrap();
        assert_eq!(answer.value["output"], format!("q-{number}"));
        assert_eq!(answer.attempts, 1);
        processes.insert(answer.value["model"].to_string());
    }
    assert!(processes.len() <= 4, "{processes:?}");
    pool.shutdown().await;
}

#[tokio::test]
async fn a_worker_that_dies_is_replaced_and_its_example_asked_again() {
    let folder = TempDir::new().unwrap();
    // The third request finds a worker that has just read it and goes away without an answer.
    let body = "if count == 3: sys.exit(7)\nanswer(id=request['id'], output='x')";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    let mut attempts = Vec::new();
    for number in 0..6 {
        attempts.push(call(&pool, &number.to_string()).await.unwrap().attempts);
    }
    assert_eq!(attempts, [1, 1, 2, 1, 2, 1]);
}

#[tokio::test]
async fn a_worker_that_ends_between_requests_costs_nothing() {
    let folder = TempDir::new().unwrap();
    let body = "answer(id=request['id'], output='x')\nbreak";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    for number in 0..3 {
        let answer = call(&pool, &number.to_string()).await.unwrap();
        assert!(answer.attempts <= 2);
    }
}

#[tokio::test]
async fn an_example_that_kills_two_workers_is_given_up() {
    let (kind, attempts, message) =
        failure("print('no such file', file=sys.stderr)\nsys.exit(3)").await;
    assert_eq!((kind, attempts), (CallErrorKind::Failed, 2));
    assert_snapshot!(message, @"
    program `python3 app.py` died over this example, and again after a restart: it ended (exit status: 3); its stderr ends:
    no such file
    ");
}

#[tokio::test]
async fn nonsense_is_malformed_and_shows_what_was_said() {
    let (kind, _, message) = failure("print('loading model', flush=True)").await;
    assert_eq!(kind, CallErrorKind::Malformed);
    assert_snapshot!(message, @"program `python3 app.py` answered a line that is not JSON (expected value at line 1 column 1): `loading model`; only answers may go to stdout, logs belong on stderr");
    let (kind, _, message) = failure("answer(id='other', output='x')").await;
    assert_eq!(kind, CallErrorKind::Malformed);
    assert_snapshot!(message, @r#"program `python3 app.py` answered for id "other", where `a-1` was asked: `{"id": "other", "output": "x"}`; only answers may go to stdout, logs belong on stderr"#);
    let (kind, _, _) = failure("sys.stdout.buffer.write(b'\\xff\\n')\nsys.stdout.flush()").await;
    assert_eq!(kind, CallErrorKind::Malformed);
}

#[tokio::test]
async fn a_worker_that_broke_the_agreement_is_replaced() {
    let folder = TempDir::new().unwrap();
    let body = "print('noise' if request['id'] == 'bad' else json.dumps({'output': str(count)}), flush=True)";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    assert_eq!(call(&pool, "a").await.unwrap().value["output"], "1");
    assert!(call(&pool, "bad").await.is_err());
    assert_eq!(call(&pool, "b").await.unwrap().value["output"], "1");
}

#[tokio::test]
async fn a_second_line_is_never_taken_for_the_next_answer() {
    let folder = TempDir::new().unwrap();
    let body =
        "sys.stdout.write('{\"output\": \"x\"}\\n{\"output\": \"stale\"}\\n')\nsys.stdout.flush()";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    assert_eq!(call(&pool, "a").await.unwrap().value["output"], "x");
    let error = call(&pool, "b").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Malformed);
    assert_eq!(call(&pool, "c").await.unwrap().value["output"], "x");
}

#[tokio::test]
async fn a_reported_error_keeps_the_worker() {
    let folder = TempDir::new().unwrap();
    let body =
        "if count == 1: answer(id=request['id'], error='no key')\nelse: answer(output=str(count))";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    let error = call(&pool, "a").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Failed);
    assert_snapshot!(error.message, @"program `python3 app.py` reports an error: no key");
    assert_eq!(call(&pool, "b").await.unwrap().value["output"], "2");
}

#[tokio::test]
async fn a_worker_that_hangs_is_killed() {
    let folder = TempDir::new().unwrap();
    let body = "if count == 2: time.sleep(60)\nanswer(output='x')";
    let options = ProgramOptions { timeout: Duration::from_millis(200), ..worker(&folder, body) };
    let pool = WorkerPool::new(options).unwrap();
    // The first answer has the time of a start.
    call(&pool, "a").await.unwrap();
    let error = call(&pool, "b").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::TimedOut);
    assert_snapshot!(error.message, @"program `python3 app.py` gave no answer within 0.2 s");
    call(&pool, "c").await.unwrap();
}

#[tokio::test]
async fn what_a_program_started_ends_with_it() {
    let folder = TempDir::new().unwrap();
    let body = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\nanswer(output=str(child.pid))";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    let pid = call(&pool, "a").await.unwrap().value["output"].as_str().unwrap().to_owned();
    let status = std::path::PathBuf::from(format!("/proc/{pid}/stat"));
    assert!(status.exists());
    drop(pool);
    // A killed orphan is a zombie until somebody reaps it.
    let is_gone = || std::fs::read_to_string(&status).map_or(true, |stat| stat.contains(") Z "));
    while !is_gone() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn long_lines_and_loud_stderr_block_nobody() {
    let folder = TempDir::new().unwrap();
    let body =
        "print('noise\\n' * 100000, file=sys.stderr)\nanswer(output=request['input']['question'])";
    let pool = WorkerPool::new(worker(&folder, body)).unwrap();
    let question = "long ".repeat(200_000);
    let answer = pool.call("a", request(&question)).await.unwrap();
    assert_eq!(answer.value["output"], question);
}

#[tokio::test]
async fn a_program_that_cannot_start_is_unreachable() {
    let pool = WorkerPool::new(ProgramOptions::new(["no-such-program-here", "x"])).unwrap();
    let error = call(&pool, "a").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Unreachable);
    assert_snapshot!(error.message, @"program `no-such-program-here x` cannot be started: No such file or directory (os error 2); check that it is installed and on the PATH, and that the folder it runs in exists");
    let none: [&str; 0] = [];
    assert!(WorkerPool::new(ProgramOptions::new(none)).is_err());
}

#[tokio::test]
async fn prepare_runs_once_before_the_first_start() {
    let folder = TempDir::new().unwrap();
    let body = "answer(output=open('built').read())";
    let prepare = "f = open('built', 'a'); f.write('x')";
    let prepare = Some(["python3", "-c", prepare].map(str::to_owned).to_vec());
    let pool = WorkerPool::new(ProgramOptions { prepare, ..worker(&folder, body) }).unwrap();
    for answer in join_all([call(&pool, "a"), call(&pool, "b")]).await {
        assert_eq!(answer.unwrap().value["output"], "x");
    }
    let prepare =
        Some(["python3", "-c", "print('no compiler'); exit(2)"].map(str::to_owned).to_vec());
    let pool = WorkerPool::new(ProgramOptions { prepare, ..worker(&folder, body) }).unwrap();
    let error = call(&pool, "a").await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Unreachable);
    assert_snapshot!(error.message, @"
    `prepare` command `python3 -c print('no compiler'); exit(2)` ended (exit status: 2); its output ends:
    no compiler
    ");
}

#[tokio::test]
async fn secrets_of_the_environment_are_blanked() {
    let folder = TempDir::new().unwrap();
    let body = "answer(error='bad key ' + os.environ['KEY'])";
    let env = vec![("KEY".to_owned(), "sk-environment".into())];
    let pool = WorkerPool::new(ProgramOptions { env, ..worker(&folder, body) }).unwrap();
    let error = call(&pool, "a").await.unwrap_err();
    assert_snapshot!(error.message, @"program `python3 app.py` reports an error: bad key [secret]");
    assert!(!format!("{pool:?}").contains("sk-environment"));
}

#[tokio::test]
async fn shutdown_lets_workers_end_by_themselves() {
    let folder = TempDir::new().unwrap();
    let text = format!("{LOOP}    answer(output='x')\nopen('ended', 'w').close()\n");
    let pool = WorkerPool::new(script(&folder, &text)).unwrap();
    call(&pool, "a").await.unwrap();
    pool.shutdown().await;
    assert!(folder.path().join("ended").exists());
}

async fn one_shot(text: &str) -> String {
    one_shot_within(Duration::from_secs(20), text).await
}

async fn one_shot_within(timeout: Duration, text: &str) -> String {
    let folder = TempDir::new().unwrap();
    let options = ProgramOptions { timeout, ..script(&folder, text) };
    match OneShot::new(options).unwrap().call("a-1", request("q")).await {
        Ok(answer) => answer.value.to_string(),
        Err(error) => format!("{:?}: {}", error.kind, error.message),
    }
}

#[tokio::test]
async fn one_shot_programs_answer_in_any_form() {
    assert_eq!(one_shot("print('plain'); print('text')").await, r#""plain\ntext""#);
    assert_eq!(one_shot("print('{\"output\": \"x\"}')").await, r#"{"output":"x"}"#);
    assert_eq!(one_shot("print('\"x\"')").await, r#""x""#);
    assert_eq!(one_shot("print('{\"price\": 3}')").await, r#""{\"price\": 3}""#);
    assert_eq!(
        one_shot("import json, sys; print(json.load(sys.stdin)['input']['question'])").await,
        r#""q""#
    );
}

#[tokio::test]
async fn one_shot_programs_fail_in_every_way() {
    assert_snapshot!(one_shot("import sys; print('oops', file=sys.stderr); sys.exit(4)").await, @"
    Failed: program `python3 app.py` ended (exit status: 4); its output ends:
    oops
    ");
    assert_snapshot!(one_shot("print('{\"error\": \"no key\"}')").await, @"Failed: program `python3 app.py` reports an error: no key");
    assert_snapshot!(one_shot("print('{\"id\": \"b\", \"output\": \"x\"}')").await, @r#"Malformed: program `python3 app.py` answered for id "b", where `a-1` was asked: `{"id": "b", "output": "x"}`; only answers may go to stdout, logs belong on stderr"#);
    assert_snapshot!(one_shot_within(Duration::from_millis(300), "import time; time.sleep(60)").await, @"TimedOut: program `python3 app.py` did not end within 0.3 s");
}

/// Makes a metric whose program answers with the text that the example's input holds.
fn metric(folder: &TempDir, decides: bool) -> CommandMetric {
    let program = worker(folder, "print(request['input']['answer'], flush=True)");
    let reason_kind = ReasonKind::Metric;
    CommandMetric::new(CommandMetricOptions {
        program,
        scale: Scale::FRACTION,
        decides,
        reason_kind,
    })
    .unwrap()
}

async fn measured(metric: &CommandMetric, answer: &str) -> String {
    let example = Example::new("a-1", Partition::Golden).with_input("answer", answer);
    let reply = Reply::from(Response::from_text("out"));
    match metric.score(&example, &reply).await {
        Measurement::Errored(reason) => {
            format!("errored: {}", reason.replace("program `python3 app.py` ", ""))
        }
        other => serde_json::to_string(&other).unwrap(),
    }
}

#[tokio::test]
async fn a_metric_takes_scores_skips_and_errors() {
    let folder = TempDir::new().unwrap();
    let (reports, decides) = (metric(&folder, false), metric(&folder, true));
    assert_snapshot!(measured(&decides, r#"{"id":"a-1","score":0.5,"passed":true,"detail":[1],"problems":["p"]}"#).await, @r#"{"score":{"value":0.5,"scale":{"min":0.0,"max":1.0},"passed":true,"problems":["p"],"detail":[1]}}"#);
    // A program can neither move its scale nor gate where the suite did not ask it to.
    assert_snapshot!(measured(&reports, r#"{"score":1,"scale":{}}"#).await, @r#"errored: the program's answer is no measurement: unknown field `scale`, expected one of `score`, `passed`, `detail`, `problems`, `skipped`; it answered `{"scale":{},"score":1}`"#);
    assert_snapshot!(measured(&reports, r#"{"score":1,"passed":true}"#).await, @r#"{"score":{"value":1.0,"scale":{"min":0.0,"max":1.0}}}"#);
    assert_snapshot!(measured(&reports, r#"{"skipped":"no table"}"#).await, @r#"{"skipped":"no table"}"#);
    assert_snapshot!(measured(&reports, r#"{"error":"no key"}"#).await, @"errored: reports an error: no key");
    assert_snapshot!(measured(&decides, r#"{"score":1}"#).await, @r#"errored: the program's answer is no measurement: it has no `passed`, which this metric decides by; it answered `{"score":1}`"#);
}

#[tokio::test]
async fn a_metric_is_sent_the_example_with_every_right_answer_and_the_response() {
    let folder = TempDir::new().unwrap();
    let echo = "print(json.dumps({'score': 1, 'detail': request}), flush=True)";
    let metric = CommandMetric::new(CommandMetricOptions {
        program: worker(&folder, echo),
        scale: Scale::FRACTION,
        decides: false,
        reason_kind: ReasonKind::Metric,
    })
    .unwrap();
    let mut example = Example::new("a-1", Partition::Golden)
        .with_input("question", "q")
        .with_expected_output("one");
    example.acceptable_outputs = vec!["two".to_owned()];
    example.tags = vec!["billing".to_owned()];
    let measurement = metric.score(&example, &Reply::from(Response::from_text("out"))).await;
    let sent = measurement.score().unwrap().detail.clone().unwrap();
    assert_snapshot!(sent, @r#"{"acceptable_outputs":["two"],"context":[],"expected_output":"one","id":"a-1","input":{"question":"q"},"metadata":{},"output":"out","response":{"output":"out"},"tags":["billing"]}"#);
}

#[tokio::test]
async fn a_metric_takes_nothing_else() {
    let folder = TempDir::new().unwrap();
    let metric = metric(&folder, false);
    for answer in [
        r#"{"score":NaN}"#,
        r#"{"score":Infinity}"#,
        r#"{"score":1e999}"#,
        r#"{"score":true}"#,
        r#"{"score":"1"}"#,
        r#"{"score":null}"#,
        r#"{"score":1.5}"#,
        r#"{"score":1,"skipped":"x"}"#,
        r#"{"score":1,"verdict":"pass"}"#,
        r#"{"passed":true}"#,
        r#""1""#,
        "1",
    ] {
        let outcome = measured(&metric, answer).await;
        assert!(outcome.starts_with("errored: "), "{answer} gave {outcome}");
        // The raw answer is there for people, up to the spacing of JSON.
        assert!(outcome.contains(answer), "{answer} gave {outcome}");
    }
}
