//! What a hallucination judge is made of.

use std::num::NonZeroU32;

use serde::Serialize;

use super::{ClaimLabel, ClaimPolicies};
use crate::JudgeModelOptions;
use crate::prompt::{JudgeTemplate, Material};

/// An answer with its claims, which a judge is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClaimDemonstration {
    /// What is judged.
    pub material: Material,
    /// Its claims, in order.
    pub claims: Vec<DemonstratedClaim>,
}

/// A claim with the label that it deserves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemonstratedClaim {
    /// The words of the answer.
    pub claim: String,
    /// The words of the context that bear it out or contradict it.
    pub evidence: Option<String>,
    /// The label.
    pub label: ClaimLabel,
}

/// What a hallucination judge is made of.
#[derive(Clone, Debug)]
pub struct HallucinationOptions {
    /// The judge's name.
    pub name: String,
    /// The model.
    pub model: JudgeModelOptions,
    /// Answers with their claims.
    pub demonstrations: Vec<ClaimDemonstration>,
    /// What the judge should know of the application.
    pub background: Option<String>,
    /// The template of the system message, in place of the built-in one.
    pub system: Option<JudgeTemplate>,
    /// The template of the user's message, in place of the built-in one.
    pub prompt: Option<JudgeTemplate>,
    /// How often each answer is judged.
    pub samples: NonZeroU32,
    /// What becomes of claims by their labels.
    pub policies: ClaimPolicies,
}

impl HallucinationOptions {
    /// Makes a judge that judges each answer once.
    pub fn new(name: impl Into<String>, model: JudgeModelOptions) -> Self {
        Self {
            name: name.into(),
            model,
            demonstrations: Vec::new(),
            background: None,
            system: None,
            prompt: None,
            samples: NonZeroU32::MIN,
            policies: ClaimPolicies::default(),
        }
    }
}
