//! Asking a model for paraphrases of one example.

use evalward_core::{ChatAnswer, ChatModel, ChatRequest, Example};
use serde_json::{Map, Value};

use super::error::ParaphraseError;
use super::{answer, prompt};

/// The example whose text is put in other words by one rule.
#[derive(Clone, Debug)]
pub struct ParaphraseTask {
    pub(super) rule: String,
    pub(super) parent: Example,
    pub(super) text: String,
    /// How many examples are to be made of the parent.
    pub(super) wanted: usize,
    /// What those say that the dataset has already, in normal form.
    pub(super) present: Vec<String>,
    pub(super) request: ChatRequest,
    /// What is noted of the model and the prompt.
    pub(super) parameters: Map<String, Value>,
}

/// What a model answered.
#[derive(Clone, Debug)]
pub struct ParaphraseAnswer {
    pub(super) task: ParaphraseTask,
    pub(super) texts: Vec<String>,
}

/// How much of a bad answer is shown.
const SHOWN: usize = 200;

impl ParaphraseTask {
    /// Returns the rule's id in the recipe.
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// Returns whether the dataset has all that is wanted, so that nobody is asked.
    pub fn is_done(&self) -> bool {
        self.present.len() >= self.wanted
    }

    /// Asks the model, and once more where its answer is no list of texts.
    ///
    /// # Errors
    /// [`ParaphraseError`] if the model does not answer, or not in the form that it is asked for.
    pub async fn ask(self, model: &dyn ChatModel) -> Result<ParaphraseAnswer, ParaphraseError> {
        if self.is_done() {
            return Ok(ParaphraseAnswer { task: self, texts: Vec::new() });
        }
        let first = self.complete(model, &self.request).await?;
        let problem = match read(&first) {
            Ok(texts) => return Ok(ParaphraseAnswer { task: self, texts }),
            Err(problem) => problem,
        };
        let mut request = self.request.clone();
        request.messages.extend(prompt::again(&first.text, &problem));
        let second = self.complete(model, &request).await?;
        match read(&second) {
            Ok(texts) => Ok(ParaphraseAnswer { task: self, texts }),
            Err(problem) => Err(ParaphraseError::Malformed {
                problem,
                start: second.text.chars().take(SHOWN).collect(),
                parent: self.parent.id.to_string(),
                rule: self.rule,
            }),
        }
    }

    async fn complete(
        &self,
        model: &dyn ChatModel,
        request: &ChatRequest,
    ) -> Result<ChatAnswer, ParaphraseError> {
        model.complete(request).await.map_err(|source| ParaphraseError::Call {
            rule: self.rule.clone(),
            parent: self.parent.id.to_string(),
            source,
        })
    }
}

fn read(answer: &ChatAnswer) -> Result<Vec<String>, String> {
    let is_cut = matches!(answer.finish_reason.as_deref(), Some("length" | "max_tokens"));
    let cut = if is_cut { ", and was cut off" } else { "" };
    answer::read(&answer.text).map_err(|problem| format!("{problem}{cut}"))
}
