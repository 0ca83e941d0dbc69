//! The metric.

use std::ops::Range;

use evalward_core::{BoxFuture, Document, Example, Measurement, Metric, Reply, Score};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::SupportScore;
use crate::wording::{quoted_list, span_with_text};

/// How many unsupported words and sentences the detail lists; the counts say when there are more.
const LISTED: usize = 100;

/// How many things a problem names.
const NAMED: usize = 5;

/// The longest output or context that is measured, in bytes.
const LONGEST: usize = 4 << 20;

/// Where the texts come from that should support the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContextSource {
    /// The example's context, else that of the response.
    #[default]
    Any,
    /// The example's context alone.
    Example,
    /// The documents that the subject retrieved, alone.
    Response,
}

/// What counts as support.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SupportOptions {
    /// Where the context comes from.
    pub context: ContextSource,
    /// Whether the texts of the input count as well.
    pub input_counts: bool,
}

/// The share of the output's words that its context has, and the facts that it has not; see [`SupportScore`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Support {
    options: SupportOptions,
}

impl Support {
    /// Makes the metric.
    pub const fn new(options: SupportOptions) -> Self {
        Self { options }
    }

    fn measure(self, example: &Example, reply: &Reply) -> Measurement {
        let output = &reply.response.output;
        let documents = self.documents(example, reply);
        let mut grounds: Vec<&str> =
            documents.iter().filter_map(|document| document.text.as_deref()).collect();
        if grounds.iter().all(|text| text.trim().is_empty()) {
            return Measurement::Skipped("has no context with a text".to_owned());
        }
        if self.options.input_counts {
            example.input.values().for_each(|value| collect_texts(value, &mut grounds));
        }
        let length = grounds.iter().map(|text| text.len()).sum::<usize>().max(output.len());
        if length > LONGEST {
            return Measurement::Errored(format!(
                "a text of {length} bytes is longer than the {LONGEST} that `support` reads"
            ));
        }
        match SupportScore::new(output, &grounds) {
            Some(score) => scored(output, &score).into(),
            None => Measurement::Skipped("the output has no word".to_owned()),
        }
    }

    fn documents<'a>(self, example: &'a Example, reply: &'a Reply) -> &'a [Document] {
        let (given, retrieved) = (&example.context, &reply.response.context);
        match self.options.context {
            ContextSource::Any if given.is_empty() => retrieved,
            ContextSource::Any | ContextSource::Example => given,
            ContextSource::Response => retrieved,
        }
    }
}

fn collect_texts<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| collect_texts(field, into)),
        _ => {}
    }
}

fn scored(output: &str, support: &SupportScore) -> Score {
    let places = |spans: &[Range<usize>]| {
        spans.iter().take(LISTED).map(|span| span_with_text(output, span)).collect::<Vec<_>>()
    };
    let facts: Vec<Value> = support
        .unsupported_facts
        .iter()
        .take(LISTED)
        .map(|fact| {
            let mut place = span_with_text(output, &fact.span);
            place["kind"] = json!(fact.kind);
            place["value"] = json!(fact.value);
            place
        })
        .collect();
    let mut score = Score::fraction(support.value).with_detail(json!({
        "token_precision": support.token_precision,
        "content_precision": support.content_precision,
        "words": support.words,
        "unsupported_words": support.unsupported_words.len(),
        "unsupported": places(&support.unsupported_words),
        "unsupported_facts": facts,
        "opposed": places(&support.opposed),
    }));
    let text = |span: &Range<usize>| output.get(span.clone()).unwrap_or_default();
    let named = |spans: &[Range<usize>]| {
        quoted_list(spans.iter().take(NAMED).map(text).collect::<Vec<_>>(), "and")
    };
    let facts: Vec<Range<usize>> =
        support.unsupported_facts.iter().map(|fact| fact.span.clone()).collect();
    if !facts.is_empty() {
        score = score.with_problem(format!("the context does not state {}", named(&facts)));
    }
    if !support.opposed.is_empty() {
        let sentences = named(&support.opposed);
        score = score.with_problem(format!("the context seems to say the opposite of {sentences}"));
    }
    if !support.unsupported_words.is_empty() {
        let words = named(&support.unsupported_words);
        score = score.with_problem(format!("the context lacks {words}"));
    }
    score
}

impl Metric for Support {
    fn kind(&self) -> &'static str {
        "support"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, reply) })
    }
}
