//! No comparison holds without evidence: what scored nothing, errored or was left out never passes.

use std::collections::BTreeMap;

use evalward_core::{Finite, Margin, NoWorseThan, OnInconclusive, Partition, Scale};
use evalward_gate::compare::{
    CompareError, ComparePolicy, ComparedScores, ComparisonVerdict, Procedure, compare_runs,
};
use evalward_gate::{Decision, ExampleScores, MetricScores};

use crate::compare::{grades, metric, scale, side};

/// Grades that prove equivalence where both sides have them.
fn steady() -> Vec<f64> {
    [3.0, 4.0, 5.0, 4.0].repeat(100)
}

/// Two metrics, both gating, with the same scores.
fn two() -> ComparedScores {
    side(&[grades("a", steady()), grades("b", steady())], true)
}

fn named(metrics: &[&str]) -> ComparePolicy {
    let metrics = metrics.iter().map(|&name| name.to_owned()).collect();
    ComparePolicy { metrics, ..ComparePolicy::default() }
}

/// Changes the scores of a metric on the first examples.
fn on_first(side: &mut ComparedScores, n: usize, change: impl Fn(&mut ExampleScores)) {
    side.scores.examples.values_mut().take(n).for_each(change);
}

fn errored(example: &mut ExampleScores, id: &str) {
    let scores = MetricScores { errored: 1, ..MetricScores::default() };
    example.metrics.insert(id.to_owned(), scores);
}

/// Takes away the scores of metric `b`, as where it does not apply to the answer.
fn unscored(example: &mut ExampleScores) {
    example.metrics.remove("b");
}

#[track_caller]
fn refused(before: &ComparedScores, after: &ComparedScores, policy: &ComparePolicy, text: &str) {
    let error = compare_runs(before, after, policy).unwrap_err();
    assert!(matches!(error, CompareError::Nothing(_)), "{error:?}");
    assert!(error.to_string().contains(text), "{error}");
}

#[track_caller]
fn decided(before: &ComparedScores, after: &ComparedScores, policy: &ComparePolicy) -> Decision {
    compare_runs(before, after, policy).unwrap().decision
}

#[test]
fn a_metric_that_errored_everywhere_in_the_candidate_does_not_vanish() {
    for policy in [ComparePolicy::default(), named(&["a", "b"])] {
        let mut after = two();
        on_first(&mut after, 400, |example| errored(example, "b"));
        after.scores.scales.remove("b");
        let comparison = compare_runs(&two(), &after, &policy).unwrap();
        assert_eq!(metric(&comparison, "b").verdict, ComparisonVerdict::Invalid);
        assert_eq!(comparison.decision, Decision::Incomplete);
    }
}

#[test]
fn a_metric_that_applied_to_nothing_in_the_candidate_does_not_vanish() {
    let mut after = two();
    on_first(&mut after, 400, unscored);
    after.scores.scales.remove("b");
    assert_eq!(decided(&two(), &after, &ComparePolicy::default()), Decision::Incomplete);
    let welch = ComparePolicy { procedure: Procedure::Welch, ..ComparePolicy::default() };
    assert_eq!(decided(&two(), &after, &welch), Decision::Inconclusive);
    assert_eq!(decided(&after, &two(), &welch), Decision::Inconclusive, "nor in the baseline");
}

#[test]
fn what_is_asked_for_by_its_name_is_compared_or_refused() {
    let one = side(&[grades("a", steady())], true);
    refused(&one, &two(), &named(&["a", "b"]), "`b` cannot be compared: only the candidate has it");
    let mut idle = two();
    on_first(&mut idle, 400, unscored);
    idle.scores.scales.remove("b");
    refused(&idle, &idle, &named(&["a", "b"]), "`b` cannot be compared: it scored no example");
    let golden_and_regression = ComparePolicy {
        partitions: vec![Partition::Golden, Partition::Regression],
        ..ComparePolicy::default()
    };
    refused(&two(), &two(), &golden_and_regression, "no example of partition `regression`");
}

#[test]
fn a_metric_without_a_score_is_listed() {
    let mut idle = two();
    on_first(&mut idle, 400, unscored);
    idle.scores.scales.remove("b");
    let comparison = compare_runs(&idle, &idle, &ComparePolicy::default()).unwrap();
    let names: Vec<&str> = comparison.uncompared.iter().map(|it| it.metric.as_str()).collect();
    assert_eq!(names, ["b"]);
}

#[test]
fn thin_evidence_with_errors_is_no_warning() {
    // Of 400 examples 390 errored; the rest tells nothing.
    let mut after = two();
    on_first(&mut after, 390, |example| errored(example, "b"));
    let warn = ComparePolicy { on_inconclusive: OnInconclusive::Warn, ..ComparePolicy::default() };
    assert_eq!(decided(&two(), &after, &warn), Decision::Incomplete);
}

#[test]
fn most_answers_must_have_a_score_on_both_sides() {
    let skipping = |n| {
        let mut after = two();
        on_first(&mut after, n, unscored);
        after
    };
    assert_eq!(decided(&two(), &skipping(20), &ComparePolicy::default()), Decision::Holds);
    assert_eq!(decided(&two(), &skipping(120), &ComparePolicy::default()), Decision::Incomplete);
    assert_eq!(decided(&skipping(120), &two(), &ComparePolicy::default()), Decision::Incomplete);
}

