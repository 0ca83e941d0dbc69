//! Which interactions become samples: a stateless decision by the hash of the trace id.

use evalward_core::{Interaction, Rate};
use evalward_store::SecondPhase;

/// How interactions are sampled.
#[derive(Debug)]
pub(crate) struct SamplingPolicy {}

/// What sampling decides of an interaction.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decision {
    /// The segment, such as `service=support`; empty where nothing segments.
    pub(crate) segment: String,
    /// The stratum: `base`, or the name of the rule that always samples.
    pub(crate) stratum: String,
    /// The probability of that stratum.
    pub(crate) probability: Rate,
    /// Whether this one becomes a sample.
    pub(crate) is_sampled: bool,
}

impl SamplingPolicy {
    /// Decides of a redacted interaction.
    pub(crate) fn decide(&self, interaction: &Interaction) -> Decision {
        let _ = interaction;
        todo!()
    }

    /// Decides of an interaction that a user disliked; `None` where feedback samples nothing.
    pub(crate) fn disliked(&self, key: &str) -> Option<SecondPhase> {
        let _ = key;
        todo!()
    }
}
