//! Jobs: leases, fencing, retries, parking.

use std::collections::BTreeMap;

use evalward_core::{Outcome, Timestamp};
use evalward_store::{Backlog, Finished, Ingested, Store};

use crate::support::{
    PROJECT, at, counted, evaluation, failed, finish, id, lease, lease_one, on_both_engines,
    passed, sample, shown_windows,
};

on_both_engines!(a_sample_goes_from_the_queue_to_its_window,);

async fn a_sample_goes_from_the_queue_to_its_window(store: Store) {
    let batch = vec![sample("a", 0), counted("b", 1), sample("c", 61)];
    let answers = store.ingest(batch).await.unwrap();
    assert_eq!(answers, [Ingested::Sampled, Ingested::Counted, Ingested::Sampled]);
    let backlog = Backlog { waiting: 2, parked: 0, oldest_received_at: Some(at(0)) };
    assert_eq!(store.backlog().await.unwrap(), backlog);

    let jobs = lease(&store, 10, 100).await;
    let ids: Vec<_> = jobs.iter().map(|job| job.sample.interaction.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!(jobs[0].attempt, 1);
    assert_eq!(jobs[0].sample.interaction, sample("a", 0).interaction);
    assert!(lease(&store, 10, 100).await.is_empty());

    let answers = finish(&store, &[(&jobs[0], passed()), (&jobs[1], failed())], 101).await;
    assert_eq!(answers, [Finished::Recorded, Finished::Recorded]);
    assert_eq!(store.backlog().await.unwrap(), Backlog::default());
    let stored = store.interaction(PROJECT, &id("c")).await.unwrap();
    assert_eq!(stored.evaluation.as_ref().map(|e| e.outcome.clone()), Some(failed().outcome));
    assert_eq!(stored.evaluation.map(|e| e.scores), Some(failed().scores));
    insta::assert_snapshot!(shown_windows(&store).await, @r"
    2026-11-25T12:00:00Z base: seen 2, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 4 of 4
    2026-11-25T12:01:00Z base: seen 1, sampled 1, passed 0, failed 1, errored 0, skipped 0; pass 0 of 4
    ");
}
