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

/// Raised with every change of how a request is made of a question, so that no judgement is kept for another request.
const FORM: u32 = 1;

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
        let first = self.refused.load(Ordering::Relaxed).min(ladder.len() - 1);
        let is_live = self.options.tape.is_live();
        let mut places = Vec::new();
        if let Some(kept) = self.options.kept.as_ref().filter(|_| is_live) {
            let conversation = question.conversation();
            let place = |wishes: &Wishes| kept.place(self.digest(question, conversation, *wishes));
            places = ladder[first..].iter().map(place).collect();
            // In every form at once: where the server refused one in an earlier run, it is not asked again to find that out.
            if let Some((found, judgement)) = kept.first_of(&places).await {
                self.refused.fetch_max(first + found, Ordering::Relaxed);
                return Ok(Source { place: None, is_cached: true }.told(judgement, 0, 0));
            }
        }
        let mut rung = first;
        loop {
            let outcome = if is_live {
                self.live(question, ladder[rung], places.get(rung - first).copied()).await
            } else {
                self.taped(question, ladder[rung]).await
            };
            match outcome {
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

    /// Asks where nothing is recorded; the judgement belongs to a place on the disk, where there is one.
    async fn live(
        &self,
        question: &Question<'_>,
        wishes: Wishes,
        place: Option<Digest>,
    ) -> Result<Judgement, CallError> {
        let (judgement, latency_millis, attempts) = self.complete(question, wishes).await?;
        Ok(Source { place, is_cached: false }.told(judgement, latency_millis, attempts))
    }

    /// Asks through the recording.
    async fn taped(&self, question: &Question<'_>, wishes: Wishes) -> Result<Judgement, CallError> {
        let mut source = Source::default();
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
            let here = kept.place(self.digest(question, question.conversation(), wishes));
            if let Some((_, judgement)) = kept.first_of(&[here]).await {
                source.is_cached = true;
                return Ok((judgement, 0, 0));
            }
            source.place = Some(here);
        }
        self.complete(question, wishes).await
    }

    /// Asks the model.
    async fn complete(
        &self,
        question: &Question<'_>,
        wishes: Wishes,
    ) -> Result<(Judgement, u64, u32), CallError> {
        let request = self.request(question, wishes);
        let mut answer = self.options.chat.complete(&request).await?;
        let (latency_millis, attempts) = (answer.latency_millis, answer.attempts);
        keep_scores(&mut answer);
        let code = question.nonce.clone();
        let judgement = Judgement { code, answer, place: None, is_cached: false };
        Ok((judgement, latency_millis, attempts))
    }

    /// Returns the hash of all of a request but its code, without making the request: most of what a cached run does is this.
    fn digest(&self, question: &Question<'_>, conversation: Digest, wishes: Wishes) -> Digest {
        let Wishes { schema, choices } = wishes;
        let asked = format!("{FORM}/{schema}/{choices}/{}/{}", question.sample, question.form);
        Digest::chain([self.identity, Digest::of(asked.as_bytes()), conversation])
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

impl Question<'_> {
    /// Returns the hash of the conversation without its code.
    fn conversation(&self) -> Digest {
        let messages = self.messages.iter().map(|message| {
            let text = serde_json::to_string(message).expect("a message has only string keys");
            Digest::of(text.replace(self.nonce.as_str(), BLANK).as_bytes())
        });
        Digest::chain(messages)
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

#[cfg(test)]
mod tests {
    use evalward_core::BoxFuture;

    use super::*;

    #[derive(Debug)]
    struct Silent;

    impl ChatModel for Silent {
        fn complete<'a>(
            &'a self,
            _: &'a ChatRequest,
        ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
            Box::pin(async { Ok(ChatAnswer::default()) })
        }
    }

    fn model(name: &str) -> JudgeModel {
        JudgeModel::new(JudgeModelOptions {
            chat: Arc::new(Silent),
            name: name.to_owned(),
            temperature: None,
            max_tokens: None,
            parameters: Map::new(),
            structured_output: StructuredOutput::JsonSchema,
            tape: Tape::live(),
            kept: None,
        })
    }

    /// A question that carries its code, by what tells it from others.
    fn question<'a>(code: &str, role: &str, text: &str, form: &str, sample: u32) -> Question<'a> {
        Question {
            messages: vec![ChatMessage::text(role, format!("{code}: {text}"))],
            nonce: Nonce::of_demonstration(code.parse().unwrap()),
            form: form.to_owned(),
            schema: &|_| Value::Null,
            wants_choices: false,
            sample,
            label: "",
        }
    }

    #[test]
    fn all_that_can_move_an_answer_tells_questions_apart_but_the_code_does_not() {
        let wishes = Wishes { schema: true, choices: false };
        let digest = |name: &str, question: Question<'_>, wishes| {
            model(name).digest(&question, question.conversation(), wishes)
        };
        let demonstration = |code: &str| format!("demonstration-{code}");
        let asked = |code: &str| {
            let mut question = question(code, "user", "good?", "f", 0);
            question.messages = vec![ChatMessage::text("user", demonstration(code))];
            digest("m", question, wishes)
        };
        assert_eq!(asked("1"), asked("2"));

        let digests = [
            digest("m", question("1", "user", "good?", "f", 0), wishes),
            digest("n", question("1", "user", "good?", "f", 0), wishes),
            digest("m", question("1", "system", "good?", "f", 0), wishes),
            digest("m", question("1", "user", "bad?", "f", 0), wishes),
            digest("m", question("1", "user", "good?", "g", 0), wishes),
            digest("m", question("1", "user", "good?", "f", 1), wishes),
            digest("m", question("1", "user", "good?", "f", 0), Wishes { schema: false, ..wishes }),
            digest("m", question("1", "user", "good?", "f", 0), Wishes { choices: true, ..wishes }),
        ];
        let different: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!(different.len(), digests.len());
    }
}
