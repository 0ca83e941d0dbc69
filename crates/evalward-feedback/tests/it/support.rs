//! Samples and reasons as the monitor makes them.

use evalward_core::{
    Interaction, InteractionId, Outcome, Rate, Reason, ReasonKind, Response, Rules, Timestamp,
};
use evalward_feedback::{ApproveBody, RejectBody, ReviewError, approve, failures_of, reject};
use evalward_store::{Candidate, CandidateState, NewFailure, Sample};

pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_793_700_000_000)
}

pub(crate) fn sample(question: &str, output: &str) -> Sample {
    let mut interaction = Interaction::new(InteractionId::new("int-1").unwrap(), now());
    interaction.input.insert("question".to_owned(), question.into());
    interaction.response = Some(Response::from_text(output));
    Sample {
        project: "default".to_owned(),
        interaction,
        received_at: now(),
        segment: String::new(),
        stratum: "base".to_owned(),
        probability: Rate::ONE,
        is_disliked: false,
    }
}

pub(crate) fn broken(message: &str) -> Reason {
    let (metric, message) = ("rules".to_owned(), message.to_owned());
    Reason { kind: ReasonKind::Constraint, metric, message }
}

/// Returns the one failure of an answer that broke one rule.
pub(crate) fn failure(question: &str, output: &str, message: &str) -> NewFailure {
    let outcome = Outcome::Failed(vec![broken(message)]);
    let mut failures = failures_of(&sample(question, output), &outcome);
    assert_eq!(failures.len(), 1);
    failures.remove(0)
}

/// The answer of an assistant that names a competitor.
pub(crate) const BAD: &str = "You could use Flowmoor instead. Let me know.";

/// A right answer to the same question.
pub(crate) const GOOD: &str = "Our export writes Markdown. Let me know.";

/// Returns the candidate that a failure proposed, as the store keeps it.
pub(crate) fn candidate(question: &str, output: &str) -> Candidate {
    let failure = failure(question, output, "no_competitors: has `Flowmoor` at byte 14");
    let proposed = failure.candidate.unwrap();
    Candidate {
        id: proposed.id,
        project: "default".to_owned(),
        pattern: failure.pattern,
        interaction: InteractionId::new("int-1").unwrap(),
        state: CandidateState::Waiting,
        example: proposed.example,
        warnings: proposed.warnings,
        reviews: Vec::new(),
        promoted_as: None,
        revision: 1,
    }
}

/// Returns an approval with all that it needs.
pub(crate) fn approval(reviewer: &str) -> ApproveBody {
    ApproveBody {
        reviewer: reviewer.to_owned(),
        root_cause: Some("The prompt names other products.".to_owned()),
        expected_output: Some(GOOD.to_owned()),
        ..ApproveBody::default()
    }
}

pub(crate) fn excludes(text: &str) -> Rules {
    Rules { excludes_any: [text].into_iter().collect(), ..Rules::default() }
}

/// Approves as the store would: the review is kept and the revision raised.
pub(crate) fn approved(
    candidate: &Candidate,
    body: &ApproveBody,
) -> Result<Candidate, ReviewError> {
    approve(candidate, body, now()).map(|edit| with_edit(candidate, edit))
}

pub(crate) fn rejected(candidate: &Candidate, body: &RejectBody) -> Result<Candidate, ReviewError> {
    reject(candidate, body, now()).map(|edit| with_edit(candidate, edit))
}

fn with_edit(candidate: &Candidate, edit: evalward_store::CandidateEdit) -> Candidate {
    assert_eq!(edit.revision, candidate.revision);
    let mut changed = candidate.clone();
    changed.example = edit.example;
    changed.state = edit.state;
    changed.reviews.push(edit.review);
    changed.revision += 1;
    changed
}
