//! A scripted model, and what most tests judge.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use evalward_core::{
    BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest, Example, Finite, Measurement, Metric,
    Partition, Reply, Response, Score,
};
use evalward_judge::{
    AbsoluteJudge, AbsoluteOptions, Criterion, JudgeModelOptions, Reasoning, StructuredOutput,
};
use evalward_models::Tape;
use serde_json::Map;

type Script = dyn Fn(&ChatRequest, usize) -> Result<ChatAnswer, CallError> + Send + Sync;

/// A model that answers by a function of the request and of the number of requests before it.
#[derive(Clone)]
pub(crate) struct Scripted {
    script: Arc<Script>,
    pub(crate) requests: Arc<Mutex<Vec<ChatRequest>>>,
}

impl Scripted {
    pub(crate) fn new(
        script: impl Fn(&ChatRequest, usize) -> Result<ChatAnswer, CallError> + Send + Sync + 'static,
    ) -> Self {
        Self { script: Arc::new(script), requests: Arc::default() }
    }

    /// Always says the same, with the code of each request in place of `CODE`.
    pub(crate) fn saying(text: &str) -> Self {
        let text = text.to_owned();
        Self::new(move |request, _| Ok(said(&text, request)))
    }

    pub(crate) fn options(&self) -> JudgeModelOptions {
        JudgeModelOptions {
            chat: Arc::new(self.clone()),
            name: "judge-1".to_owned(),
            temperature: Finite::new(0.3).ok(),
            max_tokens: None,
            parameters: Map::new(),
            structured_output: StructuredOutput::JsonSchema,
            tape: Tape::live(),
            kept: None,
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Scripted")
    }
}

impl ChatModel for Scripted {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        let before = {
            let mut requests = self.requests.lock().unwrap();
            requests.push(request.clone());
            requests.len() - 1
        };
        let answer = (self.script)(request, before);
        Box::pin(async move { answer })
    }
}

/// Returns an answer with the code of the request in place of `CODE`.
pub(crate) fn said(text: &str, request: &ChatRequest) -> ChatAnswer {
    ChatAnswer {
        text: text.replace("CODE", &code_of(request)),
        model: Some("judge-1-2026".to_owned()),
        ..ChatAnswer::default()
    }
}

/// Reads the code from the last message that names one.
pub(crate) fn code_of(request: &ChatRequest) -> String {
    let texts = request.messages.iter().rev().filter(|message| message.role == "user");
    let code = texts.filter_map(|message| message.content.as_str()).find_map(|text| {
        let (_, after) = text.split_once("The code of this request is ")?;
        Some(after.split('.').next()?.to_owned())
    });
    code.expect("a request has a code")
}

pub(crate) fn tone() -> Criterion {
    let anchors = ["rude", "cold", "neutral", "kind", "warm and respectful"];
    let anchors: BTreeMap<i32, String> =
        (1..).zip(anchors).map(|(score, text)| (score, text.to_owned())).collect();
    Criterion::new("tone", "How does the answer speak to the user?", anchors).unwrap()
}

/// A judge of the tone, which is asked once with a short reasoning.
pub(crate) fn tone_options(model: &Scripted) -> AbsoluteOptions {
    AbsoluteOptions {
        samples: NonZeroU32::MIN,
        reasoning: Reasoning::Short,
        ..AbsoluteOptions::new("tone", model.options(), vec![tone()])
    }
}

pub(crate) fn example() -> Example {
    Example::new("refund-01", Partition::Golden).with_input("question", "Where is my refund?")
}

pub(crate) fn reply(output: &str) -> Reply {
    Reply { response: Response::from_text(output), latency_millis: 1, attempts: 1, cached: false }
}

#[track_caller]
pub(crate) fn judge(options: AbsoluteOptions, output: &str) -> Measurement {
    measure(&AbsoluteJudge::new(options).unwrap(), &example(), output)
}

pub(crate) fn measure(metric: &impl Metric, example: &Example, output: &str) -> Measurement {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(metric.score(example, &reply(output)))
}

#[track_caller]
pub(crate) fn score(measurement: &Measurement) -> &Score {
    measurement.score().unwrap_or_else(|| panic!("{measurement:?}"))
}
