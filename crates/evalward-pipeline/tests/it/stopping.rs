//! Runs that end before their time.

use std::sync::Arc;

use evalward_pipeline::{PipelineError, StopReason};
use evalward_testkit::{Reaction, ScriptedSubject};
use tokio_util::sync::CancellationToken;

use crate::support::{Rows, Setup};

#[tokio::test]
async fn a_cancelled_run_has_a_row_for_every_example() {
    // `e-2` never answers, so only the cancellation can end it.
    let subject = ScriptedSubject::new(|example| match example.id.as_str() {
        "e-2" => Reaction::Hangs,
        _ => Reaction::Says("good".to_owned()),
    });
    let cancelled = CancellationToken::new();
    let rows = Rows { cancel_at: Some((6, cancelled.clone())), ..Rows::default() };
    let setup = Setup { concurrency: 2, rows, cancelled, ..Setup::new(subject, 50) };
    let subject = Arc::clone(&setup.subject);
    let (end, rows) = setup.run().await;
    assert_eq!(end.stopped_by, Some(StopReason::Interrupted));
    assert_eq!(rows.letters().len(), 50);
    assert_eq!(rows.letters().matches('p').count(), subject.calls() - 1);
    assert_eq!(rows.causes(), ["not evaluated: the run was interrupted"]);
}

#[tokio::test]
async fn a_run_that_is_cancelled_before_it_starts_calls_nothing() {
    let setup = Setup::new(ScriptedSubject::saying("good"), 4);
    setup.cancelled.cancel();
    let subject = Arc::clone(&setup.subject);
    let (_, rows) = setup.run().await;
    assert_eq!((rows.letters().as_str(), subject.calls()), ("eeee", 0));
}

#[tokio::test]
async fn a_sink_that_fails_stops_the_run() {
    let rows = Rows { full_at: Some(3), ..Rows::default() };
    let setup = Setup { concurrency: 2, rows, ..Setup::new(ScriptedSubject::saying("good"), 100) };
    let subject = Arc::clone(&setup.subject);
    let (end, rows) = setup.try_run().await;
    let error = end.unwrap_err();
    assert!(matches!(error, PipelineError::Sink(_)), "{error:?}");
    assert_eq!(error.to_string(), "failed to record the run");
    assert_eq!((rows.by_position.len(), rows.finished), (3, false));
    assert!(subject.calls() < 10, "{} calls", subject.calls());
}

#[tokio::test]
async fn calls_under_way_end_with_the_run() {
    let subject = ScriptedSubject::new(|_| Reaction::Hangs);
    let cancelled = CancellationToken::new();
    let setup = Setup { cancelled: cancelled.clone(), ..Setup::new(subject, 5) };
    let subject = Arc::clone(&setup.subject);
    let stop = async {
        while subject.calls() < 5 {
            tokio::task::yield_now().await;
        }
        cancelled.cancel();
    };
    let ((_, rows), ()) = tokio::join!(setup.run(), stop);
    assert_eq!(rows.letters(), "eeeee");
}
