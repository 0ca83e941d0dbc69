//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;
use crate::exit::{ExitCodes, TABLE};

/// Tells whether an LLM system is good and whether a change made it worse.
///
/// A suite names a dataset, a subject, metrics and gates; `evalward run` evaluates it and its exit code gates your release.
#[derive(Debug, Parser)]
#[command(name = "evalward", version, after_help = TABLE, max_term_width = 100)]
#[command(disable_help_subcommand = true, propagate_version = true)]
pub(crate) struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// When to use colour; by default on a terminal, unless `NO_COLOR` or `CI` is set.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub(crate) color: ColorChoice,
    /// Which numbers to exit with: evalward's own, or promptfoo's (100 for a failed gate).
    #[arg(
        long,
        global = true,
        value_name = "TABLE",
        default_value = "evalward",
        hide_possible_values = true
    )]
    pub(crate) exit_codes: ExitCodes,
    /// Print no progress and no notes, only results and errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Where runs are kept [default: `EVALWARD_RUNS_DIR`, else .evalward/runs].
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) runs_dir: Option<PathBuf>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` or `CI` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
