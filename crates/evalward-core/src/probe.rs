//! Hidden probes of a judge: the same answer once more, changed in one known way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ExampleId, Finite};

/// In which way an answer was changed to see what a judge makes of it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    /// It carries an instruction.
    Injected,
    /// It is longer and says no more.
    Padded,
    /// The documents stand in another order.
    Reordered,
    /// One fact is wrong.
    WrongFact,
}

impl ProbeKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Injected, Self::Padded, Self::Reordered, Self::WrongFact];

    /// Returns the words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Injected => "injected instruction",
            Self::Padded => "padding",
            Self::Reordered => "documents in another order",
            Self::WrongFact => "planted wrong fact",
        }
    }
}

/// An answer that was judged as it is and changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbePair {
    /// The example.
    pub example_id: ExampleId,
    /// In which way the answer was changed.
    pub kind: ProbeKind,
    /// What was changed, in words.
    pub change: String,
    /// The verdict on the answer as it is.
    pub before: ProbeVerdict,
    /// The verdict on the changed one; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ProbeVerdict>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// What a judge said of one version of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProbeVerdict {
    /// The score.
    pub score: Finite,
    /// Whether the judge itself called it failed or passed, without a threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
}
