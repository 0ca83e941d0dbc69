//! Scores weighted by how likely the model was to say them.
//!
//! Liu et al. (2023), "G-Eval: NLG Evaluation using GPT-4 with Better Human Alignment", section 2, equation 1, with the probabilities
//! renormalised over the scores of the scale.

use std::collections::BTreeMap;

use evalward_core::{ChatAnswer, Finite};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{Unique, only_object};
use crate::criterion::Criterion;

/// The least probability of all scores together; below it the model was about to say something else.
const LEAST_MASS: f64 = 0.5;

#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow)]
    criteria: Unique<Place<'a>>,
}

#[derive(Deserialize)]
struct Place<'a> {
    #[serde(borrow)]
    score: &'a RawValue,
}

/// Returns the mean of a criterion's scores, each weighted by its probability at the place where the model said one; `None` where
/// the server does not tell, or where tokens and scores do not correspond.
pub(super) fn weighted_score(answer: &ChatAnswer, criterion: &Criterion) -> Option<Finite> {
    if answer.choices.is_empty() || !are_told_apart_by_one_token(criterion) {
        return None;
    }
    let object = only_object(&answer.text).ok()?;
    let places: Places<'_> = serde_json::from_str(object).ok()?;
    let said = places.criteria.0.get(&criterion.id)?.score.get();
    // The text is borrowed from the answer, so that the distance of their addresses is the place.
    let start = said.as_ptr().addr().checked_sub(answer.text.as_ptr().addr())?;
    let choice = answer.choices.iter().find(|choice| {
        let spaces = choice.token.len() - choice.token.trim_start().len();
        choice.start + spaces == start && choice.token.trim() == said
    })?;
    let mut masses: BTreeMap<i32, f64> = BTreeMap::new();
    for (token, logarithm) in &choice.likeliest {
        let score = token.trim().parse().ok().filter(|it| criterion.anchors().contains_key(it));
        if let Some(score) = score {
            *masses.entry(score).or_default() += logarithm.get().exp();
        }
    }
    let mass: f64 = masses.values().sum();
    if mass < LEAST_MASS {
        return None;
    }
    // Weights before products: a score that has all of the mass comes out as itself, and clears a threshold that is the same.
    let mean: f64 = masses.iter().map(|(score, own)| own / mass * f64::from(*score)).sum();
    let (lowest, highest) = criterion.ends();
    // A NaN, which a server's impossible probabilities can make, stays one and is no score.
    Finite::new(mean.clamp(f64::from(lowest), f64::from(highest))).ok()
}

/// Whether no score is the beginning of another, as 1 is of 10, so that the first token does not leave open which is meant.
fn are_told_apart_by_one_token(criterion: &Criterion) -> bool {
    let texts: Vec<String> = criterion.anchors().keys().map(i32::to_string).collect();
    texts.iter().all(|text| text.len() == 1)
}
