//! What is found out before anything is called, and how it is said.

use std::collections::BTreeMap;
use std::error::Error;

use evalward_core::{
    Applicability, BoxFuture, Example, Finite, GatePolicy, Measurement, Metric, Partition,
    ReasonKind, Reply, Rules, RunId, Score, Selection, SuiteMetric,
};
use evalward_dataset::Dataset;
use evalward_pipeline::{Filter, Preflight, preflight, selected_examples};
use evalward_testkit::{Reaction, Scratch, ScriptedMetric, ScriptedSubject};
use insta::assert_snapshot;

use crate::support::good;

fn example(id: &str, partition: Partition) -> Example {
    Example::new(id, partition).with_input("question", format!("What is {id}?"))
}

/// A preflight in few words.
struct Case {
    scratch: Scratch,
    subject: ScriptedSubject,
    metrics: Vec<SuiteMetric>,
    gates: Vec<Partition>,
    filter: Filter,
}

impl Case {
    fn new(examples: &[Example]) -> Self {
        let scratch = Scratch::new();
        scratch.dataset(examples);
        Self {
            scratch,
            subject: ScriptedSubject::saying("good"),
            metrics: vec![good()],
            gates: Vec::new(),
            filter: Filter::default(),
        }
    }

    fn golden() -> Self {
        Self::new(&[example("a", Partition::Golden), example("b", Partition::Golden)])
    }

    fn check(&self) -> Result<Preflight, Box<evalward_pipeline::PreflightError>> {
        let dataset = Dataset::open(self.scratch.path("dataset")).unwrap();
        let gates: BTreeMap<_, _> = self.gates.iter().map(|it| (*it, GatePolicy::STRICT)).collect();
        preflight(&dataset, &self.filter, &self.subject, &self.metrics, &gates).map_err(Box::new)
    }

    /// Writes the error with its causes and its hint.
    fn refused(&self) -> String {
        let error = self.check().unwrap_err();
        assert_eq!(self.subject.calls(), 0, "a preflight calls nothing");
        let mut lines = vec![error.to_string()];
        let mut cause = error.source();
        while let Some(error) = cause {
            lines.push(format!("cause: {error}"));
            cause = error.source();
        }
        lines.extend(error.hint().map(|hint| format!("hint: {hint}")));
        evalward_testkit::redact(&lines.join("\n"), &self.scratch)
    }
}

/// A metric whose model is missing.
#[derive(Debug)]
struct Missing(&'static str);

impl Metric for Missing {
    fn kind(&self) -> &'static str {
        "missing"
    }

    fn decides(&self) -> bool {
        true
    }

    fn preflight(&self) -> Result<(), String> {
        Err(format!("model `{0}` is not here: `evalward models pull {0}`", self.0))
    }

    fn score<'a>(&'a self, _: &'a Example, _: &'a Reply) -> BoxFuture<'a, Measurement> {
        unreachable!("it cannot be computed")
    }
}

