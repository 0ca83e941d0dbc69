//! Subjects and metrics that fail or panic.

use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, Example, Measurement, Metric, ReasonKind, Reply, Score,
    Subject, SuiteMetric, TrialPosition, decide_outcome,
};
use evalward_pipeline::StopReason;
use evalward_testkit::{Reaction, ScriptedMetric, ScriptedSubject};

use crate::support::{Setup, good};

fn fails(kind: CallErrorKind) -> ScriptedSubject {
    ScriptedSubject::new(move |_| Reaction::Fails(kind, "nobody is there".to_owned()))
}

/// Runs 200 examples one after the other and returns the calls made and what stopped the run.
async fn calls(kind: CallErrorKind) -> (usize, Option<String>) {
    let setup = Setup { concurrency: 1, ..Setup::new(fails(kind), 200) };
    let subject = Arc::clone(&setup.subject);
    let (end, rows) = setup.run().await;
    assert_eq!(rows.letters(), "e".repeat(200));
    (subject.calls(), end.stopped_by.as_ref().map(StopReason::sentence))
}

#[tokio::test]
async fn a_dead_subject_is_asked_once_and_every_example_has_its_row() {
    let (calls, stopped_by) = calls(CallErrorKind::Unreachable).await;
    assert_eq!((calls, stopped_by.as_deref()), (1, Some("nobody is there")));
}

#[tokio::test]
async fn failures_in_a_row_stop_the_run() {
    for kind in [CallErrorKind::Refused, CallErrorKind::TimedOut, CallErrorKind::Malformed] {
        let (calls, stopped_by) = calls(kind).await;
        assert_eq!(calls, 20, "{kind:?}");
        let reason = stopped_by.unwrap();
        assert_eq!(reason, "20 calls in a row failed, the last one: nobody is there");
    }
}

#[tokio::test]
async fn missing_recordings_are_all_told() {
    assert_eq!(calls(CallErrorKind::Unrecorded).await, (200, None));
}

#[tokio::test]
async fn one_failure_among_answers_stops_nothing() {
    let subject = ScriptedSubject::new(|example| match example.id.as_str() {
        "e-3" => Reaction::Fails(CallErrorKind::Failed, "busy".to_owned()),
        "e-4" => Reaction::Says("bad".to_owned()),
        _ => Reaction::Says("good".to_owned()),
    });
    let (end, rows) = Setup::new(subject, 8).run().await;
    assert_eq!((rows.letters().as_str(), end.stopped_by), ("pppefppp", None));
    assert_eq!(rows.causes(), ["busy"]);
}

#[tokio::test]
async fn a_subject_that_dies_midway_stops_the_run() {
    let subject = ScriptedSubject::new(|example| match example.id.as_str() {
        "e-0" | "e-1" => Reaction::Says("good".to_owned()),
        _ => Reaction::Fails(CallErrorKind::Unreachable, "gone".to_owned()),
    });
    let setup = Setup { concurrency: 1, ..Setup::new(subject, 100) };
    let subject = Arc::clone(&setup.subject);
    let (end, rows) = setup.run().await;
    assert_eq!(rows.letters(), format!("pp{}", "e".repeat(98)));
    assert_eq!(
        (subject.calls(), end.stopped_by),
        (7, Some(StopReason::SubjectDown("gone".to_owned())))
    );
    assert_eq!(rows.causes(), ["gone", "not evaluated: the subject is down"]);
}

#[tokio::test]
async fn a_panic_of_the_subject_is_an_errored_row() {
    let subject = ScriptedSubject::new(|example| match example.id.as_str() {
        "e-1" => Reaction::Panics,
        _ => Reaction::Says("good".to_owned()),
    });
    let (_, rows) = Setup::new(subject, 3).run().await;
    assert_eq!((rows.letters().as_str(), rows.causes()), ("pep", vec!["the subject panicked"]));
}

/// Panics before there is a future, as a hand-written `respond` may.
#[derive(Debug)]
struct PanicsAtOnce;

impl Subject for PanicsAtOnce {
    fn respond<'a>(&'a self, _: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        panic!("at once")
    }
}

impl Metric for PanicsAtOnce {
    fn kind(&self) -> &'static str {
        "panics"
    }

    fn score<'a>(&'a self, _: &'a Example, _: &'a Reply) -> BoxFuture<'a, Measurement> {
        panic!("at once")
    }
}

#[tokio::test]
async fn a_panic_before_the_future_is_an_errored_row() {
    let setup = Setup::new(ScriptedSubject::saying("good"), 2);
    let (end, rows) = setup.try_run_with(Arc::new(PanicsAtOnce)).await;
    assert!(end.is_ok(), "{end:?}");
    assert_eq!((rows.letters().as_str(), rows.causes()), ("ee", vec!["the subject panicked"]));
}

#[tokio::test]
async fn a_panic_of_a_metric_is_an_errored_row() {
    let panics = ScriptedMetric::new(ReasonKind::Metric, |example, _| {
        assert_ne!(example.id.as_str(), "e-1", "the script says so");
        Measurement::Score(Score::yes_or_no(true))
    });
    let metrics = vec![good(), SuiteMetric::new("panics", panics)];
    let (_, rows) = Setup { metrics, ..Setup::new(ScriptedSubject::saying("good"), 3) }.run().await;
    assert_eq!((rows.letters().as_str(), rows.causes()), ("pep", vec!["a metric panicked"]));
    assert!(
        rows.by_position[&TrialPosition { index: 1, trial: 1 }].response.is_some(),
        "the answer is kept"
    );

    let metrics = vec![good(), SuiteMetric::new("panics", PanicsAtOnce)];
    let (_, rows) = Setup { metrics, ..Setup::new(ScriptedSubject::saying("good"), 1) }.run().await;
    assert_eq!(rows.causes(), ["a metric panicked"]);
}

#[test]
fn no_metric_at_all_is_no_pass() {
    let outcome = decide_outcome(&[], &std::collections::BTreeMap::new());
    assert_eq!(outcome.kind(), evalward_core::OutcomeKind::Skipped);
}
