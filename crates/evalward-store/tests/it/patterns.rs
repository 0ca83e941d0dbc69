//! Failures, patterns, covering and recurrence.

use evalward_core::{Example, Partition, Rate, Thumb};
use evalward_store::{
    CandidateEdit, CandidateReview, CandidateState, Evaluation, NewCandidate, NewFailure,
    NewFeedback, NewInteraction, Pattern, PatternState, SecondPhase, Store, StoreError,
};

use crate::support::{
    PROJECT, at, counted, failed, finish, id, lease_one, on_both_engines, passed, sample,
};

on_both_engines!(
    failures_gather_in_their_patterns,
    a_repeated_evaluation_replaces_its_failures,
    a_pattern_has_one_candidate,
    a_covered_pattern_recurs_in_a_later_version_only,
    only_an_approved_candidate_covers_its_pattern,
    a_parked_sample_has_no_failures,
    an_input_too_deep_to_be_read_back_is_no_candidate,
);

fn failure(pattern: &str) -> NewFailure {
    NewFailure {
        pattern: pattern.to_owned(),
        metric: "rules".to_owned(),
        rule: Some("no_promises".to_owned()),
        title: format!("{pattern}: found a promise"),
        message: "no_promises: found `guaranteed`".to_owned(),
        candidate: Some(NewCandidate {
            id: format!("c-{pattern}"),
            example: Example::new("promise", Partition::Regression)
                .with_input("question", "Will it come?"),
            warnings: vec!["has a name".to_owned()],
        }),
    }
}

/// Takes an interaction in, and evaluates it with a failure of each pattern.
async fn fails(store: &Store, name: &str, seconds: i64, version: Option<&str>, patterns: &[&str]) {
    let mut new: NewInteraction = sample(name, seconds);
    new.interaction.version = version.map(str::to_owned);
    store.ingest(vec![new]).await.unwrap();
    evaluate(store, seconds, patterns).await;
}

async fn evaluate(store: &Store, seconds: i64, patterns: &[&str]) {
    let job = lease_one(store, seconds).await;
    let failures = patterns.iter().map(|pattern| failure(pattern)).collect();
    let evaluation = if patterns.is_empty() { passed() } else { failed() };
    finish(store, &[(&job, Evaluation { failures, ..evaluation })], seconds).await;
}

async fn dislike(store: &Store, name: &str, seconds: i64) {
    let second_phase = SecondPhase {
        stratum: "negative_feedback".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    let feedback = NewFeedback {
        project: PROJECT.to_owned(),
        interaction: id(name),
        thumb: Thumb::Down,
        comment: None,
        received_at: at(seconds),
        second_phase: Some(second_phase),
    };
    store.add_feedback(feedback).await.unwrap();
}

async fn approve(store: &Store, candidate: &str) {
    let found = store.candidate(PROJECT, candidate).await.unwrap();
    let review = CandidateReview {
        reviewer: "ada".to_owned(),
        at: at(1),
        approves: true,
        note: String::new(),
        content: "hash".to_owned(),
    };
    let edit = CandidateEdit {
        revision: found.revision,
        example: found.example,
        state: CandidateState::Approved,
        review,
    };
    store.review_candidate(PROJECT, candidate, edit).await.unwrap();
}

async fn pattern(store: &Store, id: &str) -> Pattern {
    store.pattern(PROJECT, id).await.unwrap()
}

async fn failures_gather_in_their_patterns(store: Store) {
    fails(&store, "a", 0, Some("1.0"), &["p1", "p2", "p1"]).await;
    fails(&store, "b", 20, Some("0.9"), &["p2"]).await;
    fails(&store, "c", 10, None, &["p2"]).await;
    let patterns = store.patterns(PROJECT, None).await.unwrap();
    let sizes: Vec<_> = patterns.iter().map(|found| (found.id.as_str(), found.size)).collect();
    assert_eq!(sizes, [("p2", 3), ("p1", 1)]);
    assert!(store.patterns("another", None).await.unwrap().is_empty());
    let covered = store.patterns(PROJECT, Some(PatternState::Covered)).await.unwrap();
    assert!(covered.is_empty());

    let largest = pattern(&store, "p2").await;
    assert_eq!(largest, patterns[0]);
    assert_eq!((largest.first_at, largest.last_at), (at(0), at(20)));
    assert_eq!(largest.versions, ["1.0", "0.9"]);
    assert_eq!(largest.representatives, [id("b"), id("c"), id("a")]);
    assert_eq!(largest.rule.as_deref(), Some("no_promises"));
    assert_eq!(largest.title, "p2: found a promise");
    let missing = store.pattern(PROJECT, "p3").await.unwrap_err();
    assert_eq!(missing.to_string(), "find pattern `p3`");
}

async fn a_repeated_evaluation_replaces_its_failures(store: Store) {
    fails(&store, "a", 0, Some("1.0"), &["p1", "p2"]).await;
    fails(&store, "b", 1, Some("1.0"), &["p1"]).await;
    dislike(&store, "a", 2).await;
    evaluate(&store, 3, &["p1", "p3"]).await;
    let mut sizes = Vec::new();
    for id in ["p1", "p2", "p3"] {
        let found = pattern(&store, id).await;
        sizes.push((found.size, found.representatives.len()));
    }
    assert_eq!(sizes, [(2, 2), (0, 0), (1, 1)]);
}

async fn a_pattern_has_one_candidate(store: Store) {
    fails(&store, "a", 0, Some("1.0"), &["p1"]).await;
    fails(&store, "b", 1, Some("1.0"), &["p1"]).await;
    let candidates = store.candidates(PROJECT, None).await.unwrap();
    assert_eq!(candidates.len(), 1);
    let candidate = &candidates[0];
    assert_eq!((candidate.pattern.as_str(), &candidate.interaction), ("p1", &id("a")));
    assert_eq!((candidate.state, candidate.revision), (CandidateState::Waiting, 1));
    assert_eq!(Some(&candidate.example), failure("p1").candidate.map(|new| new.example).as_ref());
    assert_eq!(candidate.warnings, ["has a name"]);
    assert_eq!(pattern(&store, "p1").await.candidate.as_deref(), Some("c-p1"));
}

async fn a_covered_pattern_recurs_in_a_later_version_only(store: Store) {
    let mut sound = counted("sound", 0);
    sound.interaction.version = Some("0.9".to_owned());
    store.ingest(vec![sound]).await.unwrap();
    fails(&store, "a", 0, Some("1.0"), &["p1"]).await;
    approve(&store, "c-p1").await;
    let covered = store.cover(PROJECT, "c-p1", "promise-01", at(100)).await.unwrap();
    assert_eq!(covered.state, PatternState::Covered);
    assert_eq!(covered.covered_by.as_deref(), Some("promise-01"));
    assert_eq!(covered.covered_at, Some(at(100)));

    // The version that failed before, one that came in before, one that was in use before and not seen to fail, and one
    // without a name.
    fails(&store, "z", 100, Some("0.9"), &["p1"]).await;
    fails(&store, "b", 101, Some("1.0"), &["p1"]).await;
    fails(&store, "c", 99, Some("1.1"), &["p1"]).await;
    fails(&store, "d", 102, Some("1.1"), &["p1"]).await;
    fails(&store, "e", 103, None, &["p1"]).await;
    assert_eq!(pattern(&store, "p1").await.state, PatternState::Covered);
    assert!(store.open_alerts().await.unwrap().is_empty());

    fails(&store, "f", 104, Some("2.0"), &["p1", "p2"]).await;
    fails(&store, "g", 105, Some("2.0"), &["p1"]).await;
    fails(&store, "h", 106, Some("3.0"), &["p1"]).await;
    let recurred = pattern(&store, "p1").await;
    assert_eq!(recurred.state, PatternState::Recurred);
    assert_eq!(recurred.recurred_in.as_deref(), Some("2.0"));
    assert_eq!(recurred.covered_by.as_deref(), Some("promise-01"));
    assert_eq!(recurred.versions, ["1.0", "1.1", "0.9", "2.0", "3.0"]);
    let alerts = store.open_alerts().await.unwrap();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0].signal.title, "p1 is back in 2.0");
    assert_eq!((alerts[0].count, alerts[0].first_at, alerts[0].last_at), (3, at(104), at(106)));

    // Telling again what was told before brings nothing back.
    let again = store.cover(PROJECT, "c-p1", "promise-01", at(500)).await.unwrap();
    assert_eq!(again, recurred);
    let promoted = store.candidates(PROJECT, Some(CandidateState::Promoted)).await.unwrap();
    assert_eq!(promoted[0].promoted_as.as_deref(), Some("promise-01"));
}

