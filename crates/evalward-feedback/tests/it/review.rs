//! Who may change what of a candidate, and when it is approved.

use evalward_core::{Partition, Rules};
use evalward_feedback::{ApproveBody, CandidateView, RejectBody, ReviewError, as_promoted};
use evalward_store::{Candidate, CandidateState};

use crate::support::{BAD, GOOD, approval, approved, candidate, excludes, rejected};

#[track_caller]
fn refused(result: Result<Candidate, ReviewError>) -> String {
    result.unwrap_err().to_string()
}

fn fresh() -> Candidate {
    candidate("How do I export my notes?", BAD)
}

fn by(reviewer: &str) -> ApproveBody {
    ApproveBody { reviewer: reviewer.to_owned(), ..ApproveBody::default() }
}

#[test]
fn one_reviewer_approves_a_regression_example() {
    let approved = approved(&fresh(), &approval("ann")).unwrap();
    assert_eq!(approved.state, CandidateState::Approved);
    assert_eq!(approved.example.expected_output.as_deref(), Some(GOOD));
    let failure = approved.example.failure.as_ref().unwrap();
    assert_eq!(failure.root_cause, "The prompt names other products.");
    assert_eq!(failure.observed_output.as_deref(), Some(BAD));
    assert_eq!(approved.reviews[0].content, approved.example.content_hash().to_string());
}

#[test]
fn an_approval_lacks_nothing() {
    let empty = |body: ApproveBody| refused(approved(&fresh(), &body));
    assert_eq!(empty(approval("  ")), "`reviewer` must not be empty");
    assert_eq!(
        empty(ApproveBody { root_cause: None, ..approval("ann") }),
        "`root_cause` must not be empty"
    );
    assert_eq!(
        empty(ApproveBody { root_cause: Some(" ".to_owned()), ..approval("ann") }),
        "`root_cause` must not be empty"
    );
    assert_eq!(
        empty(ApproveBody { expected_output: None, ..approval("ann") }),
        "`expected_output` is needed, or `checks` of the example's own"
    );
    assert_eq!(
        empty(ApproveBody { checks: Some(Rules::default()), ..approval("ann") }),
        "`checks` have no rule"
    );
    let broken = Rules { regex: Some("(".to_owned()), ..Rules::default() };
    assert!(
        empty(ApproveBody { checks: Some(broken), ..approval("ann") })
            .starts_with("`checks` cannot be used: ")
    );
    let only_checks = ApproveBody {
        expected_output: None,
        checks: Some(excludes("Flowmoor")),
        ..approval("ann")
    };
    assert_eq!(approved(&fresh(), &only_checks).unwrap().state, CandidateState::Approved);
}

#[test]
fn golden_needs_two_reviewers_of_one_content() {
    let golden = ApproveBody { partition: Some(Partition::Golden), ..approval("ann") };
    let once = approved(&fresh(), &golden).unwrap();
    assert_eq!(once.state, CandidateState::Waiting);
    assert!(once.example.id.as_str().starts_with("golden-"), "{}", once.example.id);
    // The same reviewer again is still one reviewer.
    assert_eq!(approved(&once, &by("ann")).unwrap().state, CandidateState::Waiting);
    let twice = approved(&once, &by("ben")).unwrap();
    assert_eq!(twice.state, CandidateState::Approved);
    // A correction outdates the first approval.
    let corrected =
        ApproveBody { expected_output: Some("Export writes Markdown.".to_owned()), ..by("ben") };
    let corrected = approved(&once, &corrected).unwrap();
    assert_eq!(corrected.state, CandidateState::Waiting);
    assert_eq!(approved(&corrected, &by("ann")).unwrap().state, CandidateState::Approved);
}

#[test]
fn only_regression_examples_keep_a_failure() {
    let golden = ApproveBody { partition: Some(Partition::Golden), ..approval("ann") };
    let golden = approved(&fresh(), &golden).unwrap();
    let promoted = as_promoted(&golden.example);
    assert_eq!(promoted.failure, None);
    assert_eq!(promoted.metadata["failure"]["observed_output"], BAD);
    assert_eq!(CandidateView::from(golden).approvals, 1);
}

#[test]
fn a_rejection_says_why_and_starts_over() {
    let reject = |note: &str| RejectBody {
        reviewer: "ben".to_owned(),
        note: note.to_owned(),
        revision: None,
    };
    assert_eq!(refused(rejected(&fresh(), &reject(""))), "`note` must not be empty");
    let golden = ApproveBody { partition: Some(Partition::Golden), ..approval("ann") };
    let once = approved(&fresh(), &golden).unwrap();
    let gone = rejected(&once, &reject("A question of taste.")).unwrap();
    assert_eq!(gone.state, CandidateState::Rejected);
    // What was agreed to before the rejection no longer counts.
    assert_eq!(approved(&gone, &by("ben")).unwrap().state, CandidateState::Waiting);
}

#[test]
fn personal_data_keeps_a_candidate_from_approval() {
    let private = "Write to jane@corp-mail.com.".to_owned();
    let refused_with = |body| refused(approved(&fresh(), &body));
    assert_eq!(
        refused_with(ApproveBody { expected_output: Some(private.clone()), ..approval("ann") }),
        "`expected_output` has personal data or secrets (email)"
    );
    assert_eq!(
        refused_with(ApproveBody { root_cause: Some(private.clone()), ..approval("ann") }),
        "`root_cause` has personal data or secrets (email)"
    );
    assert_eq!(
        refused_with(ApproveBody { note: Some(private.clone()), ..approval("ann") }),
        "`note` has personal data or secrets (email)"
    );
    // Its texts were left out when it was proposed.
    let without_texts = candidate(&private, BAD);
    let error = refused(approved(&without_texts, &approval("ann")));
    assert!(error.ends_with("has no texts: they were left out or never stored"), "{error}");
    // And if they were not, they would be found again.
    let mut leaked = fresh();
    leaked.example.input.insert("question".to_owned(), private.into());
    let error = refused(approved(&leaked, &approval("ann")));
    assert!(error.ends_with("still has personal data or secrets (input: email)"), "{error}");
}

#[test]
fn nobody_reviews_what_changed_under_them() {
    let stale = ApproveBody { revision: Some(7), ..approval("ann") };
    let error = refused(approved(&fresh(), &stale));
    assert!(
        error.ends_with("was changed since revision 7, it is at 1 now; look at it again"),
        "{error}"
    );
    let mut promoted = fresh();
    promoted.state = CandidateState::Promoted;
    promoted.promoted_as = Some("regression-1".to_owned());
    let error = refused(approved(&promoted, &approval("ann")));
    assert!(error.ends_with("is promoted as `regression-1`"), "{error}");
}
