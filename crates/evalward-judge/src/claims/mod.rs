//! Hallucination: what an answer states, claim by claim, and whether its context bears it out.

mod check;
mod compare;
mod facts;
mod find;
mod label;
mod metric;
mod options;
mod prompts;

pub use compare::{PlacedClaim, PlacedClaims, match_claims};
pub use evalward_core::ClaimLabel;
pub use label::{ClaimPolicies, ClaimPolicy, FactPolicy};
pub use metric::HallucinationJudge;
pub use options::{ClaimDemonstration, DemonstratedClaim, HallucinationOptions};
