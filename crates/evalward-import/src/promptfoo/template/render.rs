//! Templates of Nunjucks, rendered.

use evalward_subject::to_json;
use minijinja::value::{Serde, Value as TemplateValue};
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior};
use serde_json::{Map, Value};

use super::rewrite::{Problem, in_common, keep_last_line_end};
use super::tokens::split;

/// The filters that Nunjucks and our templates both have, with equal results.
pub(super) const FILTERS: &[&str] = &[
    "abs",
    "capitalize",
    "default",
    "d",
    "dictsort",
    "first",
    "float",
    "groupby",
    "indent",
    "int",
    "join",
    "last",
    "length",
    "list",
    "lower",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "sort",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "upper",
];

/// Returns a word of Nunjucks as Jinja has it.
pub(super) fn own_word(word: &str) -> &str {
    match word {
        "null" => "none",
        "typeof" => "type",
        word => word,
    }
}

/// Renders a template over variables as promptfoo does: what is undefined prints nothing.
pub(crate) fn render(text: &str, variables: &Map<String, Value>) -> Result<String, Problem> {
    let Some(parts) = split(text) else { return Ok(text.to_owned()) };
    let common = keep_last_line_end(in_common(&parts)?);
    let environment = environment();
    let failed = |error: Error| Problem {
        line: error.line().unwrap_or(1).try_into().unwrap_or(1),
        reason: error.detail().map_or_else(|| error.kind().to_string(), str::to_owned),
    };
    let template = environment.template_from_str(&common).map_err(failed)?;
    template.render(Serde(variables)).map_err(failed)
}

pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
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
    use minijinja::value::ValueKind;
    match value.kind() {
        ValueKind::None => Ok(()),
        ValueKind::Map | ValueKind::Seq => {
            let text = to_json(value, None)?;
            minijinja::escape_formatter(output, state, &TemplateValue::from(text))
        }
        _ => minijinja::escape_formatter(output, state, value),
    }
}
