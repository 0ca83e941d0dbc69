//! The conversation that asks for claims.

use evalward_core::ChatMessage;
use serde::Serialize;
use serde_json::{Value, json};

use super::metric::SHOWN;
use super::{ClaimDemonstration, ClaimLabel, HallucinationOptions};
use crate::JudgeError;
use crate::nonce::Nonce;
use crate::prompt::{CLAIMS_SYSTEM, CLAIMS_USER, Conversation, Part};

/// The templates, and what is the same in every conversation.
#[derive(Debug)]
pub(super) struct Prompts {
    conversation: Conversation,
    background: Option<String>,
    demonstrations: Vec<ClaimDemonstration>,
}

#[derive(Serialize)]
struct System<'a> {
    background: Option<&'a str>,
}

impl Prompts {
    pub(super) fn new(options: &HallucinationOptions) -> Result<Self, JudgeError> {
        Ok(Self {
            conversation: Conversation::new(
                options.system.clone().unwrap_or_else(CLAIMS_SYSTEM),
                options.prompt.clone().unwrap_or_else(CLAIMS_USER),
            )?,
            background: options.background.clone(),
            demonstrations: options.demonstrations.clone(),
        })
    }

    /// Returns the conversation that asks for the claims of an answer.
    pub(super) fn conversation(
        &self,
        parts: &[Part],
        nonce: &Nonce,
    ) -> Result<Vec<ChatMessage>, JudgeError> {
        let background = self.background.as_deref().map(str::trim);
        let demonstrations = self.demonstrations.iter();
        let demonstrations =
            demonstrations.map(|it| (it.material.parts(&SHOWN).unwrap_or_default(), it));
        let answer = |demonstration: &&ClaimDemonstration, code: &Nonce| {
            json!({"code": code.as_str(), "claims": demonstration.claims}).to_string()
        };
        self.conversation.write(&System { background }, demonstrations, answer, (parts, nonce))
    }
}

/// Returns the JSON Schema of an answer.
pub(super) fn schema(nonce: &Nonce) -> Value {
    let labels = ClaimLabel::ALL.map(ClaimLabel::name);
    let claim = json!({
        "type": "object",
        "required": ["claim", "evidence", "label"],
        "additionalProperties": false,
        "properties": {
            "claim": {"type": "string"},
            "evidence": {"type": ["string", "null"]},
            "label": {"type": "string", "enum": labels},
        },
    });
    json!({
        "type": "object",
        "required": ["claims", "code"],
        "additionalProperties": false,
        "properties": {
            "claims": {"type": "array", "items": claim},
            "code": {"type": "string", "enum": [nonce.as_str()]},
        },
    })
}
