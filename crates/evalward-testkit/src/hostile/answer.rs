//! The answers by class.

use super::{forms, texts};
use crate::Turn;

/// What a judge is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A score from 1 to 5.
    Score,
    /// The claims of an answer with their labels.
    Claims,
    /// Which of two answers is better; a preference for the first counts as a pass.
    Preference,
}

impl Verdict {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Score, Self::Claims, Self::Preference];

    /// Returns an answer that passes; `CODE` stands for the code of the request.
    pub const fn good(self) -> &'static str {
        match self {
            Self::Score => {
                r#"{"code":"CODE","criteria":{"quality":{"reasoning":"It is right.","score":5}}}"#
            }
            Self::Claims => {
                r#"{"code":"CODE","claims":[{"claim":"Refunds take five days.","evidence":"Refunds take five days.","label":"SUPPORTED"}]}"#
            }
            Self::Preference => r#"{"code":"CODE","reasoning":"It is right.","preferred":"first"}"#,
        }
    }

    /// Returns an answer that fails.
    pub const fn bad(self) -> &'static str {
        match self {
            Self::Score => {
                r#"{"code":"CODE","criteria":{"quality":{"reasoning":"It is wrong.","score":1}}}"#
            }
            Self::Claims => {
                r#"{"code":"CODE","claims":[{"claim":"Refunds take five days.","evidence":null,"label":"UNSUPPORTED"}]}"#
            }
            Self::Preference => {
                r#"{"code":"CODE","reasoning":"They say the same.","preferred":"tie"}"#
            }
        }
    }
}

/// An answer that nobody may take for a pass.
#[derive(Clone, Debug)]
pub struct HostileAnswer {
    /// What is wrong with it.
    pub class: &'static str,
    /// What the server does; `CODE` in a text stands for the code of the request.
    pub turn: Turn,
    /// Whether it may be read as a verdict against the answer; else it must be refused.
    pub may_fail: bool,
}

impl HostileAnswer {
    pub(super) fn says(class: &'static str, text: impl Into<String>) -> Self {
        Self { class, turn: Turn::Says(text.into()), may_fail: false }
    }
}

/// Makes the answers, always the same ones, a class after the other.
pub fn hostile_answers(verdict: Verdict) -> Vec<HostileAnswer> {
    let mut answers = texts::answers(verdict);
    answers.extend(forms::answers(verdict));
    answers
}
