//! Answers with what each of their raters says.

use std::collections::BTreeMap;

use evalward_core::{Digest, Finite, Rate};

use super::read::{AnswerLabel, LabelledText};
use super::value::{LabelValue, LabelledClaim};
use crate::Located;

/// An answer with what its raters say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RatedAnswer {
    /// Which answer it is.
    pub answer: LabelledText,
    /// Answers with one cluster are not independent of each other.
    pub cluster: Option<String>,
    /// The probability with which the answer was drawn to be labelled, as the first line about it says.
    pub probability: Option<Rate>,
    /// The hash of the text of an answer of a stored run, as the first line about it says.
    pub output_hash: Option<Digest>,
    /// What each rater says, in the order of the lines.
    pub raters: Vec<RaterLabel>,
}

/// What one rater says of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct RaterLabel {
    /// Who it is.
    pub annotator: Option<String>,
    /// What was said of the answer; where no line of the file has a rating, claims say it too: an answer is good if none of its
    /// claims is unsupported or contradicted.
    pub value: Option<LabelValue>,
    /// What was said of its claims.
    pub claims: Option<Vec<LabelledClaim>>,
    /// The line.
    pub line: u64,
}

/// Joins what named annotators say of one answer; answers come in the order of their first lines, which they keep as their place.
///
/// A line without an annotator is an answer of its own: nobody could tell a second rater from an answer that was given twice.
pub fn rated_answers(labels: Vec<Located<AnswerLabel>>) -> Vec<Located<RatedAnswer>> {
    let has_ratings = labels.iter().any(|it| it.value.value.is_some_and(LabelValue::is_rating));
    let mut places: BTreeMap<Digest, usize> = BTreeMap::new();
    let mut answers: Vec<Located<RatedAnswer>> = Vec::new();
    for Located { value: label, path, line } in labels {
        let last = answers.len();
        let place = match &label.annotator {
            Some(_) => *places.entry(label.answer_digest()).or_insert(last),
            None => last,
        };
        let said = label.claims.as_deref().filter(|_| !has_ratings).map(is_borne_out);
        let rater = RaterLabel {
            annotator: label.annotator,
            value: label.value.or(said),
            claims: label.claims,
            line,
        };
        if let Some(known) = answers.get_mut(place) {
            known.value.raters.push(rater);
        } else {
            let value = RatedAnswer {
                answer: label.answer,
                cluster: label.cluster,
                probability: label.probability,
                output_hash: label.output_hash,
                raters: vec![rater],
            };
            answers.push(Located { value, path, line });
        }
    }
    answers
}

fn is_borne_out(claims: &[LabelledClaim]) -> LabelValue {
    LabelValue::YesOrNo(!claims.iter().any(|claim| claim.label.is_unfounded()))
}

impl RatedAnswer {
    /// Returns the mean rating, `true` counting as 1 and `false` as 0; `None` where nobody says anything of the whole answer.
    pub fn mean(&self) -> Option<Finite> {
        let ratings: Vec<f64> = self.ratings().map(Finite::get).collect();
        let count = f64::from(u32::try_from(ratings.len()).unwrap_or(u32::MAX));
        let mean = ratings.iter().sum::<f64>() / count;
        // Sums that leave the range of floats are rare enough to be rounded.
        let rounded = || ratings.iter().map(|rating| rating / count).sum::<f64>();
        Finite::new(mean).or_else(|_| Finite::new(rounded())).ok().filter(|_| !ratings.is_empty())
    }

    /// Returns what each rater says as a number.
    pub fn ratings(&self) -> impl Iterator<Item = Finite> {
        self.raters.iter().filter_map(|rater| rater.value).map(LabelValue::number)
    }

    /// Returns whether the raters find it good: their mean rating is at least `positive_from`, or more than half of them say yes.
    pub fn is_good(&self, positive_from: Option<Finite>) -> Option<bool> {
        let mean = self.mean()?;
        Some(match positive_from {
            Some(from) => mean >= from,
            None => mean.get() > 0.5,
        })
    }
}
