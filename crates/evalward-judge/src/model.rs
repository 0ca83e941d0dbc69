//! The model behind a judge, and how it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use evalward_core::{
    CallError, CallErrorKind, ChatAnswer, ChatMessage, ChatModel, ChatRequest, Digest, Finite,
};
use evalward_models::{CallKey, Tape, TapeAnswer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::KeptJudgements;
use crate::nonce::{BLANK, Nonce};

/// How a server is told the form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StructuredOutput {
    /// By a JSON Schema in `response_format`; a server that does not take it is asked without.
    #[default]
    JsonSchema,
    /// By the words of the prompt alone.
    Prompt,
}

/// Which model judges, and with which parameters.
#[derive(Clone, Debug)]
pub struct JudgeModelOptions {
    /// The client.
    pub chat: Arc<dyn ChatModel>,
    /// The model's name.
    pub name: String,
    /// The sampling temperature.
    pub temperature: Option<Finite>,
    /// The most tokens to generate.
    pub max_tokens: Option<u32>,
    /// Further parameters, passed on as they are.
    pub parameters: Map<String, Value>,
    /// How the server is told the form of an answer.
    pub structured_output: StructuredOutput,
    /// What records or replays the calls.
    pub tape: Tape,
    /// Where judgements are kept that are not asked for again; nowhere if absent.
    pub kept: Option<KeptJudgements>,
}

/// A model that is asked for judgements.
#[derive(Debug)]
pub(crate) struct JudgeModel {
    options: JudgeModelOptions,
    /// The hash of what of the options can move a score.
    identity: Digest,
    /// How many of the wishes the server has refused.
    refused: AtomicUsize,
}

/// What a request asks for beside the words: fewer things the more often the server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wishes {
    schema: bool,
    choices: bool,
}

/// One request for a judgement.
pub(crate) struct Question<'a> {
    /// The conversation, which carries the code.
    pub(crate) messages: Vec<ChatMessage>,
    /// The code.
    pub(crate) nonce: Nonce,
    /// What tells the schema from that of other questions.
    pub(crate) form: String,
    /// Makes the schema of the answer, which only a call needs.
    pub(crate) schema: &'a (dyn Fn(&Nonce) -> Value + Sync),
    /// Whether the likeliest tokens of each score are wanted.
    pub(crate) wants_choices: bool,
    /// Which sample it is, from 0.
    pub(crate) sample: u32,
    /// What the call is for.
    pub(crate) label: &'a str,
}

/// An answer, with the code that its request carried: that of the recording, where the answer is replayed.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Judgement {
    pub(crate) code: Nonce,
    pub(crate) answer: ChatAnswer,
    /// Where the judgement is to be kept once it has proved to be of use; absent where it comes from the disk or from a recording.
    #[serde(skip)]
    pub(crate) place: Option<Digest>,
    /// Whether it comes from the cache on the disk.
    #[serde(skip)]
    pub(crate) is_cached: bool,
}

/// Where a judgement comes from that no recording held.
#[derive(Debug, Default)]
struct Source {
    place: Option<Digest>,
    is_cached: bool,
}

impl JudgeModel {
    pub(crate) fn new(options: JudgeModelOptions) -> Self {
        let identity = Digest::of_json(&identity(&options));
        Self { options, identity, refused: AtomicUsize::new(0) }
    }

    /// Returns what of the model can move a score.
    pub(crate) fn identity(&self) -> Value {
        identity(&self.options)
    }

    /// Asks once; a server that refuses the form of the request is asked in a simpler form, and from then on only so.
    pub(crate) async fn ask(&self, question: &Question<'_>) -> Result<Judgement, CallError> {
        let ladder = self.wishes(question.wants_choices);
        let mut rung = self.refused.load(Ordering::Relaxed).min(ladder.len() - 1);
        loop {
            match self.call(question, ladder[rung]).await {
                Err(error) if is_about_the_form(error.kind) && rung + 1 < ladder.len() => rung += 1,
                outcome => {
                    if outcome.is_ok() {
                        self.refused.fetch_max(rung, Ordering::Relaxed);
                    }
                    return outcome;
                }
            }
        }
    }

    /// Returns what to wish for, from the most to nothing.
    fn wishes(&self, choices: bool) -> Vec<Wishes> {
        let schema = self.options.structured_output == StructuredOutput::JsonSchema;
        let mut ladder = Vec::new();
        for (schema, choices) in
            [(schema, choices), (false, choices), (schema, false), (false, false)]
        {
            let wishes = Wishes { schema, choices };
            if !ladder.contains(&wishes) {
                ladder.push(wishes);
            }
        }
        ladder
    }

