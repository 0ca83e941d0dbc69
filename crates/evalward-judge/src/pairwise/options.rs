//! What a judge of the pairwise kind is made of.

use serde::Serialize;

use super::Preference;
use crate::absolute::Reasoning;
use crate::prompt::{JudgeTemplate, Material, Part};
use crate::{JudgeModelOptions, Shown};

/// What is asked of two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairwiseCriterion {
    /// The name.
    pub id: String,
    /// What is asked.
    pub question: String,
}

/// Two answers to one input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PairMaterial {
    /// What was asked, and the first answer.
    pub material: Material,
    /// The second answer.
    pub second: String,
}

/// Two answers with the preference that they deserve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairDemonstration {
    /// What is judged.
    pub pair: PairMaterial,
    /// Why.
    pub reasoning: String,
    /// Which answer is better.
    pub preferred: Preference,
}

/// What a judge of the pairwise kind is made of.
#[derive(Clone, Debug)]
pub struct PairwiseOptions {
    /// The judge's name.
    pub name: String,
    /// The model.
    pub model: JudgeModelOptions,
    /// By what the answers are compared; at least one criterion.
    pub criteria: Vec<PairwiseCriterion>,
    /// Pairs with their preferences.
    pub demonstrations: Vec<PairDemonstration>,
    /// What the judge sees beside the answers.
    pub shown: Vec<Shown>,
    /// What the judge should know of the application.
    pub background: Option<String>,
    /// The template of the system message, in place of the built-in one.
    pub system: Option<JudgeTemplate>,
    /// The template of the user's message, in place of the built-in one.
    pub prompt: Option<JudgeTemplate>,
    /// How much the model writes before a preference.
    pub reasoning: Reasoning,
}

impl PairwiseOptions {
    /// Makes a judge that sees the input.
    pub fn new(
        name: impl Into<String>,
        model: JudgeModelOptions,
        criteria: Vec<PairwiseCriterion>,
    ) -> Self {
        Self {
            name: name.into(),
            model,
            criteria,
            demonstrations: Vec::new(),
            shown: vec![Shown::Input],
            background: None,
            system: None,
            prompt: None,
            reasoning: Reasoning::default(),
        }
    }
}

impl PairMaterial {
    /// Returns the pair in the other order.
    #[must_use]
    pub fn swapped(&self) -> Self {
        let Self { material, second } = self;
        Self {
            material: Material { answer: second.clone(), ..material.clone() },
            second: material.answer.clone(),
        }
    }

    /// Returns what is shown, in order, or names the part that is missing.
    pub(super) fn parts(&self, shown: &[Shown]) -> Result<Vec<Part>, &'static str> {
        let mut parts = self.material.parts(shown)?;
        if let Some(answer) = parts.last_mut() {
            answer.name = "first";
        }
        parts.push(Part { name: "second", text: self.second.clone() });
        Ok(parts)
    }
}
