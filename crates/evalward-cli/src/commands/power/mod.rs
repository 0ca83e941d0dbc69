//! `evalward power`.

mod assumed;
mod curve;
mod measured;

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Args;
use evalward_core::Partition;

use super::output::OutputFormat;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward power`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  from assumptions, on scores and on pass rates:
    evalward power --margin 0.3 --sd 0.9
    evalward power --margin 0.05 --discordance 0.1 --n 200
    evalward power --margin 0.3 --sd 0.9 --repeats-sd 0.5
  for a dataset, from the variance in stored runs:
    evalward power --run latest
    evalward power --run 20261103 --run 20261104
    evalward power --suite support.toml --margin 0.05
  as a curve:
    evalward power --margin 0.3 --sd 0.9 --plot power.svg

A loss is found by a one-sided paired t test. The same number of examples shows, where nothing
changed, that no loss of the margin is there. The exit code says only whether it could be computed.")]
pub(crate) struct PowerArgs {
    /// The loss to be found, in score units: 0.3 of a grade, 0.05 of a rate [default for a dataset: each metric's margin].
    #[arg(long, value_name = "LOSS")]
    pub(super) margin: Option<f64>,
    /// Assume this standard deviation of the difference of two answers to one example.
    #[arg(long, value_name = "SD", help_heading = "From assumptions", conflicts_with_all = ["run", "suite"])]
    pub(super) sd: Option<f64>,
    /// Assume that this share of the examples changes its outcome, either way; for pass rates.
    #[arg(long, value_name = "SHARE", help_heading = "From assumptions", conflicts_with_all = ["sd", "run", "suite"])]
    pub(super) discordance: Option<f64>,
    /// Tell what this number of examples finds.
    #[arg(long, value_name = "EXAMPLES", help_heading = "From assumptions", conflicts_with_all = ["run", "suite"])]
    pub(super) n: Option<NonZeroU64>,
    /// The part of `--sd` that is noise between trials of one example: its standard deviation for one trial.
    #[arg(long, value_name = "SD", help_heading = "From assumptions", requires = "sd")]
    pub(super) repeats_sd: Option<f64>,
    /// Take the variance from this stored run (an id, its start, a folder or `latest`), or from the differences of two.
    #[arg(long, value_name = "RUN", help_heading = "For a dataset")]
    pub(super) run: Vec<String>,
    /// Take the variance from the latest stored runs of this suite: its file or its name.
    #[arg(long, value_name = "SUITE", help_heading = "For a dataset", conflicts_with = "run")]
    pub(super) suite: Option<PathBuf>,
    /// Tell only about this metric, or `pass_rate`; may be given several times.
    #[arg(long, value_name = "METRIC", help_heading = "For a dataset")]
    pub(super) metric: Vec<String>,
    /// Tell only about this partition; may be given several times.
    #[arg(long, value_name = "PARTITION", help_heading = "For a dataset")]
    pub(super) partition: Vec<Partition>,
    /// The one-sided error probability.
    #[arg(long, value_name = "ALPHA", default_value = "0.05")]
    pub(super) alpha: f64,
    /// The power: the probability to find a loss that is there.
    #[arg(long, value_name = "POWER", default_value = "0.8")]
    pub(super) power: f64,
    /// Also draw the power over the number of examples, as SVG.
    #[arg(long, value_name = "FILE")]
    pub(super) plot: Option<PathBuf>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: OutputFormat,
}

/// Tells how many examples a difference takes.
pub(crate) fn run(args: &PowerArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    check(args)?;
    if args.sd.is_some() || args.discordance.is_some() {
        assumed::run(args, context)?;
    } else if !args.run.is_empty() || args.suite.is_some() {
        measured::run(args, context)?;
    } else {
        return Err(CliError::input("nothing says how much scores vary").with_hint(
            "assume it (`--sd`, `--discordance`), or take it from stored runs (`--run`, `--suite`)",
        ));
    }
    Ok(ExitStatus::Success)
}

fn check(args: &PowerArgs) -> Result<(), CliError> {
    let refuse = |name: &str, value: f64, expected: &str| {
        Err(CliError::input(format!("`--{name} {value}` makes no sense: it must be {expected}")))
    };
    if !(args.alpha > 0.0 && args.alpha < 0.5) {
        return refuse("alpha", args.alpha, "above 0 and below 0.5");
    }
    if !(args.power > args.alpha && args.power < 1.0) {
        return refuse("power", args.power, "above alpha and below 1");
    }
    let positive = [("margin", args.margin), ("sd", args.sd), ("repeats-sd", args.repeats_sd)];
    for (name, value) in positive {
        if let Some(value) = value.filter(|value| !(*value > 0.0 && value.is_finite())) {
            return refuse(name, value, "above 0");
        }
    }
    if let Some(share) = args.discordance {
        if !(share > 0.0 && share <= 1.0) {
            return refuse("discordance", share, "a share above 0, at most 1");
        }
        if let Some(margin) = args.margin.filter(|margin| *margin > share) {
            let text = format!(
                "a rate cannot fall by {margin} where only {share} of the examples change their outcome"
            );
            return Err(
                CliError::input(text).with_hint("raise `--discordance`, or lower `--margin`")
            );
        }
    }
    if args.run.len() > 2 {
        return Err(CliError::input("`--run` is given more than twice")
            .with_hint("name one run, or two whose differences tell the variance"));
    }
    Ok(())
}

/// Writes a number with three significant decimals at most.
fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
