//! `evalward feedback list`.

use std::collections::BTreeMap;

use clap::Args;
use clap::builder::PossibleValuesParser;
use evalward_core::visible;
use evalward_feedback::{CANDIDATE_STATES, CandidateView, PATTERN_STATES, PatternView};
use serde::Serialize;

use super::{JSON_VERSION, Source, what_failed};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward feedback list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward feedback list --store sqlite://evalward.db
  evalward feedback list --monitor http://127.0.0.1:4318 --state waiting
  evalward feedback list --pattern recurred --format json")]
pub(super) struct ListArgs {
    /// Only candidates in this state: waiting, approved, rejected or promoted.
    #[arg(long, value_name = "STATE", hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(CANDIDATE_STATES.map(|(name, _)| name)))]
    state: Option<String>,
    /// Only patterns in this state: open, covered or recurred.
    #[arg(long, value_name = "STATE", hide_possible_values = true)]
    #[arg(value_parser = PossibleValuesParser::new(PATTERN_STATES.map(|(name, _)| name)))]
    pattern: Option<String>,
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
    patterns: Vec<&'a PatternView>,
    candidates: Vec<&'a CandidateView>,
}

pub(super) fn run(args: &ListArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let opened = args.source.open(context)?;
    let state = args.state.as_deref().and_then(|name| named(&CANDIDATE_STATES, name));
    let pattern = args.pattern.as_deref().and_then(|name| named(&PATTERN_STATES, name));
    let (patterns, candidates) = opened.ask(async |access| {
        Ok((access.patterns(pattern).await?, access.candidates(state).await?))
    })?;
    opened.close()?;
    let by_pattern: BTreeMap<&str, &CandidateView> =
        candidates.iter().map(|candidate| (candidate.pattern.as_str(), candidate)).collect();
    let rows: Vec<(&PatternView, Option<&CandidateView>)> = patterns
        .iter()
        .map(|pattern| (pattern, by_pattern.get(pattern.id.as_str()).copied()))
        .filter(|(_, candidate)| state.is_none() || candidate.is_some())
        .collect();
    match args.format {
        OutputFormat::Json => {
            let patterns = rows.iter().map(|(pattern, _)| *pattern).collect();
            let candidates = rows.iter().filter_map(|(_, candidate)| *candidate).collect();
            print_json(&Output { version: JSON_VERSION, patterns, candidates }, context)?;
        }
        OutputFormat::Text => print_text(&rows, context)?,
    }
    Ok(ExitStatus::Success)
}

fn print_text(
    rows: &[(&PatternView, Option<&CandidateView>)],
    context: &mut Context,
) -> Result<(), CliError> {
    if rows.is_empty() {
        context.note("no pattern of failures is there");
        return Ok(());
    }
    // Wider where a second reviewer is waited for.
    let reviews = rows.iter().filter_map(|(_, candidate)| candidate.map(review_of));
    let wide = reviews.map(|review| review.len() + 1).fold("rejected ".len(), usize::max);
    let out = context.out();
    writeln!(
        out,
        "{:<16} {:<wide$} {:<9} {:>8}  {:<20}  what failed",
        "candidate", "review", "pattern", "failures", "last"
    )?;
    for (pattern, candidate) in rows {
        let id = candidate.map_or("-", |candidate| candidate.id.as_str());
        let review = candidate.map_or_else(|| "-".to_owned(), review_of);
        writeln!(
            out,
            "{id:<16} {review:<wide$} {:<9} {:>8}  {:<20}  {}",
            name_of(&PATTERN_STATES, pattern.state),
            pattern.size,
            to_seconds(&pattern.last_at.to_string()),
            visible(&what_failed(pattern)),
        )?;
    }
    Ok(())
}

/// Writes the state of a review, and how far it is where several reviewers are needed.
fn review_of(candidate: &CandidateView) -> String {
    let state = name_of(&CANDIDATE_STATES, candidate.state);
    if candidate.approvals > 0 && candidate.approvals < candidate.needed_approvals {
        return format!("{state} {}/{}", candidate.approvals, candidate.needed_approvals);
    }
    state.to_owned()
}

/// Leaves out the fraction of a second.
fn to_seconds(time: &str) -> String {
    match time.split_once('.') {
        Some((seconds, _)) => format!("{seconds}Z"),
        None => time.to_owned(),
    }
}

fn named<T: Copy>(names: &[(&'static str, T)], name: &str) -> Option<T> {
    names.iter().find(|(known, _)| *known == name).map(|(_, state)| *state)
}

/// Returns the name of a state.
pub(super) fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], state: T) -> &'static str {
    names.iter().find(|(_, known)| *known == state).map_or("?", |(name, _)| *name)
}
