//! From measurements to an outcome, and the order of the reasons.

use std::collections::BTreeMap;

use evalward_core::{
    Finite, Measurement, Outcome, ReasonKind, Scale, Score, SuiteMetric, Thresholds, decide_outcome,
};
use evalward_testkit::ScriptedMetric;
use insta::assert_snapshot;

fn metric(id: &str, kind: ReasonKind) -> SuiteMetric {
    SuiteMetric::new(id, ScriptedMetric::new(kind, |_, _| Score::yes_or_no(true).into()))
}

fn no(problem: &str) -> Measurement {
    Score::yes_or_no(false).with_problem(problem).into()
}

/// Decides and writes the outcome in a line, each reason as `kind metric: message`.
fn outcome(results: Vec<(SuiteMetric, Measurement)>) -> String {
    let (metrics, scores): (Vec<_>, BTreeMap<_, _>) = results
        .into_iter()
        .map(|(metric, measurement)| (metric.clone(), (metric.id, measurement)))
        .unzip();
    match decide_outcome(&metrics, &scores) {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Errored(cause) => format!("errored: {cause}"),
        Outcome::Skipped(cause) => format!("skipped: {cause}"),
        Outcome::Failed(reasons) => {
            let shown = |reason: &evalward_core::Reason| {
                format!("{:?} {}: {}", reason.kind, reason.metric, reason.message)
            };
            format!("failed: {}", reasons.iter().map(shown).collect::<Vec<_>>().join(" | "))
        }
    }
}

#[test]
fn reasons_stand_in_their_order_whatever_the_suites() {
    use ReasonKind::{Constraint, Hallucination, Judge, Metric, SemanticSimilarity};
    let failing = [
        (Metric, "f1"),
        (Judge, "helpful"),
        (SemanticSimilarity, "meaning"),
        (Hallucination, "grounded"),
        (Constraint, "rules"),
        (Constraint, "checks"),
    ];
    let results = failing.map(|(kind, id)| (metric(id, kind), no("no"))).into();
    assert_snapshot!(outcome(results), @"failed: Constraint rules: no | Constraint checks: no | Hallucination grounded: no | SemanticSimilarity meaning: no | Judge helpful: no | Metric f1: no");
}

#[test]
fn all_problems_of_a_metric_are_kept() {
    let two = Score::yes_or_no(false).with_problem("too long").with_problem("no greeting");
    let results = vec![(metric("rules", ReasonKind::Constraint), two.into())];
    assert_snapshot!(outcome(results), @"failed: Constraint rules: too long | Constraint rules: no greeting");
}

#[test]
fn a_broken_metric_is_errored_and_never_passed_or_failed() {
    let yes = || (metric("a", ReasonKind::Metric), Measurement::from(Score::yes_or_no(true)));
    let broken = |id| (metric(id, ReasonKind::Judge), Measurement::Errored("down".to_owned()));
    assert_snapshot!(outcome(vec![yes(), broken("b")]), @"errored: metric `b`: down");
    let failed = (metric("c", ReasonKind::Constraint), no("no"));
    assert_snapshot!(outcome(vec![failed, broken("b"), broken("d")]), @"errored: metric `b`: down; metric `d`: down");
}

#[test]
fn only_a_gating_score_can_pass() {
    let metric = || metric("a", ReasonKind::Metric);
    let reports = Measurement::from(Score::fraction(Finite::ONE));
    let skipped = || Measurement::Skipped("elsewhere".to_owned());
    assert_snapshot!(outcome(vec![(metric(), reports)]), @"skipped: no gating metric applies");
    assert_snapshot!(outcome(vec![(metric(), skipped())]), @"skipped: no gating metric applies");
    assert_snapshot!(outcome(vec![]), @"skipped: no gating metric applies");
    let yes = (super::support::good(), Score::yes_or_no(true).into());
    assert_snapshot!(outcome(vec![(metric(), skipped()), yes]), @"passed");
}

#[test]
fn a_score_without_words_is_explained_by_its_threshold() {
    let scored = |value: f64, lower_is_better| {
        let value = Finite::new(value).unwrap();
        let scale = Scale { lower_is_better, ..Scale::FRACTION };
        let score = Score { scale, ..Score::fraction(value) };
        let threshold = Thresholds::everywhere(Finite::new(0.5).unwrap());
        let score = score.judged_by_threshold(threshold.iter().next());
        vec![(metric("a", ReasonKind::Metric), Measurement::from(score))]
    };
    assert_snapshot!(outcome(scored(0.25, false)), @"failed: Metric a: score 0.250 is below 0.5");
    assert_snapshot!(outcome(scored(0.75, true)), @"failed: Metric a: score 0.750 is above 0.5");
    assert_snapshot!(outcome(scored(0.4996, false)), @"failed: Metric a: score 0.4996 is below 0.5");
    assert_snapshot!(outcome(scored(0.50001, true)), @"failed: Metric a: score 0.50001 is above 0.5");
    assert_snapshot!(outcome(scored(0.5, false)), @"passed");
    assert_snapshot!(outcome(scored(0.5, true)), @"passed");
    let bare = Score::yes_or_no(false).into();
    assert_snapshot!(outcome(vec![(metric("a", ReasonKind::Metric), bare)]), @"failed: Metric a: score 0.000");
}
