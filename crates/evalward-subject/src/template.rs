//! Templates over an example.

use std::fmt;

use evalward_core::Example;
use minijinja::value::{Serde, Value as TemplateValue};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use serde_json::{Map, Value, json};

use crate::SubjectError;
use crate::undefined::explain;

/// The text of a template, and the name that errors give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateSource {
    /// The name; its file where it has one.
    pub name: String,
    /// The text, in the language of Jinja.
    pub text: String,
}

/// A template over `id`, `input` and `context`.
///
/// Nothing is escaped. As in Jinja, one line end at the end of the text is dropped. A variable that is undefined, and a null
/// that would be printed as `none`, are errors.
pub(crate) struct Template {
    environment: Environment<'static>,
    name: String,
}

impl Template {
    /// Parses a template.
    pub(crate) fn new(source: TemplateSource) -> Result<Self, SubjectError> {
        let TemplateSource { name, text } = source;
        let mut environment = environment();
        environment.add_template_owned(name.clone(), text).map_err(|error| {
            SubjectError::Template {
                name: name.clone(),
                line: error.line().unwrap_or(1),
                reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
            }
        })?;
        Ok(Self { environment, name })
    }

    /// Renders the template, or says as a sentence why it cannot.
    pub(crate) fn render(&self, example: &Example) -> Result<String, String> {
        self.environment
            .get_template(&self.name)
            .and_then(|template| template.render(Serde(variables(example))))
            .map_err(|error| explain(&error, &self.name, example))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Template").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Returns the variables that templates see.
pub(crate) fn variables(example: &Example) -> Value {
    let context: Vec<_> = example
        .context
        .iter()
        .map(|document| {
            // What a document lacks is undefined, hence an error where it is printed, instead of the text `none`.
            let fields =
                [("id", &document.id), ("text", &document.text), ("ref", &document.reference)];
            fields
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?.into())))
                .collect::<Map<String, Value>>()
        })
        .collect();
    json!({"id": example.id, "input": example.input, "context": context})
}

/// Makes an environment with our rules and filters.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Debug mode is what lets errors name the variable that is undefined.
    environment.set_debug(true);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(print);
    environment.add_filter("tojson", to_json);
    environment
}

fn print(
    output: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &TemplateValue,
) -> Result<(), Error> {
    if value.is_none() {
        let detail = "the value is null; give it a default or leave it out";
        return Err(Error::new(ErrorKind::InvalidOperation, detail));
    }
    minijinja::escape_formatter(output, state, value)
}

/// Writes JSON as it is, unlike Jinja's own filter, which escapes it for HTML: the filter `tojson` of templates.
///
/// # Errors
/// Where the value is undefined, or cannot be written as JSON.
pub fn to_json(value: &TemplateValue, is_indented: Option<bool>) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let written = if is_indented.unwrap_or(false) {
        serde_json::to_string_pretty(value)
    } else {
        serde_json::to_string(value)
    };
    written.map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
}
