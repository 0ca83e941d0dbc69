//! What the calls of a judge took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EmbeddingCalls, Finite, Measurement, Usage};

/// What a judge was asked for and what that took, whatever came of it.
///
/// Tokens and money are those of the answers that did not come from the cache; what the cache has was paid for before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeCalls {
    /// The name of the judge's definition.
    pub judge: String,
    /// The short form of the judge's version.
    pub version: String,
    /// The answers of the judge's model, those that could not be used and those from the cache among them.
    pub answers: u64,
    /// The answers that came from the cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached: u64,
    /// The other answers of which the server did not tell the tokens.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uncounted: u64,
    /// Tokens of the requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// US dollars, over the answers whose price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<Finite>,
    /// The models that answered.
    pub models: Vec<AnsweringModel>,
}

/// A model that answered, as the server names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnsweringModel {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The server's fingerprint of the model and its settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The answers that it gave.
    pub answers: u64,
}

/// What a metric measures, and what models were asked for that.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The result.
    pub measurement: Measurement,
    /// The calls of a judge; absent where the metric asks none, or had nothing to ask.
    pub calls: Option<JudgeCalls>,
    /// The calls of an embedding model behind an API; absent where the metric asks none, or had nothing to ask.
    pub embeddings: Option<EmbeddingCalls>,
}

impl From<Measurement> for Measured {
    fn from(measurement: Measurement) -> Self {
        Self { measurement, calls: None, embeddings: None }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl JudgeCalls {
    /// Makes the calls of a judge that was not asked yet.
    pub fn none(judge: impl Into<String>, version: impl Into<String>) -> Self {
        Self { judge: judge.into(), version: version.into(), ..Self::default() }
    }

    /// Counts an answer that the server gave now, or a recording holds.
    pub fn count(&mut self, usage: Option<Usage>, model: Option<&str>, fingerprint: Option<&str>) {
        self.answers += 1;
        let usage = usage.unwrap_or_default();
        self.uncounted += u64::from(usage.input_tokens.or(usage.output_tokens).is_none());
        add(&mut self.input_tokens, usage.input_tokens);
        add(&mut self.output_tokens, usage.output_tokens);
        self.add_cost(usage.known_cost());
        self.add_model(model, fingerprint, 1);
    }

    /// Counts an answer from the cache.
    pub fn count_cached(&mut self, model: Option<&str>, fingerprint: Option<&str>) {
        self.answers += 1;
        self.cached += 1;
        self.add_model(model, fingerprint, 1);
    }

    /// Adds further calls of the same judge.
    pub fn add(&mut self, other: &Self) {
        if self.judge.is_empty() {
            self.judge.clone_from(&other.judge);
            self.version.clone_from(&other.version);
        }
        self.answers = self.answers.saturating_add(other.answers);
        self.cached = self.cached.saturating_add(other.cached);
        self.uncounted = self.uncounted.saturating_add(other.uncounted);
        add(&mut self.input_tokens, other.input_tokens);
        add(&mut self.output_tokens, other.output_tokens);
        self.add_cost(other.cost_usd);
        for it in &other.models {
            self.add_model(it.model.as_deref(), it.fingerprint.as_deref(), it.answers);
        }
    }

    fn add_cost(&mut self, cost: Option<Finite>) {
        if let Some(cost) = cost {
            let sum = self.cost_usd.map_or(0.0, Finite::get) + cost.get();
            self.cost_usd = Some(Finite::new(sum).unwrap_or(Finite::MAX));
        }
    }

    /// Keeps the models in the order of their names, whichever answered first.
    fn add_model(&mut self, model: Option<&str>, fingerprint: Option<&str>, answers: u64) {
        let key = (model, fingerprint);
        let place = self
            .models
            .binary_search_by(|it| (it.model.as_deref(), it.fingerprint.as_deref()).cmp(&key));
        match place {
            Ok(place) => {
                if let Some(it) = self.models.get_mut(place) {
                    it.answers = it.answers.saturating_add(answers);
                }
            }
            Err(place) => self.models.insert(
                place,
                AnsweringModel {
                    model: model.map(str::to_owned),
                    fingerprint: fingerprint.map(str::to_owned),
                    answers,
                },
            ),
        }
    }
}

fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u64, cost: f64) -> Usage {
        let cost_usd = Finite::new(cost).ok();
        Usage { input_tokens: Some(input), output_tokens: Some(1), cost_usd }
    }

    #[test]
    fn answers_are_summed_and_those_from_the_cache_cost_nothing() {
        let mut calls = JudgeCalls::none("j", "v");
        calls.count(Some(usage(10, 0.5)), Some("m"), Some("2"));
        calls.count(Some(usage(20, -3.0)), Some("m"), Some("1"));
        calls.count(None, None, None);
        calls.count_cached(Some("m"), Some("2"));
        let text = serde_json::to_string(&calls).unwrap();
        assert_eq!(
            text,
            r#"{"judge":"j","version":"v","answers":4,"cached":1,"uncounted":1,"input_tokens":30,"output_tokens":2,"cost_usd":0.5,"models":[{"answers":1},{"model":"m","fingerprint":"1","answers":1},{"model":"m","fingerprint":"2","answers":2}]}"#
        );
        let mut sum = JudgeCalls::default();
        sum.add(&calls);
        assert_eq!(sum, calls);
        sum.add(&calls);
        assert_eq!((sum.answers, sum.input_tokens, sum.models[2].answers), (8, Some(60), 4));
    }
}
