//! Scored examples that a judge is shown.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::criterion::Criterion;
use crate::prompt::Material;
use crate::{JudgeError, Shown};

/// An answer with the scores that it deserves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Demonstration {
    /// What is judged.
    pub material: Material,
    /// The verdict of each criterion.
    pub verdicts: BTreeMap<String, DemonstratedVerdict>,
}

/// A score that an answer deserves, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemonstratedVerdict {
    /// Why.
    pub reasoning: String,
    /// What speaks for the answer.
    pub strengths: Vec<String>,
    /// What speaks against it.
    pub weaknesses: Vec<String>,
    /// The score.
    pub score: i32,
}

impl Demonstration {
    /// Checks that it shows what the judge sees and scores each criterion on its scale.
    pub(super) fn check(
        &self,
        number: usize,
        criteria: &[Criterion],
        shown: &[Shown],
    ) -> Result<(), JudgeError> {
        let refuse = |reason: String| Err(JudgeError::Demonstration { number, reason });
        if let Err(missing) = self.material.parts(shown) {
            return refuse(format!("`{missing}` is missing, which the judge sees"));
        }
        for criterion in criteria {
            let Some(verdict) = self.verdicts.get(&criterion.id) else {
                return refuse(format!("criterion `{}` has no score", criterion.id));
            };
            if !criterion.anchors().contains_key(&verdict.score) {
                let score = verdict.score;
                return refuse(format!("score {score} of `{}` has no anchor", criterion.id));
            }
        }
        let is_known = |name: &String| criteria.iter().any(|criterion| criterion.id == *name);
        match self.verdicts.keys().find(|name| !is_known(name)) {
            Some(strange) => refuse(format!("`{strange}` is none of the criteria")),
            None => Ok(()),
        }
    }
}
