//! Answers with what people and a judge say of them.

use evalward_core::{ClaimLabel, Finite, Rate, ScoreCell};

/// What all raters of an answer say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RatedLabels {
    /// Each rater's label as a number: a rating, or 1 for good and 0 for not.
    pub ratings: Vec<Finite>,
    /// What the answer shares with those it is not independent of.
    pub group: String,
    /// The probability with which it was drawn to be labelled; absent where nobody knows.
    pub probability: Option<Rate>,
}

impl RatedLabels {
    /// Returns one over the probability, or 1.
    pub(super) fn weight(&self) -> f64 {
        self.probability.map_or(1.0, |probability| 1.0 / probability.get())
    }
}

/// A labelled answer with what a judge says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgedAnswer {
    /// What the raters say.
    pub labels: RatedLabels,
    /// Whether they find it good.
    pub is_good: bool,
    /// The judge's score, or that there is none.
    pub score: ScoreCell,
    /// Whether the judge was asked once more because its first answer could not be used.
    pub was_asked_again: bool,
    /// Whether its samples lie far apart; absent for one sample.
    pub is_unstable: Option<bool>,
    /// What costs nothing: a score of the answer by each baseline, in the order of [`super::JudgeOptions::baselines`].
    pub baselines: Vec<Option<Finite>>,
    /// The claims of people and judge side by side, where people labelled claims.
    pub claims: Option<JudgedClaims>,
}

/// The claims of an answer, of people and of the judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JudgedClaims {
    /// Claims of both that are about the same words, and claims of one that the other does not have.
    pub pairs: Vec<ClaimPair>,
    /// Claims of people that are no words of the answer.
    pub unplaced_by_people: u64,
    /// Claims of the judge that are no words of the answer.
    pub unplaced_by_judge: u64,
}

/// What people and judge say of the same words; one of them may say nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClaimPair {
    /// The label of people.
    pub people: Option<ClaimLabel>,
    /// The label of the judge.
    pub judge: Option<ClaimLabel>,
}
