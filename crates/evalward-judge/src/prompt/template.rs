//! Templates of prompts.

use std::fmt;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::JudgeError;

/// A template of a prompt, in the language of Jinja.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JudgeTemplate {
    /// The name; its file where it has one.
    pub name: String,
    /// The text.
    pub text: String,
}

impl JudgeTemplate {
    fn built_in(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// The built-in templates.
pub(crate) const SYSTEM: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("system", include_str!("absolute.system.md.j2"));
pub(crate) const USER: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("prompt", include_str!("absolute.user.md.j2"));
pub(crate) const CLAIMS_SYSTEM: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("system", include_str!("claims.system.md.j2"));
pub(crate) const CLAIMS_USER: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("prompt", include_str!("claims.user.md.j2"));
pub(crate) const PAIRWISE_SYSTEM: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("system", include_str!("pairwise.system.md.j2"));
pub(crate) const PAIRWISE_USER: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("prompt", include_str!("pairwise.user.md.j2"));
pub(crate) const AGAIN: fn() -> JudgeTemplate =
    || JudgeTemplate::built_in("again", include_str!("again.md.j2"));

/// Returns the text of a template, else that of the built-in one: what a version is made of.
pub(crate) fn text_of(given: Option<&JudgeTemplate>, built_in: fn() -> JudgeTemplate) -> String {
    given.map_or_else(|| built_in().text, |template| template.text.clone())
}

/// A parsed template; nothing is escaped, and an undefined variable is an error.
pub(crate) struct Template {
    environment: Environment<'static>,
    name: String,
}

impl Template {
    /// Parses a template.
    pub(crate) fn new(source: JudgeTemplate) -> Result<Self, JudgeError> {
        let JudgeTemplate { name, text } = source;
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment
            .add_template_owned(name.clone(), text)
            .map_err(|error| refused(&name, &error))?;
        Ok(Self { environment, name })
    }

    /// Renders the template.
    pub(crate) fn render(&self, variables: &impl Serialize) -> Result<String, JudgeError> {
        self.environment
            .get_template(&self.name)
            .and_then(|template| template.render(Serde(variables)))
            .map_err(|error| refused(&self.name, &error))
    }
}

fn refused(name: &str, error: &minijinja::Error) -> JudgeError {
    JudgeError::Template {
        name: name.to_owned(),
        line: error.line().unwrap_or(1),
        reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Template").field("name", &self.name).finish_non_exhaustive()
    }
}
