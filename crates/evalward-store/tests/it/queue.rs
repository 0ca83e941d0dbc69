//! Jobs: leases, fencing, retries, parking.

use evalward_core::Outcome;
use evalward_store::{Backlog, Finished, Ingested, Store};

use crate::support::{
    PROJECT, at, counted, evaluation, failed, finish, id, lease, lease_one, on_both_engines,
    passed, sample, shown_windows,
};

on_both_engines!(
    a_sample_goes_from_the_queue_to_its_window,
    the_oldest_jobs_are_leased_first,
    a_lease_that_ran_out_is_fenced,
    a_job_is_finished_once,
    a_job_that_was_given_back_waits,
    a_released_job_has_used_no_attempt,
    a_parked_job_is_an_errored_sample_until_it_is_taken_up,
    every_outcome_is_read_back_as_it_was,
    concurrent_workers_share_the_jobs,
);

async fn a_sample_goes_from_the_queue_to_its_window(store: Store) {
    let batch = vec![sample("a", 0), counted("b", 1), sample("c", 61)];
    let answers = store.ingest(batch).await.unwrap();
    assert_eq!(answers, [Ingested::Sampled, Ingested::Counted, Ingested::Sampled]);
    let backlog = Backlog { waiting: 2, parked: 0, oldest_received_at: Some(at(0)) };
    assert_eq!(store.backlog().await.unwrap(), backlog);

    let jobs = lease(&store, 10, 100).await;
    let ids: Vec<_> = jobs.iter().map(|job| job.sample.interaction.id.as_str()).collect();
    assert_eq!(ids, ["a", "c"]);
    assert_eq!((jobs[0].attempt, jobs[0].first_failed_at), (1, None));
    assert_eq!(jobs[0].sample.interaction, sample("a", 0).interaction);
    assert!(lease(&store, 10, 100).await.is_empty());

    let answers = finish(&store, &[(&jobs[0], passed()), (&jobs[1], failed())], 101).await;
    assert_eq!(answers, [Finished::Recorded, Finished::Recorded]);
    assert_eq!(store.backlog().await.unwrap(), Backlog::default());
    let stored = store.interaction(PROJECT, &id("c")).await.unwrap();
    let stored = stored.evaluation.unwrap();
    assert_eq!((stored.outcome, stored.scores), (failed().outcome, failed().scores));
    assert_eq!((stored.evaluator.as_str(), stored.evaluated_at), ("e1", at(101)));
    insta::assert_snapshot!(shown_windows(&store).await, @r"
    2026-11-25T12:00:00Z base: seen 2, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 4 of 4
    2026-11-25T12:01:00Z base: seen 1, sampled 1, passed 0, failed 1, errored 0, skipped 0; pass 0 of 4
    ");
}

async fn the_oldest_jobs_are_leased_first(store: Store) {
    store.ingest(vec![sample("new", 9), sample("old", 1)]).await.unwrap();
    store.ingest(vec![sample("mid", 5), sample("later", 60)]).await.unwrap();
    let jobs = lease(&store, 2, 10).await;
    let ids: Vec<_> = jobs.iter().map(|job| job.sample.interaction.id.as_str()).collect();
    assert_eq!(ids, ["old", "mid"]);
    // What is to run later is not due.
    assert_eq!(lease_one(&store, 11).await.sample.interaction.id, id("new"));
}

async fn a_lease_that_ran_out_is_fenced(store: Store) {
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let first = lease_one(&store, 10).await;
    assert!(lease(&store, 1, 69).await.is_empty());
    let second = lease_one(&store, 70).await;
    assert_eq!((second.job, second.attempt), (first.job, 2));

    let error = "too late";
    assert_eq!(finish(&store, &[(&first, failed())], 71).await, [Finished::Stale]);
    let retried = store.retry(&first, error, at(80), at(71)).await.unwrap();
    assert_eq!(retried, Finished::Stale);
    assert_eq!(store.release(&first).await.unwrap(), Finished::Stale);
    let parked = store.park(&first, error, "e1", at(71)).await.unwrap();
    assert_eq!(parked, Finished::Stale);

    // Nobody else took the second lease, so it holds even after its time.
    assert_eq!(finish(&store, &[(&second, passed())], 500).await, [Finished::Recorded]);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z base: seen 1, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 4 of 4");
}

async fn a_job_is_finished_once(store: Store) {
    store.ingest(vec![sample("a", 0), sample("b", 0)]).await.unwrap();
    let jobs = lease(&store, 2, 10).await;
    let twice = [(&jobs[0], passed()), (&jobs[0], failed()), (&jobs[1], passed())];
    let answers = finish(&store, &twice, 11).await;
    assert_eq!(answers, [Finished::Recorded, Finished::Stale, Finished::Recorded]);
    assert_eq!(finish(&store, &twice, 12).await, [Finished::Stale; 3]);
    assert_eq!(store.release(&jobs[0]).await.unwrap(), Finished::Stale);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z base: seen 2, sampled 2, passed 2, failed 0, errored 0, skipped 0; pass 8 of 8");
}

async fn a_job_that_was_given_back_waits(store: Store) {
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let first = lease_one(&store, 10).await;
    let answer = store.retry(&first, "no answer", at(30), at(20)).await.unwrap();
    assert_eq!(answer, Finished::Recorded);
    assert!(lease(&store, 1, 29).await.is_empty());
    assert_eq!(store.backlog().await.unwrap().waiting, 1);
    let second = lease_one(&store, 30).await;
    assert_eq!((second.attempt, second.first_failed_at), (2, Some(at(20))));
    store.retry(&second, "no answer", at(40), at(35)).await.unwrap();
    let third = lease_one(&store, 40).await;
    assert_eq!((third.attempt, third.first_failed_at), (3, Some(at(20))));
    // A token of before counts no more, even though no time ran out.
    assert_eq!(finish(&store, &[(&second, passed())], 41).await, [Finished::Stale]);
}

async fn a_released_job_has_used_no_attempt(store: Store) {
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let first = lease_one(&store, 10).await;
    assert_eq!(store.release(&first).await.unwrap(), Finished::Recorded);
    assert_eq!(store.release(&first).await.unwrap(), Finished::Stale);
    let second = lease_one(&store, 10).await;
    assert_eq!((second.attempt, second.first_failed_at), (1, None));
    assert_ne!(second.token, first.token);
}

async fn a_parked_job_is_an_errored_sample_until_it_is_taken_up(store: Store) {
    store.ingest(vec![sample("a", 0), sample("b", 0), sample("c", 0)]).await.unwrap();
    let jobs = lease(&store, 2, 10).await;
    for job in &jobs {
        let answer = store.park(job, "the judge refuses", "e1", at(11)).await.unwrap();
        assert_eq!(answer, Finished::Recorded);
    }
    let backlog = Backlog { waiting: 1, parked: 2, oldest_received_at: Some(at(0)) };
    assert_eq!(store.backlog().await.unwrap(), backlog);
    let stored = store.interaction(PROJECT, &id("a")).await.unwrap();
    let outcome = stored.evaluation.map(|evaluation| evaluation.outcome);
    assert_eq!(outcome, Some(Outcome::Errored("the judge refuses".to_owned())));
    let parked = shown_windows(&store).await;
    assert_eq!(lease_one(&store, 1_000).await.sample.interaction.id, id("c"));

    assert_eq!(store.retry_parked("another", at(20)).await.unwrap(), 0);
    assert_eq!(store.retry_parked(PROJECT, at(20)).await.unwrap(), 2);
    assert_eq!(store.retry_parked(PROJECT, at(20)).await.unwrap(), 0);
    assert!(store.interaction(PROJECT, &id("a")).await.unwrap().evaluation.is_none());
    let waiting = shown_windows(&store).await;
    let jobs = lease(&store, 10, 1_001).await;
    assert_eq!(jobs.iter().map(|job| job.attempt).collect::<Vec<_>>(), [1, 1]);
    finish(&store, &[(&jobs[0], passed()), (&jobs[1], failed())], 1_002).await;
    let finished = shown_windows(&store).await;
    insta::assert_snapshot!([parked, waiting, finished].join("\n"), @r"
    2026-11-25T12:00:00Z base: seen 3, sampled 3, passed 0, failed 0, errored 2, skipped 0; pass 0 of 0
    2026-11-25T12:00:00Z base: seen 3, sampled 3, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0
    2026-11-25T12:00:00Z base: seen 3, sampled 3, passed 1, failed 1, errored 0, skipped 0; pass 4 of 8
    ");
}

async fn every_outcome_is_read_back_as_it_was(store: Store) {
    let outcomes = [
        Outcome::Passed,
        failed().outcome,
        Outcome::Failed(Vec::new()),
        Outcome::Errored("the judge is \"down\"".to_owned()),
        Outcome::Skipped(String::new()),
    ];
    for (number, outcome) in outcomes.into_iter().enumerate() {
        let name = format!("i{number}");
        store.ingest(vec![sample(&name, 0)]).await.unwrap();
        let job = lease_one(&store, 10).await;
        finish(&store, &[(&job, evaluation(outcome.clone(), 0.1 + 0.2))], 11).await;
        let stored = store.interaction(PROJECT, &id(&name)).await.unwrap().evaluation.unwrap();
        assert_eq!(stored.scores, evaluation(outcome.clone(), 0.1 + 0.2).scores);
        assert_eq!(stored.outcome, outcome);
    }
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z base: seen 5, sampled 5, passed 1, failed 2, errored 1, skipped 1; pass 4 of 12");
}

async fn concurrent_workers_share_the_jobs(store: Store) {
    let names = (0..200).map(|number| format!("i{number}"));
    store.ingest(names.map(|name| sample(&name, 0)).collect()).await.unwrap();
    let workers = (0..4).map(|_| async {
        let mut count = 0;
        loop {
            let jobs = lease(&store, 7, 10).await;
            if jobs.is_empty() {
                return count;
            }
            let evaluated: Vec<_> = jobs.iter().map(|job| (job, passed())).collect();
            let answers = finish(&store, &evaluated, 11).await;
            assert!(answers.iter().all(|answer| *answer == Finished::Recorded));
            count += answers.len();
        }
    });
    let counts = futures::future::join_all(workers).await;
    assert_eq!(counts.iter().sum::<usize>(), 200);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z base: seen 200, sampled 200, passed 200, failed 0, errored 0, skipped 0; pass 800 of 800");
}
