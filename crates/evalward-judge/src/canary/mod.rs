//! Twenty frozen answers by which a judge is known again: where it scores them otherwise than before, it is another judge.
//!
//! The answers must never change, or old runs can no longer be compared with new ones.

use evalward_core::{Digest, Document, Example, ExampleId, Partition, Reply, Response};
use serde::Deserialize;

const CANARIES: &str = include_str!("canaries.jsonl");

/// An answer to a question of a customer, with what it should rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Canary {
    /// The question, with its context and the right answer.
    pub example: Example,
    /// The answer.
    pub reply: Reply,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    question: String,
    context: String,
    reference: String,
    answer: String,
}

/// Returns the answers.
pub fn canaries() -> Vec<Canary> {
    CANARIES
        .lines()
        .map(|line| {
            let line: Line = serde_json::from_str(line).expect("the file is part of the program");
            let id = ExampleId::new(line.id).expect("the ids are ours");
            let mut example = Example::with_id(id, Partition::Distribution)
                .with_input("question", line.question)
                .with_expected_output(line.reference);
            example.context = vec![Document::from_text(line.context)];
            Canary { example, reply: Reply::from(Response::from_text(line.answer)) }
        })
        .collect()
}

/// Returns the hash of the answers; scores of two sets are not compared.
pub fn canary_set() -> Digest {
    Digest::of(CANARIES.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_answers_are_frozen() {
        let all = canaries();
        let ids: BTreeSet<&str> = all.iter().map(|it| it.example.id.as_str()).collect();
        assert_eq!((all.len(), ids.len()), (20, 20));
        insta::assert_snapshot!(canary_set().short(), @"af75f00be3b3");
    }
}