#[test]
fn metrics_that_cannot_be_computed_are_told_before_anything_is_called() {
    let mut case = Case::golden();
    case.metrics.push(SuiteMetric::new("meaning", Missing("small")));
    case.metrics.push(SuiteMetric::new("tone", Missing("large")));
    assert_snapshot!(case.refused(), @r"
    metric `meaning` cannot be computed: model `small` is not here: `evalward models pull small`
    metric `tone` cannot be computed: model `large` is not here: `evalward models pull large`
    ");
}

#[test]
fn golden_and_regression_are_gated_by_default() {
    let regression = Example {
        failure: Some(evalward_core::Failure {
            root_cause: "the price list was old".to_owned(),
            observed_output: None,
            origin: None,
            fixed_at: None,
        }),
        ..example("r", Partition::Regression)
    };
    let examples =
        [example("a", Partition::Golden), regression, example("d", Partition::Distribution)];
    let checked = Case::new(&examples).check().unwrap();
    let gated: Vec<_> = checked.gates.into_iter().collect();
    let strict = GatePolicy::STRICT;
    assert_eq!(gated, [(Partition::Golden, strict.clone()), (Partition::Regression, strict)]);
    assert_eq!(checked.dataset.selected.values().sum::<u64>(), 3);
}

#[test]
fn a_selection_of_nothing_or_of_the_unknown_is_refused() {
    let selecting =
        |selection| Case { filter: Filter { selection, ..Filter::default() }, ..Case::golden() };
    let by_id = Selection { ids: vec!["zzz".to_owned()], ..Selection::default() };
    assert_snapshot!(selecting(by_id).refused(), @"
    no example is selected
    hint: no example has the id `zzz`
    ");
    let half_known = vec!["a".to_owned(), "zzz".to_owned()];
    let by_ids = Selection { ids: half_known, ..Selection::default() };
    assert_snapshot!(selecting(by_ids).refused(), @"
    no example of the dataset has the id `zzz`
    hint: check the ids, tags and partitions that you asked for
    ");
    let by_tag = Selection { tags: vec!["zzz".to_owned()], ..Selection::default() };
    assert_snapshot!(selecting(by_tag).refused(), @"
    no example is selected
    hint: no example has the tag `zzz`
    ");
    let by_partition =
        Selection { partitions: vec![Partition::Adversarial], ..Selection::default() };
    assert_snapshot!(selecting(by_partition).refused(), @"
    no example is selected
    hint: no example has the partition `adversarial`
    ");
    let run = RunId::new("20261103-142207-00beef").unwrap();
    let by_run = Selection { only_failed: Some(run), ..Selection::default() };
    assert_snapshot!(selecting(by_run).refused(), @"
    no example is selected
    hint: no example failed in that run
    ");
    assert_snapshot!(Case::new(&[]).refused(), @"
    the dataset has 1 error
    hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn gates_that_cannot_fail_or_do_not_exist_are_refused() {
    let case = Case { gates: vec![Partition::Regression], ..Case::golden() };
    assert_snapshot!(case.refused(), @"
    the suite has a gate for partition `regression`, but the dataset has no such examples
    hint: add examples to `regression.jsonl`, or remove `[gates.regression]`
    ");
    let case = Case { metrics: vec![], ..Case::golden() };
    assert_snapshot!(case.refused(), @"
    no metric can fail an example of partition `golden`, so its gate would hold whatever the subject answers
    hint: add a metric with a threshold or a constraint that applies there, or `checks` to the examples
    ");
    let reports = SuiteMetric { gating: false, ..good() };
    assert_snapshot!(Case { metrics: vec![reports], ..Case::golden() }.refused(), @"
    no metric can fail an example of partition `golden`, so its gate would hold whatever the subject answers
    hint: add a metric with a threshold or a constraint that applies there, or `checks` to the examples
    ");
    let trivial = good().with_threshold(Finite::ZERO);
    assert_snapshot!(Case { metrics: vec![trivial], ..Case::golden() }.refused(), @"
    no metric can fail an example of partition `golden`, so its gate would hold whatever the subject answers
    hint: add a metric with a threshold or a constraint that applies there, or `checks` to the examples
    ");
    let elsewhere =
        Applicability { partitions: vec![Partition::Adversarial], ..Applicability::default() };
    let elsewhere = SuiteMetric { applies: elsewhere, ..good() };
    assert_snapshot!(Case { metrics: vec![elsewhere], ..Case::golden() }.refused(), @"
    no metric can fail an example of partition `golden`, so its gate would hold whatever the subject answers
    hint: add a metric with a threshold or a constraint that applies there, or `checks` to the examples
    ");
    assert_snapshot!(Case::new(&[example("d", Partition::Distribution)]).refused(), @"
    no gate applies to `distribution`, so the run would pass whatever the subject answers
    hint: add `[gates.distribution]` with a `pass_rate`
    ");
}

#[test]
fn checks_of_the_examples_are_enough_to_fail() {
    let checks = Rules { includes_all: ["yes"].into_iter().collect(), ..Rules::default() };
    let with_checks = Example { checks: Some(checks), ..example("a", Partition::Golden) };
    let case = Case { metrics: vec![], ..Case::new(&[with_checks]) };
    assert!(case.check().is_ok());
}

#[test]
fn examples_that_cannot_be_asked_or_judged_are_all_told() {
    let refusing = ScriptedSubject::new(|example| match example.id.as_str() {
        "a" => Reaction::Refuses("`input.name` is undefined".to_owned()),
        _ => Reaction::Says("good".to_owned()),
    });
    assert_snapshot!(Case { subject: refusing, ..Case::golden() }.refused(), @"[folder]/dataset/golden.jsonl:1: `input.name` is undefined");
    let checks = Rules { regex: Some("(".to_owned()), ..Rules::default() };
    let broken = Example { checks: Some(checks), ..example("a", Partition::Golden) };
    assert_snapshot!(Case::new(&[broken]).refused(), @"[folder]/dataset/golden.jsonl:1: checks of example `a`: failed to compile `regex`: unclosed group");
    let refusing = ScriptedSubject::new(|_| Reaction::Refuses("no".to_owned()));
    let many: Vec<_> =
        (0..8).map(|index| example(&format!("e-{index}"), Partition::Golden)).collect();
    assert_snapshot!(Case { subject: refusing, ..Case::new(&many) }.refused(), @"[folder]/dataset/golden.jsonl:1: no (and 7 more examples)");
}

#[test]
fn a_dataset_with_errors_is_refused() {
    let case = Case::golden();
    case.scratch.file("dataset/reviews.jsonl", "");
    assert_snapshot!(case.refused(), @"
    the dataset has 2 errors
    hint: `evalward dataset check` lists them all
    ");
    let case = Case::golden();
    case.scratch.file("dataset/golden.jsonl", "{\"id\":\"a\",\n");
    assert_snapshot!(case.refused(), @"
    the dataset has 1 error
    hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn a_metric_that_applies_nowhere_is_a_warning() {
    let never = Applicability { tags_any: vec!["zzz".to_owned()], ..Applicability::default() };
    let metric = ScriptedMetric::new(ReasonKind::Metric, |_, _| Score::yes_or_no(true).into());
    let never = SuiteMetric { applies: never, ..SuiteMetric::new("never", metric) };
    let checked = Case { metrics: vec![good(), never], ..Case::golden() }.check().unwrap();
    assert_eq!(checked.warnings, ["metric `never` applies to no example that is selected"]);
}

#[test]
fn selected_examples_come_in_the_order_of_the_dataset() {
    let case = Case::new(&[
        example("d", Partition::Distribution),
        example("a", Partition::Golden),
        example("b", Partition::Golden),
    ]);
    let dataset = Dataset::open(case.scratch.path("dataset")).unwrap();
    let ids = |filter: &Filter| {
        let examples = selected_examples(&dataset, filter).map(Result::unwrap);
        examples.map(|example| example.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&Filter::default()), ["a", "b", "d"]);
    let selection = Selection { ids: vec!["d".to_owned(), "b".to_owned()], ..Selection::default() };
    assert_eq!(ids(&Filter { selection, ..Filter::default() }), ["b", "d"]);
}
