//! `evalward metric calibrate` where a metric has a model, a variant or an override.

use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::calibrations::{OVERLAP, labelled, lines, yes_or_no};
use crate::support::evalward;

#[test]
fn a_model_is_needed_only_where_the_metric_has_one() {
    let scratch = labelled(&lines(80, yes_or_no));
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &format!("{suite}\n[metrics.meaning.semantic_similarity]\n"));
    let calibrate = |metric: &str| {
        let folder = scratch.path("no-models");
        evalward(&scratch, &OVERLAP.replace("overlap", metric))
            .env("EVALWARD_MODELS_DIR", folder.to_str().unwrap())
            .run()
    };
    drop(calibrate("overlap").expect_code(0));
    let missing = calibrate("meaning").expect_code(2);
    assert!(missing.stderr.contains("evalward models pull"), "{}", missing.stderr);
}

#[test]
fn a_metric_is_calibrated_as_an_override_or_a_variant_has_it() {
    let scratch = labelled(&lines(80, yes_or_no));
    let suite = scratch.read("evalward.toml");
    let variant = "\n[variants.strict]\nmetrics.overlap.token_f1.threshold = 0.75\n";
    scratch.file("evalward.toml", &format!("{suite}{variant}"));
    let thresholds = |more: &str| {
        let text = evalward(&scratch, &format!("{OVERLAP}{more}")).run().expect_code(0).stdout;
        let own = text.lines().filter_map(|line| line.trim().strip_prefix("suite's "));
        own.map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(thresholds(""), "0.3");
    assert_eq!(thresholds(" --variant base"), "0.3");
    assert_eq!(thresholds(" --variant strict"), "0.75");
    assert_eq!(thresholds(" --set metrics.overlap.token_f1.threshold=0.6"), "0.6");
    let unknown = evalward(&scratch, &format!("{OVERLAP} --variant strcit")).run().expect_code(2);
    assert!(unknown.stderr.contains("no variant `strcit`"), "{}", unknown.stderr);
    let both = evalward(&scratch, &format!("{OVERLAP} --run latest --replay x")).run();
    assert!(both.expect_code(2).stderr.contains("cannot be used with"));
}

/// Answers with a vector whose angle is the share of wrong words.
struct Angles;

impl Respond for Angles {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let vector = |text: &Value| {
            let words: Vec<&str> = text.as_str().unwrap().split(' ').collect();
            let wrong = u32::try_from(words.iter().filter(|word| **word == "no").count()).unwrap();
            let angle = f64::from(wrong) / 10.0;
            [angle.cos(), angle.sin()]
        };
        let texts = body["input"].as_array().unwrap().iter().enumerate();
        let data: Vec<Value> =
            texts.map(|(index, text)| json!({"index": index, "embedding": vector(text)})).collect();
        ResponseTemplate::new(200).set_body_json(json!({"data": data}))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calls_of_a_metric_are_recorded_and_replayed() {
    let server = MockServer::start().await;
    Mock::given(path("/v1/embeddings")).respond_with(Angles).mount(&server).await;
    let scratch = labelled(&lines(40, yes_or_no));
    let suite = scratch.read("evalward.toml");
    let meaning = format!(
        "\n[metrics.meaning.semantic_similarity.openai]\nmodel = \"small\"\nbase_url = \"{}/v1\"\napi_key = \"k\"\ncalls = {{ attempts = 1 }}\n",
        server.uri()
    );
    scratch.file("evalward.toml", &format!("{suite}{meaning}"));
    let arguments = OVERLAP.replace("overlap", "meaning");
    let recorded = evalward(&scratch, &format!("{arguments} --record calls.jsonl")).run();
    let recorded = recorded.expect_code(0);
    drop(server);
    let replayed = evalward(&scratch, &format!("{arguments} --replay calls.jsonl")).run();
    assert_eq!(replayed.expect_code(0).stdout, recorded.stdout);
    let more = lines(40, yes_or_no).replacen("\"output\":\"", "\"output\":\"new ", 1);
    scratch.file("labels.jsonl", &more);
    let lacking = evalward(&scratch, &format!("{arguments} --replay calls.jsonl")).run();
    let lacking = lacking.expect_code(0).stdout;
    assert!(lacking.contains("0 skipped, 1 errored"), "{lacking}");
}
