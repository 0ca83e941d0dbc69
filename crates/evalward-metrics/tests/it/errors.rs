//! What is refused before anything runs.

use evalward_metrics::{Constraints, Contains, ContainsOptions, MetricError, RegexMatch};
use serde_json::{Value, json};

use crate::support::{rules, written_error};

fn compile(json: Value) -> Result<Constraints, MetricError> {
    Constraints::new(&[("c".to_owned(), rules(json))])
}

#[track_caller]
fn check_refused(json: Value, expected: &str) {
    assert_eq!(written_error(&compile(json).unwrap_err()), expected);
}

#[track_caller]
fn check_cannot_fail(json: &Value) {
    let error = compile(json.clone()).unwrap_err();
    assert!(matches!(error, MetricError::CannotFail { .. }), "{json}: {error}");
}

#[track_caller]
fn check_cannot_hold(json: &Value) {
    let error = compile(json.clone()).unwrap_err();
    assert!(matches!(error, MetricError::CannotHold { .. }), "{json}: {error}");
}

#[test]
fn an_error_names_constraint_rule_and_cause() {
    check_refused(
        json!({"regex": "("}),
        "compile `regex` of constraint `c`\nregex parse error:\n    (\n    ^\nerror: unclosed group",
    );
    check_refused(
        json!({"language": "klingon"}),
        "compile `language` of constraint `c` from `klingon`, which is not the code of a language that can be detected",
    );
    check_refused(
        json!({"json_schema": "schemas/price.json"}),
        "compile `json_schema` of constraint `c` from \"schemas/price.json\", which is not a JSON object",
    );
    check_refused(
        json!({"json_schema": {"type": "objct"}}),
        "compile `json_schema` of constraint `c`\n\"objct\" is not valid under any of the schemas listed in the 'anyOf' keyword",
    );
    check_refused(
        json!({"words": {"min": 0}}),
        "compile `words` of constraint `c`, which could never fail: every count is at least 0",
    );
    check_refused(
        json!({"case_sensitive": true}),
        "compile constraint `c`, which could never fail: it has no rule",
    );
}

#[test]
fn a_schema_reaches_for_nothing_outside() {
    for reference in ["https://example.com/schema.json", "file:///etc/passwd", "other.json"] {
        let error = compile(json!({"json_schema": {"$ref": reference}})).unwrap_err();
        assert!(matches!(error, MetricError::Schema { .. }), "{error}");
    }
}

#[test]
fn what_cannot_fail_or_cannot_hold_is_refused() {
    for json in [
        json!({}),
        json!({"words": {}}),
        json!({"includes_any": ["a", ""]}),
        json!({"includes_all": ""}),
        json!({"starts_with": " "}),
        json!({"ends_with": ["\n"]}),
    ] {
        check_cannot_fail(&json);
    }
    check_cannot_hold(&json!({"words": {"min": 3, "max": 2}}));
    check_cannot_hold(&json!({"excludes_any": ""}));
    check_cannot_hold(&json!({"excludes_all": ""}));
    check_cannot_hold(&json!({"not_regex": "x*"}));
}

#[test]
fn patterns_that_match_every_text_are_refused_and_only_those() {
    for pattern in [".*", "a?", "^.*", ".*$", "", "^", "$", "(?i)x*|y", "^a|b*", r"a|\s*"] {
        assert!(RegexMatch::new(pattern).is_err(), "{pattern}");
        check_cannot_fail(&json!({"regex": pattern}));
    }
    for pattern in
        ["^a*$", "^$", r"\b|x", r"^\s*$", "^[^x]*$", r"\A\d*\z", "(?m)^$", r"x\$", "a|^$"]
    {
        assert!(RegexMatch::new(pattern).is_ok(), "{pattern}");
    }
}

#[test]
fn no_constraint_and_no_text_can_fail_nothing() {
    let none = Constraints::new(&[]).unwrap_err();
    assert_eq!(
        written_error(&none),
        "compile the rules, which could never fail: there is no constraint"
    );
    for texts in [vec![], vec![String::new()]] {
        let options = ContainsOptions { texts: Some(texts), ..ContainsOptions::default() };
        assert!(matches!(Contains::new(&options), Err(MetricError::CannotFail { .. })));
    }
}

#[test]
fn a_name_stands_for_one_constraint() {
    let twice = ["a", "a"].map(|name| (name.to_owned(), rules(json!({"words": {"min": 1}}))));
    let error = Constraints::new(&twice).unwrap_err();
    assert_eq!(error.to_string(), "compile constraint `a` a second time");
}
