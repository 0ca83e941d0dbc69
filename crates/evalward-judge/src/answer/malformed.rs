//! What is wrong with an answer, in words that the model is told when it is asked again.

/// How much of a reason is told, in characters: it may repeat whatever stands in the answer, and the model is sent it again.
const LONGEST_REASON: usize = 400;

/// The error for an answer that does not have the agreed form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("it is empty")]
    Empty,
    #[error("it has more than {most} bytes")]
    TooLong { most: usize },
    #[error("there is no JSON object in it")]
    NoObject,
    #[error("its JSON object is cut off")]
    CutOff,
    #[error("there is more than one JSON object in it; exactly one is expected")]
    SeveralObjects,
    #[error("its JSON object does not have the agreed form: {0}")]
    Form(String),
    #[error("its `code` is `{given}`, not that of this request")]
    Code { given: String },
    #[error("criterion `{0}` is missing")]
    NoVerdict(String),
    #[error("`{0}` is none of the criteria")]
    StrangeCriterion(String),
    #[error(
        "criterion `{criterion}`: score {score} is not on the scale from {lowest} to {highest}"
    )]
    OffScale { criterion: String, score: i64, lowest: i32, highest: i32 },
    #[error("criterion `{0}` has no reasoning")]
    NoReasoning(String),
    #[error("it has no reasoning")]
    NoReasoningAtAll,
    #[error("it names no claim; what states nothing is a claim with the label NOT_CHECKABLE")]
    NoClaims,
    #[error("it names more than {most} claims")]
    TooManyClaims { most: usize },
    #[error("claim {number} is empty")]
    EmptyClaim { number: usize },
    #[error("no claim repeats the words of the answer exactly")]
    NotQuoted,
}

impl Malformed {
    /// The answer is an object of another form.
    pub(super) fn form(error: &serde_json::Error) -> Self {
        Self::Form(error.to_string().chars().take(LONGEST_REASON).collect())
    }
}
