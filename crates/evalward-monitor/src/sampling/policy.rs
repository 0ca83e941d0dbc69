//! The policy: strata and their probabilities.

use std::collections::BTreeMap;
use std::time::Duration;

use evalward_config::{AlwaysSampled, SamplingConfig, SegmentKey};
use evalward_core::{Interaction, Rate};
use evalward_store::SecondPhase;
use serde_json::Value;

use super::draw::{is_drawn, key_of};
use super::segment;

/// The stratum of interactions that nothing singles out.
const BASE: &str = "base";

/// How interactions are sampled.
#[derive(Debug)]
pub(crate) struct SamplingPolicy {
    base_rate: Rate,
    segment_by: Vec<SegmentKey>,
    segments: BTreeMap<String, Rate>,
    always: AlwaysSampled,
}

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
    /// Makes the policy that the monitor's file describes.
    pub(crate) fn new(config: SamplingConfig) -> Self {
        let SamplingConfig { base_rate, segment_by, segments, always } = config;
        let normal = |(part, rate): (String, Rate)| {
            let (name, value) = part.split_once('=').unwrap_or((&part, ""));
            (segment::part(name, value), rate)
        };
        Self { base_rate, segment_by, segments: segments.into_iter().map(normal).collect(), always }
    }

    /// Decides of a redacted interaction.
    pub(crate) fn decide(&self, interaction: &Interaction) -> Decision {
        let parts = segment::parts(&self.segment_by, interaction);
        let (stratum, probability) = if let Some(stratum) = self.rule(interaction) {
            (stratum, Rate::ONE)
        } else {
            let rate = parts.iter().find_map(|part| self.segments.get(part));
            (BASE.to_owned(), *rate.unwrap_or(&self.base_rate))
        };
        Decision {
            segment: parts.join(","),
            stratum,
            probability,
            is_sampled: is_drawn(&key_of(interaction), probability),
        }
    }

    /// Decides of an interaction that a user disliked; `None` where feedback samples nothing.
    pub(crate) fn disliked(&self) -> Option<SecondPhase> {
        self.always.negative_feedback.then(|| SecondPhase {
            stratum: "negative_feedback".to_owned(),
            probability: Rate::ONE,
            is_sampled: true,
        })
    }

    /// Returns the stratum of the first rule that always samples this interaction.
    fn rule(&self, interaction: &Interaction) -> Option<String> {
        if self.always.errors && interaction.error.is_some() {
            return Some("error".to_owned());
        }
        let latency = interaction.latency_millis.map(Duration::from_millis);
        if let (Some(slow), Some(latency)) = (self.always.slow, latency)
            && latency > slow
        {
            return Some("slow".to_owned());
        }
        if self.always.patterns.is_empty() {
            return None;
        }
        let texts = texts_of(interaction);
        let matches = |regex: &regex::Regex| texts.iter().any(|text| regex.is_match(text));
        let found = self.always.patterns.iter().find(|(_, regex)| matches(regex));
        found.map(|(name, _)| format!("pattern:{name}"))
    }
}

/// Returns the texts that the user wrote: of a conversation the messages of the role `user`, else every text of the input.
fn texts_of(interaction: &Interaction) -> Vec<&str> {
    let mut texts = Vec::new();
    if let Some(Value::Array(messages)) = interaction.input.get("messages") {
        let is_users = |message: &&Value| message.get("role").is_some_and(|role| role == "user");
        for message in messages.iter().filter(is_users) {
            push_texts(message.get("content").unwrap_or(&Value::Null), &mut texts);
        }
        if !texts.is_empty() {
            return texts;
        }
    }
    interaction.input.values().for_each(|value| push_texts(value, &mut texts));
    texts
}

fn push_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| push_texts(item, texts)),
        Value::Object(map) => map.values().for_each(|value| push_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
