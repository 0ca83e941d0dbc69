//! Requests that nobody should send: each gets one line of JSON.

use std::sync::LazyLock;

use evalward_stats_json::{answer, function_names, op_names};
use evalward_testkit::StatsFixture;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Requests longer than this are left out, for time.
const LONGEST: usize = 1_500;

/// One request of each kind of case, and one of each op.
static REQUESTS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let folder = crate::folder();
    let lines = StatsFixture::names(&folder)
        .into_iter()
        .flat_map(|name| StatsFixture::read(&folder, &name).requests())
        .filter(|line| line.len() < LONGEST);
    let mut requests: Vec<Value> =
        lines.map(|line| serde_json::from_str(&line).expect("a request is JSON")).collect();
    let grades = json!({"kind": "ordinal", "lo": 1, "hi": 5});
    requests.extend([
        json!({"op": "compare", "baseline": [5, 4, 5, 3], "candidate": [5, 4, 4, 3], "cluster": ["a", "a", "b", "c"],
            "margin": 0.3, "alpha": 0.05, "scale": grades, "direction": "lower_is_better", "target_power": 0.8}),
        json!({"op": "compare", "baseline": [5, 5], "candidate": [4, 4, 4], "paired": false, "margin": 0.3, "scale": grades}),
        json!({"op": "compare", "baseline": [1, 0, 1], "candidate": [1, 1, 0], "margin": 0.05, "scale": {"kind": "binary"}}),
        json!({"op": "compare", "baseline": [1, 1.5], "candidate": [1, 2], "margin": 1, "scale": {"kind": "real"}}),
        json!({"op": "binomial_ci", "successes": 3, "n": 5, "conf": 0.9}),
        json!({"op": "confidence_sequence", "x": [0.1, 0.9, 0.4], "lo": 0, "hi": 1, "alpha": 0.05}),
        json!({"op": "weighted_mean", "y": [1, 0, 1], "pi": [0.5, 1, 0.2], "population_n": 9, "conf": 0.95}),
        json!({"op": "needed_n", "effect": 0.3, "sd_diff": 0.85, "alpha": 0.05, "target_power": 0.8, "paired": false}),
    ]);
    requests
});

/// Values that do not belong where they are put.
fn hostile() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(0.5),
        json!(50),
        json!(1e300),
        json!(-1e300),
        json!(1e-300),
        json!(""),
        json!("real"),
        json!("binary"),
        json!([]),
        json!([null]),
        json!([0]),
        json!([1, 1]),
        json!([1e300, -1e300, 1e300, 3]),
        json!([[1, 2], [3]]),
        json!([0, 0, 0, 0, 0, 0]),
        json!({}),
        json!({"kind": "bounded", "lo": 5, "hi": 1}),
    ])
}

/// Puts a value at a place of the request, found by walking down.
fn put(request: &mut Value, way: &[prop::sample::Index], value: Value) {
    let next = match (request, way) {
        (Value::Object(fields), [step, rest @ ..]) if !fields.is_empty() => {
            let index = step.index(fields.len());
            let (_, field) = fields.iter_mut().nth(index).expect("in bounds");
            (field, rest)
        }
        (Value::Array(items), [step, rest @ ..]) if !items.is_empty() => {
            let index = step.index(items.len());
            (&mut items[index], rest)
        }
        (place, _) => {
            *place = value;
            return;
        }
    };
    put(next.0, next.1, value);
}

/// JSON of any shape.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![hostile(), any::<f64>().prop_map(|x| json!(x)), ".{0,8}".prop_map(Value::from)];
    leaf.prop_recursive(3, 24, 5, |inner| {
        let key = prop::sample::select(vec![
            "id", "function", "op", "input", "x", "kind", "baseline", "scale",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5).prop_map(|fields| {
                let named = fields.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::from(named.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Checks that a line is answered by one line: a result, a verdict or a typed error, without a number that is none.
fn check(line: &str) -> Result<(), TestCaseError> {
    let text = answer(line);
    prop_assert!(!text.contains('\n'), "{line} -> {text}");
    let got: Value = serde_json::from_str(&text).expect("the answer is JSON");
    prop_assert!(got.get("id").is_some(), "{line} -> {text}");
    if let Some(error) = got.get("error") {
        let kinds = ["too_few", "degenerate", "out_of_domain", "not_finite", "bad_request"];
        let kind = error["kind"].as_str().unwrap_or_default();
        prop_assert!(kinds.contains(&kind), "{line} -> {text}");
        prop_assert!(error["message"].is_string(), "{line} -> {text}");
    }
    if got.get("verdict") == Some(&json!("invalid")) {
        prop_assert!(
            got.get("error").is_some() && got["non_inferior"] == json!(false),
            "{line} -> {text}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn a_broken_request_gets_a_line(
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec((prop::collection::vec(any::<prop::sample::Index>(), 1..4), hostile()), 1..4),
    ) {
        let mut request = REQUESTS[at.index(REQUESTS.len())].clone();
        for (way, value) in changes {
            put(&mut request, &way, value);
        }
        check(&request.to_string())?;
    }

    #[test]
    fn json_of_any_shape_gets_a_line(
        input in any_json(), name in prop::sample::select([function_names(), op_names()].concat()), way in 0..3_u8,
    ) {
        let request = match (way, input) {
            (0, input) => json!({"id": 1, "function": name, "input": input}),
            (1, Value::Object(mut fields)) => {
                fields.remove("function");
                fields.insert("op".to_owned(), json!(name));
                Value::Object(fields)
            }
            (_, input) => input,
        };
        check(&request.to_string())?;
    }

    #[test]
    fn text_that_is_no_json_gets_a_line(line in "[^\n]{0,40}") {
        check(&line)?;
    }
}