async fn only_an_approved_candidate_covers_its_pattern(store: Store) {
    fails(&store, "a", 0, Some("1.0"), &["p1"]).await;
    let waiting = store.cover(PROJECT, "c-p1", "promise-01", at(1)).await.unwrap_err();
    let expected = "cover a pattern: candidate `c-p1` is waiting, not approved";
    assert_eq!(waiting.to_string(), expected);
    let missing = store.cover(PROJECT, "c-p9", "promise-01", at(1)).await.unwrap_err();
    assert!(matches!(missing, StoreError::NotFound { what: "candidate", .. }));
    assert_eq!(pattern(&store, "p1").await.state, PatternState::Open);

    approve(&store, "c-p1").await;
    store.cover(PROJECT, "c-p1", "promise-01", at(2)).await.unwrap();
    let other = store.cover(PROJECT, "c-p1", "promise-02", at(3)).await.unwrap_err();
    let expected = "cover a pattern: candidate `c-p1` was promoted as `promise-01`";
    assert_eq!(other.to_string(), expected);
}

async fn a_parked_sample_has_no_failures(store: Store) {
    fails(&store, "a", 0, None, &["p1"]).await;
    dislike(&store, "a", 10).await;
    let job = lease_one(&store, 20).await;
    store.park(&job, "the judge refuses", "e1", at(21)).await.unwrap();
    let pattern = store.pattern(PROJECT, "p1").await.unwrap();
    assert_eq!((pattern.size, pattern.representatives), (0, Vec::new()));

    // Its next evaluation may find the same again.
    assert_eq!(store.retry_parked(PROJECT, at(22)).await.unwrap(), 1);
    evaluate(&store, 30, &["p1"]).await;
    assert_eq!(store.pattern(PROJECT, "p1").await.unwrap().size, 1);
}

async fn an_input_too_deep_to_be_read_back_is_no_candidate(store: Store) {
    // As deep as a request may be, which is too deep inside of something else.
    let mut input = serde_json::Value::Null;
    for _ in 0..125 {
        input = vec![input].into();
    }
    let mut deep = failure("p1");
    let example = Example::new("deep", Partition::Regression).with_input("form", input);
    deep.candidate = deep.candidate.map(|candidate| NewCandidate { example, ..candidate });
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let job = lease_one(&store, 1).await;
    finish(&store, &[(&job, Evaluation { failures: vec![deep], ..failed() })], 1).await;
    assert!(store.candidates(PROJECT, None).await.unwrap().is_empty());

    // Another failure of the pattern may propose one.
    fails(&store, "b", 2, None, &["p1"]).await;
    let candidates = store.candidates(PROJECT, None).await.unwrap();
    assert_eq!((candidates.len(), candidates[0].interaction.clone()), (1, id("b")));
}
