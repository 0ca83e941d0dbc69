//! What goes in and comes out: the same objects on both faces.

use serde::{Deserialize, Serialize};

/// One turn of a conversation, in the form of the `OpenAI` chat API.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Message {
    /// Who speaks: `user`, `assistant` or `system`.
    pub role: String,
    /// What was said.
    pub content: String,
}

/// A request: one question, or a conversation whose last user turn leads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// A single question.
    Question(String),
    /// A conversation.
    Messages(Vec<Message>),
}

/// A section of the knowledge base which an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The section's id, such as `kb/pricing.md#plan-prices`.
    pub id: String,
    /// The section's text.
    pub text: String,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// The text for the customer.
    pub output: String,
    /// The sections that the text was composed from; empty for a refusal.
    pub context: Vec<Document>,
}
