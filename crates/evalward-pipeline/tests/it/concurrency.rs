//! How many calls are under way at once.

use std::sync::Arc;

use evalward_testkit::ScriptedSubject;

use crate::support::Setup;

/// Runs with a subject that answers only once `concurrency` calls are under way, and returns the peak.
async fn peak(concurrency: u32, count: usize) -> usize {
    let group = usize::try_from(concurrency).unwrap();
    let subject = ScriptedSubject::saying("good").in_groups_of(group);
    let setup = Setup { concurrency, ..Setup::new(subject, count) };
    let subject = Arc::clone(&setup.subject);
    let (_, rows) = setup.run().await;
    assert_eq!(rows.letters(), "p".repeat(count));
    assert_eq!(subject.calls(), count);
    subject.peak()
}

#[tokio::test]
async fn as_many_calls_as_asked_for_and_no_more() {
    assert_eq!(peak(1, 3).await, 1);
    assert_eq!(peak(4, 12).await, 4);
    assert_eq!(peak(30, 30).await, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_several_threads_too() {
    assert_eq!(peak(7, 70).await, 7);
}
