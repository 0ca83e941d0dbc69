//! `retrieval` beside `trec_eval` and scikit-learn, and what it says of odd documents.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{Document, Example, Measurement, Metric, Reply, Response};
use evalward_metrics::{NdcgGain, Retrieval, RetrievalMeasure, RetrievalOptions};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{detail, example, measure_reply, written};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    retrieved: Vec<String>,
    grades: BTreeMap<String, u32>,
    k: NonZeroU32,
    #[serde(flatten)]
    values: BTreeMap<String, Option<f64>>,
}

fn document(id: &str) -> Document {
    Document { id: Some(id.to_owned()), ..Document::default() }
}

fn retrieved(ids: &[&str]) -> Reply {
    let context = ids.iter().map(|id| document(id)).collect();
    Reply::from(Response { context, ..Response::default() })
}

fn with_relevant(relevant: Value) -> Example {
    let mut example = example();
    example.metadata.insert("relevant".to_owned(), relevant);
    example
}

fn metric(measure: RetrievalMeasure, k: Option<u32>) -> Retrieval {
    let k = k.and_then(NonZeroU32::new);
    Retrieval::new(&RetrievalOptions { k, ..RetrievalOptions::new(measure) }).unwrap()
}

fn recall() -> Retrieval {
    metric(RetrievalMeasure::Recall, None)
}

fn scored(relevant: Value, ids: &[&str]) -> Measurement {
    measure_reply(&recall(), &with_relevant(relevant), &retrieved(ids))
}

#[test]
fn every_measure_agrees_with_trec_eval_and_scikit_learn() {
    let text = include_str!("../fixtures/retrieval_cases.json");
    let fixture: Fixture = serde_json::from_str(text).unwrap();
    assert!(fixture.cases.len() >= 300);
    let mut exponential_cases = 0;
    for case in &fixture.cases {
        let example = with_relevant(json!(case.grades));
        let ids: Vec<&str> = case.retrieved.iter().map(String::as_str).collect();
        let value = |measure, gain| {
            let options =
                RetrievalOptions { k: Some(case.k), gain, ..RetrievalOptions::new(measure) };
            let measurement =
                measure_reply(&Retrieval::new(&options).unwrap(), &example, &retrieved(&ids));
            measurement.score().unwrap().value.get()
        };
        let near = |got: f64, key: &str| {
            let expected = case.values[key].unwrap();
            assert!(
                (got - expected).abs() <= 1e-9,
                "{key}: {got} {expected} {ids:?} {:?}",
                case.grades
            );
        };
        near(value(RetrievalMeasure::Recall, NdcgGain::Linear), "recall");
        near(value(RetrievalMeasure::Precision, NdcgGain::Linear), "precision");
        near(value(RetrievalMeasure::HitRate, NdcgGain::Linear), "hit_rate");
        near(value(RetrievalMeasure::Mrr, NdcgGain::Linear), "mrr");
        near(value(RetrievalMeasure::Map, NdcgGain::Linear), "map");
        near(value(RetrievalMeasure::Ndcg, NdcgGain::Linear), "ndcg");
        if case.values["ndcg_exponential"].is_some() {
            exponential_cases += 1;
            near(value(RetrievalMeasure::Ndcg, NdcgGain::Exponential), "ndcg_exponential");
        }
    }
    assert!(exponential_cases >= 150);
}

#[test]
fn the_detail_holds_all_measures_ranks_and_misses() {
    let example = with_relevant(json!({"a": 3, "b": 1, "z": 0}));
    let ndcg = metric(RetrievalMeasure::Ndcg, Some(3));
    let measurement = measure_reply(&ndcg, &example, &retrieved(&["x", "a", "a", "y", "b"]));
    insta::assert_snapshot!(detail(&measurement), @r#"{"found":[{"grade":3.0,"id":"a","rank":2}],"k":3,"measures":{"hit_rate":1.0,"map":0.25,"mrr":0.5,"ndcg":0.52129602861432,"precision":0.3333333333333333,"recall":0.5},"missed":["b"],"missed_documents":1,"relevant":2,"retrieved":4}"#);
    assert_eq!(
        written(&measurement),
        "reported 0.52129602861432\nndcg@3 is 0.521: `b` of 2 relevant documents not retrieved"
    );
}

#[test]
fn a_document_that_is_retrieved_twice_counts_once() {
    let precision = metric(RetrievalMeasure::Precision, None);
    let measurement =
        measure_reply(&precision, &with_relevant(json!(["a"])), &retrieved(&["a", "a", "x", "a"]));
    assert_eq!(written(&measurement), "reported 0.5");
}

#[test]
fn a_tiny_grade_is_no_gain_for_what_was_not_found() {
    let example = with_relevant(json!({"a": 1e-20, "b": 5e-324}));
    for gain in [NdcgGain::Linear, NdcgGain::Exponential] {
        let options = RetrievalOptions { gain, ..RetrievalOptions::new(RetrievalMeasure::Ndcg) };
        let metric = Retrieval::new(&options).unwrap();
        let value = |ids: &[&str]| {
            let measurement = measure_reply(&metric, &example, &retrieved(ids));
            measurement.score().unwrap().value.get()
        };
        assert_eq!((value(&["x"]), value(&["a", "b"])), (0.0, 1.0));
    }
}

#[test]
fn relevant_documents_come_from_the_context_or_any_pointer() {
    let mut example = example();
    example.context = vec![
        document("kb/1"),
        Document { reference: Some("kb/2.md".to_owned()), ..Document::default() },
    ];
    example.input.insert("gold".to_owned(), json!({"docs": ["kb/1", 7]}));
    let from = |relevant: &str| {
        let options = RetrievalOptions {
            relevant: relevant.to_owned(),
            ..RetrievalOptions::new(RetrievalMeasure::Recall)
        };
        Retrieval::new(&options)
            .map(|it| written(&measure_reply(&it, &example, &retrieved(&["kb/1", "kb/2.md", "7"]))))
    };
    assert_eq!(from("context").unwrap(), "reported 1");
    assert_eq!(from("/input/gold/docs").unwrap(), "reported 1");
    assert_eq!(
        from("/context/0/id").unwrap(),
        "errored: `/context/0/id` of the example is \"kb/1\", neither a list of ids nor an object from id to grade"
    );
    assert!(from("metadata.relevant").is_err());
}

#[test]
fn odd_documents_are_told() {
    assert_eq!(
        written(&scored(json!([]), &["a"])),
        "skipped: has no relevant documents (`/metadata/relevant`)"
    );
    assert_eq!(
        written(&measure_reply(&recall(), &example(), &retrieved(&["a"]))),
        "skipped: has no relevant documents (`/metadata/relevant`)"
    );
    assert_eq!(
        written(&scored(json!(["a"]), &[])),
        "reported 0\nrecall is 0.000: no document was retrieved"
    );
    assert_eq!(
        written(&scored(json!({"a": -1}), &["a"])),
        "errored: `/metadata/relevant` of the example gives `a` the grade -1, which is no number from 0 to 1000"
    );
    assert_eq!(
        written(&scored(json!([["a"]]), &["a"])),
        "errored: `/metadata/relevant` of the example has [\"a\"], which is no id"
    );
    let nameless =
        Response { context: vec![document("a"), Document::from_text("x")], ..Response::default() };
    let measurement =
        measure_reply(&recall(), &with_relevant(json!(["a"])), &Reply::from(nameless));
    assert_eq!(written(&measurement), "errored: document 2 of the response has no id");
}

#[test]
fn retrieval_reports_until_a_threshold_decides() {
    assert!(!recall().decides());
    assert_eq!(recall().kind(), "retrieval");
}
