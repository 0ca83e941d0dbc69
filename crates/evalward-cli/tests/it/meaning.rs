//! `semantic_similarity` and `support` in a suite.

use evalward_core::{Document, Example, Partition};
use insta::assert_snapshot;
use serde_json::json;
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{evalward, example, recorded_with};

fn plans() -> Vec<Example> {
    vec![example("plan", Partition::Golden, "What does it cost?", "It costs $49 a month.")]
}

/// A server whose vectors have a cosine of 0.6, told in the wrong order.
async fn embeddings() -> MockServer {
    let server = MockServer::builder().start().await;
    let data =
        json!([{"index": 1, "embedding": [0.6, 0.8]}, {"index": 0, "embedding": [1.0, 0.0]}]);
    Mock::given(method("POST"))
        .and(path("/v1/embeddings"))
        .and(header("authorization", "Bearer key-1"))
        .and(body_partial_json(
            json!({"model": "small", "input": ["It is $59 monthly.", "It costs $49 a month."]}),
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": data})))
        .mount(&server)
        .await;
    server
}

fn table(address: &str, more: &str) -> String {
    format!(
        "[metrics.meaning.semantic_similarity]\n{more}\n[metrics.meaning.semantic_similarity.openai]\nmodel = \"small\"\nbase_url = \"{address}/v1\"\napi_key = \"${{KEY}}\"\ncalls = {{ attempts = 1 }}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_embeds_and_facts_that_differ_are_told() {
    let server = embeddings().await;
    let tables = table(&server.uri(), "threshold = 0.5");
    let scratch = recorded_with(&plans(), &[("plan", "It is $59 monthly.")], &tables);
    drop(evalward(&scratch, "run --quiet --record calls.jsonl").env("KEY", "key-1").run());
    let score = scratch.rows()[0]["scores"]["meaning"]["score"].clone();
    let value = score["value"].as_f64().unwrap();
    assert!((value - 0.6).abs() < 1e-6, "{value}");
    assert_eq!(score["passed"], true);
    assert_eq!(score["problems"], json!(["price differs: `59 USD` in place of `49 USD`"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_may_fail_what_is_similar() {
    let server = embeddings().await;
    let tables = table(&server.uri(), "threshold = 0.5\nfacts = \"fail\"");
    let scratch = recorded_with(&plans(), &[("plan", "It is $59 monthly.")], &tables);
    drop(evalward(&scratch, "run --quiet").env("KEY", "key-1").run());
    assert_eq!(scratch.rows()[0]["scores"]["meaning"]["score"]["passed"], false);
}

#[test]
fn a_missing_model_ends_the_run_before_any_call() {
    let tables = "[metrics.meaning.semantic_similarity]\n";
    let scratch = recorded_with(&plans(), &[("plan", "It is $59.")], tables);
    let finished = evalward(&scratch, "run --quiet")
        .env("EVALWARD_MODELS_DIR", scratch.path("none").to_str().unwrap())
        .run()
        .expect_code(2);
    assert!(
        finished.stderr.contains("evalward models pull all-minilm-l6-v2"),
        "{}",
        finished.stderr
    );
}

#[test]
fn support_decides_by_the_context() {
    let grounded = Example {
        context: vec![Document::from_text("The plan costs $49 a month.")],
        ..plans().remove(0)
    };
    let tables = "[metrics.grounded.support]\nthreshold = 0.9\n";
    let scratch = recorded_with(&[grounded], &[("plan", "The plan costs $59 a month.")], tables);
    drop(evalward(&scratch, "run --quiet").run().expect_code(1));
    let problems = &scratch.rows()[0]["scores"]["grounded"]["score"]["problems"];
    assert_snapshot!(problems, @r#"["the context does not state `$59`","the context lacks `59`"]"#);
}
