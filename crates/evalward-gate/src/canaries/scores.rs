//! What the judges of a run said of the frozen answers.

use std::collections::BTreeMap;

use evalward_core::{Digest, Finite, JudgeCalls, Measured, Measurement, Scale};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the judges of a run said of the frozen answers: `canaries.json` in the run's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RunCanaries {
    /// The version of this format.
    pub format: u32,
    /// The hash of the answers.
    pub set: Digest,
    /// What each judge said, by the id of its metric.
    pub judges: BTreeMap<String, JudgedCanaries>,
}

/// What a judge said of the frozen answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgedCanaries {
    /// The hash of the metric's settings.
    pub version: Digest,
    /// The scale of the scores.
    pub scale: Scale,
    /// The score of each answer that was scored.
    pub scores: BTreeMap<String, Finite>,
    /// The number of answers that could not be scored.
    pub missing: u64,
    /// Why the first of them could not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The models that answered.
    pub models: Vec<AnsweredBy>,
    /// What the judge was asked for that; older files do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<JudgeCalls>,
}

/// A model, as the server names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct AnsweredBy {
    /// Its name.
    #[serde(default)]
    pub model: Option<String>,
    /// The server's fingerprint of the model and its settings.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

impl RunCanaries {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
}

impl JudgedCanaries {
    /// Starts with no score.
    pub const fn new(version: Digest, scale: Scale) -> Self {
        Self {
            version,
            scale,
            scores: BTreeMap::new(),
            missing: 0,
            cause: None,
            models: Vec::new(),
            calls: None,
        }
    }

    /// Takes in what the judge said of an answer.
    pub fn push(&mut self, id: &str, Measured { measurement, calls, .. }: &Measured) {
        if let Some(calls) = calls {
            self.calls.get_or_insert_default().add(calls);
        }
        let score = match measurement {
            Measurement::Score(score) => score,
            Measurement::Skipped(cause) | Measurement::Errored(cause) => {
                self.missing += 1;
                self.cause.get_or_insert_with(|| cause.chars().take(500).collect());
                return;
            }
        };
        self.scores.insert(id.to_owned(), score.value);
        self.scale = score.scale;
        let models = score.detail.as_ref().map(|detail| detail["models"].clone());
        let models: Vec<AnsweredBy> =
            models.and_then(|models| serde_json::from_value(models).ok()).unwrap_or_default();
        self.models.extend(models);
        self.models.sort();
        self.models.dedup();
    }
}
