//! Asking, and asking once more where the answer could not be used.

use evalward_core::ChatMessage;
use serde_json::{Value, json};

use crate::JudgeError;
use crate::answer::Malformed;
use crate::meter::Meter;
use crate::model::{JudgeModel, Judgement, Question};
use crate::nonce::Nonce;
use crate::prompt::{AGAIN, Template};

/// How much of an answer that could not be used is kept, in characters.
const RAW: usize = 2000;

/// The longest conversation that is sent, in bytes; no model reads as much, and each of its tokens is paid for.
const LONGEST: usize = 4 << 20;

/// How much of it the model is shown again, in characters.
const SHOWN_AGAIN: usize = 4000;

/// Who asks, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) judge: &'a str,
    pub(crate) model: &'a JudgeModel,
    /// What the call is for.
    pub(crate) label: &'a str,
    /// Which sample it is, from 0.
    pub(crate) sample: u32,
    /// Whether the likeliest tokens of each score are wanted.
    pub(crate) wants_choices: bool,
    /// Where its calls are counted.
    pub(crate) meter: &'a Meter,
}

/// A request, but for its code.
pub(crate) trait Request {
    /// What an answer is read as.
    type Read;

    /// Returns the conversation.
    fn conversation(&self, nonce: &Nonce) -> Result<Vec<ChatMessage>, JudgeError>;

    /// Returns the JSON Schema of the answer.
    fn schema(&self, nonce: &Nonce) -> Value;

    /// Returns a text that tells the schema from that of other requests; it costs less than the schema itself.
    fn form(&self) -> String;

    /// Reads an answer.
    fn read(&self, judgement: &Judgement) -> Result<Self::Read, Malformed>;
}

/// An answer that could be used.
#[derive(Debug)]
pub(crate) struct Asked<T> {
    pub(crate) read: T,
    /// The model that answered, as the server names it, and its fingerprint.
    pub(crate) model: (Option<String>, Option<String>),
    /// Whether it was the second answer.
    pub(crate) is_second: bool,
}

impl Asker<'_> {
    /// Asks, and asks once more where the answer could not be used; then says as a sentence why, with the answer's text.
    pub(crate) async fn ask<R: Request + Sync>(
        &self,
        request: &R,
    ) -> Result<Asked<R::Read>, String> {
        let nonce = Nonce::random().map_err(|error| error.to_string())?;
        let conversation = request.conversation(&nonce).map_err(prompt_failed)?;
        let texts = conversation.iter().filter_map(|message| message.content.as_str());
        let length: usize = texts.map(str::len).sum();
        if length > LONGEST {
            return Err(format!(
                "what the judge would read has {length} bytes, more than the {LONGEST} that are sent"
            ));
        }
        let first = self.call(request, conversation, nonce).await?;
        let reason = match request.read(&first) {
            Ok(read) => {
                self.model.keep(&first).await;
                return Ok(Asked { read, model: model_of(first), is_second: false });
            }
            Err(reason) => reason,
        };
        // The conversation goes on under the code that the first answer was asked with, which a replay takes from the recording.
        let mut conversation = request.conversation(&first.code).map_err(prompt_failed)?;
        let said: String = first.answer.text.chars().take(SHOWN_AGAIN).collect();
        conversation.push(ChatMessage::text("assistant", said));
        conversation.push(again(&reason, &first.code).map_err(prompt_failed)?);
        let second = self.call(request, conversation, first.code).await?;
        match request.read(&second) {
            Ok(read) => {
                self.model.keep(&second).await;
                Ok(Asked { read, model: model_of(second), is_second: true })
            }
            Err(reason) => {
                let raw: String = second.answer.text.chars().take(RAW).collect();
                Err(format!("the judge's answer could not be used, twice: {reason}; it was: {raw}"))
            }
        }
    }

    async fn call<R: Request + Sync>(
        &self,
        request: &R,
        messages: Vec<ChatMessage>,
        nonce: Nonce,
    ) -> Result<Judgement, String> {
        let Self { judge, model, label, sample, wants_choices, meter } = *self;
        let (form, schema) = (request.form(), |nonce: &Nonce| request.schema(nonce));
        let schema = &schema;
        let question = Question { messages, nonce, form, schema, wants_choices, sample, label };
        let judgement = model
            .ask(&question)
            .await
            .map_err(|error| format!("failed to ask judge `{judge}`: {error}"))?;
        meter.count(&judgement);
        Ok(judgement)
    }
}

fn again(reason: &Malformed, nonce: &Nonce) -> Result<ChatMessage, JudgeError> {
    let variables = json!({"reason": reason.to_string(), "code": nonce.as_str()});
    Ok(ChatMessage::text("user", Template::new(AGAIN())?.render(&variables)?))
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn prompt_failed(error: JudgeError) -> String {
    format!("failed to write the judge's prompt: {error}")
}

fn model_of(judgement: Judgement) -> (Option<String>, Option<String>) {
    (judgement.answer.model, judgement.answer.fingerprint)
}
