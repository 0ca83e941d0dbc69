use evalward_core::{
    Example, Interaction, InteractionId, Metric, Partition, Rate, Reason, Reply, Response, Rules,
    Timestamp,
};
use evalward_metrics::Constraints;
use evalward_store::PatternState;
use std::time::Duration;

use super::*;

const NOW: i64 = 1_793_700_000_000;

fn sample(segment: &str) -> Sample {
    let id = InteractionId::new("i-1").unwrap();
    let mut interaction = Interaction::new(id, Timestamp::from_millis(NOW));
    interaction.version = Some("1.4.0".to_owned());
    Sample {
        project: "support".to_owned(),
        interaction,
        received_at: Timestamp::from_millis(NOW),
        segment: segment.to_owned(),
        stratum: "base".to_owned(),
        probability: Rate::new(0.05).unwrap(),
        is_disliked: false,
    }
}

/// Scores an answer with real constraints, so that a changed detail of that metric shows here.
async fn scored(output: &str) -> (Outcome, BTreeMap<String, Measurement>) {
    let rules = |rules: Value| serde_json::from_value::<Rules>(rules).unwrap();
    let constraints = Constraints::new(&[
        ("no_competitors".to_owned(), rules(json!({"excludes_any": ["CompetitorA"]}))),
        (
            "no_promises".to_owned(),
            rules(json!({"excludes_any": ["guaranteed"], "words": {"max": 9}})),
        ),
    ])
    .unwrap();
    let response = Response { output: output.to_owned(), ..Response::default() };
    let reply = Reply { response, latency_millis: 0, attempts: 1, cached: false };
    let example = Example::new("x", Partition::Distribution);
    let measurement = constraints.score(&example, &reply).await;
    let problems = measurement.score().map(|score| score.problems.clone()).unwrap_or_default();
    let reasons = problems.into_iter().map(|message| Reason {
        kind: ReasonKind::Constraint,
        metric: "rules".to_owned(),
        message,
    });
    let reasons: Vec<_> = reasons.collect();
    let outcome = if reasons.is_empty() { Outcome::Passed } else { Outcome::Failed(reasons) };
    (outcome, BTreeMap::from([("rules".to_owned(), measurement)]))
}

fn rules(metrics: &[&str]) -> AlarmRules {
    let kind = AlarmKind::FailedConstraint(FailedConstraint {
        metrics: metrics.iter().map(|metric| (*metric).to_owned()).collect(),
        severity: Severity::Medium,
        resolve_after: Duration::from_mins(15),
    });
    AlarmRules { rules: vec![AlarmRule { id: "constraints".to_owned(), kind }] }
}

async fn keys(rules: &AlarmRules, segment: &str, output: &str) -> Vec<String> {
    let (outcome, scores) = scored(output).await;
    immediate(rules, &sample(segment), &outcome, &scores)
        .into_iter()
        .map(|signal| signal.key)
        .collect()
}

#[tokio::test]
async fn each_broken_constraint_is_one_signal() {
    let all = rules(&["rules"]);
    assert_eq!(keys(&all, "", "Fine.").await, [""; 0]);
    assert_eq!(keys(&all, "", "Try CompetitorA.").await, ["rules/no_competitors"]);
    let both = "It is guaranteed that CompetitorA is worse than we are, guaranteed.";
    assert_eq!(keys(&all, "", both).await, ["rules/no_competitors", "rules/no_promises"]);
}

#[tokio::test]
async fn only_the_metrics_of_the_rule_count() {
    assert_eq!(keys(&rules(&["others", "rules"]), "", "CompetitorA").await.len(), 1);
    assert_eq!(keys(&rules(&["others"]), "", "CompetitorA").await.len(), 0);
    assert_eq!(keys(&AlarmRules::default(), "", "CompetitorA").await.len(), 0);
}

#[tokio::test]
async fn the_key_names_what_segments_but_not_the_hour() {
    let check = async |segment: &str, expected: &str| {
        assert_eq!(keys(&rules(&["rules"]), segment, "CompetitorA").await, [expected]);
    };
    check("hour=14", "rules/no_competitors").await;
    check("service=shop,hour=14", "rules/no_competitors in service=shop").await;
    check("hour=14,service=shop,model=m1", "rules/no_competitors in service=shop,model=m1").await;
}

#[tokio::test]
async fn a_signal_says_what_broke_and_where() {
    let (outcome, scores) = scored("Ask CompetitorA.").await;
    let signals = immediate(&rules(&["rules"]), &sample("service=shop,hour=14"), &outcome, &scores);
    insta::assert_snapshot!(signals[0].title, @"constraint `no_competitors` of `rules` is broken in service=shop: has `CompetitorA` at byte 4");
    insta::assert_json_snapshot!(signals[0].detail, @r#"
    {
      "constraint": "no_competitors",
      "interaction": "i-1",
      "metric": "rules",
      "problems": [
        "has `CompetitorA` at byte 4"
      ],
      "segment": "service=shop,hour=14",
      "stratum": "base",
      "version": "1.4.0"
    }
    "#);
    assert_eq!(signals[0].rule, "constraints");
    assert_eq!(signals[0].severity, Severity::Medium);
}

#[tokio::test]
async fn what_did_not_fail_signals_nothing() {
    let (_, scores) = scored("CompetitorA").await;
    for outcome in
        [Outcome::Passed, Outcome::Errored("down".to_owned()), Outcome::Skipped("x".to_owned())]
    {
        assert_eq!(immediate(&rules(&["rules"]), &sample(""), &outcome, &scores), []);
    }
}

#[test]
fn a_recurrence_names_the_example_that_guards() {
    let pattern = Pattern {
        id: "p1-3f2a9c01b7de".to_owned(),
        project: "support".to_owned(),
        metric: "rules".to_owned(),
        rule: Some("no_competitors".to_owned()),
        title: "has `CompetitorA`".to_owned(),
        state: PatternState::Recurred,
        size: 7,
        first_at: Timestamp::from_millis(NOW),
        last_at: Timestamp::from_millis(NOW),
        versions: vec!["1.4.0".to_owned(), "1.6.0".to_owned()],
        candidate: Some("c1-3f2a9c01b7de".to_owned()),
        covered_by: Some("regression-competitor".to_owned()),
        covered_at: Some(Timestamp::from_millis(NOW)),
        recurred_in: Some("1.6.0".to_owned()),
        representatives: Vec::new(),
    };
    let signal = recurred(&pattern, "1.6.0");
    insta::assert_snapshot!(signal.title, @"`regression-competitor` guards against this, and it is back in version `1.6.0`: has `CompetitorA`");
    insta::assert_json_snapshot!(signal.detail, @r#"
    {
      "candidate": "c1-3f2a9c01b7de",
      "constraint": "no_competitors",
      "example": "regression-competitor",
      "metric": "rules",
      "pattern": "p1-3f2a9c01b7de",
      "version": "1.6.0"
    }
    "#);
    assert_eq!((signal.rule.as_str(), signal.key.as_str()), ("recurrence", "p1-3f2a9c01b7de"));
    assert_eq!(signal.severity, Severity::High);
}
