//! Hallucination: what an answer states, claim by claim, and whether its context bears it out.

mod check;
mod facts;
mod find;
mod label;
mod metric;
mod options;
mod prompts;

pub use label::{ClaimLabel, ClaimPolicies, ClaimPolicy, FactPolicy};
pub use metric::HallucinationJudge;
pub use options::{ClaimDemonstration, DemonstratedClaim, HallucinationOptions};
