//! Metrics that ask a model to score, and what they are worth.
//!
//! A judge is a versioned definition: model, parameters, prompts, criteria with a text for every score, and scored examples. Its
//! version is the hash of all that can move a score. This crate knows no files; start at [`AbsoluteJudge`], which is an
//! [`evalward_core::Metric`].

mod absolute;
mod answer;
mod ask;
pub mod audit;
mod canary;
mod claims;
mod criterion;
mod error;
mod estimate;
mod family;
mod kept;
mod meter;
mod model;
mod nonce;
mod pairwise;
pub mod perturb;
mod probe;
mod prompt;
mod sway;

pub use absolute::{
    AbsoluteJudge, AbsoluteOptions, CriteriaCalls, DemonstratedVerdict, Demonstration, Overall,
    Reasoning, Scoring,
};
pub use canary::{Canary, canaries, canary_set};
pub use claims::{
    ClaimDemonstration, ClaimLabel, ClaimPolicies, ClaimPolicy, DemonstratedClaim, FactPolicy,
    HallucinationJudge, HallucinationOptions, PlacedClaim, PlacedClaims, match_claims,
};
pub use criterion::Criterion;
pub use error::JudgeError;
pub use estimate::{JudgeEstimate, mean_difference, mean_share, share_of};
pub use family::{FamilyMember, Kinship, families_of, family_names, kinship};
pub use kept::KeptJudgements;
pub use model::{JudgeModelOptions, StructuredOutput};
pub use pairwise::{
    OrderJudgement, PairDemonstration, PairJudgement, PairMaterial, PairMeasurement, PairTally,
    PairwiseCriterion, PairwiseJudge, PairwiseOptions, Preference, tally,
};
pub use probe::{ProbeOptions, ProbedMetric};
pub use prompt::{JudgeTemplate, Material, Shown};
