//! The client of servers that speak the `OpenAI` embeddings API.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use evalward_core::{CallError, CallErrorKind, Embedder};
use futures::future::join_all;
use insta::assert_snapshot;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::support::texts;
use crate::{
    BatchLimits, BatchedEmbedder, OpenAiEmbedder, OpenAiEmbedderOptions, Transport,
    TransportOptions,
};

fn embedder(address: &str, dimensions: Option<u32>) -> OpenAiEmbedder {
    let transport = TransportOptions {
        max_attempts: NonZeroU32::MIN,
        system_proxy: false,
        ..TransportOptions::default()
    };
    let options = OpenAiEmbedderOptions {
        base_url: format!("{address}/v1"),
        api_key: Some("sk-hidden".into()),
        dimensions: dimensions.and_then(NonZeroU32::new),
        ..OpenAiEmbedderOptions::new("small")
    };
    OpenAiEmbedder::new(Transport::new(transport).unwrap(), options).unwrap()
}

async fn server(response: ResponseTemplate) -> MockServer {
    let server = MockServer::builder().start().await;
    Mock::given(method("POST"))
        .and(path("/v1/embeddings"))
        .respond_with(response)
        .mount(&server)
        .await;
    server
}

/// Asks for the vectors of two texts and returns what went wrong.
async fn refused(response: ResponseTemplate, dimensions: Option<u32>) -> CallError {
    let server = server(response).await;
    let embedder = embedder(&server.uri(), dimensions);
    let mut error = embedder.embed(&texts(&["a", "b"])).await.unwrap_err();
    assert!(!error.message.contains("sk-hidden"), "{error}");
    error.message = error.message.replace(&server.uri(), "SERVER");
    error
}

#[tokio::test]
async fn what_is_no_answer_is_malformed_and_says_what_is_wrong() {
    let check = async |body: &str, expected: &str| {
        let response = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let error = refused(response, None).await;
        assert_eq!(error.kind, CallErrorKind::Malformed, "{body}");
        assert!(error.message.contains(expected), "{body}: {error}");
    };
    let data = |vectors: &str| format!("{{\"data\": [{vectors}]}}");
    let one = "{\"index\": 0, \"embedding\": [1.0, 0.5]}";
    check("no JSON", "expected").await;
    check("{}", "`data` is missing").await;
    check(&data(""), "0 vectors for 2 texts").await;
    check(&data(one), "1 vectors for 2 texts").await;
    check(&data(&[one, one].join(",")), "names a text a second time").await;
    check(&data("{\"index\": 2, \"embedding\": [1.0]}"), "names no text").await;
    check(&data("{\"index\": -1, \"embedding\": [1.0]}"), "1 vectors for 2 texts").await;
    check(&data("{\"embedding\": [NaN, 1.0]}"), "expected value").await;
    check(&data("{\"embedding\": [1e39]}"), "is empty or not finite").await;
    check(&data("{\"embedding\": []}"), "is empty or not finite").await;
    check(&data("{\"embedding\": [null]}"), "is no list of numbers").await;
    check(&data("{\"embedding\": \"AAAA\"}"), "is no list of numbers").await;
    let longer = "{\"index\": 1, \"embedding\": [1.0, 0.5, 0.0]}";
    check(&data(&[one, longer].join(",")), "one vector has 2 numbers, another 3").await;
}

#[tokio::test]
async fn vectors_of_another_length_than_asked_for_are_malformed() {
    let data = json!([{"embedding": [1.0, 0.0]}, {"embedding": [0.0, 1.0]}]);
    let response = ResponseTemplate::new(200).set_body_json(json!({"data": data}));
    let error = refused(response, Some(3)).await;
    assert_snapshot!(error.message, @r#"`POST SERVER/v1/embeddings` answered with what are no embeddings: a vector has 2 numbers, not the 3 of `dimensions`; does the model let one choose?; the answer starts: {"data":[{"embedding":[1.0,0.0]},{"embedding":[0.0,1.0]}]}"#);
}

#[tokio::test]
async fn an_unwell_server_is_told() {
    let response = ResponseTemplate::new(500).set_body_string("out of memory");
    let error = refused(response, None).await;
    assert_eq!(error.kind, CallErrorKind::Failed);
    assert!(error.message.contains("500"), "{error}");
}

#[tokio::test]
async fn vectors_come_back_in_the_order_of_the_texts_and_nothing_is_asked_for_none() {
    let data =
        json!([{"index": 1, "embedding": [0.0, 1.0]}, {"index": 0, "embedding": [1.0, 0.0]}]);
    let server = server(ResponseTemplate::new(200).set_body_json(json!({"data": data}))).await;
    let body =
        json!({"model": "small", "input": ["a", "b"], "encoding_format": "float", "dimensions": 2});
    let embedder = embedder(&server.uri(), Some(2));
    assert_eq!(embedder.embed(&texts(&["a", "b"])).await.unwrap(), [[1.0, 0.0], [0.0, 1.0]]);
    assert!(embedder.embed(&[]).await.unwrap().is_empty());
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert!(wiremock::Match::matches(&body_json(body), &requests[0]));
}

#[tokio::test]
async fn the_hash_tells_servers_models_and_lengths_apart_and_no_credentials() {
    let digest = |address: &str, dimensions| embedder(address, dimensions).digest();
    let one = digest("https://one.example", None);
    assert_ne!(one, digest("https://two.example", None));
    assert_ne!(one, digest("https://one.example", Some(8)));
    assert_eq!(one, digest("https://user:secret@one.example", None));
}

#[tokio::test]
async fn concurrent_calls_are_few_requests() {
    let answer = |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let texts = body["input"].as_array().unwrap();
        let length = |text: &Value| u32::try_from(text.as_str().unwrap().len()).unwrap();
        let data: Vec<Value> =
            texts.iter().map(|text| json!({"embedding": [length(text), 1]})).collect();
        ResponseTemplate::new(200).set_body_json(json!({"data": data}))
    };
    let server = MockServer::builder().start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let limits = BatchLimits::of_texts(NonZeroUsize::new(32).unwrap());
    let embedder = BatchedEmbedder::new(Arc::new(embedder(&server.uri(), None)), limits);
    let calls: Vec<Vec<String>> =
        (0..64).map(|number| vec!["a".repeat(number), "the same".to_owned()]).collect();
    let mut asked: Vec<_> = calls.iter().map(|call| embedder.embed(call)).collect();
    for call in &mut asked {
        // No answer can come in between: this thread reads it.
        assert!(futures::poll!(call).is_pending());
    }
    let answers = join_all(asked).await;
    for (call, answer) in calls.iter().zip(answers) {
        let length = f32::from(u8::try_from(call[0].len()).unwrap());
        assert_eq!(answer.unwrap(), [[length, 1.0], [8.0, 1.0]]);
    }
    let mut sizes: Vec<usize> =
        server.received_requests().await.unwrap().iter().map(size).collect();
    sizes.sort_unstable();
    // Four go out at once with what they have; the others gather.
    assert_eq!(sizes, [1, 1, 1, 2, 28, 32]);
}

fn size(request: &Request) -> usize {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body["input"].as_array().unwrap().len()
}
