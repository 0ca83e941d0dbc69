//! What kind of work a span says it is.

use serde_json::Value;

use super::attributes::Attributes;
use super::batch::SpanChoice;
use super::events;
use super::sources::{Form, INPUT, OUTPUT, Source};
use super::span::Span;

/// What kind of work a span is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A call of a model that answers.
    Generation,
    /// A search, an embedding or a ranking: a step of an answer, and never one itself.
    Retrieval,
    /// Something else, such as a chain, an agent or a tool.
    Other,
    /// It does not say.
    Unstated,
}

/// The names that say the kind, the preferred one first, with the values that mean a call of a model.
static KINDS: [(&str, &[&str]); 8] = [
    ("gen_ai.operation.name", &["chat", "completion", "generate_content", "text_completion"]),
    ("openinference.span.kind", &["llm"]),
    (
        "ai.operationId",
        &[
            "ai.generatetext.dogenerate",
            "ai.streamtext.dostream",
            "ai.generateobject.dogenerate",
            "ai.streamobject.dostream",
        ],
    ),
    ("llm.request.type", &["chat", "completion"]),
    ("langfuse.observation.type", &["generation"]),
    ("mlflow.spanType", &["chat_model", "llm"]),
    ("traceloop.span.kind", &[]),
    ("gcp.vertex.agent.event_id", &[]),
];

/// Values that mean a search, an embedding or a ranking.
const RETRIEVALS: [&str; 8] = [
    "embedding",
    "embeddings",
    "rerank",
    "reranker",
    "retrieval",
    "retriever",
    "ai.embed",
    "ai.embedmany",
];

impl Kind {
    pub(super) fn of(attributes: &Attributes) -> Self {
        for (name, generations) in &KINDS {
            let Some(value) = attributes.get(name) else { continue };
            let word = value.as_str().unwrap_or("").trim_matches('"').to_ascii_lowercase();
            // An unknown kind of the protocols says no more than none does.
            if word.is_empty() || word == "unknown" {
                continue;
            }
            return if generations.contains(&word.as_str()) {
                Self::Generation
            } else if RETRIEVALS.contains(&word.as_str()) {
                Self::Retrieval
            } else {
                Self::Other
            };
        }
        Self::Unstated
    }
}

/// Returns whether a span becomes an interaction.
pub(super) fn is_chosen(choice: SpanChoice, span: &Span, attributes: &Attributes) -> bool {
    let kind = Kind::of(attributes);
    match choice {
        SpanChoice::Generations => match kind {
            Kind::Generation => true,
            Kind::Unstated => {
                events::has_messages(&span.events)
                    || INPUT
                        .iter()
                        .chain(&OUTPUT)
                        .any(|source| is_of_messages(source.form) && carries(attributes, source))
            }
            Kind::Retrieval | Kind::Other => false,
        },
        SpanChoice::Roots => {
            let is_root = span.parent_id.iter().all(|byte| *byte == 0);
            let has = |sources: &[Source]| {
                sources.iter().any(|source| carries(attributes, source))
                    || events::has_messages(&span.events)
            };
            let has_end = has(&OUTPUT) || span.status == super::span::Status::Error;
            is_root && kind != Kind::Retrieval && has(&INPUT) && has_end
        }
    }
}

/// Returns whether only calls of models carry contents in this form.
const fn is_of_messages(form: Form) -> bool {
    matches!(form, Form::Messages | Form::Indexed | Form::Events | Form::Vercel)
}

fn carries(attributes: &Attributes, source: &Source) -> bool {
    match source.form {
        Form::Events => false,
        Form::Indexed => attributes.has(source.name),
        Form::Vercel => ["text", "object", "toolCalls"]
            .iter()
            .any(|name| attributes.get(&format!("{}{name}", source.name)).is_some()),
        Form::Messages | Form::Typed(_) | Form::Text => {
            attributes.get(source.name).is_some_and(|value| *value != Value::String(String::new()))
        }
    }
}
