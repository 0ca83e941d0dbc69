//! The conversation that asks for claims.

use evalward_core::ChatMessage;
use serde::Serialize;
use serde_json::{Value, json};

use super::metric::SHOWN;
use super::{ClaimDemonstration, ClaimLabel, HallucinationOptions};
use crate::JudgeError;
use crate::nonce::Nonce;
use crate::prompt::{CLAIMS_SYSTEM, CLAIMS_USER, Part, Template};

/// The templates, and what is the same in every conversation.
#[derive(Debug)]
pub(super) struct Prompts {
    system: Template,
    user: Template,
    background: Option<String>,
    demonstrations: Vec<ClaimDemonstration>,
}

#[derive(Serialize)]
struct System<'a> {
    background: Option<&'a str>,
}

#[derive(Serialize)]
struct User<'a> {
    code: &'a str,
    parts: &'a [Part],
}

impl Prompts {
    pub(super) fn new(options: &HallucinationOptions) -> Result<Self, JudgeError> {
        Ok(Self {
            system: Template::new(options.system.clone().unwrap_or_else(CLAIMS_SYSTEM))?,
            user: Template::new(options.prompt.clone().unwrap_or_else(CLAIMS_USER))?,
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
        let system = self.system.render(&System { background })?;
        let mut messages = vec![ChatMessage::text("system", system)];
        for (index, demonstration) in self.demonstrations.iter().enumerate() {
            let code = Nonce::of_demonstration(index + 1);
            let shown = demonstration.material.parts(&SHOWN).unwrap_or_default();
            messages.push(ChatMessage::text("user", self.user(&shown, &code)?));
            let answer = json!({"code": code.as_str(), "claims": demonstration.claims});
            messages.push(ChatMessage::text("assistant", answer.to_string()));
        }
        messages.push(ChatMessage::text("user", self.user(parts, nonce)?));
        Ok(messages)
    }

    fn user(&self, parts: &[Part], nonce: &Nonce) -> Result<String, JudgeError> {
        self.user.render(&User { code: nonce.as_str(), parts })
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
