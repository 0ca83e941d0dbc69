//! Thumbs: before and after their interaction, and the second phase of sampling.

use evalward_core::{Rate, Thumb};
use evalward_store::{
    FeedbackTaken, Finished, Ingested, NewFeedback, NewInteraction, Resolution, SecondPhase, Store,
};

use crate::support::{
    PROJECT, at, counted, failed, finish, id, lease, lease_one, on_both_engines, passed, rate,
    sample, shown_windows, windows,
};

on_both_engines!(
    a_thumb_is_stored_once,
    a_thumb_up_leaves_everything_where_it_is,
    a_thumb_down_makes_a_sample,
    a_thumb_down_moves_an_evaluation_and_has_it_repeated,
    a_thumb_before_its_interaction_waits,
    a_thumb_during_an_evaluation_outdates_it,
    a_thumb_takes_up_a_parked_job,
    a_second_phase_without_weight_is_refused,
    what_moves_leaves_no_dust,
);

fn thumb(name: &str, thumb: Thumb) -> NewFeedback {
    let second_phase = SecondPhase {
        stratum: "negative_feedback".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    NewFeedback {
        project: PROJECT.to_owned(),
        interaction: id(name),
        thumb,
        comment: Some("wrong price".to_owned()),
        received_at: at(30),
        second_phase: (thumb == Thumb::Down).then_some(second_phase),
    }
}

async fn give(store: &Store, name: &str, which: Thumb) -> FeedbackTaken {
    store.add_feedback(thumb(name, which)).await.unwrap()
}

async fn a_thumb_is_stored_once(store: Store) {
    store.ingest(vec![counted("a", 0)]).await.unwrap();
    assert_eq!(give(&store, "a", Thumb::Down).await, FeedbackTaken::Recorded);
    assert_eq!(give(&store, "a", Thumb::Down).await, FeedbackTaken::Repeated);
    assert_eq!(give(&store, "a", Thumb::Up).await, FeedbackTaken::Recorded);
    assert_eq!(give(&store, "missing", Thumb::Up).await, FeedbackTaken::Waiting);
    assert_eq!(give(&store, "missing", Thumb::Up).await, FeedbackTaken::Repeated);
    let thumbs = store.interaction(PROJECT, &id("a")).await.unwrap().thumbs;
    assert_eq!(thumbs, [Thumb::Down, Thumb::Up]);
}

async fn a_thumb_up_leaves_everything_where_it_is(store: Store) {
    store.ingest(vec![counted("a", 0), sample("b", 0)]).await.unwrap();
    let before = shown_windows(&store).await;
    give(&store, "a", Thumb::Up).await;
    give(&store, "b", Thumb::Up).await;
    assert_eq!(shown_windows(&store).await, before);
    let job = lease_one(&store, 40).await;
    assert_eq!((job.sample.interaction.id, job.sample.is_disliked), (id("b"), false));
}

async fn a_thumb_down_makes_a_sample(store: Store) {
    store.ingest(vec![counted("a", 0), counted("b", 0)]).await.unwrap();
    give(&store, "a", Thumb::Down).await;
    let job = lease_one(&store, 40).await;
    assert!(job.sample.is_disliked);
    assert_eq!(job.sample.stratum, "negative_feedback");
    assert_eq!(job.sample.probability, Rate::ONE);
    finish(&store, &[(&job, passed())], 41).await;
    insta::assert_snapshot!(shown_windows(&store).await, @r"
    2026-11-25T12:00:00Z base: seen 1, sampled 0, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0
    2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 1 of 1
    ");
}

async fn a_thumb_down_moves_an_evaluation_and_has_it_repeated(store: Store) {
    store.ingest(vec![sample("a", 0), sample("b", 0)]).await.unwrap();
    let jobs = lease(&store, 2, 10).await;
    finish(&store, &[(&jobs[0], passed()), (&jobs[1], passed())], 11).await;
    give(&store, "a", Thumb::Down).await;
    let moved = shown_windows(&store).await;
    let stored = store.interaction(PROJECT, &id("a")).await.unwrap();
    assert!(stored.evaluation.is_some());

    let job = lease_one(&store, 40).await;
    assert_eq!((job.attempt, job.sample.is_disliked), (1, true));
    assert_ne!(job.job, jobs[0].job);
    finish(&store, &[(&job, failed())], 41).await;
    insta::assert_snapshot!([moved, shown_windows(&store).await].join("\n"), @r"
    2026-11-25T12:00:00Z base: seen 1, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 4 of 4
    2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 1 of 1
    2026-11-25T12:00:00Z base: seen 1, sampled 1, passed 1, failed 0, errored 0, skipped 0; pass 4 of 4
    2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 0, failed 1, errored 0, skipped 0; pass 0 of 1
    ");
}

async fn a_thumb_before_its_interaction_waits(store: Store) {
    assert_eq!(give(&store, "a", Thumb::Up).await, FeedbackTaken::Waiting);
    assert_eq!(give(&store, "b", Thumb::Down).await, FeedbackTaken::Waiting);
    let answers = store.ingest(vec![counted("a", 0), counted("b", 0), counted("c", 0)]).await;
    let expected = [Ingested::Counted, Ingested::Sampled, Ingested::Counted];
    assert_eq!(answers.unwrap(), expected);
    let stored = store.interaction(PROJECT, &id("b")).await.unwrap();
    assert_eq!((stored.is_sampled, stored.thumbs), (true, vec![Thumb::Down]));
    let stored = store.interaction(PROJECT, &id("a")).await.unwrap();
    assert_eq!((stored.is_sampled, stored.thumbs), (false, vec![Thumb::Up]));
    assert!(lease_one(&store, 40).await.sample.is_disliked);
    // It was joined once; another delivery of the interaction does nothing.
    let again = store.ingest(vec![counted("b", 0)]).await.unwrap();
    assert_eq!(again, [Ingested::Duplicate]);
    insta::assert_snapshot!(shown_windows(&store).await, @r"
    2026-11-25T12:00:00Z base: seen 2, sampled 0, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0
    2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0
    ");
}

async fn a_thumb_during_an_evaluation_outdates_it(store: Store) {
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let before = lease_one(&store, 10).await;
    give(&store, "a", Thumb::Down).await;
    assert_eq!(finish(&store, &[(&before, passed())], 31).await, [Finished::Stale]);
    let after = lease_one(&store, 32).await;
    assert_eq!((after.attempt, after.sample.is_disliked), (1, true));
    assert_eq!(finish(&store, &[(&after, failed())], 33).await, [Finished::Recorded]);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 0, failed 1, errored 0, skipped 0; pass 0 of 1");
}

async fn a_thumb_takes_up_a_parked_job(store: Store) {
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let job = lease_one(&store, 10).await;
    store.park(&job, "the judge refuses", "e1", at(11)).await.unwrap();
    give(&store, "a", Thumb::Down).await;
    assert!(store.interaction(PROJECT, &id("a")).await.unwrap().evaluation.is_none());
    assert_eq!(store.backlog().await.unwrap().parked, 0);
    assert_eq!(lease_one(&store, 40).await.attempt, 1);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z negative_feedback: seen 1, sampled 1, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0");
}

async fn a_second_phase_without_weight_is_refused(store: Store) {
    store.ingest(vec![counted("a", 0)]).await.unwrap();
    let mut feedback = thumb("a", Thumb::Down);
    feedback.second_phase.as_mut().unwrap().probability = Rate::ZERO;
    let error = store.add_feedback(feedback).await.unwrap_err();
    let expected = "store feedback: stratum `negative_feedback` has probability 0";
    assert_eq!(error.to_string(), expected);
    assert!(store.interaction(PROJECT, &id("a")).await.unwrap().thumbs.is_empty());
}

async fn what_moves_leaves_no_dust(store: Store) {
    let names = ["a", "b", "c", "d"];
    // The sum of three weights of 1 / 0.03, less each of them, is not 0 in floating point.
    let thin = |name: &&str| NewInteraction { probability: rate(0.03), ..sample(name, 0) };
    store.ingest(names.iter().map(thin).collect()).await.unwrap();
    for (job, evaluation) in
        lease(&store, 4, 10).await.iter().zip([passed(), passed(), passed(), failed()])
    {
        finish(&store, &[(job, evaluation)], 11).await;
    }
    for name in ["a", "b", "c"] {
        give(&store, name, Thumb::Down).await;
    }
    for resolution in Resolution::ALL {
        let left = windows(&store, resolution).await.remove(0);
        assert_eq!((left.key.stratum.as_str(), left.passed, left.failed), ("base", 0, 1));
        assert_eq!((left.pass.wy, left.pass.vy, left.pass.vyy), (0.0, 0.0, 0.0));
    }
}
