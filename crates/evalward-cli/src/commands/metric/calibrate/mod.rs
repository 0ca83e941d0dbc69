//! `evalward metric calibrate`.

mod answers;
mod computed;
mod print;
mod stored;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use evalward_config::{BASE, BuildOptions, LoadOptions, Suite, load};
use evalward_core::{Digest, Finite, Rate, Seed, SuiteMetric};
use evalward_gate::calibrate::{
    CalibrateOptions, Calibration, CalibrationRule, ThresholdFigures, calibrate, roc_curve,
};
use evalward_models::{CallCache, Tape};
use evalward_report::plot::{RocMark, RocPlot, roc_plot};

use self::answers::{Answers, read};
use crate::commands::report::write_page;
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
    /// Override a key of the suite, such as `metrics.overlap.token_f1.normalization=raw`; may be given several times.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Take the metric as this variant of the suite has it.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    /// The metric's id in the suite.
    #[arg(long, value_name = "METRIC")]
    metric: String,
    /// The file of labels, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    /// Take the scores from this run (an id, its start, a folder or `latest`); the labels name its examples.
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// Write every answer of a model that the metric asks to this file; what it already has is not asked for again.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "run"])]
    record: Option<PathBuf>,
    /// Answer the metric's calls of a model from this recording; a call that it lacks makes the score errored.
    #[arg(long, value_name = "FILE", conflicts_with = "run")]
    replay: Option<PathBuf>,
    /// The rating from which on an answer is good.
    #[arg(long, value_name = "RATING", value_parser = finite)]
    positive_from: Option<Finite>,
    /// Choose the most lenient threshold at which the lower end of the precision's interval is at least this, instead of the best
    /// F1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    precision: Option<Rate>,
    /// The number that the folds of the cross-validation follow from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    seed: u64,
    /// Write the calibration to `calibrations/METRIC.json` beside the suite file.
    #[arg(long)]
    write: bool,
    /// Also draw the ROC curve, as SVG.
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// Chooses a threshold.
pub(super) fn run(args: &CalibrateArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let options = LoadOptions {
        overrides: args.set.clone(),
        variant: args.variant.clone().filter(|name| name != BASE),
        environment: context.lookup(),
    };
    let suite = load(&args.suite, &options)?;
    let cache = context.cache();
    let tape = tape(args)?;
    let metric = &built(args, &suite, (&tape, &cache), context)?;
    if args.write {
        file_of(&suite, metric)?;
    }
    let (answers, labels) = read(args, &suite, metric, context)?;
    tape.finish().map_err(CliError::incomplete)?;
    if let Some(runtime) = context.runtime() {
        runtime.block_on(cache.close());
    }
    context.tell_of_cache(&cache, false);
    let mut suite_thresholds: Vec<Finite> = metric.thresholds.iter().collect();
    suite_thresholds.sort_unstable();
    let options = CalibrateOptions {
        rule: args.precision.map_or(CalibrationRule::BestF1, CalibrationRule::Precision),
        lower_is_better: metric.metric.scale().lower_is_better,
        suite_thresholds,
        seed: args.seed,
    };
    let figures = calibrate(&answers.labelled, &options).map_err(CliError::failed_to)?;
    let calibration = Calibration {
        format: Calibration::FORMAT,
        suite: suite.name.clone(),
        metric: metric.id.clone(),
        kind: metric.metric.kind().to_owned(),
        metric_version: metric.version,
        labels,
        run_id: answers.run.clone(),
        positive_from: args.positive_from,
        created_at: context.clock.now(),
        figures,
    };
    match args.format {
        OutputFormat::Json => print_json(&calibration, context)?,
        OutputFormat::Text => print::print(args, &calibration, &answers, context)?,
    }
    if let Some(path) = &args.plot {
        draw(path, &calibration, &answers, context)?;
    }
    let counts = &calibration.figures.counts;
    if counts.scored == 0 && counts.errored > 0 {
        let reason = answers.missing.join("; ");
        return Err(CliError::incomplete(format!("no score could be had: {reason}")));
    }
    let has_threshold = calibration.figures.threshold.is_some();
    if args.write && has_threshold {
        let path = file_of(&suite, metric)?;
        let text = serde_json::to_string_pretty(&calibration).map_err(CliError::incomplete)?;
        write_page(&path, format!("{text}\n").as_bytes())?;
        context.note(&format!("wrote {}", path.display()));
    } else if args.write {
        context.note("nothing was written, since there is no threshold to keep");
    }
    Ok(if has_threshold { ExitStatus::Success } else { ExitStatus::Inconclusive })
}

