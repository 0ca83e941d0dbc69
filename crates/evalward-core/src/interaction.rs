//! One production request and its response.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Example, ExampleId, InteractionId, Partition, Reply, Response, Timestamp};

/// One production request and its response, as it was ingested.
///
/// Its stored form is this JSON, after redaction. Where the content could not be made safe to store, `withheld` says why and
/// the texts are gone: such an interaction is counted, and never evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Interaction {
    /// The name, unique in the project; a sender that repeats it repeats the interaction.
    pub id: InteractionId,
    /// The trace that the interaction belongs to; sampling decides by it, so that every service decides alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The conversation that the interaction belongs to; interactions of one are not independent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// When the request came in.
    pub started_at: Timestamp,
    /// The wall time of the answer in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_millis: Option<u64>,
    /// The name of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The version of the application; a failure that returns in a later version has recurred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where the application runs, such as `production`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The input, in the form of an example's: `messages` holds a conversation, `question` a single text.
    pub input: BTreeMap<String, Value>,
    /// The answer; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// What went wrong in the application, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Why the content was not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withheld: Option<String>,
    /// Everything else that came with it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, Value>,
    /// For each field that was mapped, the name it came under.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lineage: BTreeMap<String, String>,
}

impl Interaction {
    /// Makes an interaction with an empty input and no answer; fields are public, so fill in what you need.
    pub fn new(id: InteractionId, started_at: Timestamp) -> Self {
        Self {
            id,
            trace_id: None,
            session: None,
            started_at,
            latency_millis: None,
            service: None,
            version: None,
            environment: None,
            input: BTreeMap::new(),
            response: None,
            error: None,
            withheld: None,
            attributes: BTreeMap::new(),
            lineage: BTreeMap::new(),
        }
    }

    /// Returns what sampling hashes: the trace id, or the interaction's own where there is none.
    pub fn sampling_key(&self) -> &str {
        self.trace_id.as_deref().unwrap_or(self.id.as_str())
    }

    /// Returns the interaction as an example without expectations, so that a suite's metrics can score it.
    ///
    /// # Panics
    /// Never: an interaction's id has the form of an example's.
    pub fn to_example(&self) -> Example {
        let id = ExampleId::new(self.id.as_str()).expect("both kinds of id have one form");
        let mut example = Example::with_id(id, Partition::Distribution);
        example.input.clone_from(&self.input);
        if let Some(response) = &self.response {
            example.context.clone_from(&response.context);
        }
        example
    }

    /// Returns the answer as a reply, where there was one.
    pub fn to_reply(&self) -> Option<Reply> {
        let response = self.response.clone()?;
        // A time that was not told must not read as 0: without an attempt the metric of latency says that it is not known.
        let attempts = u32::from(self.latency_millis.is_some());
        Some(Reply {
            response,
            latency_millis: self.latency_millis.unwrap_or(0),
            attempts,
            cached: false,
        })
    }
}

/// What a user thought of an answer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Thumb {
    /// The user liked it.
    Up,
    /// The user disliked it.
    Down,
}
