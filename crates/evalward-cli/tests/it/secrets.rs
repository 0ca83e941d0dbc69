//! No secret is ever shown or stored.

use evalward_testkit::{FakeModel, Scratch, Turn};

use crate::answers_of_models::geographer;
use crate::support::{evalward, openai, suite};

const SECRET: &str = "sk-tell-nobody-4711";

/// Runs with the secret in the environment and looks for it in everything that comes out.
#[track_caller]
fn check(scratch: &Scratch, arguments: &str, code: i32) {
    let run = evalward(scratch, arguments)
        .env("OPENAI_API_KEY", SECRET)
        .env("MY_KEY", SECRET)
        .run()
        .expect_code(code);
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains(SECRET), "{text}");
    }
    for file in scratch.all_files() {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
        assert!(!found, "{} holds the secret", file.display());
    }
}

#[tokio::test]
async fn a_key_of_the_environment() {
    let model = geographer().await;
    let scratch = suite(&openai(&model.address()));
    let reports = "--report json --report junit --report markdown";
    check(&scratch, &format!("run -v --record calls.jsonl {reports}"), 0);
    check(&scratch, "run -v --format json --replay calls.jsonl", 0);
    check(&scratch, "doctor", 0);
}

#[tokio::test]
async fn a_key_that_the_server_repeats() {
    let words = format!("Incorrect API key provided: {SECRET}.");
    let model = FakeModel::sequence([Turn::refuses(401, &words)]).await;
    check(&suite(&openai(&model.address())), "run -v", 3);
}

#[tokio::test]
async fn a_header_and_a_query_of_an_application() {
    let model = FakeModel::sequence([Turn::refuses(403, SECRET)]).await;
    let subject = format!(
        "[subject.http]\nurl = \"{}/ask?token=${{MY_KEY}}\"\nheaders = {{ authorization = \"Bearer ${{MY_KEY}}\" }}\n",
        model.address()
    );
    check(&suite(&subject), "run -v", 3);
}

#[test]
fn a_variable_of_a_program() {
    let subject =
        "[subject.command]\ncommand = [\"python3\", \"app.py\"]\nenv = { KEY = \"${MY_KEY}\" }\n";
    let scratch = suite(subject);
    scratch.file("app.py", "import os, sys\nfor line in sys.stdin:\n    print(os.environ['KEY'], file=sys.stderr, flush=True)\n    print(os.environ['KEY'], flush=True)\n");
    check(&scratch, "run -v", 3);
}

#[test]
fn a_key_that_is_no_address() {
    let subject = "[subject.http]\nurl = \"${MY_KEY}\"\n";
    check(&suite(subject), "run -v", 2);
}
