//! Rules on patterns, JSON, language, personal data and secrets.

use serde_json::{Value, json};

use crate::support::{by_rules, first_rule, written};

#[track_caller]
fn check(rules: Value, output: &str, expected: &str) {
    assert_eq!(written(&by_rules(rules, output)), expected);
}

#[track_caller]
fn check_broken(rules: Value, output: &str, problem: &str) {
    check(rules, output, &format!("failed 0\nc: {problem}"));
}

#[test]
fn patterns_match_somewhere_or_nowhere() {
    check(json!({"regex": "^A"}), "A b", "passed 1");
    check_broken(json!({"regex": "^b"}), "A b", "nothing matches `^b`");
    check(json!({"not_regex": r"\d"}), "A b", "passed 1");
    check_broken(json!({"not_regex": r"\d+"}), "A 42 b", r"`42` at byte 2 matches `\d+`");
    check_broken(
        json!({"not_regex": r"(?s)\x1b.*"}),
        "\u{1b}[31m\n\u{202e}",
        r"`\u{1b}[31m\n\u{202e}` at byte 0 matches `(?s)\x1b.*`",
    );
}

#[test]
fn json_is_one_value_that_stands_alone() {
    let json_expected = || json!({"valid_json": true});
    check(json_expected(), " {\"a\": [1e999, \"\\ud800\"]}\n", "passed 1");
    check(
        json_expected(),
        &"[".repeat(5000),
        "failed 0\nc: is not JSON: EOF while parsing a list at line 1 column 5000",
    );
    check(json_expected(), &format!("{}{}", "[".repeat(5000), "]".repeat(5000)), "passed 1");
    check_broken(json_expected(), "", "is not JSON: EOF while parsing a value at line 1 column 0");
    check_broken(json_expected(), "{} {}", "is not JSON: trailing characters at line 1 column 4");
    check_broken(
        json_expected(),
        "```json\n{}\n```",
        "is not JSON but a code fence; the value must stand alone",
    );
    check_broken(json!({"valid_json": false}), "{}", "is JSON, expected something else");
    check(json!({"valid_json": false}), "Hello", "passed 1");
}

fn price_schema() -> Value {
    json!({"json_schema": {
        "type": "object",
        "required": ["price"],
        "properties": {
            "price": {"type": "number", "minimum": 0},
            "mail": {"type": "string", "format": "email"},
            "next": {"$ref": "#"},
        },
    }})
}

#[test]
fn a_schema_says_where_the_json_does_not_fit() {
    check(price_schema(), r#"{"price": 3, "next": {"price": 1}}"#, "passed 1");
    check_broken(price_schema(), "{}", r#""price" is a required property"#);
    check_broken(
        price_schema(),
        r#"{"price": -1, "next": {"price": "x"}, "mail": "nobody"}"#,
        r#"at `/mail`, "nobody" is not a "email", and 2 more places"#,
    );
    check_broken(price_schema(), "price", "is not JSON: expected value at line 1 column 1");
    let long = format!(r#"{{"price": "{}"}}"#, "long ".repeat(100));
    let problem = written(&by_rules(price_schema(), &long));
    assert!(problem.ends_with(r#"… is not of type "number""#), "{problem}");
    let measurement = by_rules(price_schema(), r#"{"price": -1}"#);
    insta::assert_snapshot!(first_rule(&measurement), @r#"{"message":"at `/price`, -1 is less than the minimum of 0","pointer":"/price","result":"failed","rule":"json_schema","schema_pointer":"/properties/price/minimum","spans":[{"end":12,"start":10,"text":"-1"}]}"#);
}

#[test]
fn json_that_cannot_be_read_is_not_called_wrong() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    check(
        price_schema(),
        &deep,
        "errored: c: `json_schema`: the JSON cannot be read: recursion limit exceeded at line 1 column 128",
    );
}

#[test]
fn a_schema_that_refers_only_to_itself_ends() {
    let measurement = by_rules(json!({"json_schema": {"$ref": "#"}}), "{}");
    assert!(measurement.score().is_some());
}

#[test]
fn the_language_is_told_or_the_rule_is_errored() {
    let german = "Möchten Sie einen Tisch für heute Abend reservieren?";
    for code in ["de", "deu", "DE"] {
        check(json!({"language": code}), german, "passed 1");
    }
    check_broken(json!({"language": "en"}), german, "is in German, expected English");
    check(json!({"language": "zh"}), "酒店不提供早餐。", "passed 1");
    check(
        json!({"language": "en"}),
        "Yes, sure",
        "errored: c: `language`: the language of a text with fewer than 3 words cannot be told",
    );
    check(
        json!({"language": "en"}),
        "Dat is gratis.",
        "errored: c: `language`: the language cannot be told for sure; perhaps Latin",
    );
    check(json!({"language": "en"}), "Is there anything else you need?", "passed 1");
}

#[test]
fn personal_data_and_secrets_are_named_but_never_shown() {
    let text = "Ask jane@corp.example; the key is AKIAIOSFODNN7EXAMPLE.";
    check_broken(json!({"no_personal_data": true}), text, "has an e-mail address at byte 4");
    check_broken(json!({"no_secrets": true}), text, "has an API key at byte 34");
    check(json!({"no_secrets": true, "no_personal_data": true}), "Ask Jane.", "passed 1");
    let many = by_rules(json!({"no_personal_data": true}), &"a@b.com ".repeat(12));
    assert!(written(&many).ends_with("an e-mail address at byte 72 and 2 more"));
    let measurement = by_rules(json!({"no_secrets": true, "no_personal_data": true}), text);
    let everything = serde_json::to_string(&measurement).unwrap();
    assert!(!everything.contains("jane@") && !everything.contains("AKIA"), "{everything}");
    insta::assert_snapshot!(first_rule(&measurement)["spans"], @r#"[{"end":21,"kind":"an e-mail address","start":4}]"#);
}

#[test]
fn what_was_masked_before_it_was_stored_still_counts() {
    let said = "Ask jane@corp.example or +49 30 1234567; the key is AKIAIOSFODNN7EXAMPLE.";
    let stored = evalward_privacy::redact(said);
    check_broken(
        json!({"no_personal_data": true}),
        &stored,
        "has an e-mail address (masked) at byte 4, a phone number (masked) at byte 15",
    );
    check_broken(json!({"no_secrets": true}), &stored, "has an API key (masked) at byte 35");
    check_broken(
        json!({"no_personal_data": true}),
        "[EMAIL] or a@b.com",
        "has an e-mail address (masked) at byte 0, an e-mail address at byte 11",
    );
    for kind in evalward_privacy::FindingKind::ALL {
        let (breaks, keeps) = if kind.is_secret() {
            ("no_secrets", "no_personal_data")
        } else {
            ("no_personal_data", "no_secrets")
        };
        let text = format!("It is {}.", kind.placeholder());
        assert!(written(&by_rules(json!({breaks: true}), &text)).contains("(masked)"), "{text}");
        check(json!({keeps: true}), &text, "passed 1");
    }
    check(json!({"no_personal_data": true, "no_secrets": true}), "[email] [TICKET]", "passed 1");
    let measurement = by_rules(json!({"no_personal_data": true}), "[IBAN]");
    insta::assert_snapshot!(first_rule(&measurement)["spans"], @r#"[{"end":6,"kind":"an IBAN","masked":true,"start":0}]"#);
}
