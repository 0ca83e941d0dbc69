//! The turns of a conversation with a judge.

use evalward_core::ChatMessage;
use serde::Serialize;

use super::{JudgeTemplate, Part, Template};
use crate::JudgeError;
use crate::nonce::Nonce;

/// The templates of a judge: what it is told once, and what with each request.
#[derive(Debug)]
pub(crate) struct Conversation {
    system: Template,
    user: Template,
}

#[derive(Serialize)]
struct User<'a> {
    code: &'a str,
    parts: &'a [Part],
}

impl Conversation {
    /// Parses the templates.
    pub(crate) fn new(system: JudgeTemplate, user: JudgeTemplate) -> Result<Self, JudgeError> {
        Ok(Self { system: Template::new(system)?, user: Template::new(user)? })
    }

    /// Writes the system message, each demonstration as a request with its answer, and the request itself.
    ///
    /// `answer` writes what the judge should have said to a demonstration whose request carried the code.
    pub(crate) fn write<D>(
        &self,
        system: &impl Serialize,
        demonstrations: impl IntoIterator<Item = (Vec<Part>, D)>,
        answer: impl Fn(&D, &Nonce) -> String,
        (parts, nonce): (&[Part], &Nonce),
    ) -> Result<Vec<ChatMessage>, JudgeError> {
        let mut messages = vec![ChatMessage::text("system", self.system.render(system)?)];
        for (index, (shown, demonstration)) in demonstrations.into_iter().enumerate() {
            let code = Nonce::of_demonstration(index + 1);
            messages.push(self.request(&shown, &code)?);
            messages.push(ChatMessage::text("assistant", answer(&demonstration, &code)));
        }
        messages.push(self.request(parts, nonce)?);
        Ok(messages)
    }

    fn request(&self, parts: &[Part], nonce: &Nonce) -> Result<ChatMessage, JudgeError> {
        let text = self.user.render(&User { code: nonce.as_str(), parts })?;
        Ok(ChatMessage::text("user", text))
    }
}
