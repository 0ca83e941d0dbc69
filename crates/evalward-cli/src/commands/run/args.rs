//! The arguments of `evalward run`.

use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

use clap::{ArgAction, Args};
use evalward_core::{Partition, Shard};
use evalward_report::Format;

use crate::commands::corrections::LabelFile;
use crate::commands::report::ReportTarget;

/// The arguments of `evalward run`.
#[derive(Clone, Debug, Default, Args)]
#[command(after_long_help = LONG_HELP, after_help = "Use --help for examples and the table of exit codes.")]
pub(crate) struct RunArgs {
    /// The suite file.
    #[arg(default_value = "evalward.toml")]
    pub(crate) suite: PathBuf,
    /// Override a key of the suite, such as `subject.openai.model=gpt-4o`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Run only this variant of the suite, or `base` for the suite alone; the exit code is then that run's gate.
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    /// Take every warning for a mistake (exit 2): nothing is called while there is one.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Evaluate only the example with this id; may be given several times.
    #[arg(long, value_name = "ID", help_heading = "Selection")]
    pub(crate) id: Vec<String>,
    /// Evaluate only examples with this tag; may be given several times.
    #[arg(long, value_name = "TAG", help_heading = "Selection")]
    pub(crate) tag: Vec<String>,
    /// Evaluate only this partition; may be given several times.
    #[arg(long, value_name = "PARTITION", help_heading = "Selection")]
    pub(crate) partition: Vec<Partition>,
    /// Evaluate only the examples that failed or errored in this run (an id, its start, a folder or `latest`).
    #[arg(long, value_name = "RUN", help_heading = "Selection")]
    pub(crate) only_failed: Option<String>,
    /// Draw only so many examples at random, from each partition in proportion.
    #[arg(long, value_name = "N", value_parser = sample_size, help_heading = "Selection")]
    pub(crate) sample: Option<NonZeroU64>,
    /// What the sample is drawn by; the same number draws the same examples.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        requires = "sample",
        help_heading = "Selection"
    )]
    pub(crate) seed: u64,
    /// Evaluate only part I of N, by the hash of the ids; `evalward merge` makes one run of all parts.
    #[arg(long, value_name = "I/N", help_heading = "Selection", conflicts_with = "labels")]
    pub(crate) shard: Option<Shard>,
    /// Go on with a run of this suite that was cut short: the latest one, or the one that is named.
    #[arg(
        long,
        value_name = "RUN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        help_heading = "Calls"
    )]
    pub(crate) resume: Option<String>,
    /// Stop at the first example that fails; the exit code is then 1 where its gate lets none fail.
    #[arg(long, help_heading = "Calls")]
    pub(crate) fail_fast: bool,
    /// The number of trials of each example [default: the suite's, else 1].
    #[arg(long, value_name = "K", help_heading = "Calls")]
    pub(crate) repeats: Option<NonZeroU32>,
    #[command(flatten)]
    pub(crate) calls: CallOptions,
    /// Correct the figures of a judged metric by labels of some of the run's answers; may be given for several metrics.
    #[arg(long, value_name = "[METRIC=]FILE", help_heading = "Output")]
    pub(crate) labels: Vec<LabelFile>,
    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// How calls are made, in `run` and in `rescore`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct CallOptions {
    /// The number of calls under way at once [default: the suite's, else 5].
    #[arg(long, short = 'j', value_name = "N", help_heading = "Calls")]
    pub(crate) concurrency: Option<NonZeroU32>,
    /// Write every answer to this file, so that the run can be replayed; answers that it already has are not asked for again.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with_all = ["replay", "live"])]
    pub(crate) record: Option<PathBuf>,
    /// Answer every call from this recording; a call that it lacks makes the example errored.
    #[arg(long, value_name = "FILE", help_heading = "Calls", conflicts_with = "live")]
    pub(crate) replay: Option<PathBuf>,
    /// Make the calls even where the suite names a recording.
    #[arg(long, help_heading = "Calls")]
    pub(crate) live: bool,
    /// Take no answer from the cache and keep none there.
    #[arg(long, help_heading = "Calls")]
    pub(crate) no_cache: bool,
}

/// What is printed and written, in `run` and in `rescore`.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct OutputOptions {
    /// What to print on stdout: terminal, json, junit, markdown or html [default: terminal].
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) format: Option<Format>,
    /// Also write a report: terminal, json, junit, markdown or html, into the run's folder or to a file of yours; may be given several
    /// times.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) report: Vec<ReportTarget>,
    /// Show each example in full: input, answer, every score with what explains it.
    #[arg(long, short, action = ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,
}

const LONG_HELP: &str = "\
Examples:
  evalward run                                   the suite `evalward.toml` here
  evalward run suite.toml --id refund-01 -v      one example, with everything that explains it
  evalward run suite.toml --only-failed latest   what failed last time
  evalward run suite.toml --report junit=out.xml --report markdown
  evalward run suite.toml --record calls.jsonl   keep every answer ...
  evalward run suite.toml --replay calls.jsonl   ... and run again without a network
  evalward run suite.toml --resume               go on with the latest run that was cut short
  evalward run suite.toml --shard 2/4            the second of four parts, for `evalward merge`

A suite with [variants.NAME] is run itself and under each variant; they are compared in pairs, and the exit
code is the gate of the suite itself.

A hand-picked selection (--id, --tag, --only-failed) is judged example by example: each must pass.

Exit codes:
  0  all gates hold
  1  a gate failed or a regression was found
  2  the input is wrong (usage, suite, dataset); nothing was run
  3  the evaluation could not be completed (subject or judge unreachable, budget used up, examples errored)
  4  inconclusive: too few examples for the gate that was asked for";

/// Reads how many examples are drawn.
fn sample_size(text: &str) -> Result<NonZeroU64, String> {
    text.parse().map_err(|_| {
        "it is no whole number from 1; to evaluate all examples, leave `--sample` out".to_owned()
    })
}
