//! What a judge scores: criteria, each with a text for every score.

use std::collections::BTreeMap;

use evalward_core::{Finite, Scale};
use serde::Serialize;

use crate::JudgeError;

/// The most scores of a scale; more cannot be told apart by their texts.
const MOST_SCORES: usize = 21;

/// A criterion: a question about the answer, and what each score means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// The name, as files and answers spell it.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// What each score means, from the lowest to the highest; the scores are consecutive.
    anchors: BTreeMap<i32, String>,
}

impl Criterion {
    /// Makes a criterion.
    ///
    /// # Errors
    /// [`JudgeError::Anchors`] if there are fewer than two scores or more than 21, if a score between two others has no text, or
    /// if a text is empty.
    pub fn new(
        id: impl Into<String>,
        question: impl Into<String>,
        anchors: BTreeMap<i32, String>,
    ) -> Result<Self, JudgeError> {
        let id = id.into();
        let refuse = |reason: String| JudgeError::Anchors { criterion: id.clone(), reason };
        if anchors.len() < 2 {
            return Err(refuse("a scale needs at least two scores".to_owned()));
        }
        if anchors.len() > MOST_SCORES {
            return Err(refuse(format!("a scale has at most {MOST_SCORES} scores")));
        }
        let mut expected = None;
        for (score, text) in &anchors {
            if let Some(expected) = expected.filter(|expected| expected != score) {
                return Err(refuse(format!("score {expected} has no anchor")));
            }
            if text.trim().is_empty() {
                return Err(refuse(format!("the anchor of score {score} is empty")));
            }
            expected = score.checked_add(1);
        }
        Ok(Self { question: question.into(), anchors, id })
    }

    /// Returns what each score means, from the lowest to the highest.
    pub const fn anchors(&self) -> &BTreeMap<i32, String> {
        &self.anchors
    }

    /// Returns the lowest and the highest score.
    pub fn ends(&self) -> (i32, i32) {
        let ends = self.anchors.keys().next().zip(self.anchors.keys().next_back());
        let (lowest, highest) = ends.expect("a criterion has at least two scores");
        (*lowest, *highest)
    }

    /// Returns the scale of the scores.
    pub fn scale(&self) -> Scale {
        let (lowest, highest) = self.ends();
        let end = |score: i32| Finite::new(f64::from(score)).ok();
        Scale { min: end(lowest), max: end(highest), lower_is_better: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(anchors: &[(i32, &str)]) -> Result<Criterion, String> {
        let anchors = anchors.iter().map(|(score, text)| (*score, (*text).to_owned())).collect();
        Criterion::new("tone", "How is the tone?", anchors).map_err(|error| error.to_string())
    }

    #[test]
    fn every_score_needs_a_text() {
        assert_eq!(criterion(&[(0, "bad"), (1, "good")]).unwrap().ends(), (0, 1));
        assert_eq!(criterion(&[(-1, "bad"), (0, "so"), (1, "good")]).unwrap().ends(), (-1, 1));
        let refused = |anchors: &[(i32, &str)]| criterion(anchors).unwrap_err();
        assert_eq!(refused(&[(1, "a")]), "criterion `tone`: a scale needs at least two scores");
        assert_eq!(refused(&[(1, "a"), (3, "b")]), "criterion `tone`: score 2 has no anchor");
        assert_eq!(
            refused(&[(1, "a"), (2, " ")]),
            "criterion `tone`: the anchor of score 2 is empty"
        );
    }
}
