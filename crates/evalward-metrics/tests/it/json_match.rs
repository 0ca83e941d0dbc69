//! `json_match`: fields, numbers, order, and outputs that are no JSON.

use evalward_core::{Finite, Metric};
use evalward_metrics::{ExtraFields, JsonMatch, JsonMatchOptions, MetricError};
use serde_json::json;

use crate::support::{detail, example_with, measure, written, written_error};

fn with(change: impl FnOnce(&mut JsonMatchOptions)) -> JsonMatch {
    let mut options = JsonMatchOptions::default();
    change(&mut options);
    JsonMatch::new(&options).unwrap()
}

fn plain() -> JsonMatch {
    with(|_| {})
}

fn fields(paths: &[&str]) -> JsonMatch {
    with(|it| it.fields = Some(paths.iter().map(|&path| path.to_owned()).collect()))
}

fn finite(value: f64) -> Finite {
    Finite::new(value).unwrap()
}

#[track_caller]
fn check(metric: &JsonMatch, reference: &str, output: &str, expected: &str) {
    assert_eq!(written(&measure(metric, &example_with(&[reference]), output)), expected);
}

#[test]
fn each_leaf_of_the_right_answer_is_a_field() {
    let right = r#"{"name": "Ann", "items": [{"sku": "a", "count": 2}], "note": null, "tags": []}"#;
    check(
        &plain(),
        right,
        r#"{"tags":[],"note":null,"items":[{"count":2.0,"sku":"a"}],"name":"Ann"}"#,
        "passed 1",
    );
    check(
        &plain(),
        right,
        r#"{"name": "Bob", "items": [{"sku": "a", "count": 3}], "note": null}"#,
        "failed 0.4\n/items/0/count is 3, expected 2\n/name is \"Bob\", expected \"Ann\"\n/tags is missing, expected []",
    );
    check(&plain(), "7", "7.0", "passed 1");
    check(
        &plain(),
        "[1, 2]",
        "[1, 2, 3]",
        "failed 0.6666666666666666\n/2 is 3, expected nothing there",
    );
    check(&plain(), "{}", "[]", "failed 0\nthe whole value is [], expected {}");
}