/// Opens the recording that was asked for.
fn tape(args: &CalibrateArgs) -> Result<Tape, CliError> {
    match (&args.record, &args.replay) {
        (Some(path), _) => Tape::record(path).map_err(CliError::input),
        (None, Some(path)) => Tape::replay(path).map_err(CliError::input),
        (None, None) => Ok(Tape::live()),
    }
}

/// Builds the metric, whose version tells its model too; scores of a run that is stored need no calls.
fn built(
    args: &CalibrateArgs,
    suite: &Suite,
    (tape, cache): (&Tape, &CallCache),
    context: &Context,
) -> Result<SuiteMetric, CliError> {
    let metric = find_metric(suite, &args.metric)?;
    let build = BuildOptions {
        tape: tape.clone(),
        offline: args.run.is_some() || tape.is_replay(),
        clock: Arc::clone(&context.clock),
        seed: Seed::from_number(args.seed),
        cache: Some(cache.clone()),
        ..BuildOptions::default()
    };
    // What the file does not have are the examples' own checks, which need nothing.
    Ok(suite.build_one_metric(&metric.id, &build)?.unwrap_or_else(|| metric.clone()))
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

/// Returns the file that a calibration is written to; ids that would lead elsewhere have none.
fn file_of(suite: &Suite, metric: &SuiteMetric) -> Result<PathBuf, CliError> {
    let id = metric.id.as_str();
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.' | ' ');
    if id.starts_with('.') || id.is_empty() || !id.chars().all(plain) {
        let text = format!("`{id}` makes no name of a file");
        return Err(CliError::input(text).with_hint("leave out `--write`, or rename the metric"));
    }
    let folder = suite.path.parent().unwrap_or_else(|| Path::new(""));
    Ok(folder.join("calibrations").join(format!("{id}.json")))
}

fn draw(
    path: &Path,
    calibration: &Calibration,
    answers: &Answers,
    context: &mut Context,
) -> Result<(), CliError> {
    let figures = &calibration.figures;
    let Some(auc) = &figures.auc else {
        context.note("nothing was drawn, since a curve takes good answers and bad ones");
        return Ok(());
    };
    let points =
        roc_curve(&answers.labelled, figures.lower_is_better).map_err(CliError::failed_to)?;
    let own = figures.suite_thresholds.iter().map(|row| (row, "the suite's"));
    let chosen = figures.recommended.iter().map(|row| (row, "recommended"));
    let marks: Vec<RocMark> = chosen.chain(own).filter_map(|(row, word)| mark(row, word)).collect();
    let plot = RocPlot {
        title: &format!("{}: {} labels", calibration.metric, figures.counts.scored),
        summary: &format!("AUC {}", print::rank(auc)),
        points: &points,
        marks: &marks,
    };
    write_page(path, roc_plot(&plot).as_bytes())?;
    context.note(&format!("wrote {}", path.display()));
    Ok(())
}

fn mark(row: &ThresholdFigures, word: &str) -> Option<RocMark> {
    let label = format!("{word} {}", row.threshold?);
    let good = row.recall.as_ref()?.value.get();
    let float = |count: u64| u32::try_from(count).map_or(f64::MAX, f64::from);
    let bad = float(row.bad_passing) / float((row.bad_passing + row.bad_failing).max(1));
    Some(RocMark { bad, good, label })
}

/// Returns the hash of the file of labels.
fn hash_of(path: &Path) -> Result<Digest, CliError> {
    let bytes = std::fs::read(path).map_err(|error| {
        CliError::input(format!("failed to read `{}`: {error}", path.display()))
    })?;
    Ok(Digest::of(&bytes))
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
