//! Taking interactions in.

use std::num::NonZeroU32;

use evalward_core::Rate;
use evalward_store::{Ingested, NewInteraction, Resolution, Store, StoreError, StoreOptions};

use crate::support::{
    PROJECT, at, counted, id, on_both_engines, on_both_urls, open, sample, shown_windows,
    sqlite_url, tamper, windows,
};

on_both_engines!(
    repeated_interactions_change_nothing,
    one_id_may_occur_in_two_projects,
    many_batches_are_answered_each_for_itself,
    samples_of_probability_zero_are_refused,
    what_was_handed_over_is_written_before_closing,
    long_and_odd_texts_are_stored,
);

on_both_urls!(a_batch_that_cannot_be_stored_takes_no_other_down);

async fn repeated_interactions_change_nothing(store: Store) {
    let first = sample("a", 0);
    let other = NewInteraction { segment: "elsewhere".to_owned(), ..sample("a", 120) };
    let batch = vec![first.clone(), other.clone(), counted("b", 0)];
    let answers = store.ingest(batch).await.unwrap();
    assert_eq!(answers, [Ingested::Sampled, Ingested::Duplicate, Ingested::Counted]);
    let answers = store.ingest(vec![other, counted("c", 0)]).await.unwrap();
    assert_eq!(answers, [Ingested::Duplicate, Ingested::Counted]);

    let stored = store.interaction(PROJECT, &id("a")).await.unwrap();
    assert_eq!(stored.interaction, first.interaction);
    assert_eq!((stored.received_at, stored.segment.as_str()), (at(0), "hour=12"));
    assert!(stored.is_sampled && stored.evaluation.is_none() && stored.thumbs.is_empty());
    assert_eq!(store.backlog().await.unwrap().waiting, 1);
    insta::assert_snapshot!(shown_windows(&store).await, @"2026-11-25T12:00:00Z base: seen 3, sampled 1, passed 0, failed 0, errored 0, skipped 0; pass 0 of 0");
}

async fn one_id_may_occur_in_two_projects(store: Store) {
    let other = NewInteraction { project: "sales".to_owned(), ..counted("a", 0) };
    let answers = store.ingest(vec![sample("a", 0), other]).await.unwrap();
    assert_eq!(answers, [Ingested::Sampled, Ingested::Counted]);
    assert_eq!(store.projects().await.unwrap(), ["sales", PROJECT]);
    assert!(!store.interaction("sales", &id("a")).await.unwrap().is_sampled);
    let missing = store.interaction("marketing", &id("a")).await.unwrap_err();
    assert_eq!(missing.to_string(), "find interaction `a`");
}

async fn many_batches_are_answered_each_for_itself(store: Store) {
    let batches = (0..40).map(|batch| {
        // Every batch repeats the last interaction of the one before it.
        let names = (batch * 10..=(batch + 1) * 10).map(|number| format!("i{number:03}"));
        store.ingest(names.map(|name| counted(&name, 0)).collect())
    });
    let answers = futures::future::join_all(batches).await;
    let new = answers
        .into_iter()
        .flat_map(Result::unwrap)
        .filter(|answer| *answer == Ingested::Counted)
        .count();
    assert_eq!(new, 401);
    assert_eq!(windows(&store, Resolution::Hour).await[0].seen, 401);
}

async fn a_batch_that_cannot_be_stored_takes_no_other_down(url: String) {
    let store = open(&url).await;
    tamper(
        &url,
        "CREATE TRIGGER refuse BEFORE INSERT ON interactions WHEN NEW.id = 'bad' \
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
        "ALTER TABLE interactions ADD CHECK (id <> 'bad')",
    )
    .await;
    let (first, bad, last) = tokio::join!(
        store.ingest(vec![sample("a", 0)]),
        store.ingest(vec![counted("b", 0), counted("bad", 0)]),
        store.ingest(vec![counted("c", 0)]),
    );
    assert_eq!((first.unwrap(), last.unwrap()), (vec![Ingested::Sampled], vec![Ingested::Counted]));
    assert_eq!(bad.unwrap_err().to_string(), "store a batch of interactions");
    // Nothing of the refused batch is there.
    assert!(store.interaction(PROJECT, &id("b")).await.is_err());
    assert_eq!(windows(&store, Resolution::Minute).await[0].seen, 2);
}

async fn samples_of_probability_zero_are_refused(store: Store) {
    let never = NewInteraction { probability: Rate::ZERO, ..sample("a", 0) };
    let error = store.ingest(vec![counted("b", 0), never]).await.unwrap_err();
    let expected = "store a batch of interactions: `a` is a sample, and its probability is 0";
    assert_eq!(error.to_string(), expected);
    assert!(windows(&store, Resolution::Minute).await.is_empty());
}

async fn what_was_handed_over_is_written_before_closing(store: Store) {
    let batches: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { store.ingest(vec![counted(&format!("i{number}"), 0)]).await })
        })
        .collect();
    tokio::task::yield_now().await;
    store.close().await.unwrap();
    for batch in batches {
        // A batch that came too late was refused as a whole; none is left without an answer.
        match batch.await.unwrap() {
            Ok(answers) => assert_eq!(answers, [Ingested::Counted]),
            Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
        }
    }
    let error = store.ingest(vec![counted("late", 0)]).await.unwrap_err();
    assert!(matches!(error, StoreError::Closed));
    assert!(matches!(store.backlog().await, Err(StoreError::Closed)));
    store.close().await.unwrap();
}

async fn long_and_odd_texts_are_stored(store: Store) {
    let odd = "segment\0 of \u{1f980} ".repeat(300);
    let mut new = NewInteraction { segment: odd, ..sample("a", 0) };
    new.interaction.version = Some("9\0.".repeat(2_000));
    new.interaction.attributes.insert("nul".to_owned(), "a\0b".into());
    assert_eq!(store.ingest(vec![new.clone()]).await.unwrap(), [Ingested::Sampled]);
    let stored = store.interaction(PROJECT, &id("a")).await.unwrap();
    assert_eq!(stored.interaction, new.interaction);
    assert!(stored.segment.starts_with("segment\u{fffd} of \u{1f980} segment"));
    assert_eq!(windows(&store, Resolution::Hour).await[0].key.segment, stored.segment);
}

#[tokio::test]
async fn a_full_queue_of_batches_is_told_at_once() {
    let (_folder, url) = sqlite_url();
    let options = StoreOptions { waiting_batches: NonZeroU32::MIN, ..StoreOptions::default() };
    let store = Store::open(&url, options).await.unwrap();
    let batches = (0..50).map(|number| store.ingest(vec![counted(&format!("i{number}"), 0)]));
    let answers = futures::future::join_all(batches).await;
    // The writer runs only when all have handed over or were refused.
    let refused = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Busy))).count();
    assert_eq!((refused, answers.iter().filter(|answer| answer.is_ok()).count()), (49, 1));
    assert_eq!(windows(&store, Resolution::Hour).await[0].seen, 1);
}