/// A run whose latencies differ a little by the number of the attempt.
fn latencies(attempt: u32) -> ComparedScores {
    let scale = Scale { lower_is_better: true, ..scale(Some(0.0), None) };
    let millis = (0..400).map(|n| 900.0 + f64::from((n + attempt) % 7) * 20.0).collect();
    side(&[grades("a", steady()), ("latency", scale, millis)], true)
}

#[test]
fn an_error_on_a_scale_without_ends_may_hide_anything() {
    let margin = [("latency".to_owned(), Margin::new(50.0).unwrap())];
    let policy = ComparePolicy { margins: margin.into(), ..named(&["latency"]) };
    let mut after = latencies(2);
    assert_eq!(decided(&latencies(1), &after, &policy), Decision::Holds);
    on_first(&mut after, 1, |example| errored(example, "latency"));
    assert_eq!(decided(&latencies(1), &after, &policy), Decision::Incomplete);
}

#[test]
fn a_metric_that_is_named_decides_or_says_what_it_lacks() {
    let after = latencies(1);
    assert_eq!(decided(&latencies(1), &after, &ComparePolicy::default()), Decision::Holds);
    let comparison = compare_runs(&latencies(1), &after, &named(&["a", "latency"])).unwrap();
    assert_eq!(comparison.decision, Decision::Incomplete);
    assert!(comparison.advice.contains("`--margin"), "{}", comparison.advice);
}

#[test]
fn differences_that_are_all_alike_prove_nothing_on_a_scale_without_ends() {
    let margin = [("latency".to_owned(), Margin::new(50.0).unwrap())];
    let policy = ComparePolicy { margins: margin.into(), ..named(&["latency"]) };
    let comparison = compare_runs(&latencies(1), &latencies(1), &policy).unwrap();
    assert_eq!(comparison.decision, Decision::Inconclusive);
    assert_eq!(metric(&comparison, "latency").difference, Some(Finite::ZERO));
    let mut slower = latencies(1);
    on_first(&mut slower, 400, |example| {
        let scores = example.metrics.get_mut("latency").unwrap();
        scores.mean = Finite::new(scores.mean.get() + 100.0).unwrap();
    });
    let warn = ComparePolicy { on_inconclusive: OnInconclusive::Warn, ..policy };
    assert_eq!(
        decided(&latencies(1), &slower, &warn),
        Decision::Incomplete,
        "a loss is no warning"
    );
}

#[test]
fn scales_that_differ_are_refused() {
    let mut after = two();
    let scale = Scale { lower_is_better: true, ..scale(Some(1.0), Some(5.0)) };
    after.scores.scales.insert("b".to_owned(), scale);
    let error = compare_runs(&two(), &after, &ComparePolicy::default()).unwrap_err();
    assert!(matches!(error, CompareError::OtherMetrics { .. }), "{error:?}");
}

#[test]
fn examples_flip_only_where_the_same_metrics_decide() {
    let mut after = two();
    after.stamps.get_mut("b").unwrap().gating = false;
    on_first(&mut after, 10, |example| (example.passed, example.failed) = (0, 1));
    let comparison = compare_runs(&two(), &after, &ComparePolicy::default()).unwrap();
    assert_eq!(comparison.worsened, []);
    assert_eq!(comparison.uncompared[0].metric, ComparePolicy::PASS_RATE);
}

#[test]
fn the_margin_of_a_gate_comes_before_the_default_and_after_that_of_the_command_line() {
    let margin_of = |bar: Option<(Option<&str>, f64)>, policy: &ComparePolicy, name: &str| {
        let mut after = two();
        if let Some((metric, margin)) = bar {
            let bar = NoWorseThan {
                baseline: "baselines/a.json".to_owned(),
                margin: Margin::new(margin).unwrap(),
                metric: metric.map(str::to_owned),
            };
            after.bars = BTreeMap::from([(Partition::Golden, bar)]);
        }
        let comparison = compare_runs(&two(), &after, policy).unwrap();
        metric(&comparison, name).margin.map(Finite::get)
    };
    let usual = ComparePolicy::default();
    let margins = [("pass_rate".to_owned(), Margin::new(0.2).unwrap())].into();
    let given = ComparePolicy { margins, ..ComparePolicy::default() };
    assert_eq!(margin_of(None, &usual, "pass_rate"), Some(0.05));
    assert_eq!(margin_of(Some((None, 0.1)), &usual, "pass_rate"), Some(0.1));
    assert_eq!(margin_of(Some((None, 0.1)), &given, "pass_rate"), Some(0.2));
    assert_eq!(margin_of(Some((Some("a"), 0.1)), &usual, "pass_rate"), Some(0.05));
    assert_eq!(margin_of(Some((Some("a"), 0.1)), &usual, "a"), Some(0.1));
    assert_eq!(margin_of(Some((Some("a"), 0.1)), &usual, "b"), Some(0.3));
}
