//! Reviews of candidates.

use evalward_core::{Example, Partition};
use evalward_store::{
    Candidate, CandidateEdit, CandidateReview, CandidateState, Evaluation, NewCandidate,
    NewFailure, Store, StoreError,
};

use crate::support::{PROJECT, at, failed, finish, lease_one, on_both_engines, sample};

on_both_engines!(
    a_review_changes_a_candidate,
    a_review_of_an_older_revision_is_refused,
    a_promoted_candidate_is_not_reviewed,
    one_of_two_reviews_at_the_same_time_wins,
);

/// Makes a candidate by a failure.
async fn candidate(store: &Store) -> Candidate {
    let candidate = NewCandidate {
        id: "c1".to_owned(),
        example: Example::new("promise", Partition::Regression).with_input("question", "When?"),
        warnings: Vec::new(),
    };
    let failure = NewFailure {
        pattern: "p1".to_owned(),
        metric: "rules".to_owned(),
        rule: None,
        title: "found a promise".to_owned(),
        message: "found `guaranteed`".to_owned(),
        candidate: Some(candidate),
    };
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    let job = lease_one(store, 1).await;
    finish(store, &[(&job, Evaluation { failures: vec![failure], ..failed() })], 2).await;
    store.candidate(PROJECT, "c1").await.unwrap()
}

fn edit(of: &Candidate, reviewer: &str, state: CandidateState) -> CandidateEdit {
    let mut example = of.example.clone();
    example.expected_output = Some(format!("as {reviewer} says"));
    let review = CandidateReview {
        reviewer: reviewer.to_owned(),
        at: at(60),
        approves: state == CandidateState::Approved,
        note: "clear".to_owned(),
        content: "hash".to_owned(),
    };
    CandidateEdit { revision: of.revision, example, state, review }
}

async fn a_review_changes_a_candidate(store: Store) {
    let first = candidate(&store).await;
    let change = edit(&first, "ada", CandidateState::Waiting);
    let second = store.review_candidate(PROJECT, "c1", change.clone()).await.unwrap();
    assert_eq!((second.revision, second.state), (2, CandidateState::Waiting));
    assert_eq!(second.example, change.example);
    let approval = edit(&second, "ben", CandidateState::Approved);
    let third = store.review_candidate(PROJECT, "c1", approval.clone()).await.unwrap();
    assert_eq!(third.reviews, [change.review, approval.review]);
    assert_eq!(store.candidate(PROJECT, "c1").await.unwrap(), third);
    let approved = store.candidates(PROJECT, Some(CandidateState::Approved)).await.unwrap();
    assert_eq!(approved, [third]);
    let waiting = store.candidates(PROJECT, Some(CandidateState::Waiting)).await.unwrap();
    assert!(waiting.is_empty());
    let missing = store.candidate("another", "c1").await.unwrap_err();
    assert_eq!(missing.to_string(), "find candidate `c1`");
}

async fn a_review_of_an_older_revision_is_refused(store: Store) {
    let first = candidate(&store).await;
    let change = edit(&first, "ada", CandidateState::Approved);
    let second = store.review_candidate(PROJECT, "c1", change).await.unwrap();
    let late = edit(&first, "ben", CandidateState::Rejected);
    let error = store.review_candidate(PROJECT, "c1", late).await.unwrap_err();
    insta::assert_snapshot!(error, @"review a candidate: candidate `c1` was changed since revision 1, it has revision 2 now; look at it again");
    assert_eq!(store.candidate(PROJECT, "c1").await.unwrap(), second);
}

async fn a_promoted_candidate_is_not_reviewed(store: Store) {
    let first = candidate(&store).await;
    let change = edit(&first, "ada", CandidateState::Approved);
    store.review_candidate(PROJECT, "c1", change).await.unwrap();
    store.cover(PROJECT, "c1", "promise-01", at(100)).await.unwrap();
    let promoted = store.candidate(PROJECT, "c1").await.unwrap();
    assert_eq!((promoted.state, promoted.revision), (CandidateState::Promoted, 3));
    let late = edit(&promoted, "ben", CandidateState::Rejected);
    let error = store.review_candidate(PROJECT, "c1", late).await.unwrap_err();
    assert_eq!(error.to_string(), "review a candidate: candidate `c1` is promoted already");
}

async fn one_of_two_reviews_at_the_same_time_wins(store: Store) {
    let first = candidate(&store).await;
    let reviews = ["ada", "ben", "cyd", "dan"].map(|reviewer| {
        store.review_candidate(PROJECT, "c1", edit(&first, reviewer, CandidateState::Approved))
    });
    let answers = futures::future::join_all(reviews).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(won, 1);
    assert!(
        answers.iter().all(|answer| matches!(answer, Ok(_) | Err(StoreError::Conflict { .. })))
    );
    assert_eq!(store.candidate(PROJECT, "c1").await.unwrap().reviews.len(), 1);
}
