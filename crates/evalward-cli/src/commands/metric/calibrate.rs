//! `evalward metric calibrate`.

use std::path::PathBuf;

use clap::Args;
use evalward_config::Suite;
use evalward_core::SuiteMetric;
use evalward_gate::calibrate::{Calibration, calibrate};

use crate::commands::calibration::{
    Answers, CalibrationArgs, Labels, draw, file_of, open, print_choice, print_head, print_nothing,
    print_table, rank, write,
};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward metric calibrate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward metric calibrate support.toml --metric overlap --labels labels.jsonl
  evalward metric calibrate support.toml --metric overlap --labels ratings.jsonl --positive-from 4
  evalward metric calibrate support.toml --metric overlap --labels ratings.jsonl --positive-from 4 --run latest
  evalward metric calibrate support.toml --metric overlap --labels labels.jsonl --precision 0.95 --write
  evalward metric calibrate support.toml --metric overlap --labels labels.jsonl \\
      --set metrics.overlap.token_f1.normalization=raw

A line of labels is {\"id\": \"refund-01\", \"label\": true}, an answer of the run, or an answer of its own:
{\"output\": \"...\", \"expected_output\": \"...\", \"label\": true}. A label is true, false or a number; docs/calibrate.md
has all fields. Exit code 4: the labels carry no threshold.")]
pub(super) struct CalibrateArgs {
    /// The suite file that has the metric.
    suite: PathBuf,
    /// The metric's id in the suite.
    #[arg(long, value_name = "METRIC")]
    metric: String,
    #[command(flatten)]
    how: CalibrationArgs,
}

/// Chooses a threshold.
pub(super) fn run(args: &CalibrateArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let how = &args.how;
    let source =
        open(&args.suite, how, |suite| find_metric(suite, &args.metric).cloned(), context)?;
    let metric = &source.metric;
    if how.write {
        file_of(source.suite.as_ref(), &metric.id)?;
    }
    let labels = Labels::read(how)?;
    let answers = Answers::scored(how, &labels, &source, context)?;
    source.close(context)?;
    let labelled = answers.labelled(how.positive_from);
    let figures = calibrate(&labelled, &source.options(how)).map_err(CliError::failed_to)?;
    let calibration = Calibration {
        format: Calibration::FORMAT,
        suite: source.suite_name(),
        metric: metric.id.clone(),
        kind: metric.metric.kind().to_owned(),
        metric_version: metric.version,
        labels: labels.hash,
        run_id: answers.run.clone(),
        positive_from: how.positive_from,
        created_at: context.clock.now(),
        figures,
        judge: None,
    };
    match how.format {
        OutputFormat::Json => print_json(&calibration, context)?,
        OutputFormat::Text => print(how, &calibration, (&answers, &labels), context)?,
    }
    if let Some(path) = &how.plot {
        draw(path, &calibration, &labelled, context)?;
    }
    let counts = &calibration.figures.counts;
    if counts.scored == 0 && counts.errored > 0 {
        let reason = answers.missing.join("; ");
        return Err(CliError::incomplete(format!("no score could be had: {reason}")));
    }
    let has_threshold = calibration.figures.threshold.is_some();
    if how.write && has_threshold {
        write(&file_of(source.suite.as_ref(), &metric.id)?, &calibration, context)?;
    } else if how.write {
        context.note("nothing was written, since there is no threshold to keep");
    }
    Ok(if has_threshold { ExitStatus::Success } else { ExitStatus::Inconclusive })
}

fn print(
    how: &CalibrationArgs,
    calibration: &Calibration,
    (answers, labels): (&Answers, &Labels),
    context: &mut Context,
) -> Result<(), CliError> {
    let out = context.out();
    let figures = &calibration.figures;
    print_head(how, calibration, (answers, &labels.raters), out)?;
    for (name, figure) in [("Spearman", &figures.spearman), ("AUC", &figures.auc)] {
        let shown = figure.as_ref().map_or_else(|| "-".to_owned(), rank);
        writeln!(out, "{name:8}  {shown}")?;
    }
    if !figures.table.is_empty() {
        print_table(figures, out)?;
    }
    match figures.threshold {
        Some(_) => print_choice(calibration, out),
        None => print_nothing(figures, out),
    }
}

fn find_metric<'a>(suite: &'a Suite, id: &str) -> Result<&'a SuiteMetric, CliError> {
    if let Some(metric) = suite.metrics.iter().find(|metric| metric.id == id) {
        return Ok(metric);
    }
    let ids: Vec<&str> = suite.metrics.iter().map(|metric| metric.id.as_str()).collect();
    let text = format!("suite `{}` has no metric `{id}`", suite.name);
    let hint = match evalward_dataset::nearest(id, ids.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", ids.join(", ")),
    };
    Err(CliError::input(text).with_hint(hint))
}
