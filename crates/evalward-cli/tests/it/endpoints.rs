//! Model servers that are not there, refuse, or recover.

use std::net::TcpListener;

use evalward_testkit::{FakeModel, Turn};
use insta::assert_snapshot;

use crate::support::{evalward, openai, suite};

/// Returns the causes of all rows that were not passed over, and the address blanked.
fn causes(scratch: &evalward_testkit::Scratch) -> String {
    let rows = scratch.rows();
    let told = rows.iter().filter_map(|row| row["cause"].as_str());
    let mut told: Vec<_> = told.filter(|cause| !cause.starts_with("not evaluated")).collect();
    told.sort_unstable();
    told.dedup();
    evalward_testkit::redact(&told.join("\n"), scratch)
}

#[test]
fn a_dead_endpoint_fails_the_run_and_says_where() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scratch = suite(&openai(&format!("http://{closed}")));
    let run = evalward(&scratch, "run").run().expect_code(3);
    assert_snapshot!(causes(&scratch), @"`POST http://127.0.0.1:[port]/v1/chat/completions` cannot be reached: Connection refused (os error 111); check the address, and that the server runs");
    assert!(run.stderr.contains("stopped early"), "{}", run.stderr);
    assert_eq!(scratch.rows().len(), 3);
}

#[tokio::test]
async fn a_refused_key_comes_with_a_hint() {
    let model = FakeModel::sequence([Turn::refuses(401, "Incorrect API key provided.")]).await;
    let scratch = suite(&openai(&model.address()));
    let run = evalward(&scratch, "run --quiet").run().expect_code(3);
    assert_snapshot!(causes(&scratch), @"`POST http://127.0.0.1:[port]/v1/chat/completions` answered 401 Unauthorized: Incorrect API key provided.; check the API key (`api_key`, by default `OPENAI_API_KEY`)");
    assert!(run.stdout.contains("check the API key"), "{}", run.stdout);
    assert_eq!(model.requests().len(), 3, "a refusal is not tried again");
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says() {
    let busy = [Turn::is_busy(0), Turn::refuses(500, "oops"), Turn::says("Paris")];
    let model = FakeModel::sequence(busy).await;
    let scratch = suite(&openai(&model.address()).replace("attempts = 1", "attempts = 3"));
    drop(evalward(&scratch, "run --quiet --id france").run().expect_code(0));
    assert_eq!(scratch.rows()[0]["attempts"], 3);
    assert_eq!(model.requests().len(), 3);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let model = FakeModel::start(|_| Turn::Hangs).await;
    let calls = "attempts = 1, timeout = \"100ms\"";
    let scratch = suite(&openai(&model.address()).replace("attempts = 1", calls));
    drop(evalward(&scratch, "run --quiet").run().expect_code(3));
    assert_snapshot!(causes(&scratch), @"`POST http://127.0.0.1:[port]/v1/chat/completions` gave no answer in time");
}

#[tokio::test]
async fn an_answer_that_is_none_is_errored_and_never_passed() {
    for body in ["", "no JSON", "{}", r#"{"choices":[]}"#, r#"{"choices":[{"message":{}}]}"#] {
        let model = FakeModel::sequence([Turn::Raw(body.to_owned())]).await;
        let scratch = suite(&openai(&model.address()));
        drop(evalward(&scratch, "run --quiet").run().expect_code(3));
        assert!(scratch.rows().iter().all(|row| row["outcome"] == "errored"), "{body}");
    }
}
