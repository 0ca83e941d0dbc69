//! Laws and rules of comparisons that a reader of one page does not see.

use std::collections::BTreeMap;

use evalward_core::{
    Digest, Example, Finite, Margin, MetricStamp, OnInconclusive, Outcome, Partition, RunId, Scale,
    ScoreCell, ScoreRow, Selection, Timestamp, Trial,
};
use evalward_gate::compare::{
    ComparePolicy, ComparedRun, ComparedScores, ComparisonVerdict, MetricComparison, MetricRole,
    RunComparison, compare_runs,
};
use evalward_gate::{Decision, GateStatus, RunScores};
use proptest::prelude::*;

/// A metric: id, scale and a score for each example.
pub(crate) type Column = (&'static str, Scale, Vec<f64>);

pub(crate) fn scale(min: Option<f64>, max: Option<f64>) -> Scale {
    let finite = |value| Finite::new(value).unwrap();
    Scale { min: min.map(finite), max: max.map(finite), lower_is_better: false }
}

pub(crate) fn grades(id: &'static str, values: impl Into<Vec<f64>>) -> Column {
    (id, scale(Some(1.0), Some(5.0)), values.into())
}

/// A run in which everything passed; metrics are gating where `gating` says so.
pub(crate) fn side(columns: &[Column], gating: bool) -> ComparedScores {
    let mut scores = RunScores::default();
    let examples = columns.iter().map(|(_, _, values)| values.len()).max().unwrap_or(0);
    for number in 0..examples {
        let example = Example::new(&format!("e-{number:03}"), Partition::Golden);
        let mut row =
            ScoreRow::from(&Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0)));
        for (id, scale, values) in columns {
            let value = Finite::new(values[number]).unwrap();
            let cell = ScoreCell::Score { value, scale: *scale, passed: None };
            row.scores.insert((*id).to_owned(), cell);
        }
        scores.push(&row).unwrap();
    }
    let version = Digest::of(b"1");
    let stamp = MetricStamp {
        kind: "judge".to_owned(),
        gating,
        suspended: None,
        version,
        demands: None,
        margin: None,
    };
    ComparedScores {
        run: ComparedRun {
            run_id: RunId::new("r").unwrap(),
            suite: "s".to_owned(),
            subject: "m".to_owned(),
            prompt_version: None,
            started_at: Timestamp::from_millis(0),
        },
        dataset: "d".to_owned(),
        stamps: columns.iter().map(|(id, ..)| ((*id).to_owned(), stamp.clone())).collect(),
        bars: BTreeMap::new(),
        selection: Selection::default(),
        missing: 0,
        scores,
    }
}

pub(crate) fn compared(
    before: &[Column],
    after: &[Column],
    policy: &ComparePolicy,
) -> RunComparison {
    compare_runs(&side(before, true), &side(after, true), policy).unwrap()
}

pub(crate) fn metric<'a>(comparison: &'a RunComparison, id: &str) -> &'a MetricComparison {
    comparison.metrics.iter().find(|it| it.what.name() == id).unwrap()
}

/// Forty grades of which ten lose two and four gain one: a loss at a one-sided p between 0.005 and 0.05.
fn slight_loss() -> [Vec<f64>; 2] {
    let before = vec![4.0; 40];
    let mut after = before.clone();
    after[..10].fill(2.0);
    after[10..14].fill(5.0);
    [before, after]
}

