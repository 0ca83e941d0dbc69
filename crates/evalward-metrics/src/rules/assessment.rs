//! What a rule says about an output.

use serde_json::{Map, Value};

/// Whether a rule holds, with the evidence.
#[derive(Clone, Debug)]
pub(crate) struct Assessment {
    pub(crate) result: RuleResult,
    evidence: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(crate) enum RuleResult {
    /// The rule holds.
    Passed,
    /// The rule is broken, in this way.
    Failed(String),
    /// The rule could not be evaluated, for this reason.
    Errored(String),
}

impl Assessment {
    pub(crate) fn passed() -> Self {
        Self::new(RuleResult::Passed)
    }

    /// Says in which way the rule is broken, and where in the output: a reader wants to see the place.
    pub(crate) fn failed(
        problem: impl Into<String>,
        spans: impl IntoIterator<Item = Value>,
    ) -> Self {
        let spans: Vec<Value> = spans.into_iter().collect();
        Self::new(RuleResult::Failed(problem.into())).with("spans", spans)
    }

    pub(crate) fn errored(reason: impl Into<String>) -> Self {
        Self::new(RuleResult::Errored(reason.into()))
    }

    fn new(result: RuleResult) -> Self {
        Self { result, evidence: Map::new() }
    }

    /// Adds what else the result rests on.
    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.evidence.insert(key.to_owned(), value.into());
        self
    }

    /// Returns the assessment as a part of a score's detail.
    pub(crate) fn to_json(&self, rule: &str) -> Value {
        let mut fields = Map::new();
        fields.insert("rule".to_owned(), rule.into());
        let (result, message) = match &self.result {
            RuleResult::Passed => ("passed", None),
            RuleResult::Failed(problem) => ("failed", Some(problem)),
            RuleResult::Errored(reason) => ("errored", Some(reason)),
        };
        fields.insert("result".to_owned(), result.into());
        if let Some(message) = message {
            fields.insert("message".to_owned(), message.as_str().into());
        }
        fields.extend(self.evidence.clone());
        Value::Object(fields)
    }
}
