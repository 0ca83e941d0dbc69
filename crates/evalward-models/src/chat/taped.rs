//! A model whose answers are recorded or replayed.

use std::sync::Arc;

use evalward_core::{BoxFuture, CallError, CallErrorKind, ChatAnswer, ChatModel, ChatRequest};
use serde::Serialize;
use serde_json::Value;

use crate::{CallKey, Tape, TapeAnswer};

/// A chat model with a [`Tape`] around it; the request's label says what a recorded call was for.
#[derive(Clone, Debug)]
pub struct TapedChat {
    model: Arc<dyn ChatModel>,
    tape: Tape,
}

impl TapedChat {
    /// Puts the tape around the model.
    pub const fn new(model: Arc<dyn ChatModel>, tape: Tape) -> Self {
        Self { model, tape }
    }
}

impl ChatModel for TapedChat {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        Box::pin(async move {
            let shown = without(request, "sample");
            let key = CallKey::new("chat", &shown).with_sample(request.sample);
            let live = async {
                let answer = self.model.complete(request).await?;
                let (latency_millis, attempts) = (answer.latency_millis, answer.attempts);
                let cached = answer.cached;
                Ok(TapeAnswer {
                    value: without(&answer, "latency_millis"),
                    latency_millis,
                    attempts,
                    cached,
                })
            };
            let TapeAnswer { value, latency_millis, attempts, cached } =
                self.tape.call(key, &request.label, live).await?;
            let answer: ChatAnswer = serde_json::from_value(value).map_err(|error| {
                let message = format!("the recorded answer is no chat answer: {error}");
                CallError::new(CallErrorKind::Malformed, message)
            })?;
            Ok(ChatAnswer { latency_millis, attempts, cached, ..answer })
        })
    }
}

/// Returns a request or an answer as a recording shows it, without the field that has a place of its own there.
fn without(shown: &impl Serialize, field: &str) -> Value {
    let mut shown = serde_json::to_value(shown).expect("it has only string keys");
    if let Value::Object(fields) = &mut shown {
        fields.remove(field);
    }
    shown
}