    async fn call(&self, question: &Question<'_>, wishes: Wishes) -> Result<Judgement, CallError> {
        let mut source = Source::default();
        if self.options.tape.is_live() {
            let live = self.judgement(question, wishes, &mut source);
            let (judgement, latency_millis, attempts) = live.await?;
            return Ok(source.told(judgement, latency_millis, attempts));
        }
        let request = self.request(question, wishes);
        let mut shown = serde_json::to_value(&request).expect("a request has only string keys");
        if let Value::Object(fields) = &mut shown {
            fields.remove("sample");
        }
        let blank = Value::from(shown.to_string().replace(question.nonce.as_str(), BLANK));
        let key = CallKey { identity: Some(&blank), ..CallKey::new("judge", &shown) };
        let key = key.with_sample(question.sample);
        let live = async {
            let (judgement, latency_millis, attempts) =
                self.judgement(question, wishes, &mut source).await?;
            let mut value = serde_json::to_value(judgement).expect("it has only string keys");
            if let Some(answer) = value["answer"].as_object_mut() {
                answer.remove("latency_millis");
            }
            Ok(TapeAnswer { value, latency_millis, attempts, cached: source.is_cached })
        };
        let answer = self.options.tape.call(key, question.label, live).await?;
        let judgement = serde_json::from_value(answer.value).map_err(|error| {
            let message = format!("the recorded answer is no judgement: {error}");
            CallError::new(CallErrorKind::Malformed, message)
        })?;
        Ok(source.told(judgement, answer.latency_millis, answer.attempts))
    }

    /// Takes a judgement from the disk, or asks for one and says where it belongs.
    async fn judgement(
        &self,
        question: &Question<'_>,
        wishes: Wishes,
        source: &mut Source,
    ) -> Result<(Judgement, u64, u32), CallError> {
        if let Some(kept) = &self.options.kept {
            let here = kept.place(self.digest(question, wishes));
            if let Some(judgement) = kept.get(here).await {
                source.is_cached = true;
                return Ok((judgement, 0, 0));
            }
            source.place = Some(here);
        }
        let request = self.request(question, wishes);
        let mut answer = self.options.chat.complete(&request).await?;
        let (latency_millis, attempts) = (answer.latency_millis, answer.attempts);
        keep_scores(&mut answer);
        let code = question.nonce.clone();
        let judgement = Judgement { code, answer, place: None, is_cached: false };
        Ok((judgement, latency_millis, attempts))
    }

    /// Returns the hash of all of a request but its code, without making the request: most of what a cached run does is this.
    fn digest(&self, question: &Question<'_>, wishes: Wishes) -> Digest {
        let Wishes { schema, choices } = wishes;
        let asked = format!("{schema}/{choices}/{}/{}", question.sample, question.form);
        let of_text =
            |text: &str| Digest::of(text.replace(question.nonce.as_str(), BLANK).as_bytes());
        let messages = question.messages.iter().flat_map(|message| {
            let content = match &message.content {
                Value::String(text) => of_text(text),
                parts => of_text(&parts.to_string()),
            };
            [Digest::of(message.role.as_bytes()), content]
        });
        Digest::chain([self.identity, Digest::of(asked.as_bytes())].into_iter().chain(messages))
    }

    /// Keeps a judgement that could be used; one that could not is asked for again the next time.
    pub(crate) async fn keep(&self, judgement: &Judgement) {
        if let (Some(kept), Some(place)) = (&self.options.kept, judgement.place) {
            kept.put(place, judgement).await;
        }
    }

    fn request(&self, question: &Question<'_>, wishes: Wishes) -> ChatRequest {
        let options = &self.options;
        let mut parameters = options.parameters.clone();
        let mut wish = |name: &str, value: Value| {
            // What the judge's file says stays.
            parameters.entry(name).or_insert(value);
        };
        if wishes.schema {
            let schema = (question.schema)(&question.nonce);
            let schema = json!({"name": "verdict", "strict": true, "schema": schema});
            wish("response_format", json!({"type": "json_schema", "json_schema": schema}));
        }
        if wishes.choices {
            wish("logprobs", json!(true));
            wish("top_logprobs", json!(20));
        }
        ChatRequest {
            model: options.name.clone(),
            messages: question.messages.clone(),
            temperature: options.temperature,
            max_tokens: options.max_tokens,
            parameters,
            sample: question.sample,
            label: question.label.to_owned(),
        }
    }
}

impl Source {
    /// Writes down where a judgement comes from, and what it took.
    fn told(self, judgement: Judgement, latency_millis: u64, attempts: u32) -> Judgement {
        let answer = ChatAnswer { latency_millis, attempts, ..judgement.answer };
        let Self { place, is_cached } = self;
        Judgement { code: judgement.code, answer, place, is_cached }
    }
}

fn identity(options: &JudgeModelOptions) -> Value {
    json!({
        "name": options.name,
        "temperature": options.temperature,
        "max_tokens": options.max_tokens,
        "parameters": options.parameters,
        "structured_output": options.structured_output,
    })
}

/// Whether a simpler request could have been answered, or could be in the recording.
const fn is_about_the_form(kind: CallErrorKind) -> bool {
    matches!(kind, CallErrorKind::BadRequest | CallErrorKind::Unrecorded)
}

/// Forgets the alternatives of all tokens but numbers, since a recording would hold little else.
fn keep_scores(answer: &mut ChatAnswer) {
    let is_number = |token: &str| token.trim().parse::<i32>().is_ok();
    answer.choices.retain(|choice| is_number(&choice.token));
    for choice in &mut answer.choices {
        choice.likeliest.retain(|(token, _)| is_number(token));
    }
}
