//! Laws of the metrics of values, documents and calls, and texts that try to break them.

use evalward_core::{Document, Example, Finite, Measurement, Metric, Reply, Response, ToolCall};
use evalward_metrics::{
    Classification, ClassificationOptions, JsonMatch, JsonMatchOptions, Numeric, NumericOptions,
    PickNumber, Retrieval, RetrievalMeasure, RetrievalOptions, ToolCallMatch, ToolCalls,
    ToolCallsOptions,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{example, example_with, measure, measure_reply};

/// JSON values with numbers that are equal in different spellings.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..3_i64).prop_map(Value::from),
        prop::sample::select(vec![0.0, 1.0, 1.5, -2.0, 1e300]).prop_map(Value::from),
        "[ab~/\u{5d0}\u{301}]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[ab/.]{0,2}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn json_match(unordered: bool, tolerance: f64) -> JsonMatch {
    let tolerance = Finite::new(tolerance).unwrap();
    JsonMatch::new(&JsonMatchOptions { unordered, tolerance, ..Default::default() }).unwrap()
}

fn value(measurement: &Measurement) -> f64 {
    measurement.score().unwrap().value.get()
}

/// Reverses every array.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().rev().map(reversed).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), reversed(value))).collect()
        }
        other => other.clone(),
    }
}

fn reply_of(ids: &[u8]) -> Reply {
    let document = |id: &u8| Document { id: Some(id.to_string()), ..Document::default() };
    Reply::from(Response { context: ids.iter().map(document).collect(), ..Response::default() })
}

fn retrieved(measure: RetrievalMeasure, relevant: &[u8], ids: &[u8]) -> f64 {
    let mut example = example();
    example.metadata.insert("relevant".to_owned(), json!(relevant));
    let metric = Retrieval::new(&RetrievalOptions::new(measure)).unwrap();
    value(&measure_reply(&metric, &example, &reply_of(ids)))
}

fn called(matching: ToolCallMatch, expected: &str, made: &str) -> bool {
    let mut example = example();
    let calls: Vec<Value> = expected.chars().map(|name| json!({"name": name})).collect();
    example.metadata.insert("tool_calls".to_owned(), calls.into());
    let made =
        made.chars().map(|name| ToolCall { id: None, name: name.into(), arguments: json!({}) });
    let reply = Reply::from(Response { tool_calls: made.collect(), ..Response::default() });
    let metric = ToolCalls::new(&ToolCallsOptions { matching, ..Default::default() }).unwrap();
    measure_reply(&metric, &example, &reply).passed().unwrap()
}

fn assert_sound(measurement: &Measurement, output: &str) {
    let Some(score) = measurement.score() else { return };
    assert!((0.0..=1.0).contains(&score.value.get()));
    assert_eq!(score.passed == Some(false), !score.problems.is_empty());
    let detail = score.detail.clone().unwrap_or_default();
    let span = &detail["span"];
    if let (Some(start), Some(end)) = (span["start"].as_u64(), span["end"].as_u64()) {
        let span = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
        assert!(output.get(span).is_some(), "{detail} in {output:?}");
    }
}

