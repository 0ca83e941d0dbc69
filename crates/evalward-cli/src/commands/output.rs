//! The forms in which commands answer.

use clap::ValueEnum;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;

/// The form of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    #[default]
    Text,
    /// For machines: one JSON object
    Json,
}

/// Prints a value as JSON on stdout.
pub(crate) fn print_json(value: &impl Serialize, context: &mut Context) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value).map_err(CliError::incomplete)?;
    Ok(writeln!(context.out(), "{text}")?)
}
