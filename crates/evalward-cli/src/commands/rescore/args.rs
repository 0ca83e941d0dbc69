//! The arguments of `evalward rescore`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::{ArgAction, Args};
use evalward_report::Format;

use crate::commands::report::ReportTarget;

/// The arguments of `evalward rescore`.
#[derive(Debug, Args)]
#[command(after_help = LONG_HELP)]
pub(crate) struct RescoreArgs {
    /// The run whose answers are scored: its id, the start of its id, its folder, or `latest`.
    pub(crate) run: String,
    /// The suite that scores them [default: the run's].
    #[arg(long, value_name = "FILE")]
    pub(crate) suite: Option<PathBuf>,
    /// Override a key of the suite, such as `metrics.helpful.judge.samples=5`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Score by this variant of the suite, or by `base`, the suite alone [default: the run's].
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    /// Ask this judge for the metric that `--metric` names: a file, or the name of one that evalward brings along.
    #[arg(long, value_name = "FILE", requires = "metric")]
    pub(crate) judge: Option<String>,
    /// The metric that asks the judge of `--judge`.
    #[arg(long, value_name = "METRIC", requires = "judge")]
    pub(crate) metric: Option<String>,
    /// Take every warning for a mistake (exit 2): nothing is called while there is one.
    #[arg(long)]
    pub(crate) strict: bool,
    /// The number of answers that are scored at once [default: the suite's, else 5].
    #[arg(long, short = 'j', value_name = "N", help_heading = "Calls")]
    pub(crate) concurrency: Option<NonZeroU32>,
    /// Write every answer of a judge to this file; answers that it already has are not asked for again.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with_all = ["replay", "live"])]
    pub(crate) record: Option<PathBuf>,
    /// Answer every call from this recording; a call that it lacks makes the example errored.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with = "live")]
    pub(crate) replay: Option<PathBuf>,
    /// Ask the judges even where the suite names a recording.
    #[arg(long, help_heading = "Calls")]
    pub(crate) live: bool,
    /// Take no answer from the cache and keep none there.
    #[arg(long, help_heading = "Calls")]
    pub(crate) no_cache: bool,
    /// What to print on stdout: terminal, json, junit or markdown [default: terminal].
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<Format>,
    /// Also write a report: terminal, json, junit or markdown, into the new run's folder or to a file of yours; may be given several
    /// times.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) report: Vec<ReportTarget>,
    /// Show each example in full: input, answer, every score with what explains it.
    #[arg(long, short, action = ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
}

const LONG_HELP: &str = "\
Examples:
  evalward rescore 20261103-142207                          by the suite as it is now
  evalward rescore latest --suite stricter.toml
  evalward rescore latest --judge judges/new.toml --metric helpful
  evalward rescore latest --replay calls.jsonl              without a network

The subject is not called: its answers are those of the run. The result is a run of its own, with the exit codes of
`evalward run`, which can be compared with runs that were measured alike.";
