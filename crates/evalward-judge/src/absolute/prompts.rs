//! The conversation that asks for scores.

use evalward_core::ChatMessage;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{AbsoluteOptions, Demonstration, Reasoning};
use crate::criterion::Criterion;
use crate::nonce::Nonce;
use crate::prompt::{Conversation, Part, SYSTEM, USER};
use crate::{JudgeError, Shown};

/// The templates, and what is the same in every conversation.
#[derive(Debug)]
pub(super) struct Prompts {
    conversation: Conversation,
    background: Option<String>,
    shown: Vec<Shown>,
    reasoning: Reasoning,
    demonstrations: Vec<Demonstration>,
}

#[derive(Serialize)]
struct System<'a> {
    criteria: Vec<ShownCriterion<'a>>,
    parts: ShownParts,
    background: Option<&'a str>,
    reasoning: Reasoning,
    form: String,
}

#[derive(Serialize)]
struct ShownCriterion<'a> {
    id: &'a str,
    question: &'a str,
    anchors: Vec<ShownAnchor<'a>>,
}

#[derive(Serialize)]
struct ShownAnchor<'a> {
    score: i32,
    text: &'a str,
}

#[derive(Serialize)]
struct ShownParts {
    context: bool,
    reference: bool,
}

impl Prompts {
    pub(super) fn new(options: &AbsoluteOptions) -> Result<Self, JudgeError> {
        Ok(Self {
            conversation: Conversation::new(
                options.system.clone().unwrap_or_else(SYSTEM),
                options.prompt.clone().unwrap_or_else(USER),
            )?,
            background: options.background.clone(),
            shown: options.shown.clone(),
            reasoning: options.reasoning,
            demonstrations: options.demonstrations.clone(),
        })
    }

    /// Returns the conversation that asks for the scores of a part of the criteria.
    pub(super) fn conversation(
        &self,
        criteria: &[&Criterion],
        parts: &[Part],
        nonce: &Nonce,
    ) -> Result<Vec<ChatMessage>, JudgeError> {
        let demonstrations = self.demonstrations.iter();
        let demonstrations =
            demonstrations.map(|it| (it.material.parts(&self.shown).unwrap_or_default(), it));
        let answer = |demonstration: &&Demonstration, code: &Nonce| {
            self.demonstrated(demonstration, criteria, code)
        };
        self.conversation.write(&self.system(criteria), demonstrations, answer, (parts, nonce))
    }

    fn system<'a>(&'a self, criteria: &[&'a Criterion]) -> System<'a> {
        let criteria_shown = criteria
            .iter()
            .map(|criterion| ShownCriterion {
                id: &criterion.id,
                question: criterion.question.trim(),
                anchors: criterion
                    .anchors()
                    .iter()
                    .map(|(score, text)| ShownAnchor { score: *score, text: text.trim() })
                    .collect(),
            })
            .collect();
        System {
            criteria: criteria_shown,
            parts: ShownParts {
                context: self.shown.contains(&Shown::Context),
                reference: self.shown.contains(&Shown::Reference),
            },
            background: self.background.as_deref().map(str::trim),
            reasoning: self.reasoning,
            form: self.form(criteria),
        }
    }

    /// Writes the form of an answer, as people would on a board.
    fn form(&self, criteria: &[&Criterion]) -> String {
        let verdict = |criterion: &&Criterion| {
            let (lowest, highest) = criterion.ends();
            let (before, after) = match self.reasoning {
                Reasoning::Full => {
                    (r#""reasoning": "...", "#, r#", "strengths": ["..."], "weaknesses": ["..."]"#)
                }
                Reasoning::Short => (r#""reasoning": "...", "#, ""),
                Reasoning::None => ("", ""),
            };
            format!(
                r#"{}: {{{before}"score": <{lowest} to {highest}>{after}}}"#,
                Value::from(criterion.id.as_str())
            )
        };
        let verdicts: Vec<String> = criteria.iter().map(verdict).collect();
        format!(r#"{{"code": "...", "criteria": {{{}}}}}"#, verdicts.join(", "))
    }

    /// Writes the form of an answer with each score that it may give: what a schema is made of.
    pub(super) fn form_with_scores(&self, criteria: &[&Criterion]) -> String {
        let scores = criteria.iter().map(|it| it.anchors().keys().collect::<Vec<_>>());
        format!("{}{:?}", self.form(criteria), scores.collect::<Vec<_>>())
    }

    fn demonstrated(
        &self,
        demonstration: &Demonstration,
        criteria: &[&Criterion],
        code: &Nonce,
    ) -> String {
        let verdict = |criterion: &&Criterion| {
            let verdict = &demonstration.verdicts[&criterion.id];
            let mut fields = Map::new();
            if self.reasoning != Reasoning::None {
                fields.insert("reasoning".to_owned(), json!(verdict.reasoning));
            }
            if self.reasoning == Reasoning::Full {
                fields.insert("strengths".to_owned(), json!(verdict.strengths));
                fields.insert("weaknesses".to_owned(), json!(verdict.weaknesses));
            }
            fields.insert("score".to_owned(), json!(verdict.score));
            (criterion.id.clone(), Value::Object(fields))
        };
        let verdicts: Map<String, Value> = criteria.iter().map(verdict).collect();
        json!({"code": code.as_str(), "criteria": verdicts}).to_string()
    }

    /// Returns the JSON Schema of an answer; servers that follow the order of its keys write the reasoning
    /// first.
    pub(super) fn schema(&self, criteria: &[&Criterion], nonce: &Nonce) -> Value {
        let object = |properties: Map<String, Value>| {
            let required: Vec<&String> = properties.keys().collect();
            json!({
                "type": "object",
                "required": required,
                "additionalProperties": false,
                "properties": properties,
            })
        };
        let verdict = |criterion: &&Criterion| {
            let phrases = json!({"type": "array", "items": {"type": "string"}});
            let scores: Vec<&i32> = criterion.anchors().keys().collect();
            let mut properties = Map::new();
            if self.reasoning != Reasoning::None {
                properties.insert("reasoning".to_owned(), json!({"type": "string"}));
            }
            if self.reasoning == Reasoning::Full {
                properties.insert("strengths".to_owned(), phrases.clone());
                properties.insert("weaknesses".to_owned(), phrases);
            }
            properties.insert("score".to_owned(), json!({"type": "integer", "enum": scores}));
            (criterion.id.clone(), object(properties))
        };
        let verdicts = object(criteria.iter().map(verdict).collect());
        let mut properties = Map::new();
        properties.insert("code".to_owned(), json!({"type": "string", "enum": [nonce.as_str()]}));
        properties.insert("criteria".to_owned(), verdicts);
        object(properties)
    }
}
