//! What comes from where: for each field the names under which instrumentations send it, the preferred one first.
//!
//! The generations are those of `OpenTelemetry` from version 1.37 of its `gen_ai` conventions on, the events of its versions before,
//! `OpenInference`, `OpenLLMetry` (`traceloop`), Vercel AI, `MLflow` and `Langfuse`.

/// One name under which a content may come, and its form.
#[derive(Debug)]
pub(super) struct Source {
    /// The attribute; the start of its names where the form is [`Form::Indexed`].
    pub(super) name: &'static str,
    pub(super) form: Form,
}

/// How a content is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A list of messages as JSON.
    Messages,
    /// One attribute for each field of each message.
    Indexed,
    /// One event of the span for each message.
    Events,
    /// A text; JSON where the attribute of this name says so.
    Typed(&'static str),
    /// A text that may be JSON.
    Text,
    /// Three attributes for the text, the object and the calls of tools: `ai.response.text` and its siblings.
    Vercel,
}

const fn source(name: &'static str, form: Form) -> Source {
    Source { name, form }
}

/// Where the input comes from.
pub(super) static INPUT: [Source; 14] = [
    source("gen_ai.input.messages", Form::Messages),
    source(super::events::INPUT_EVENTS, Form::Events),
    source("llm.input_messages.", Form::Indexed),
    source("gen_ai.prompt.", Form::Indexed),
    source("ai.prompt.messages", Form::Messages),
    source("llm.prompts.", Form::Indexed),
    source("gen_ai.prompt", Form::Text),
    source("input.value", Form::Typed("input.mime_type")),
    source("traceloop.entity.input", Form::Text),
    source("ai.prompt", Form::Text),
    source("mlflow.spanInputs", Form::Text),
    source("langfuse.observation.input", Form::Text),
    source("gen_ai.tool.call.arguments", Form::Text),
    source("gen_ai.retrieval.query.text", Form::Text),
];

/// Where the instructions come from that stand before the input's messages.
pub(super) const INSTRUCTIONS: &str = "gen_ai.system_instructions";

/// Where the output comes from.
pub(super) static OUTPUT: [Source; 12] = [
    source("gen_ai.output.messages", Form::Messages),
    source("gen_ai.choice", Form::Events),
    source("llm.output_messages.", Form::Indexed),
    source("gen_ai.completion.", Form::Indexed),
    source("ai.response.", Form::Vercel),
    source("ai.result.", Form::Vercel),
    source("llm.choices.", Form::Indexed),
    source("gen_ai.completion", Form::Text),
    source("output.value", Form::Typed("output.mime_type")),
    source("traceloop.entity.output", Form::Text),
    source("mlflow.spanOutputs", Form::Text),
    source("langfuse.observation.output", Form::Text),
];

/// Where retrieved documents come from.
pub(super) static DOCUMENTS: [Source; 3] = [
    source("gen_ai.retrieval.documents", Form::Messages),
    source("retrieval.documents.", Form::Indexed),
    source("reranker.output_documents.", Form::Indexed),
];

/// Where the conversation comes from.
pub(super) static SESSION: [&str; 5] = [
    "gen_ai.conversation.id",
    "session.id",
    "langfuse.session.id",
    "ai.telemetry.metadata.sessionId",
    "traceloop.association.properties.session_id",
];

/// Where the model comes from: the one that answered, before the one that was asked for.
pub(super) static MODEL: [&str; 9] = [
    "gen_ai.response.model",
    "llm.response.model_name",
    "ai.response.model",
    "gen_ai.request.model",
    "llm.model_name",
    "llm.request.model_name",
    "gen_ai.request_model",
    "ai.model.id",
    "langfuse.observation.model.name",
];

/// Where the tokens of the request come from.
pub(super) static INPUT_TOKENS: [&str; 6] = [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
];

/// Where the tokens of the answer come from.
pub(super) static OUTPUT_TOKENS: [&str; 6] = [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
];

/// Where the price comes from.
pub(super) static COST: [&str; 2] = ["llm.cost.total", "gen_ai.usage.cost"];

/// Events of which the attributes are read as the span's own.
pub(super) static DETAIL_EVENTS: [&str; 3] = [
    "gen_ai.client.inference.operation.details",
    "gen_ai.content.prompt",
    "gen_ai.content.completion",
];

/// Names that the mapping knows and leaves in the interaction's attributes; those with a dot at the end are starts.
pub(super) static KEPT: [&str; 42] = [
    "ai.",
    "embedding.",
    "enduser.id",
    "error.type",
    "exception.",
    "gcp.vertex.agent.",
    "gen_ai.agent.",
    "gen_ai.completion.",
    "gen_ai.data_source.",
    "gen_ai.openai.",
    "gen_ai.is_streaming",
    "gen_ai.operation.name",
    "gen_ai.output.type",
    "gen_ai.prompt.",
    "gen_ai.provider.name",
    "gen_ai.request.",
    "gen_ai.response.",
    "gen_ai.retrieval.",
    "gen_ai.system",
    "gen_ai.tool.",
    "gen_ai.usage.",
    "gen_ai.user",
    "gen_ai.workflow.",
    "graph.node.",
    "input.",
    "langfuse.",
    "llm.",
    "lk.",
    "mcp.",
    "metadata",
    "mlflow.",
    "openinference.",
    "operation.name",
    "output.",
    "prompt.",
    "reranker.",
    "retrieval.",
    "session.id",
    "tag.tags",
    "tool.",
    "traceloop.",
    "user.id",
];

/// Returns whether the mapping knows a name.
pub(super) fn is_known(name: &str) -> bool {
    KEPT.iter().any(|kept| match kept.strip_suffix('.') {
        Some(_) => name.starts_with(kept),
        None => name == *kept,
    })
}

/// Returns the part of a name that unmapped attributes are counted by; few, since each is a series of its own.
pub(super) fn counted_prefix(name: &str) -> &'static str {
    const PREFIXES: [&str; 18] = [
        "agent",
        "app",
        "aws",
        "client",
        "code",
        "db",
        "error",
        "gcp",
        "gen_ai",
        "http",
        "messaging",
        "net",
        "network",
        "rpc",
        "server",
        "thread",
        "url",
        "user_agent",
    ];
    let first = name.split_once('.').map_or(name, |(first, _)| first);
    PREFIXES.iter().find(|prefix| **prefix == first).copied().unwrap_or("other")
}
