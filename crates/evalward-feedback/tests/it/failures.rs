//! From an outcome to failures, each with its pattern and a candidate.

use evalward_core::{
    CountRange, Document, Example, InteractionId, Metric, OriginKind, Outcome, Partition, Reason,
    ReasonKind, Reply, Response, Rules, SuiteMetric, decide_outcome, score_reply,
};
use evalward_feedback::{failures_of, findings_in, rule_of};
use evalward_metrics::{Constraints, ExampleChecks};

use crate::support::{broken, failure, sample};

#[tokio::test]
async fn the_rule_of_a_reason_is_the_constraints_name() {
    let named = [
        (
            "length".to_owned(),
            Rules { words: Some(CountRange { min: Some(20), max: None }), ..Rules::default() },
        ),
        ("json".to_owned(), Rules { valid_json: Some(true), ..Rules::default() }),
        (
            "no_jargon".to_owned(),
            Rules { excludes_any: ["JIRA"].into_iter().collect(), ..Rules::default() },
        ),
    ];
    let metrics = [
        SuiteMetric::new("rules", Constraints::new(&named).unwrap()),
        SuiteMetric::new("checks", ExampleChecks),
    ];
    let mut example = Example::new("a", Partition::Golden);
    example.checks = Some(Rules { valid_json: Some(true), ..Rules::default() });
    let mut scores = std::collections::BTreeMap::new();
    let reply = Reply::from(Response::from_text("Ask JIRA."));
    score_reply(&metrics, &example, &reply, &mut scores).await;
    let Outcome::Failed(reasons) = decide_outcome(&metrics, &scores) else { panic!("must fail") };
    let rules: Vec<_> =
        reasons.iter().map(|reason| (reason.metric.as_str(), rule_of(reason))).collect();
    let expected = [
        ("rules", Some("length")),
        ("rules", Some("json")),
        ("rules", Some("no_jargon")),
        ("checks", None),
    ];
    assert_eq!(rules, expected);
    assert_eq!(metrics[0].metric.reason_kind(), ReasonKind::Constraint);
    assert_eq!(ExampleChecks.reason_kind(), ReasonKind::Constraint);
}

#[test]
fn other_metrics_have_no_rules() {
    let message = "score: 0.3 is below 0.6".to_owned();
    let reason = Reason { kind: ReasonKind::Metric, metric: "overlap".to_owned(), message };
    assert_eq!(rule_of(&reason), None);
    assert_eq!(rule_of(&broken("no colon at all")), None);
    assert_eq!(rule_of(&broken("`x: y` at byte 3")), None);
}

#[test]
fn a_failure_proposes_an_example() {
    let failure = failure(
        "Who signs off refunds?",
        "Ask [EMAIL].",
        "no_leaks: has an e-mail address at byte 4",
    );
    assert_eq!(failure.rule.as_deref(), Some("no_leaks"));
    assert_eq!(failure.title, "has an e-mail address");
    assert_eq!(failure.message, "no_leaks: has an e-mail address at byte 4");
    let candidate = failure.candidate.unwrap();
    let shown = format!("{} {}\n{}", failure.pattern, candidate.id, candidate.example.to_line());
    insta::assert_snapshot!(shown, @r#"
    p1-925e067cc4ee c1-925e067cc4ee
    {"id":"regression-rules-no_leaks-925e067c","input":{"question":"Who signs off refunds?"},"metadata":{"pattern":"p1-925e067cc4ee"},"tags":["production"],"created_at":"2026-11-03T10:00:00Z","failure":{"root_cause":"","observed_output":"Ask [EMAIL].","origin":{"kind":"interaction","id":"int-1"}}}
    "#);
    assert!(candidate.warnings.is_empty());
}

#[test]
fn one_failure_for_each_pattern() {
    let reasons = [
        "length: 3 words, expected 20 to 200",
        "length: 3 characters, expected 20 to 200",
        "length: 5 words, expected 20 to 200",
        "persona: lacks `Wren`",
    ];
    let outcome = Outcome::Failed(reasons.map(broken).to_vec());
    let failures = failures_of(&sample("?", "!"), &outcome);
    let titles: Vec<_> = failures.iter().map(|failure| failure.title.as_str()).collect();
    let expected = [
        "[number] words, expected [number] to [number]",
        "[number] characters, expected [number] to [number]",
        "lacks `Wren`",
    ];
    assert_eq!(titles, expected);
}

#[test]
fn another_project_is_another_pattern() {
    let outcome = Outcome::Failed(vec![broken("persona: lacks `Wren`")]);
    let mut other = sample("?", "!");
    "shop".clone_into(&mut other.project);
    let pattern = |sample| failures_of(sample, &outcome).remove(0).pattern;
    assert_ne!(pattern(&sample("?", "!")), pattern(&other));
}

#[test]
fn a_disliked_answer_that_passed_is_a_failure() {
    let mut disliked = sample("Can I get my 50 dollars back from order A-77?", "No.");
    assert!(failures_of(&disliked, &Outcome::Passed).is_empty());
    disliked.is_disliked = true;
    let failures = failures_of(&disliked, &Outcome::Passed);
    assert_eq!(failures.len(), 1);
    assert_eq!(
        (failures[0].metric.as_str(), failures[0].rule.as_deref()),
        ("user", Some("thumbs_down"))
    );
    assert_eq!(failures[0].title, "can i get my [number] dollars back from order [id]?");
    // Where it failed as well, the rule says more than the thumb.
    let outcome = Outcome::Failed(vec![broken("persona: lacks `Wren`")]);
    assert_eq!(failures_of(&disliked, &outcome)[0].metric, "rules");
    assert!(failures_of(&disliked, &Outcome::Errored("?".to_owned())).is_empty());
}

#[test]
fn texts_with_personal_data_are_left_out() {
    let failure = failure("I am jane@corp-mail.com", "Fine.", "persona: lacks `Wren`");
    let candidate = failure.candidate.unwrap();
    assert!(candidate.example.input.is_empty() && candidate.example.context.is_empty());
    assert_eq!(candidate.example.failure.as_ref().unwrap().observed_output, None);
    assert!(findings_in(&candidate.example).is_empty());
    let warning =
        "the texts are left out, since they still have personal data or secrets (input: email)";
    assert_eq!(candidate.warnings, [warning]);
}

#[test]
fn an_id_with_personal_data_is_left_out_too() {
    let mut sample = sample("?", "!");
    sample.interaction.id = InteractionId::new("jane@corp-mail.com").unwrap();
    let outcome = Outcome::Failed(vec![broken("persona: lacks `Wren`")]);
    let candidate = failures_of(&sample, &outcome).remove(0).candidate.unwrap();
    assert!(findings_in(&candidate.example).is_empty());
    assert_eq!(candidate.warnings.len(), 1);
}

#[test]
fn the_context_goes_along_without_paths() {
    let mut sample = sample("?", "!");
    let document = Document { reference: Some("kb/a.md".to_owned()), ..Document::default() };
    sample.interaction.response.as_mut().unwrap().context =
        vec![document, Document::from_text("Seven days.")];
    let outcome = Outcome::Failed(vec![broken("persona: lacks `Wren`")]);
    let example = failures_of(&sample, &outcome).remove(0).candidate.unwrap().example;
    assert_eq!(example.context[0].id.as_deref(), Some("kb/a.md"));
    assert_eq!(example.context[1].text.as_deref(), Some("Seven days."));
    assert_eq!(example.failure.unwrap().origin.unwrap().kind, OriginKind::Interaction);
}
