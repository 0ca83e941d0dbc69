//! Windows of a store that was filled before windows had details and days.

use evalward_core::{Rate, Score, Thumb};
use evalward_store::{
    Evaluation, NewFeedback, NewInteraction, Resolution, SecondPhase, Store, Window,
};

use crate::support::{
    PROJECT, WITHOUT_DETAILS, WITHOUT_SCORES, at, counted, day_of, finish, id, lease, lease_one,
    on_both_urls, open, passed, sample, tamper, windows,
};

on_both_urls!(what_is_older_than_details_is_told_apart_and_taken_back);

/// An evaluation whose one metric has a verdict.
fn judged() -> Evaluation {
    let mut evaluation = passed();
    evaluation.scores = [("rules".to_owned(), Score::yes_or_no(true).into())].into();
    evaluation
}

fn shown(window: &Window) -> String {
    let rules = window.metrics.get("rules").copied().unwrap_or_default();
    format!(
        "{} {}: seen {}, passed {}; rules {} of weight {}, of which {} detailed and {} passed of weight {}",
        window.key.start,
        window.key.stratum,
        window.seen,
        window.passed,
        rules.scores.n,
        rules.scores.w,
        rules.detailed,
        rules.passed,
        rules.pass.w,
    )
}

async fn days(store: &Store) -> String {
    let days = windows(store, Resolution::Day).await;
    days.iter().map(shown).collect::<Vec<_>>().join("\n")
}

async fn kept(store: &Store) -> u64 {
    let values = store.window_values(&day_of(Resolution::Day)).await.unwrap();
    values.values().flat_map(|metrics| metrics.values()).flatten().map(|value| value.n).sum()
}

async fn evaluate_one(store: &Store, seconds: i64) {
    let job = lease_one(store, seconds).await;
    finish(store, &[(&job, judged())], seconds).await;
}

async fn what_is_older_than_details_is_told_apart_and_taken_back(url: String) {
    let store = open(&url).await;
    let later = NewInteraction { received_at: at(7_200), ..counted("c", 7_200) };
    store.ingest(vec![sample("a", 0), sample("b", 0), later]).await.unwrap();
    let jobs = lease(&store, 2, 10).await;
    finish(&store, &[(&jobs[0], judged()), (&jobs[1], judged())], 11).await;
    store.close().await.unwrap();
    tamper(&url, WITHOUT_SCORES, WITHOUT_SCORES).await;
    tamper(&url, WITHOUT_DETAILS, WITHOUT_DETAILS).await;

    // The hours add up to the day, and the verdicts of old scores are not known.
    let store = open(&url).await;
    insta::assert_snapshot!(days(&store).await, @"2026-11-25T00:00:00Z base: seen 3, passed 2; rules 2 of weight 8, of which 0 detailed and 0 passed of weight 0");
    assert_eq!(kept(&store).await, 0);
    store.ingest(vec![sample("d", 20)]).await.unwrap();
    evaluate_one(&store, 30).await;
    insta::assert_snapshot!(days(&store).await, @"2026-11-25T00:00:00Z base: seen 4, passed 3; rules 3 of weight 12, of which 1 detailed and 1 passed of weight 4");
    assert_eq!(kept(&store).await, 1);

    // An old one moves to another stratum as it is, and is counted with its details once it is evaluated again.
    let phase = SecondPhase {
        stratum: "negative_feedback".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    let feedback = NewFeedback {
        project: PROJECT.to_owned(),
        interaction: id("a"),
        thumb: Thumb::Down,
        comment: None,
        received_at: at(40),
        second_phase: Some(phase),
    };
    store.add_feedback(feedback).await.unwrap();
    insta::assert_snapshot!(days(&store).await, @"
    2026-11-25T00:00:00Z base: seen 3, passed 2; rules 2 of weight 8, of which 1 detailed and 1 passed of weight 4
    2026-11-25T00:00:00Z negative_feedback: seen 1, passed 1; rules 1 of weight 1, of which 0 detailed and 0 passed of weight 0
    ");
    evaluate_one(&store, 50).await;
    insta::assert_snapshot!(days(&store).await, @"
    2026-11-25T00:00:00Z base: seen 3, passed 2; rules 2 of weight 8, of which 1 detailed and 1 passed of weight 4
    2026-11-25T00:00:00Z negative_feedback: seen 1, passed 1; rules 1 of weight 1, of which 1 detailed and 1 passed of weight 1
    ");
    assert_eq!(kept(&store).await, 2);
}
