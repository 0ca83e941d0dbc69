//! The rule, and what an expression may do.

use std::sync::LazyLock;

use evalward_core::{Example, Partition, Reply};
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};
use regex::Regex;

use super::values::{NAMES, values_of};
use crate::rules::assessment::Assessment;
use crate::rules::output::Output;
use crate::wording::{cut, quoted, whole};
use crate::{MetricError, Place};

/// How much an expression may do on one output: enough to search ten megabytes a few times, too little to stand still.
const FUEL: u64 = 50_000_000;

/// The longest expression in bytes. The library's compiler calls itself for each part of a chain such as `a or b or c`, so that
/// a long one takes time that grows with the square of its length, and then the whole stack.
const LONGEST: usize = 2_000;

/// The longest message of the library that is shown.
const MESSAGE_CHARACTERS: usize = 300;

/// An expression that must be true.
#[derive(Clone, Debug)]
pub(crate) struct ExpressionRule {
    source: String,
}

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_debug(false);
    // With a list of any length, joining would take memory of any size; an expression has no use for it.
    for function in ["range", "dict", "debug", "namespace"] {
        environment.remove_global(function);
    }
    environment.add_test("matching", is_matching);
    environment
});

/// Tells whether a regular expression, which takes linear time, matches somewhere.
fn is_matching(text: &str, pattern: &str) -> Result<bool, Error> {
    let regex = Regex::new(pattern)
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
    Ok(regex.is_match(text))
}

impl ExpressionRule {
    pub(crate) const NAME: &'static str = "expression";

    pub(crate) fn compile(source: &str, place: &Place) -> Result<Self, MetricError> {
        let place = || place.at(Self::NAME);
        let refused = |why: String| MetricError::Expression { place: place(), why };
        if source.len() > LONGEST {
            let bytes = source.len();
            return Err(refused(format!(
                "it has {bytes} bytes; at most {LONGEST} are compiled, so split it into several rules"
            )));
        }
        let expression = ENVIRONMENT
            .compile_expression(source)
            .map_err(|error| refused(with_place(&error, source)))?;
        let mut names: Vec<String> = expression.undeclared_variables(false).into_iter().collect();
        names.sort_unstable();
        if let Some(name) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
            let known = NAMES.join("`, `");
            return Err(refused(format!("`{name}` is no name here; there are `{known}`")));
        }
        let sample = values_of(
            &Example::new("sample", Partition::Golden).with_expected_output("sample"),
            &Reply::default(),
        );
        match (expression.eval(sample), names.is_empty()) {
            (Ok(value), true) => return Err(constant(&value, place(), refused)),
            (Err(error), _) if names.is_empty() || is_unknown(&error) => {
                return Err(refused(with_place(&error, source)));
            }
            _ => {}
        }
        Ok(Self { source: source.to_owned() })
    }

    pub(crate) fn assess(&self, output: &Output<'_>) -> Assessment {
        let result = ENVIRONMENT
            .compile_expression(&self.source)
            .and_then(|expression| expression.eval(output.values().clone()));
        match result {
            Ok(value) if value.kind() != ValueKind::Bool => {
                let kind = value.kind();
                Assessment::errored(format!("it is no yes or no, but of the kind {kind}"))
            }
            Ok(value) if value.is_true() => Assessment::passed(),
            Ok(_) => {
                let problem = format!("{} is not true", quoted(&self.source));
                Assessment::failed(problem, whole(output.text))
            }
            Err(error) => Assessment::errored(with_place(&error, &self.source)),
        }
    }
}

/// Refuses what reads nothing of the example or the response.
fn constant(
    value: &Value,
    place: Place,
    refused: impl FnOnce(String) -> MetricError,
) -> MetricError {
    let why = "it reads nothing of the example or the response";
    match value.kind() {
        ValueKind::Bool if value.is_true() => MetricError::CannotFail { place, why },
        ValueKind::Bool => MetricError::CannotHold { place, why },
        kind => refused(format!("it is no yes or no, but of the kind {kind}")),
    }
}

/// Tells an error of the expression from one that only this example and response have.
fn is_unknown(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::SyntaxError
    )
}

/// Says what is wrong, and where in the expression the library saw it.
fn with_place(error: &Error, source: &str) -> String {
    let message = match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    };
    let message = cut(&message, MESSAGE_CHARACTERS);
    match error.range().and_then(|range| Some((range.start, source.get(range)?))) {
        Some((start, part)) if !part.is_empty() => {
            format!("{message}, at {} (byte {start})", quoted(part))
        }
        _ => message,
    }
}
