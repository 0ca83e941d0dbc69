//! `evalward judge calibrate`.

mod collect;
mod print;

use std::path::PathBuf;

use clap::Args;
use evalward_config::Suite;
use evalward_core::{CalibrationVerdict, MetricStamp, SuiteMetric};
use evalward_gate::calibrate::{
    Calibration, JudgeFigures, JudgeOptions, LabelScale, ReliabilityStatus, calibrate_judge,
    label_reliability,
};

use self::collect::{BASELINES, judged_answers};
use crate::commands::calibration::{
    Answers, CalibrationArgs, Labels, Source, draw, file_of, open, open_judge, open_with_judge,
    write,
};
use crate::commands::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward judge calibrate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward judge calibrate support.toml --labels labels.jsonl --record calls.jsonl
  evalward judge calibrate support.toml --metric helpful --labels ratings.jsonl --positive-from 4 --run latest
  evalward judge calibrate support.toml --metric helpful --labels ratings.jsonl --positive-from 4 --replay calls.jsonl --write
  evalward judge calibrate --judge judges/new.toml --labels ratings.jsonl --positive-from 4
  evalward judge calibrate support.toml --judge judges/new.toml --labels sheet.jsonl --positive-from 4 --run latest

A line of labels is {\"id\": \"refund-01\", \"annotator\": \"ann\", \"label\": 4}, an answer of the run, or an answer of its own with
`input`, `context` and `output`. Lines of several annotators about one answer are several raters; `claims` label claim by
claim. docs/calibrate.md has all fields. A recording that was cut short is continued by the same command.
Exit code 4: the judge is weak, or nothing can be calibrated on these labels.")]
pub(super) struct CalibrateArgs {
    /// The suite file that has the metric; may be left out with `--judge`.
    #[arg(required_unless_present = "judge")]
    suite: Option<PathBuf>,
    /// Measure this judge in place of the metric's: a file, or the name of one that evalward brings along. With `--run` it is asked
    /// about the answers of the run; without a suite, the judge's file names the model.
    #[arg(long, value_name = "FILE", conflicts_with = "write")]
    judge: Option<String>,
    /// The metric's id in the suite; may be left out where one metric alone asks a judge.
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    #[command(flatten)]
    how: CalibrationArgs,
}

/// Measures a judge.
pub(super) fn run(args: &CalibrateArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let how = &args.how;
    let source = source(args, context)?;
    if how.write {
        file_of(source.suite.as_ref(), &source.metric.id)?;
    }
    let labels = Labels::read(how)?;
    let options = options(&source, how, &labels);
    let answers = answers(&source, how, &labels, &options, context)?;
    source.close(context)?;
    let judged = judged_answers(&answers, how.positive_from);
    let (figures, judge) = calibrate_judge(&judged, &options).map_err(CliError::failed_to)?;
    let calibration = Calibration {
        format: Calibration::FORMAT,
        suite: source.suite_name(),
        metric: source.metric.id.clone(),
        kind: source.metric.metric.kind().to_owned(),
        metric_version: source.metric.version,
        labels: labels.hash,
        run_id: answers.run.clone(),
        positive_from: how.positive_from,
        created_at: context.clock.now(),
        figures,
        judge: Some(judge),
    };
    match how.format {
        OutputFormat::Json => print_json(&calibration, context)?,
        OutputFormat::Text => {
            print::print(how, &calibration, (&answers, &labels.raters), context.out())?;
        }
    }
    if let Some(path) = &how.plot {
        draw(path, &calibration, &answers.labelled(how.positive_from), context)?;
    }
    let counts = &calibration.figures.counts;
    if counts.scored == 0 && counts.errored > 0 {
        let reason = answers.missing.join("; ");
        return Err(CliError::incomplete(format!("no score could be had: {reason}")));
    }
    finish(&source, how, &calibration, context)
}

/// Builds what is measured: the suite's metric, with another judge where one is named, or a judge alone.
fn source(args: &CalibrateArgs, context: &Context) -> Result<Source, CliError> {
    let how = &args.how;
    let find = |suite: &Suite| find_judge(suite, args.metric.as_deref()).cloned();
    match (&args.suite, &args.judge) {
        (Some(suite), Some(judge)) => open_with_judge(suite, judge, how, find, context),
        (Some(suite), None) => open(suite, how, find, context),
        (None, Some(judge)) if args.metric.is_none() => open_judge(judge, how, context),
        (None, Some(_)) => {
            let error =
                CliError::input("`--metric` names a metric of a suite, and no suite is named");
            Err(error.with_hint("leave it out, or name the suite before the options"))
        }
        (None, None) => Err(CliError::input("neither a suite nor a judge is named")),
    }
}

/// Writes what was asked for; labels that calibrate nothing leave nothing behind.
fn finish(
    source: &Source,
    how: &CalibrationArgs,
    calibration: &Calibration,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    let verdict = calibration.judge.as_ref().map(|JudgeFigures { verdict, .. }| *verdict);
    match verdict {
        Some(CalibrationVerdict::Calibrated | CalibrationVerdict::Weak) if how.write => {
            write(&file_of(source.suite.as_ref(), &source.metric.id)?, calibration, context)?;
        }
        _ if how.write => context.note("nothing was written, since nothing was calibrated"),
        _ => {}
    }
    Ok(match verdict {
        Some(CalibrationVerdict::Calibrated) => ExitStatus::Success,
        _ => ExitStatus::Inconclusive,
    })
}

fn options(source: &Source, how: &CalibrationArgs, labels: &Labels) -> JudgeOptions {
    let metric = &source.metric.metric;
    JudgeOptions {
        threshold: source.options(how),
        labels: if labels.raters.have_ratings { LabelScale::Ordinal } else { LabelScale::Nominal },
        positive_from: how.positive_from,
        scale: metric.scale(),
        decides: metric.decides(),
        min_alpha: source.min_label_alpha(),
        baselines: BASELINES.map(str::to_owned).to_vec(),
    }
}

/// Asks the judge, unless the raters do not agree, so that nothing it says could count.
fn answers(
    source: &Source,
    how: &CalibrationArgs,
    labels: &Labels,
    options: &JudgeOptions,
    context: &mut Context,
) -> Result<Answers, CliError> {
    if how.run.is_none() {
        let unasked = Answers::unasked(labels)?;
        let rated = judged_answers(&unasked, how.positive_from);
        let rated: Vec<_> = rated.into_iter().map(|answer| answer.labels).collect();
        let reliability = label_reliability(&rated, options.labels, options.min_alpha, how.seed)
            .map_err(CliError::failed_to)?;
        if reliability.status == ReliabilityStatus::Unreliable {
            return Ok(unasked);
        }
    }
    Answers::scored(how, labels, source, context)
}

/// Returns the metric that asks a judge.
fn find_judge<'a>(suite: &'a Suite, id: Option<&str>) -> Result<&'a SuiteMetric, CliError> {
    let asks_judge =
        |metric: &&SuiteMetric| MetricStamp::JUDGED_KINDS.contains(&metric.metric.kind());
    let judged: Vec<&SuiteMetric> = suite.metrics.iter().filter(asks_judge).collect();
    let ids: Vec<&str> = judged.iter().map(|metric| metric.id.as_str()).collect();
    let name = &suite.name;
    let Some(id) = id else {
        return match judged[..] {
            [only] => Ok(only),
            [] => Err(CliError::input(format!("suite `{name}` has no metric that asks a judge"))
                .with_hint(
                    "add one, such as `[metrics.helpful.judge]` with `judge = \"helpfulness\"`",
                )),
            _ => {
                Err(CliError::input(format!("suite `{name}` has several metrics that ask a judge"))
                    .with_hint(format!("name one with `--metric`: {}", ids.join(", "))))
            }
        };
    };
    if let Some(metric) = judged.iter().find(|metric| metric.id == id) {
        return Ok(metric);
    }
    if let Some(other) = suite.metrics.iter().find(|metric| metric.id == id) {
        let kind = other.metric.kind();
        let text = format!("metric `{id}` ({kind}) asks no judge");
        return Err(CliError::input(text)
            .with_hint("`evalward metric calibrate` chooses thresholds for any metric"));
    }
    let text = format!("suite `{name}` has no metric `{id}`");
    let near = evalward_dataset::nearest(id, ids.iter().copied());
    Err(CliError::input(text).with_hint(match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("metrics that ask a judge: {}", ids.join(", ")),
    }))
}
