//! Why assertions have no counterpart.

const JUDGE: &str = "a model judges the answer; evalward has no judges yet";
const PROGRAM: &str = super::program::NO_COUNTERPART;
const TRACE: &str = "it looks at a trace of OpenTelemetry";

/// The types without a counterpart.
const WITHOUT: &[(&str, &str)] = &[
    ("agent-rubric", JUDGE),
    ("answer-relevance", JUDGE),
    ("classifier", "a model classifies the answer"),
    ("contains-html", "no rule looks for markup within a text"),
    (
        "contains-json",
        "no rule looks for JSON within a text; `valid_json` and `json_schema` take the whole output",
    ),
    ("contains-sql", "no rule parses SQL"),
    ("contains-xml", "no rule looks for markup within a text"),
    ("context-faithfulness", JUDGE),
    ("context-recall", JUDGE),
    ("context-relevance", JUDGE),
    ("conversation-relevance", JUDGE),
    ("factuality", JUDGE),
    ("finish-reason", "a response does not say why it ended"),
    ("g-eval", JUDGE),
    ("gleu", "there is `bleu`, not its variant GLEU"),
    ("guardrails", "a response does not say what its provider's guardrails said"),
    ("human", "people judge the answer"),
    ("is-html", "no rule parses markup"),
    ("is-sql", "no rule parses SQL"),
    ("is-valid-function-call", "tool calls are compared with expected ones, not with a schema"),
    (
        "is-valid-openai-function-call",
        "tool calls are compared with expected ones, not with a schema",
    ),
    ("is-valid-openai-tools-call", "tool calls are compared with expected ones, not with a schema"),
    ("is-xml", "no rule parses markup"),
    ("llm-rubric", JUDGE),
    ("max-score", "answers of several subjects are compared by `evalward compare`"),
    ("meteor", "there are `rouge`, `bleu` and `chrf`, not METEOR"),
    ("model-graded-closedqa", JUDGE),
    ("model-graded-factuality", JUDGE),
    ("moderation", "a service judges the answer"),
    ("perplexity", "a response does not tell the probabilities of its tokens"),
    ("perplexity-score", "a response does not tell the probabilities of its tokens"),
    ("pi", JUDGE),
    ("ruby", PROGRAM),
    ("search-rubric", JUDGE),
    ("select-best", "answers of several subjects are compared by `evalward compare`"),
    ("skill-used", "a response does not tell which skills were used"),
    ("trace-error-spans", TRACE),
    ("trace-span-count", TRACE),
    ("trace-span-duration", TRACE),
    ("trajectory:goal-success", JUDGE),
    (
        "trajectory:tool-args-match",
        "list the call in the example's `metadata.tool_calls`, and compare it by `tool_calls` with `match = \"superset\"` and `arguments = \"subset\"`",
    ),
    ("webhook", PROGRAM),
];

/// The types with a counterpart.
pub(super) const WITH: &[&str] = &[
    "assert-set",
    "bleu",
    "contains",
    "contains-all",
    "contains-any",
    "cost",
    "equals",
    "icontains",
    "icontains-all",
    "icontains-any",
    "is-json",
    "is-refusal",
    "javascript",
    "latency",
    "levenshtein",
    "python",
    "regex",
    "rouge-n",
    "similar",
    "similar:cosine",
    "similar:dot",
    "similar:euclidean",
    "starts-with",
    "tool-call-f1",
    "trajectory:step-count",
    "trajectory:tool-sequence",
    "trajectory:tool-used",
    "word-count",
];

/// Returns why a type has no counterpart; `None` where it has one.
pub(super) fn reason_without_counterpart(kind: &str) -> Option<String> {
    if WITH.contains(&kind) {
        return None;
    }
    if kind.starts_with("promptfoo:redteam:") {
        return Some(JUDGE.to_owned());
    }
    let known = || WITHOUT.iter().map(|(kind, _)| *kind).chain(WITH.iter().copied());
    Some(match WITHOUT.iter().find(|(without, _)| *without == kind) {
        Some((_, reason)) => (*reason).to_owned(),
        None => match crate::promptfoo::keys::nearest(kind, known()) {
            Some(word) => format!("unknown type; did you mean `{word}`?"),
            None => "unknown type".to_owned(),
        },
    })
}

/// Returns the types that `__expected` may name.
pub(super) fn known_types() -> impl Iterator<Item = &'static str> {
    WITHOUT.iter().map(|(kind, _)| *kind).chain(WITH.iter().copied())
}
