//! What an assertion demands, in the words of suites and examples.

use evalward_core::Rules;
use evalward_metrics::validate_rules;
use serde_json::{Map, Value};

use super::read::Assertion;
use super::{calls, json, measure, pattern, program, reasons, texts};
use crate::promptfoo::source::{file_name_in, matching};
use crate::promptfoo::template::render;

/// What an assertion demands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Demand {
    /// A rule on the output.
    Rules(Box<Rules>),
    /// A comparison with right answers, or a bound on how an answer came about.
    Measure(Measure),
}

/// A metric that an assertion asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    /// The kind; the id is made from it.
    pub(crate) kind: &'static str,
    /// The keys of its table.
    pub(crate) keys: Map<String, Value>,
    /// The right answers; none for a metric that needs none.
    pub(crate) references: Vec<String>,
    /// The rule that says the same, where there is one.
    pub(crate) as_rules: Option<Box<Rules>>,
}

/// An assertion's demand with what differs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Translated {
    pub(crate) demand: Demand,
    /// How the result may differ from promptfoo's.
    pub(crate) difference: Option<String>,
}

impl Translated {
    pub(super) fn rules(rules: Rules) -> Self {
        Self { demand: Demand::Rules(Box::new(rules)), difference: None }
    }

    pub(super) fn measure(measure: Measure) -> Self {
        Self { demand: Demand::Measure(measure), difference: None }
    }

    #[must_use]
    pub(super) fn but(mut self, difference: impl Into<String>) -> Self {
        self.difference = Some(difference.into());
        self
    }
}

/// Translates an assertion of a case with these variables, or says why it has no counterpart.
pub(crate) fn translate(
    assertion: &Assertion,
    vars: &Map<String, Value>,
) -> Result<Translated, String> {
    if let Some(reason) = reasons::reason_without_counterpart(&assertion.kind) {
        return Err(reason);
    }
    if assertion.is_transformed {
        return Err("answers are not rewritten before they are scored".to_owned());
    }
    let is_program = matches!(assertion.kind.as_str(), "javascript" | "python");
    let value = rendered(assertion, vars)
        .map_err(|reason| if is_program { program::NO_COUNTERPART.to_owned() } else { reason })?;
    let translated = match assertion.kind.as_str() {
        "contains" | "icontains" | "contains-all" | "contains-any" | "icontains-all"
        | "icontains-any" => texts::contains(assertion, &value),
        "equals" => texts::equals(assertion, value),
        "starts-with" => texts::starts_with(assertion, &value),
        "word-count" => texts::word_count(assertion, &value),
        "regex" => pattern::regex(assertion, &value),
        "is-json" => json::is_json(assertion, value),
        "javascript" | "python" => program::program(assertion, &value, vars),
        "tool-call-f1" => calls::tool_call_f1(assertion, &value),
        "trajectory:tool-used" => calls::tool_used(assertion, &value),
        "trajectory:tool-sequence" => calls::tool_sequence(assertion, &value),
        "trajectory:step-count" => calls::step_count(assertion, &value),
        "is-refusal" => Ok(texts::is_refusal(assertion)),
        _ => measure::measure(assertion, value),
    }?;
    check(&translated.demand)?;
    Ok(translated)
}

/// Refuses what could never fail, or could never hold.
fn check(demand: &Demand) -> Result<(), String> {
    let rules = match demand {
        Demand::Rules(rules) => Some(rules),
        Demand::Measure(measure) => measure.as_rules.as_ref(),
    };
    let Some(rules) = rules else { return Ok(()) };
    validate_rules(rules).map_err(|error| {
        let mut text = format!("failed to {error}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            let message = error.to_string();
            let last = message.lines().last().unwrap_or_default();
            text = format!("{text}: {}", last.trim_start_matches("error: "));
            cause = error.source();
        }
        text
    })
}

/// Returns the value with its file read and its templates rendered.
fn rendered(assertion: &Assertion, vars: &Map<String, Value>) -> Result<Value, String> {
    match &assertion.value {
        Value::String(text) => text_value(text, assertion, vars),
        Value::Array(items) => {
            let item = |item: &Value| match item {
                Value::String(text) => text_value(text, assertion, vars),
                other => Ok(other.clone()),
            };
            items.iter().map(item).collect::<Result<_, _>>().map(Value::Array)
        }
        other => Ok(other.clone()),
    }
}

fn text_value(
    text: &str,
    assertion: &Assertion,
    vars: &Map<String, Value>,
) -> Result<Value, String> {
    if let Some(name) = file_name_in(text) {
        let files = matching(&assertion.root, name, &assertion.place).map_err(|_| {
            if name.contains(".js") || name.contains(".py") || name.contains(".rb") {
                "a program makes its value".to_owned()
            } else {
                format!("`{name}` is not there")
            }
        })?;
        let Some(file) = files.first() else { return Err(format!("`{name}` is not there")) };
        if file.has_extension(&["js", "ts", "cjs", "mjs", "py", "rb"]) {
            return Err("a program makes its value".to_owned());
        }
        let read = if file.has_extension(&["json", "yaml", "yml"]) {
            file.parse().map(|node| node.to_json())
        } else {
            file.read().map(|text| Value::String(text.trim().to_owned()))
        };
        return read.map_err(|error| format!("failed to {error}"));
    }
    if text.starts_with("package:") {
        return Err("a program makes its value".to_owned());
    }
    match render(text, vars) {
        Ok(text) => Ok(Value::String(text)),
        Err(problem) => Err(format!("the template of its value: {}", problem.reason)),
    }
}
