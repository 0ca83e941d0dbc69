//! `evalward feedback show`.

use std::io::{self, Write};

use clap::Args;
use evalward_core::visible;
use evalward_feedback::{CANDIDATE_STATES, CandidateView, PATTERN_STATES, PatternView};
use serde::Serialize;
use serde_json::Value;

use super::list::name_of;
use super::{JSON_VERSION, Source, what_failed};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward feedback show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward feedback show c1-925e067cc4ee --store sqlite://evalward.db
  evalward feedback show p1-925e067cc4ee --format json")]
pub(super) struct ShowArgs {
    /// The candidate, or the pattern.
    id: String,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
    #[command(flatten)]
    source: Source,
}

/// What `--format json` writes.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    pattern: &'a PatternView,
    candidate: &'a CandidateView,
}

pub(super) fn run(args: &ShowArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let opened = args.source.open(context)?;
    let (candidate, pattern) = opened.candidate_of(&args.id)?;
    opened.close()?;
    if args.format == OutputFormat::Json {
        let output = Output { version: JSON_VERSION, pattern: &pattern, candidate: &candidate };
        print_json(&output, context)?;
        return Ok(ExitStatus::Success);
    }
    print_pattern(&pattern, context.out())?;
    writeln!(context.out())?;
    print_candidate(&candidate, context.out())?;
    Ok(ExitStatus::Success)
}

fn print_pattern(pattern: &PatternView, out: &mut dyn Write) -> io::Result<()> {
    let state = name_of(&PATTERN_STATES, pattern.state);
    let state = match (&pattern.covered_by, &pattern.recurred_in) {
        (Some(example), Some(version)) => {
            format!("{state} in version {version}, although {example} guards against it")
        }
        (Some(example), None) => format!("{state} by {example}"),
        (None, _) => state.to_owned(),
    };
    field(out, "pattern", &format!("{}: {state}", pattern.id))?;
    field(out, "what failed", &what_failed(pattern))?;
    let size = format!("{}, from {} to {}", pattern.size, pattern.first_at, pattern.last_at);
    field(out, "failures", &size)?;
    field_if(out, "versions", &pattern.versions.join(", "))?;
    let seen: Vec<_> = pattern.representatives.iter().map(ToString::to_string).collect();
    field_if(out, "seen in", &seen.join(", "))
}

fn print_candidate(candidate: &CandidateView, out: &mut dyn Write) -> io::Result<()> {
    let state = name_of(&CANDIDATE_STATES, candidate.state);
    let approvals = format!(
        "{}: {state}, {} of {} approvals, revision {}",
        candidate.id, candidate.approvals, candidate.needed_approvals, candidate.revision
    );
    field(out, "candidate", &approvals)?;
    for warning in &candidate.warnings {
        field(out, "warning", warning)?;
    }
    let example = candidate.to_example();
    field(out, "example", &format!("{} ({})", example.id, example.partition))?;
    match example.input.get("question") {
        Some(Value::String(question)) if example.input.len() == 1 => {
            field(out, "question", question)?;
        }
        _ => field(out, "input", &serde_json::to_string(&example.input).unwrap_or_default())?,
    }
    for document in &example.context {
        let text = document.text.as_deref().or(document.id.as_deref()).unwrap_or_default();
        field(out, "context", text)?;
    }
    let failure = candidate.example.failure.as_ref();
    let observed = failure.and_then(|failure| failure.observed_output.as_deref());
    field(out, "bad output", observed.unwrap_or("-"))?;
    field(out, "expected", example.expected_output.as_deref().unwrap_or("-"))?;
    if let Some(checks) = &example.checks {
        field(out, "checks", &serde_json::to_string(checks).unwrap_or_default())?;
    }
    field(out, "root cause", failure.map_or("", |it| &it.root_cause))?;
    for review in &candidate.reviews {
        let verb = if review.approves { "approved" } else { "rejected" };
        let outdated = review.approves && review.content != candidate.content.to_string();
        let outdated = if outdated { " (of an earlier content)" } else { "" };
        let note =
            if review.note.is_empty() { String::new() } else { format!(": {}", review.note) };
        field(
            out,
            "review",
            &format!("{verb} by {} at {}{outdated}{note}", review.reviewer, review.at),
        )?;
    }
    field_if(out, "promoted as", candidate.promoted_as.as_deref().unwrap_or_default())
}

fn field_if(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    if text.is_empty() { Ok(()) } else { field(out, name, text) }
}

/// Writes a field with its further lines indented.
fn field(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    let text = if text.is_empty() { "-".into() } else { visible(text) };
    let indented = text.replace('\n', &format!("\n{:14}", ""));
    writeln!(out, "{name:<12}  {indented}")
}
