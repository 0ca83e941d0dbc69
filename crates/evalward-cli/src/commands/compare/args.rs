//! The arguments of `evalward compare`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use evalward_core::{Margin, OnInconclusive, Partition, Rate};
use evalward_gate::compare::{ComparePolicy, Procedure, Requirement};
use evalward_report::Format;

use crate::commands::report::ReportTarget;
use crate::error::CliError;

/// The arguments of `evalward compare`.
#[derive(Debug, Args)]
#[command(after_help = LONG_HELP)]
pub(crate) struct CompareArgs {
    /// The run to compare with: its id, the start of its id, its folder, `latest`, or the file of a baseline.
    pub(crate) baseline: String,
    /// The run to judge: its id, the start of its id, its folder, or `latest`.
    pub(crate) candidate: String,
    /// The one-sided error probability; intervals have the level 1 - 2 alpha.
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    alpha: f64,
    /// The largest loss of a metric (or of `pass_rate`) that does not matter, in the units of its scores; may be given several times.
    #[arg(long, value_name = "METRIC=VALUE")]
    margin: Vec<MetricMargin>,
    /// Compare only this metric, or `pass_rate`, and let it decide; may be given several times.
    #[arg(long, value_name = "METRIC")]
    metric: Vec<String>,
    /// Compare only this partition; may be given several times.
    #[arg(long, value_name = "PARTITION")]
    partition: Vec<Partition>,
    /// The share of the smaller run's examples that must be the same in both runs.
    #[arg(long, value_name = "SHARE", default_value = "0.8", value_parser = share)]
    min_overlap: Rate,
    /// What to do where the evidence is too thin: fail (exit 4) or warn.
    #[arg(long, value_name = "WHAT", default_value = "fail", hide_possible_values = true)]
    on_inconclusive: OnInconclusiveArg,
    /// What each deciding metric must show: that there is no regression, or non-inferiority, that is, proof that any loss is
    /// smaller than the margin.
    #[arg(long, value_name = "WHAT", default_value = "no-regression", hide_possible_values = true)]
    require: RequirementArg,
    /// The procedure: paired, or welch, the older one that ignores pairs.
    #[arg(long, value_name = "NAME", default_value = "paired", hide_possible_values = true)]
    method: MethodArg,
    /// What to print on stdout: terminal, json, junit, markdown or html.
    #[arg(long, value_name = "FORMAT", default_value = "terminal", help_heading = "Output")]
    pub(crate) format: Format,
    /// Also write a report: terminal, json, junit, markdown or html, into the candidate's folder or to a file of yours; may be
    /// given several times.
    #[arg(long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub(crate) report: Vec<ReportTarget>,
    /// Write plots (SVG) into this folder.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) plots: Option<PathBuf>,
    /// Show every example that flipped, whatever their number.
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,
}

const LONG_HELP: &str = "\
Examples:
  evalward compare 20261103-142207 latest
  evalward compare 20261103-142207 latest --margin helpful=0.2
  evalward compare baselines/support.json latest --on-inconclusive warn        for a pull request
  evalward compare baselines/support.json latest --require non-inferiority     for a release

Exit codes:
  0  nothing that decides lost as much as its margin
  1  a regression
  2  the runs cannot be compared, such as after another version of a metric
  3  too much could not be evaluated
  4  inconclusive: too few examples, with the number it takes";

/// A margin of a metric.
#[derive(Clone, Debug)]
struct MetricMargin {
    metric: String,
    margin: Margin,
}

impl FromStr for MetricMargin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (metric, value) =
            text.split_once('=').ok_or_else(|| "write METRIC=VALUE".to_owned())?;
        let margin = value.parse().ok().and_then(Margin::new);
        let margin = margin.ok_or_else(|| format!("`{value}` is not a number above 0"))?;
        Ok(Self { metric: metric.to_owned(), margin })
    }
}

fn share(text: &str) -> Result<Rate, String> {
    let share = text.parse().ok().and_then(Rate::new);
    share.ok_or_else(|| format!("`{text}` is not a share from 0 to 1"))
}

/// What an inconclusive comparison means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OnInconclusiveArg {
    /// Exit 4
    Fail,
    /// A warning
    Warn,
}

/// What each deciding metric must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RequirementArg {
    /// No regression
    NoRegression,
    /// That any loss is smaller than the margin
    NonInferiority,
}

/// The procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodArg {
    /// Pairs of the same example, by intervals against a margin
    Paired,
    /// Welch's test on all scores, with an effect threshold
    Welch,
}

impl CompareArgs {
    /// Returns the policy that the arguments spell.
    pub(crate) fn policy(&self) -> Result<ComparePolicy, CliError> {
        let mut policy = ComparePolicy {
            alpha: self.alpha,
            metrics: self.metric.clone(),
            partitions: self.partition.clone(),
            min_overlap: self.min_overlap,
            requirement: match self.require {
                RequirementArg::NoRegression => Requirement::NoRegression,
                RequirementArg::NonInferiority => Requirement::NonInferiority,
            },
            on_inconclusive: match self.on_inconclusive {
                OnInconclusiveArg::Fail => OnInconclusive::Fail,
                OnInconclusiveArg::Warn => OnInconclusive::Warn,
            },
            procedure: match self.method {
                MethodArg::Paired => Procedure::Paired,
                MethodArg::Welch => Procedure::Welch,
            },
            ..ComparePolicy::default()
        };
        for MetricMargin { metric, margin } in &self.margin {
            if policy.margins.insert(metric.clone(), *margin).is_some() {
                return Err(CliError::input(format!("`--margin {metric}=` is given twice")));
            }
        }
        Ok(policy)
    }
}
