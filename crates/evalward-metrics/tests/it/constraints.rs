//! How several constraints add up.

use evalward_core::{Metric, ReasonKind};
use evalward_metrics::Constraints;
use serde_json::{Value, json};

use crate::support::{detail, example, measure, rules, written};

fn constraints(named: &[(&str, Value)]) -> Constraints {
    let named: Vec<_> =
        named.iter().map(|(name, json)| ((*name).to_owned(), rules(json.clone()))).collect();
    Constraints::new(&named).unwrap()
}

fn three() -> Constraints {
    constraints(&[
        ("length", json!({"words": {"min": 20, "max": 200}, "sentences": {"min": 1}})),
        ("no_competitors", json!({"excludes_any": ["CompetitorA", "OtherBrand"]})),
        ("polite", json!({"ends_with": ["!", "?"]})),
    ])
}

#[test]
fn the_score_is_the_share_that_holds_and_each_broken_rule_is_told() {
    let measurement = measure(&three(), &example(), "CompetitorA is cheaper, sorry!");
    insta::assert_snapshot!(written(&measurement), @r"
    failed 0.3333333333333333
    length: 4 words, expected 20 to 200
    no_competitors: has `CompetitorA` at byte 0
    ");
    let detail = detail(&measurement);
    let results: Vec<_> = detail["constraints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["constraint"], one["result"]))
        .collect();
    insta::assert_snapshot!(results.join(", "), @r#""length" "failed", "no_competitors" "failed", "polite" "passed""#);
    insta::assert_snapshot!(detail["constraints"][1]["rules"][0], @r#"{"message":"has `CompetitorA` at byte 0","missing":["OtherBrand"],"result":"failed","rule":"excludes_any","spans":[{"end":11,"start":0,"text":"CompetitorA"}]}"#);
}

#[test]
fn a_rule_that_cannot_be_told_hides_no_broken_one() {
    let constraints = constraints(&[
        ("english", json!({"language": "en"})),
        ("length", json!({"words": {"min": 20}})),
    ]);
    insta::assert_snapshot!(written(&measure(&constraints, &example(), "Yes")), @"errored: english: `language`: the language of a text with fewer than 3 words cannot be told; broken all the same: length: 1 word, expected at least 20");
}

#[test]
fn constraints_decide_and_come_first() {
    assert!(three().decides());
    assert_eq!(three().reason_kind(), ReasonKind::Constraint);
    assert_eq!(three().kind(), "constraints");
}
