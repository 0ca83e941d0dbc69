//! A client that nobody wrote for the monitor: the openai package of Python, instrumented by `OpenInference`, with the exporter of
//! OpenTelemetry.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use evalward_testkit::{FakeModel, Scratch, Turn};
use serde_json::{Value, json};

use crate::support::{MONITOR, Monitor, SUITE, files, program};

const QUESTIONS: [&str; 2] = ["Which cards do you take?", "Is there a fee for cancelling?"];

/// Returns an interpreter that sees the packages: the one that `cargo xtask test` prepared, else one that is prepared here.
fn python() -> PathBuf {
    if let Some(python) = std::env::var_os("EVALWARD_TEST_PYTHON") {
        return python.into();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python");
    let python = folder.join("bin/python");
    let requirements = programs().join("requirements.txt");
    let marker = folder.join("installed-requirements.txt");
    let wanted = std::fs::read_to_string(&requirements).unwrap();
    if std::fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return python;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&requirements));
    std::fs::write(&marker, wanted).unwrap();
    python
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python")
}

/// Runs a program to its end.
fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stderr}", output.status);
    output
}

/// Makes an API key.
fn key(scratch: &Scratch, scope: &str) -> String {
    let created = program(scratch, &format!("key create --name test --scopes {scope}")).run();
    created.expect_code(0).stdout.trim().to_owned()
}

/// Runs the client with its environment alone, and returns the line that it printed for each question.
fn ask(model: &FakeModel, monitor: &Monitor<'_>, key: &str, more: &[(&str, &str)]) -> Vec<Value> {
    let output = run(Command::new(python())
        .env_clear()
        .arg(programs().join("support_client.py"))
        .args(QUESTIONS)
        .env("OPENAI_BASE_URL", format!("{}/v1", model.address()))
        .env("OPENAI_API_KEY", "none")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", monitor.url())
        .env("OTEL_EXPORTER_OTLP_HEADERS", format!("x-api-key={key}"))
        .env("OTEL_SERVICE_NAME", "support")
        .env("OTEL_RESOURCE_ATTRIBUTES", "service.version=1.4.0,deployment.environment.name=test")
        .envs(more.iter().copied()));
    // An exporter that is refused ends well, and says so here.
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let printed = String::from_utf8(output.stdout).unwrap();
    printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Asserts that a line of the client tells of an interaction that has all that the client knew.
fn check(monitor: &Monitor<'_>, line: &Value, question: &str) {
    let id = |name: &str| line[name].as_str().unwrap();
    let path = format!("/api/v1/interactions/{}-{}", id("trace_id"), id("span_id"));
    let stored = monitor.get(&path);
    let interaction = &stored["interaction"];
    assert_eq!(
        interaction["input"]["messages"],
        json!([
            {"role": "system", "content": "You are Wren from Cobblenote support."},
            {"role": "user", "content": question},
        ])
    );
    let response = &interaction["response"];
    assert_eq!(response["output"], format!("About: {question}"));
    assert_eq!(response["output"], line["answer"]);
    assert_eq!(response["model"], "fake-1");
    assert_eq!(response["usage"]["input_tokens"], 12);
    assert_eq!(response["usage"]["output_tokens"], 3);
    assert_eq!(interaction["trace_id"], line["trace_id"]);
    assert_eq!(interaction["session"], "conversation-7");
    assert_eq!(interaction["service"], "support");
    assert_eq!(interaction["version"], "1.4.0");
    assert_eq!(interaction["environment"], "test");
    assert_eq!(stored["sampled"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_an_instrumented_client_arrive_as_interactions() {
    let scratch = files(&MONITOR.replace("auth = \"off\"\n", ""), SUITE);
    let (ingest, read) = (key(&scratch, "ingest"), key(&scratch, "read"));
    let monitor = Monitor::start(&scratch).with_key(&read);
    let model = FakeModel::start(|question| Turn::says(format!("About: {question}"))).await;
    for more in [&[][..], &[("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")][..]] {
        let lines = ask(&model, &monitor, &ingest, more);
        assert_eq!(lines.len(), QUESTIONS.len());
        for (line, question) in lines.iter().zip(QUESTIONS) {
            check(&monitor, line, question);
        }
    }
    drop(monitor.stop().expect_code(0));
}
