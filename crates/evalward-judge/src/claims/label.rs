//! What becomes of claims by what a judge says of them.

use evalward_core::ClaimLabel;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of claims with a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimPolicy {
    /// They count as borne out.
    Accept,
    /// They count as not borne out, which lowers the score.
    Lower,
    /// They count as not borne out, and the answer fails whatever its score.
    Fail,
}

/// What becomes of claims by their labels, and of facts that stand neither in the context nor in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimPolicies {
    /// Of claims that follow from the context; `accept` by default.
    pub reasonable_inference: ClaimPolicy,
    /// Of claims that the context says nothing of; `lower` by default.
    pub unsupported: ClaimPolicy,
    /// Of claims that the context contradicts; `fail` by default.
    pub contradicted: ClaimPolicy,
    /// Of numbers, prices, dates, links and the like that stand neither in the context nor in the input, whatever the judge says;
    /// `fail` by default. They never lower the score.
    pub facts: FactPolicy,
}

/// What becomes of facts that stand neither in the context nor in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactPolicy {
    /// They fail the answer.
    #[default]
    Fail,
    /// They are listed.
    Report,
    /// They are not looked for.
    Off,
}

impl Default for ClaimPolicies {
    fn default() -> Self {
        Self {
            reasonable_inference: ClaimPolicy::Accept,
            unsupported: ClaimPolicy::Lower,
            contradicted: ClaimPolicy::Fail,
            facts: FactPolicy::Fail,
        }
    }
}

impl ClaimPolicies {
    /// Returns what becomes of claims with a label; `None` where they do not count.
    pub(super) const fn of(self, label: ClaimLabel) -> Option<ClaimPolicy> {
        match label {
            ClaimLabel::Supported => Some(ClaimPolicy::Accept),
            ClaimLabel::ReasonableInference => Some(self.reasonable_inference),
            ClaimLabel::Unsupported => Some(self.unsupported),
            ClaimLabel::Contradicted => Some(self.contradicted),
            ClaimLabel::NotCheckable => None,
        }
    }
}
