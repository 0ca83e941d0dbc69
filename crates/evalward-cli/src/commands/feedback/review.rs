//! `evalward feedback approve` and `evalward feedback reject`.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use evalward_core::{Partition, Rules};
use evalward_feedback::{ApproveBody, CANDIDATE_STATES, CandidateState, CandidateView, RejectBody};

use super::list::name_of;
use super::{Opened, Source};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward feedback approve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward feedback approve c1-925e067cc4ee --reviewer support-lead \\
      --root-cause 'The prompt shows an address as an example.' \\
      --expected-output 'Hi, this is Wren from Cobblenote. Refunds are signed off ... Let me know.'
  evalward feedback approve c1-925e067cc4ee --reviewer billing-lead \\
      --root-cause 'A patch states 60 days.' \\
      --checks '{\"includes_all\": [\"7 days\"], \"excludes_any\": [\"60 days\"]}'
  evalward feedback approve c1-925e067cc4ee --reviewer product-lead

A second reviewer who agrees leaves out what the first one wrote. The expected output must be an
answer that the suite passes, and the bad output must fail; `cargo xtask promote` proves both.")]
pub(super) struct ApproveArgs {
    /// The candidate, or the pattern.
    id: String,
    /// Who you are: one of the dataset's owners.
    #[arg(long, value_name = "NAME", env = "EVALWARD_REVIEWER", hide_env_values = true)]
    reviewer: String,
    /// Why the failure happened.
    #[arg(long, value_name = "TEXT")]
    root_cause: Option<String>,
    /// The right answer.
    #[arg(
        long,
        visible_alias = "expected",
        value_name = "TEXT",
        conflicts_with = "expected_output_file"
    )]
    expected_output: Option<String>,
    /// A file with the right answer.
    #[arg(long, value_name = "FILE")]
    expected_output_file: Option<PathBuf>,
    /// The example's own constraints, as a JSON object in the words of the constraint language.
    #[arg(long, value_name = "JSON", value_parser = parse_rules)]
    checks: Option<Rules>,
    /// The partition that the example is meant for [default: regression]; golden needs two reviewers.
    #[arg(long, value_name = "PARTITION")]
    partition: Option<Partition>,
    /// What you want to say.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The revision that you looked at, as `show` tells it; if the candidate changed since, nothing is done.
    #[arg(long, value_name = "N")]
    revision: Option<i64>,
    #[command(flatten)]
    source: Source,
}

/// The arguments of `evalward feedback reject`.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  evalward feedback reject c1-925e067cc4ee --reviewer support-lead --note 'The rule is too strict.'")]
pub(super) struct RejectArgs {
    /// The candidate, or the pattern.
    id: String,
    /// Who you are.
    #[arg(long, value_name = "NAME", env = "EVALWARD_REVIEWER", hide_env_values = true)]
    reviewer: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// The revision that you looked at, as `show` tells it; if the candidate changed since, nothing is done.
    #[arg(long, value_name = "N")]
    revision: Option<i64>,
    #[command(flatten)]
    source: Source,
}

fn parse_rules(text: &str) -> Result<Rules, serde_json::Error> {
    serde_json::from_str(text)
}

pub(super) fn approve(args: ApproveArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let expected_output = match &args.expected_output_file {
        Some(path) => Some(fs::read_to_string(path).map_err(|error| {
            CliError::input(format!("failed to read `{}`: {error}", path.display()))
        })?),
        None => args.expected_output,
    };
    let opened = args.source.open(context)?;
    let (candidate, _) = opened.candidate_of(&args.id)?;
    let body = ApproveBody {
        reviewer: args.reviewer,
        root_cause: args.root_cause,
        expected_output,
        checks: args.checks,
        partition: args.partition,
        note: args.note,
        revision: Some(args.revision.unwrap_or(candidate.revision)),
    };
    let reviewed = opened.ask(async |access| access.approve(&candidate.id, &body).await)?;
    finish(opened, &reviewed, context)
}

pub(super) fn reject(args: RejectArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let opened = args.source.open(context)?;
    let (candidate, _) = opened.candidate_of(&args.id)?;
    let revision = Some(args.revision.unwrap_or(candidate.revision));
    let body = RejectBody { reviewer: args.reviewer, note: args.note, revision };
    let reviewed = opened.ask(async |access| access.reject(&candidate.id, &body).await)?;
    finish(opened, &reviewed, context)
}

fn finish(
    opened: Opened,
    candidate: &CandidateView,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    opened.close()?;
    let CandidateView { id, approvals, needed_approvals, .. } = candidate;
    let state = name_of(&CANDIDATE_STATES, candidate.state);
    let count = match candidate.state {
        CandidateState::Rejected => String::new(),
        _ => format!(", {approvals} of {needed_approvals} approvals"),
    };
    writeln!(context.out(), "{id}: {state}{count}")?;
    if candidate.state == CandidateState::Approved {
        context.note("`cargo xtask promote` moves approved candidates into the dataset.");
    }
    Ok(ExitStatus::Success)
}
