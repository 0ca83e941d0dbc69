//! Subjects over HTTP that answer: what they are sent, and what is made of it.

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Turn};
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{evalward, openai, suite};

/// A model that knows the three capitals.
pub(crate) async fn geographer() -> FakeModel {
    FakeModel::start(|question| {
        let cities = [("France", "Paris"), ("Japan", "Tokyo"), ("Peru", "Lima")];
        let known = cities.iter().find(|(country, _)| question.contains(country));
        known.map_or(Turn::refuses(400, "where?"), |(_, city)| Turn::says(format!("It is {city}.")))
    })
    .await
}

#[tokio::test]
async fn usage_and_cost_are_counted() {
    let model = geographer().await;
    let price = "price = { input_per_million_usd = 100.0, output_per_million_usd = 1000.0 }\n";
    let scratch = suite(&format!("{}{price}", openai(&model.address())));
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let row = &scratch.rows()[0];
    assert_eq!(row["response"]["model"], "fake-1");
    let summary = scratch.read(scratch.only_run().join("summary.json"));
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let golden = &summary["partitions"]["golden"];
    assert_eq!((&golden["input_tokens"], &golden["output_tokens"]), (&json!(36), &json!(9)));
    let cost = golden["cost_usd"].as_f64().unwrap();
    assert!((cost - (36.0 * 100.0 + 9.0 * 1000.0) / 1e6).abs() < 1e-12, "{cost}");
}

#[tokio::test]
async fn a_prompt_reaches_the_model() {
    let model = geographer().await;
    let scratch = suite(&(openai(&model.address()) + "temperature = 0.0\nmax_tokens = 20\n"));
    drop(evalward(&scratch, "run --quiet --id peru").run().expect_code(0));
    assert_json_snapshot!(model.requests(), @r#"
    [
      {
        "max_tokens": 20,
        "messages": [
          {
            "content": "From where is Peru governed?",
            "role": "user"
          }
        ],
        "model": "gpt-test",
        "temperature": 0.0
      }
    ]
    "#);
}

#[tokio::test]
async fn a_conversation_reaches_the_model_as_messages() {
    let model = FakeModel::start(|last| {
        assert_eq!(last, "And of Peru?");
        Turn::says("Lima.")
    })
    .await;
    let scratch = suite(&openai(&model.address()));
    let conversation = json!([
        {"role": "user", "content": "What is the capital of France?"},
        {"role": "assistant", "content": "Paris."},
        {"role": "user", "content": "And of Peru?"},
    ]);
    let example = Example::new("peru-2", Partition::Golden).with_input("messages", conversation);
    scratch.dataset(&[example.with_expected_output("Lima")]);
    scratch.file("prompt.j2", "Answer in one word.");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    assert_json_snapshot!(model.requests()[0]["messages"], @r#"
    [
      {
        "content": "Answer in one word.",
        "role": "system"
      },
      {
        "content": "What is the capital of France?",
        "role": "user"
      },
      {
        "content": "Paris.",
        "role": "assistant"
      },
      {
        "content": "And of Peru?",
        "role": "user"
      }
    ]
    "#);
}

#[tokio::test]
async fn the_messages_api_is_spoken_too() {
    let model = geographer().await;
    let subject = openai(&model.address()).replace("openai", "anthropic").replace("/v1\"", "\"");
    let scratch = suite(&subject);
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let row = &scratch.rows()[0];
    assert_eq!(row["response"]["output"], "It is Paris.");
    assert_eq!(row["response"]["usage"], json!({"input_tokens": 12, "output_tokens": 3}));
}

#[tokio::test]
async fn an_application_is_asked_by_its_template_and_read_by_pointers() {
    let server = MockServer::builder().start().await;
    let answer = json!({
        "result": {"text": "It is Lima.", "used": [{"id": "kb-7", "text": "Peru: Lima."}]},
        "stats": {"input_tokens": 5, "output_tokens": 2},
    });
    Mock::given(method("POST"))
        .and(path("/ask"))
        .and(header("x-team", "geo"))
        .and(body_json(
            json!({"q": "From where is Peru governed?", "meta": {"id": "peru"}, "k": 3}),
        ))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .expect(1)
        .mount(&server)
        .await;
    let subject = r#"[subject.http]
url = "${APP}/ask"
headers = { x-team = "${TEAM}" }
body = { q = "{{ input.question }}", meta = { id = "{{ id }}" }, k = 3 }
output = "/result/text"
context = "/result/used"
usage = "/stats"
"#;
    let scratch = suite(subject);
    let run =
        evalward(&scratch, "run --quiet --id peru").env("APP", &server.uri()).env("TEAM", "geo");
    drop(run.run().expect_code(0));
    assert_json_snapshot!(scratch.rows()[0]["response"], @r#"
    {
      "context": [
        {
          "id": "kb-7",
          "text": "Peru: Lima."
        }
      ],
      "output": "It is Lima.",
      "usage": {
        "input_tokens": 5,
        "output_tokens": 2
      }
    }
    "#);
}

#[tokio::test]
async fn an_answer_without_the_pointer_is_errored() {
    let server = MockServer::builder().start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({"text": "It is Lima."}));
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let scratch = suite(&format!("[subject.http]\nurl = \"{}\"\n", server.uri()));
    drop(evalward(&scratch, "run --quiet --id peru").run().expect_code(3));
    let cause = scratch.rows()[0]["cause"].as_str().unwrap().to_owned();
    assert_snapshot!(evalward_testkit::redact(&cause, &scratch), @r#"`POST http://127.0.0.1:[port]/` answered what is no response: pointer `/output` for `output` finds nothing; the answer starts: {"text":"It is Lima."}"#);
}
