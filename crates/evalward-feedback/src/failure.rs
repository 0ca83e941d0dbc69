//! The failures of a sample, with the pattern that each belongs to.

use std::collections::BTreeSet;

use evalward_core::{Outcome, Reason, ReasonKind};
use evalward_store::{NewFailure, Sample};
use serde_json::Value;

use crate::fingerprint::fingerprint;
use crate::mask::{mask_message, mask_text};
use crate::proposal::propose;

/// The metric of what users thought.
pub const USER_METRIC: &str = "user";

/// The rule of an answer that a user disliked although it passed.
pub const USER_RULE: &str = "thumbs_down";

/// Returns one failure for each pattern that the sample belongs to: one for each reason of a failed outcome, and one where a
/// user disliked an answer that passed.
pub fn failures_of(sample: &Sample, outcome: &Outcome) -> Vec<NewFailure> {
    let mut failures = Vec::new();
    let mut patterns = BTreeSet::new();
    let causes = match outcome {
        Outcome::Failed(reasons) => reasons.iter().map(Cause::of_reason).collect(),
        Outcome::Passed if sample.is_disliked => vec![Cause::of_dislike(sample)],
        Outcome::Passed | Outcome::Errored(_) | Outcome::Skipped(_) => Vec::new(),
    };
    for cause in causes {
        let pattern =
            fingerprint(&sample.project, &cause.metric, cause.rule.as_deref(), &cause.title);
        if !patterns.insert(pattern.clone()) {
            continue;
        }
        let candidate = propose(sample, &pattern, &cause.metric, cause.rule.as_deref());
        let Cause { metric, rule, title, message } = cause;
        let candidate = Some(candidate);
        failures.push(NewFailure { pattern, metric, rule, title, message, candidate });
    }
    failures
}

/// Returns the name of the constraint that a reason is about; the metrics of kind `constraints` put it before the first colon.
pub fn rule_of(reason: &Reason) -> Option<&str> {
    // An example's own checks have no names, and their messages may have a colon.
    if reason.kind != ReasonKind::Constraint || reason.metric == "checks" {
        return None;
    }
    let (name, _) = reason.message.split_once(": ")?;
    let is_name =
        !name.is_empty() && !name.contains(|letter: char| letter == '`' || letter.is_control());
    is_name.then_some(name)
}

/// What failures of one pattern have in common.
struct Cause {
    metric: String,
    rule: Option<String>,
    title: String,
    message: String,
}

impl Cause {
    fn of_reason(reason: &Reason) -> Self {
        let rule = rule_of(reason);
        let text = match rule {
            Some(name) => reason.message.get(name.len() + ": ".len()..).unwrap_or_default(),
            None => &reason.message,
        };
        Self {
            metric: reason.metric.clone(),
            rule: rule.map(str::to_owned),
            title: mask_message(text),
            message: reason.message.clone(),
        }
    }

    fn of_dislike(sample: &Sample) -> Self {
        Self {
            metric: USER_METRIC.to_owned(),
            rule: Some(USER_RULE.to_owned()),
            title: mask_text(&input_text(sample)),
            message: "a user disliked an answer that passed".to_owned(),
        }
    }
}

/// Returns what the user asked: the question, the last message of the user, or else the whole input.
fn input_text(sample: &Sample) -> String {
    let input = &sample.interaction.input;
    if let Some(Value::String(question)) = input.get("question") {
        return question.clone();
    }
    let messages = input.get("messages").and_then(Value::as_array);
    let last = messages.into_iter().flatten().rev().find_map(|message| {
        let is_of_user = message.get("role").and_then(Value::as_str) == Some("user");
        message.get("content").and_then(Value::as_str).filter(|_| is_of_user)
    });
    match last {
        Some(content) => content.to_owned(),
        None => serde_json::to_string(input).unwrap_or_default(),
    }
}
