//! A model with a prompt.

use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, ChatMessage, ChatModel, ChatRequest, Example, Finite,
    Reply, Response, Subject,
};
use evalward_models::{Tape, TapedChat};
use serde_json::{Map, Value};

use crate::template::Template;
use crate::{SubjectError, TemplateSource, messages};

/// Which model is asked, and how an example becomes a request.
#[derive(Clone, Debug)]
pub struct PromptOptions {
    /// The client.
    pub chat: Arc<dyn ChatModel>,
    /// The model's name.
    pub model: String,
    /// The sampling temperature.
    pub temperature: Option<Finite>,
    /// The most tokens to generate.
    pub max_tokens: Option<u32>,
    /// Further parameters, passed on as they are.
    pub parameters: Map<String, Value>,
    /// The template of the system message.
    pub system: Option<TemplateSource>,
    /// The template of the user's message; of the system message where the input has `messages` and `system` is absent.
    pub prompt: Option<TemplateSource>,
    /// What records or replays the calls.
    pub tape: Tape,
}

impl PromptOptions {
    /// Makes the options of a model that is asked the input's `messages` as they are.
    pub fn new(chat: Arc<dyn ChatModel>, model: impl Into<String>) -> Self {
        Self {
            chat,
            model: model.into(),
            temperature: None,
            max_tokens: None,
            parameters: Map::new(),
            system: None,
            prompt: None,
            tape: Tape::live(),
        }
    }
}

/// A chat model with a prompt: the subject kinds `openai` and `anthropic`.
#[derive(Debug)]
pub struct PromptSubject {
    chat: TapedChat,
    blank: ChatRequest,
    system: Option<Template>,
    prompt: Option<Template>,
}

impl PromptSubject {
    /// Parses the templates; nothing is called yet.
    ///
    /// # Errors
    /// [`SubjectError::Template`] naming file and line.
    pub fn new(options: PromptOptions) -> Result<Self, SubjectError> {
        let PromptOptions { chat, model, temperature, max_tokens, parameters, .. } = options;
        let blank =
            ChatRequest { model, temperature, max_tokens, parameters, ..ChatRequest::default() };
        Ok(Self {
            chat: TapedChat::new(chat, options.tape),
            blank,
            system: options.system.map(Template::new).transpose()?,
            prompt: options.prompt.map(Template::new).transpose()?,
        })
    }

    /// Returns the request for an example, as it would be sent.
    ///
    /// # Errors
    /// What keeps the example from being asked, as a sentence.
    pub fn request(&self, example: &Example) -> Result<ChatRequest, String> {
        let label = example.id.to_string();
        Ok(ChatRequest { messages: self.messages(example)?, label, ..self.blank.clone() })
    }

    fn messages(&self, example: &Example) -> Result<Vec<ChatMessage>, String> {
        let conversation = messages::read(example)?;
        let (system, user) = match (&conversation, &self.prompt) {
            (Some(_), prompt) => (self.system.as_ref().or(prompt.as_ref()), None),
            (None, Some(prompt)) => (self.system.as_ref(), Some(prompt)),
            (None, None) => {
                return Err(format!(
                    "example `{}` has no `input.messages`, and the subject has no `prompt` to make a message from",
                    example.id
                ));
            }
        };
        let render = |role, template: Option<&Template>| {
            let text = template.map(|template| template.render(example)).transpose()?;
            Ok::<_, String>(text.map(|text| ChatMessage::text(role, text)))
        };
        let mut messages = Vec::from_iter(render("system", system)?);
        messages.extend(conversation.into_iter().flatten());
        messages.extend(render("user", user)?);
        Ok(messages)
    }
}

impl Subject for PromptSubject {
    fn request_text(&self, example: &Example) -> Option<String> {
        let request = self.request(example).ok()?;
        let messages = request.messages.iter().map(|message| {
            let content =
                message.content.as_str().map_or_else(|| message.content.to_string(), str::to_owned);
            format!("{}:\n{content}", message.role)
        });
        Some(messages.collect::<Vec<_>>().join("\n\n"))
    }

    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        self.respond_in_trial(example, 1)
    }

    fn respond_in_trial<'a>(
        &'a self,
        example: &'a Example,
        trial: u32,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let mut request = self.request(example).map_err(|reason| CallError {
                attempts: 0,
                ..CallError::new(CallErrorKind::Failed, reason)
            })?;
            request.sample = trial.saturating_sub(1);
            let answer = self.chat.complete(&request).await?;
            let response = Response {
                output: answer.text,
                tool_calls: answer.tool_calls,
                usage: answer.usage,
                model: answer.model,
                ..Response::default()
            };
            let (latency_millis, attempts) = (answer.latency_millis, answer.attempts);
            Ok(Reply { response, latency_millis, attempts, cached: answer.cached })
        })
    }

    fn preflight(&self, example: &Example) -> Result<(), String> {
        self.request(example).map(drop)
    }
}