/// Texts of digits, marks, fences and letters of all scripts.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "1",
        "23",
        ",",
        ".",
        "-",
        "\u{2212}",
        "$",
        "€",
        "%",
        " %",
        "e",
        "E+",
        "'",
        "\u{202f}",
        "```",
        "```json\n",
        "\n",
        "{",
        "}",
        "[",
        "]",
        "\"a\"",
        ":",
        "null",
        "\0",
        "\u{301}",
        "א",
        "\u{202e}",
        "٣",
        "½",
        " ",
        "x",
        "🇩",
    ]);
    prop::collection::vec(
        prop_oneof![pieces.prop_map(str::to_owned), any::<char>().prop_map(String::from)],
        0..14,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn json_agrees_with_itself_in_any_order(right in values()) {
        let example = example_with(&[&right.to_string()]);
        for metric in [json_match(false, 0.0), json_match(true, 0.0), json_match(true, 0.1)] {
            prop_assert_eq!(measure(&metric, &example, &right.to_string()).passed(), Some(true));
        }
        let turned = reversed(&right).to_string();
        for tolerance in [0.0, 0.1] {
            prop_assert_eq!(measure(&json_match(true, tolerance), &example, &turned).passed(), Some(true));
        }
    }

    #[test]
    fn leniency_never_lowers_a_score_of_json(right in values(), given in values()) {
        let example = example_with(&[&right.to_string()]);
        let score = |metric: &JsonMatch| value(&measure(metric, &example, &given.to_string()));
        prop_assert!(score(&json_match(false, 0.0)) <= score(&json_match(false, 0.6)));
        prop_assert!(score(&json_match(true, 0.0)) <= score(&json_match(true, 0.6)));
    }

    #[test]
    fn a_number_is_read_back_from_its_text(number in -1e12..1e12_f64, before in "[a-z ]{0,5}", after in "[ a-d]{0,5}") {
        let text = format!("{number}");
        let metric = Numeric::new(&NumericOptions::default()).unwrap();
        let measurement = measure(&metric, &example_with(&[&text]), &format!("{before} {text} {after}"));
        prop_assert_eq!(measurement.passed(), Some(true));
    }

    #[test]
    fn better_rankings_never_score_less(relevant in prop::collection::btree_set(0..12_u8, 1..5), ids in prop::collection::vec(0..12_u8, 1..10)) {
        let relevant: Vec<u8> = relevant.into_iter().collect();
        let mut ids = ids;
        ids.sort_unstable();
        ids.dedup();
        let mut sorted = ids.clone();
        sorted.sort_by_key(|id| !relevant.contains(id));
        for measure in [RetrievalMeasure::Recall, RetrievalMeasure::Precision, RetrievalMeasure::HitRate,
            RetrievalMeasure::Mrr, RetrievalMeasure::Map, RetrievalMeasure::Ndcg] {
            let (any, best) = (retrieved(measure, &relevant, &ids), retrieved(measure, &relevant, &sorted));
            prop_assert!((0.0..=1.0).contains(&any) && any <= best + 1e-12);
            prop_assert!((retrieved(measure, &relevant, &relevant) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn kinds_of_match_imply_each_other(expected in "[ab]{0,4}", made in "[ab]{0,4}") {
        let holds = |kind| called(kind, &expected, &made);
        let any_order = holds(ToolCallMatch::AnyOrder);
        prop_assert_eq!(holds(ToolCallMatch::Strict), expected == made);
        prop_assert!(any_order || !holds(ToolCallMatch::Strict));
        prop_assert_eq!(any_order, holds(ToolCallMatch::Subset) && holds(ToolCallMatch::Superset));
        prop_assert_eq!(holds(ToolCallMatch::Subset), called(ToolCallMatch::Superset, &made, &expected));
    }

    #[test]
    fn no_text_makes_a_metric_panic_or_lie_about_a_place(output in texts(), other in texts()) {
        let mut example: Example = example_with(&["1", "[1]"]);
        let metrics: [&dyn Metric; 4] = [
            &json_match(true, 0.5),
            &Numeric::new(&NumericOptions { pick: PickNumber::Last, ..Default::default() }).unwrap(),
            &Classification::new(&ClassificationOptions::default()).unwrap(),
            &Classification::new(&ClassificationOptions { pattern: Some(r"(\d+)".to_owned()), ..Default::default() }).unwrap(),
        ];
        for references in [vec!["1".to_owned()], vec![other]] {
            example.expected_output = references.first().cloned();
            example.acceptable_outputs.clear();
            for metric in metrics {
                assert_sound(&measure(metric, &example, &output), &output);
            }
        }
    }
}

#[test]
fn outputs_of_megabytes_end_in_a_score() {
    let example = example_with(&["1"]);
    let json = json_match(false, 0.0);
    let numeric = Numeric::new(&NumericOptions::default()).unwrap();
    let label = Classification::new(&ClassificationOptions::default()).unwrap();
    for unit in ["1", "1,", "1 ", "[", "```\n", "\u{301}", "-$", "1e", "a1"] {
        let output = unit.repeat(500_000 / unit.len());
        let metrics: [&dyn Metric; 3] = [&json, &numeric, &label];
        for metric in metrics {
            assert_sound(&measure(metric, &example, &output), &output);
        }
    }
}
