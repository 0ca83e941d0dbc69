//! The conversation that asks for a preference.

use evalward_core::ChatMessage;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{PairDemonstration, PairwiseCriterion, PairwiseOptions};
use crate::JudgeError;
use crate::Shown;
use crate::absolute::Reasoning;
use crate::nonce::Nonce;
use crate::prompt::{Conversation, PAIRWISE_SYSTEM, PAIRWISE_USER, Part};

/// The templates, and what is the same in every conversation.
#[derive(Debug)]
pub(super) struct Prompts {
    conversation: Conversation,
    background: Option<String>,
    shown: Vec<Shown>,
    reasoning: Reasoning,
    criteria: Vec<PairwiseCriterion>,
    demonstrations: Vec<PairDemonstration>,
}

#[derive(Serialize)]
struct System<'a> {
    criteria: &'a [PairwiseCriterion],
    parts: ShownParts,
    background: Option<&'a str>,
    reasoning: Reasoning,
    form: &'static str,
}

#[derive(Serialize)]
struct ShownParts {
    context: bool,
    reference: bool,
}

impl Prompts {
    pub(super) fn new(options: &PairwiseOptions) -> Result<Self, JudgeError> {
        let trimmed = |it: &PairwiseCriterion| PairwiseCriterion {
            id: it.id.clone(),
            question: it.question.trim().to_owned(),
        };
        Ok(Self {
            conversation: Conversation::new(
                options.system.clone().unwrap_or_else(PAIRWISE_SYSTEM),
                options.prompt.clone().unwrap_or_else(PAIRWISE_USER),
            )?,
            background: options.background.clone(),
            shown: options.shown.clone(),
            reasoning: options.reasoning,
            criteria: options.criteria.iter().map(trimmed).collect(),
            demonstrations: options.demonstrations.clone(),
        })
    }

    /// Returns the conversation that asks which of two answers is better.
    pub(super) fn conversation(
        &self,
        parts: &[Part],
        nonce: &Nonce,
    ) -> Result<Vec<ChatMessage>, JudgeError> {
        let system = System {
            criteria: &self.criteria,
            parts: ShownParts {
                context: self.shown.contains(&Shown::Context),
                reference: self.shown.contains(&Shown::Reference),
            },
            background: self.background.as_deref().map(str::trim),
            reasoning: self.reasoning,
            form: match self.reasoning {
                Reasoning::None => r#"{"code": "...", "preferred": "first" or "second" or "tie"}"#,
                Reasoning::Full | Reasoning::Short => {
                    r#"{"code": "...", "reasoning": "...", "preferred": "first" or "second" or "tie"}"#
                }
            },
        };
        let demonstrations = self.demonstrations.iter();
        let demonstrations =
            demonstrations.map(|it| (it.pair.parts(&self.shown).unwrap_or_default(), it));
        let answer = |demonstration: &&PairDemonstration, code: &Nonce| {
            self.demonstrated(demonstration, code)
        };
        self.conversation.write(&system, demonstrations, answer, (parts, nonce))
    }

    fn demonstrated(&self, demonstration: &PairDemonstration, code: &Nonce) -> String {
        let mut answer = Map::new();
        answer.insert("code".to_owned(), json!(code.as_str()));
        if self.reasoning != Reasoning::None {
            answer.insert("reasoning".to_owned(), json!(demonstration.reasoning));
        }
        answer.insert("preferred".to_owned(), json!(demonstration.preferred));
        Value::Object(answer).to_string()
    }

    /// Returns the JSON Schema of an answer; servers that follow the order of its keys write the reasoning first.
    pub(super) fn schema(&self, nonce: &Nonce) -> Value {
        let mut properties = Map::new();
        properties.insert("code".to_owned(), json!({"type": "string", "enum": [nonce.as_str()]}));
        if self.reasoning != Reasoning::None {
            properties.insert("reasoning".to_owned(), json!({"type": "string"}));
        }
        let preferences = json!({"type": "string", "enum": ["first", "second", "tie"]});
        properties.insert("preferred".to_owned(), preferences);
        let required: Vec<&String> = properties.keys().collect();
        json!({
            "type": "object",
            "required": required,
            "additionalProperties": false,
            "properties": properties,
        })
    }
}
