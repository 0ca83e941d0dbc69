//! The arguments of `evalward rescore`.

use std::path::PathBuf;

use clap::Args;

use crate::commands::run::{CallOptions, OutputOptions};

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
    #[command(flatten)]
    pub(crate) calls: CallOptions,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

const LONG_HELP: &str = "\
Examples:
  evalward rescore 20261103-142207                          by the suite as it is now
  evalward rescore latest --suite stricter.toml
  evalward rescore latest --judge judges/new.toml --metric helpful
  evalward rescore latest --replay calls.jsonl              without a network

The subject is not called: its answers are those of the run. The result is a run of its own, with the exit codes of
`evalward run`, which can be compared with runs that were measured alike.";
