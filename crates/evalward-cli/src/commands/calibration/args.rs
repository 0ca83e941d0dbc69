//! The arguments that the commands have in common.

use std::path::PathBuf;

use clap::Args;
use evalward_core::{Finite, Rate};

use crate::commands::OutputFormat;

/// How answers are labelled and a threshold is chosen.
#[derive(Debug, Args)]
pub(crate) struct CalibrationArgs {
    /// Override a key of the suite, such as `metrics.overlap.token_f1.normalization=raw`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Take the metric as this variant of the suite has it.
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Option<String>,
    /// The file of labels, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: PathBuf,
    /// Take the scores from this run (an id, its start, a folder or `latest`); the labels name its examples.
    #[arg(long, value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// Write every answer of a model that the metric asks to this file; what it already has is not asked for again.
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub(crate) record: Option<PathBuf>,
    /// Answer the metric's calls of a model from this recording; a call that it lacks makes the score errored.
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
    /// The rating from which on an answer is good.
    #[arg(long, value_name = "RATING", value_parser = finite)]
    pub(crate) positive_from: Option<Finite>,
    /// Choose the most lenient threshold at which the lower end of the precision's interval is at least this, instead of the best
    /// F1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) precision: Option<Rate>,
    /// The number that folds and resamples follow from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    pub(crate) seed: u64,
    /// Write the calibration to `calibrations/METRIC.json` beside the suite file.
    #[arg(long)]
    pub(crate) write: bool,
    /// Also draw the ROC curve, as SVG.
    #[arg(long, value_name = "FILE")]
    pub(crate) plot: Option<PathBuf>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: OutputFormat,
}

fn finite(text: &str) -> Result<Finite, String> {
    let value = text.parse::<f64>().ok().and_then(|value| Finite::new(value).ok());
    value.ok_or_else(|| "write a number, such as 4".to_owned())
}

fn share(text: &str) -> Result<Rate, String> {
    let value: f64 = text.parse().map_err(|_| "write a share, such as 0.95".to_owned())?;
    Rate::new(value)
        .filter(|rate| *rate > Rate::ZERO && rate.get() < 1.0)
        .ok_or_else(|| "a precision is a share between 0 and 1, such as 0.95".to_owned())
}
