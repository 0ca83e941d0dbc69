//! Samples and reasons as the monitor makes them.

use evalward_core::{
    Interaction, InteractionId, Outcome, Rate, Reason, ReasonKind, Response, Timestamp,
};
use evalward_feedback::failures_of;
use evalward_store::{NewFailure, Sample};

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
