//! The checks that an example carries itself.

use evalward_core::{Metric, ReasonKind};
use evalward_metrics::{ExampleChecks, validate_rules};
use serde_json::{Value, json};

use crate::support::{example, measure, rules, written};

#[track_caller]
fn check(checks: Option<Value>, output: &str, expected: &str) {
    let mut example = example();
    example.checks = checks.map(rules);
    assert_eq!(written(&measure(&ExampleChecks, &example, output)), expected);
}

#[test]
fn checks_are_those_of_the_example() {
    check(None, "x", "skipped: has no checks of its own");
    let checks = json!({"includes_all": "API access is included", "excludes_any": "not included"});
    check(Some(checks.clone()), "API access is included.", "passed 1");
    check(
        Some(checks.clone()),
        "API access is not included.",
        "failed 0\nlacks `API access is included`\nhas `not included` at byte 14",
    );
    check(Some(checks), "?", "failed 0.5\nlacks `API access is included`");
}

#[test]
fn checks_that_cannot_be_told_are_errored() {
    check(
        Some(json!({"language": "en", "words": {"min": 5}})),
        "Yes",
        "errored: `language`: the language of a text with fewer than 3 words cannot be told; broken all the same: 1 word, expected at least 5",
    );
    check(
        Some(json!({})),
        "x",
        "errored: compile the rules, which could never fail: it has no rule",
    );
}

#[test]
fn invalid_checks_are_seen_before_anything_runs() {
    let invalid = json!({"words": {"min": 1}, "not_regex": "("});
    let error = validate_rules(&rules(invalid.clone())).unwrap_err();
    assert_eq!(error.to_string(), "compile `not_regex`");
    check(
        Some(invalid),
        "x",
        "errored: compile `not_regex`: regex parse error:\n    (\n    ^\nerror: unclosed group",
    );
    assert!(validate_rules(&rules(json!({"words": {"min": 1}}))).is_ok());
}

#[test]
fn checks_decide_and_come_first() {
    assert!(ExampleChecks.decides());
    assert_eq!(ExampleChecks.reason_kind(), ReasonKind::Constraint);
    assert_eq!(ExampleChecks.kind(), "checks");
}