#[test]
fn named_fields_count_and_no_others() {
    let right = r#"{"total": 9.5, "items": [{"name": "x"}], "noise": 1}"#;
    for paths in [["/total", "/items/0/name"], ["total", "items.0.name"]] {
        check(&fields(&paths), right, r#"{"total": 9.5, "items": [{"name": "x"}]}"#, "passed 1");
        check(
            &fields(&paths),
            right,
            r#"{"total": 9.5, "noise": 1}"#,
            "failed 0.5\n/items/0/name is missing, expected \"x\"",
        );
    }
    check(&fields(&["/total", "/gone"]), right, r#"{"total": 9.5}"#, "passed 1");
    check(
        &fields(&["/total", "/gone"]),
        right,
        r#"{"total": 9.5, "gone": 1}"#,
        "failed 0.5\n/gone is 1, expected nothing there",
    );
    check(&fields(&["/totl"]), right, "{}", "errored: no right answer has `/totl`");
}

#[test]
fn numbers_agree_within_a_tolerance() {
    let near = with(|it| it.tolerance = finite(0.01));
    check(&near, r#"{"a": 0.3}"#, r#"{"a": 0.29}"#, "passed 1");
    check(&near, r#"{"a": 0.3}"#, r#"{"a": 0.28}"#, "failed 0\n/a is 0.28, expected 0.3");
    check(&near, r#"{"a": 0.3}"#, r#"{"a": "0.3"}"#, "failed 0\n/a is \"0.3\", expected 0.3");
    let share = with(|it| it.relative_tolerance = finite(0.1));
    check(&share, "[-200]", "[-220]", "passed 1");
    check(&share, "[-200]", "[-221]", "failed 0\n/0 is -221, expected -200");
    // Floats could not tell these two apart.
    check(
        &plain(),
        "[9007199254740993]",
        "[9007199254740992]",
        "failed 0\n/0 is 9007199254740992, expected 9007199254740993",
    );
}

#[test]
fn order_can_be_made_not_to_matter() {
    let unordered = with(|it| it.unordered = true);
    let right = r#"{"ids": [1, 2, 2, [3, 4]]}"#;
    check(&unordered, right, r#"{"ids": [[4, 3], 2.0, 1, 2]}"#, "passed 1");
    check(
        &unordered,
        right,
        r#"{"ids": [[4, 3], 1, 1, 2]}"#,
        "failed 0.75\n/ids/2 is 1, expected 2",
    );
    check(&unordered, "[1]", "[1, 5]", "failed 0.5\n/1 is 5, expected nothing there");
    check(&plain(), "[1, 2]", "[2, 1]", "failed 0\n/0 is 2, expected 1\n/1 is 1, expected 2");
    let objects = r#"[{"id": 1, "x": 0.5}, {"id": 2}]"#;
    check(&unordered, objects, r#"[{"id": 2, "more": 1}, {"id": 1, "x": 0.5}]"#, "passed 1");
    // Whoever takes the first that fits leaves 1.5 without a partner.
    let near = with(|it| {
        it.unordered = true;
        it.tolerance = finite(0.5);
    });
    check(&near, "[1.0, 0.5]", "[1.0, 1.5]", "passed 1");
}

#[test]
fn further_fields_are_wrong_on_demand() {
    let strict = with(|it| it.extra = ExtraFields::Wrong);
    let right = r#"{"a": {"b": 1}}"#;
    let more = r#"{"a": {"b": 1, "c": 2}, "d": [3]}"#;
    check(&plain(), right, more, "passed 1");
    check(
        &strict,
        right,
        more,
        "failed 0.3333333333333333\n/a/c is 2, expected nothing there\n/d is [3], expected nothing there",
    );
}

#[test]
fn a_code_fence_is_opened_and_said() {
    let measurement = measure(
        &plain(),
        &example_with(&[r#"{"a":1}"#]),
        "Here you are:\n```json\n{\"a\": 1}\n```\nBye.",
    );
    insta::assert_snapshot!(detail(&measurement), @r#"{"code_fence":{"end":31,"start":22},"differences":[],"fields":1,"matched":1,"reference":0}"#);
    check(&plain(), "[1]", "```[1]```", "passed 1");
    check(&plain(), "[1]", "```\n[1]", "passed 1");
    check(&plain(), "[1]", "Here you are: ```json\n[1]\n```", "passed 1");
    check(&plain(), "[1]", "```json\r\n[\r\n1]```  \r\nBye.", "passed 1");
    check(&plain(), "[1]", "````\n[1]\n````", "passed 1");
    check(&plain(), "[\"```\"]", "```\n[\"```\"]\n```", "passed 1");
    check(
        &plain(),
        "[1]",
        "```\n[1]\n```\nor\n```\n[2]\n```",
        "failed 0\nthe output has 2 code fences, and only one may stand in it",
    );
}

#[test]
fn what_is_no_json_scores_nothing_and_says_where() {
    let example = example_with(&[r#"{"a":1}"#]);
    let measurement = measure(&plain(), &example, "{\"a\": 1,\n 'b'}");
    assert_eq!(
        written(&measurement),
        "failed 0\nthe output is not JSON: key must be a string at line 2 column 2"
    );
    insta::assert_snapshot!(detail(&measurement), @r#"{"place":{"column":2,"line":2},"valid_json":false}"#);
    let measurement = measure(&plain(), &example, "x\n```json\n{\n oops\n```");
    assert_eq!(detail(&measurement)["place"], json!({"line": 4, "column": 2}));
    check(
        &plain(),
        "not json",
        "{}",
        "errored: right answer 1 is not JSON: expected ident at line 1 column 2",
    );
    let none = measure(&plain(), &example_with(&[]), "{}");
    assert_eq!(written(&none), "skipped: has no expected output");
}

#[test]
fn the_nearest_right_answer_counts() {
    let example = example_with(&[r#"{"a":1,"b":2}"#, r#"{"a":1,"b":3}"#]);
    let measurement = measure(&plain(), &example, r#"{"a":1,"b":3}"#);
    assert_eq!((measurement.passed(), &detail(&measurement)["reference"]), (Some(true), &json!(1)));
}

#[test]
fn what_could_not_hold_or_fail_is_refused() {
    let error = JsonMatch::new(&JsonMatchOptions { fields: Some(vec![]), ..Default::default() });
    assert!(matches!(error, Err(MetricError::CannotFail { .. })));
    let error = JsonMatch::new(&JsonMatchOptions { tolerance: finite(-0.1), ..Default::default() });
    assert_eq!(
        written_error(&error.unwrap_err()),
        "compile `tolerance`, which could never hold: no distance is below 0"
    );
    assert!(plain().decides());
}

#[test]
fn large_arrays_end_in_a_score_or_at_the_limit() {
    let numbers = |from: u32| json!((from..from + 20_000).collect::<Vec<_>>()).to_string();
    let unordered = with(|it| it.unordered = true);
    let measurement = measure(&unordered, &example_with(&[&numbers(0)]), &numbers(10_000));
    assert_eq!(measurement.score().unwrap().value, finite(0.5));
    let near = with(|it| {
        it.unordered = true;
        it.tolerance = finite(0.1);
    });
    let measurement = measure(&near, &example_with(&[&numbers(0)]), &numbers(10_000));
    assert_eq!(
        written(&measurement),
        "errored: comparing the JSON takes more than 3000000 steps, which is the limit; arrays in any order multiply them"
    );
}