#[test]
fn a_loss_that_does_not_survive_the_correction_is_neither_a_regression_nor_a_pass() {
    let [before, after] = slight_loss();
    let alone = ComparePolicy { metrics: vec!["a".to_owned()], ..ComparePolicy::default() };
    let one = compared(&[grades("a", before.clone())], &[grades("a", after.clone())], &alone);
    assert_eq!(metric(&one, "a").verdict, ComparisonVerdict::Regression, "{one:?}");
    assert_eq!(one.decision, Decision::Failed);
    let steady = |id| grades(id, [3.0, 4.0, 5.0, 4.0].repeat(10));
    let others = ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k"].map(steady);
    let with = |values: Vec<f64>| [vec![grades("a", values)], others.to_vec()].concat();
    let all = compared(&with(before), &with(after), &ComparePolicy::default());
    let taken_back = metric(&all, "a");
    assert_eq!(taken_back.verdict, ComparisonVerdict::Inconclusive, "{taken_back:?}");
    assert_eq!(taken_back.status, GateStatus::Inconclusive);
    assert!(taken_back.notes.iter().any(|note| note.contains("Holm's correction over 12")));
    assert_eq!(all.decision, Decision::Inconclusive);
}

#[test]
fn a_scale_without_ends_needs_a_margin_to_decide() {
    let millis = |values: &[f64]| {
        let scale = Scale { lower_is_better: true, ..scale(Some(0.0), None) };
        vec![("latency", scale, values.to_vec())]
    };
    let before: Vec<f64> = (0..40).map(|n| 900.0 + f64::from(n % 7) * 20.0).collect();
    let after: Vec<f64> = before
        .iter()
        .enumerate()
        .map(|(n, it)| it + if n % 2 == 0 { 90.0 } else { 110.0 })
        .collect();
    let warn = ComparePolicy {
        metrics: vec!["latency".to_owned()],
        on_inconclusive: OnInconclusive::Warn,
        ..ComparePolicy::default()
    };
    let described = compared(&millis(&before), &millis(&after), &warn);
    assert_eq!(metric(&described, "latency").verdict, ComparisonVerdict::Described);
    assert_eq!(described.decision, Decision::Incomplete, "nothing decides, so nothing passes");
    let margin = [("latency".to_owned(), Margin::new(50.0).unwrap())];
    let judged = ComparePolicy { margins: margin.into(), ..warn };
    let slower = compared(&millis(&before), &millis(&after), &judged);
    assert_eq!(metric(&slower, "latency").verdict, ComparisonVerdict::Regression);
    let faster = compared(&millis(&after), &millis(&before), &judged);
    assert_eq!(metric(&faster, "latency").verdict, ComparisonVerdict::Improvement);
}

#[test]
fn metrics_that_cannot_fail_an_example_are_only_reported() {
    let [before, after] = slight_loss();
    let sides = [before, after].map(|values| side(&[grades("a", values)], false));
    let comparison = compare_runs(&sides[0], &sides[1], &ComparePolicy::default()).unwrap();
    let reported = metric(&comparison, "a");
    assert_eq!((reported.role, reported.status), (MetricRole::Exploratory, GateStatus::Reported));
    assert_eq!(reported.verdict, ComparisonVerdict::Regression);
    assert_ne!(comparison.decision, Decision::Failed);
}

pub(crate) fn mirrored(verdict: ComparisonVerdict) -> ComparisonVerdict {
    match verdict {
        ComparisonVerdict::Regression => ComparisonVerdict::Improvement,
        ComparisonVerdict::Improvement => ComparisonVerdict::Regression,
        same => same,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn swapping_the_sides_mirrors_the_verdict(pairs in prop::collection::vec((1_u8..=5, 1_u8..=5), 5..60)) {
        let (before, after): (Vec<f64>, Vec<f64>) =
            pairs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).unzip();
        let policy = ComparePolicy { metrics: vec!["a".to_owned()], ..ComparePolicy::default() };
        let forth = compared(&[grades("a", before.clone())], &[grades("a", after.clone())], &policy);
        let back = compared(&[grades("a", after)], &[grades("a", before)], &policy);
        let (forth, back) = (metric(&forth, "a"), metric(&back, "a"));
        prop_assert_eq!(mirrored(forth.verdict), back.verdict);
        let [low, high] = [forth.low, back.high].map(|end| end.unwrap().get());
        prop_assert!((low + high).abs() < 1e-9, "{low} and {high}");
    }
}
