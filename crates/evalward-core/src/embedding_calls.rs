//! What the calls of an embedding model took.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an embedding model behind an API was asked for and what that took.
///
/// Texts of several examples go out in one request; its tokens count once, for the first of them that gets its vector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingCalls {
    /// The name of the model.
    pub model: String,
    /// The texts whose vectors were needed, those from the cache among them.
    pub texts: u64,
    /// The texts whose vectors came from the cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached: u64,
    /// The requests that were answered; none in a replay.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub requests: u64,
    /// Those of which the server did not tell the tokens.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uncounted: u64,
    /// Tokens of the requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl EmbeddingCalls {
    /// Makes the calls for so many texts that took nothing so far.
    pub fn of_texts(count: usize) -> Self {
        Self { texts: u64::try_from(count).unwrap_or(u64::MAX), ..Self::default() }
    }

    /// Counts an answered request.
    pub const fn count_request(&mut self, input_tokens: Option<u64>) {
        self.requests = self.requests.saturating_add(1);
        match input_tokens {
            Some(_) => self.add_tokens(input_tokens),
            None => self.uncounted = self.uncounted.saturating_add(1),
        }
    }

    /// Adds what other calls took, without their texts.
    pub const fn add_taken(&mut self, other: &Self) {
        self.cached = self.cached.saturating_add(other.cached);
        self.requests = self.requests.saturating_add(other.requests);
        self.uncounted = self.uncounted.saturating_add(other.uncounted);
        self.add_tokens(other.input_tokens);
    }

    /// Adds further calls of the same model.
    pub fn add(&mut self, other: &Self) {
        if self.model.is_empty() {
            self.model.clone_from(&other.model);
        }
        self.texts = self.texts.saturating_add(other.texts);
        self.add_taken(other);
    }

    const fn add_tokens(&mut self, tokens: Option<u64>) {
        if let Some(tokens) = tokens {
            let sum = match self.input_tokens {
                Some(sum) => sum,
                None => 0,
            };
            self.input_tokens = Some(sum.saturating_add(tokens));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_the_name_and_what_nobody_told() {
        let mut first = EmbeddingCalls { model: "m".to_owned(), ..EmbeddingCalls::of_texts(3) };
        first.cached = 1;
        first.count_request(Some(7));
        let mut second = EmbeddingCalls::of_texts(2);
        second.count_request(None);
        let mut sum = EmbeddingCalls::default();
        for calls in [&first, &second] {
            sum.add(calls);
        }
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(
            text,
            r#"{"model":"m","texts":5,"cached":1,"requests":2,"uncounted":1,"input_tokens":7}"#
        );
        let nothing = serde_json::to_string(&EmbeddingCalls::of_texts(1)).unwrap();
        assert_eq!(nothing, r#"{"model":"","texts":1}"#);
    }
}
