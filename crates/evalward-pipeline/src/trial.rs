//! One attempt at one example.

use std::panic::AssertUnwindSafe;

use evalward_core::{
    CallError, Clock, Example, Outcome, Subject, SuiteMetric, Timestamp, Trial, Usage,
    decide_outcome, score_trial,
};
use futures::FutureExt;

/// What a trial came to, and how the subject's call ended.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) trial: Trial,
    pub(crate) call: Result<(), CallError>,
}

/// Which attempt at an example a trial is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    /// The number of the attempt, from 1.
    pub(crate) trial: u32,
    /// Whether it is made to confirm a failure.
    pub(crate) confirms: bool,
}

impl Number {
    /// Makes the row of the attempt.
    pub(crate) fn stamp(self, example: &Example, outcome: Outcome, now: Timestamp) -> Trial {
        let Self { trial, confirms } = self;
        Trial { trial, confirms, ..Trial::new(example, outcome, now) }
    }
}

/// Asks the subject and scores its reply; a panic in foreign code becomes an errored trial.
pub(crate) async fn attempt(
    example: &Example,
    number: Number,
    subject: &dyn Subject,
    metrics: &[SuiteMetric],
    clock: &dyn Clock,
) -> Attempt {
    let mut trial = number.stamp(example, Outcome::Errored(String::new()), clock.now());
    // Inside the block, since foreign code may panic before it returns its future.
    let respond = async { subject.respond_in_trial(example, number.trial).await };
    let reply = match AssertUnwindSafe(respond).catch_unwind().await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => {
            trial.attempts = error.attempts;
            trial.outcome = Outcome::Errored(error.message.clone());
            return Attempt { trial, call: Err(error) };
        }
        Err(_) => {
            trial.outcome = Outcome::Errored("the subject panicked".to_owned());
            return Attempt { trial, call: Ok(()) };
        }
    };
    let scored = AssertUnwindSafe(score_trial(metrics, example, &reply, &mut trial));
    let scored = scored.catch_unwind().await;
    trial.outcome = match scored {
        Ok(()) => decide_outcome(metrics, &trial.scores),
        Err(_) => Outcome::Errored("a metric panicked".to_owned()),
    };
    trial.latency_millis = Some(reply.latency_millis);
    trial.attempts = reply.attempts;
    trial.cached = reply.cached;
    trial.cost_usd = reply.response.usage.and_then(Usage::known_cost);
    trial.response = Some(reply.response);
    Attempt { trial, call: Ok(()) }
}
