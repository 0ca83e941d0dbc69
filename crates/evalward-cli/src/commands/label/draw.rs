//! Drawing answers and writing the sheets.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_config::{BuildOptions, LoadOptions, Suite, load};
use evalward_core::{RunManifest, Seed, SuiteMetric, visible};
use evalward_gate::labelling::{Drawing, LabelCandidate, draw};
use evalward_report::sheet::Sheet;
use evalward_runs::StoredRun;

use super::ask::{Asked, asked_of};
use super::files::{folder_for, write_sheets};
use super::raters::Raters;
use super::rows;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// Fewer answers than this say little.
const FEW: u32 = 20;

/// The arguments of drawing.
#[derive(Debug, Args)]
pub(super) struct DrawArgs {
    /// The run: its id, the start of its id, its folder, or `latest`: the newest of all suites, which the output names.
    #[arg(default_value = "latest")]
    run: String,
    /// The number of answers.
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    n: NonZeroU32,
    /// Who rates: how many, or their names with commas between.
    #[arg(long, value_name = "NUMBER|NAMES", default_value = "3")]
    raters: Raters,
    /// The metric whose question is asked [default: the only one that asks a judge].
    #[arg(long, value_name = "ID")]
    metric: Option<String>,
    /// Also let raters label the claims of each answer.
    #[arg(long)]
    claims: bool,
    /// The number that the drawing follows from.
    #[arg(long, value_name = "NUMBER", default_value = "0")]
    seed: u64,
    /// The folder to write [default: labels/RUN-METRIC].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The suite file, where it is no longer where the run found it.
    #[arg(long, value_name = "FILE")]
    suite: Option<PathBuf>,
    /// Override a key of the suite, as the run did.
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Draws answers and writes a page and a table for each rater.
pub(super) fn run(args: &DrawArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let stored = context.runs.find(&args.run)?;
    let suite = suite_of(args, &stored, context)?;
    let metric = built(args, &suite, context)?;
    check_metric(&stored, &metric)?;
    let asked = asked_of(&suite, &metric, args.claims)?;
    let folder = folder_for(args.out.as_deref(), &stored, &metric.id)?;
    let candidates = candidates(&stored, &metric)?;
    if candidates.is_empty() {
        let run = &stored.manifest().run_id;
        let text = format!("run `{run}` has no answer that `{}` applies to", metric.id);
        return Err(
            CliError::input(text).with_hint("`evalward report RUN` shows what became of it")
        );
    }
    let drawing = draw(&candidates, args.n, Seed::from_number(args.seed));
    let drawn: Vec<(LabelCandidate, f64)> =
        drawing.drawn.iter().map(|it| (candidates[it.index].clone(), it.probability)).collect();
    let rows = rows::read(&stored, &suite, &metric.id, &drawn)?;
    let sheet = sheet(args, stored.manifest(), &metric, asked, (&drawing, &rows));
    let texts: Vec<_> = rows.into_iter().map(|row| row.text).collect();
    write_sheets(&folder, &sheet, &texts)?;
    tell(args, &sheet, &folder, candidates.len(), context)?;
    Ok(ExitStatus::Success)
}

fn suite_of(args: &DrawArgs, stored: &StoredRun, context: &Context) -> Result<Suite, CliError> {
    let stamp = &stored.manifest().suite;
    let path = args.suite.clone().unwrap_or_else(|| PathBuf::from(&stamp.path));
    if args.suite.is_none() && !path.is_file() {
        let text = format!(
            "run `{}` is of suite `{}`, and there is no `{}` here",
            stored.manifest().run_id,
            stamp.name,
            path.display()
        );
        return Err(CliError::input(text).with_hint("name the suite file: `--suite FILE`"));
    }
    let options = LoadOptions {
        overrides: args.set.clone(),
        variant: stamp.variant.clone(),
        environment: context.lookup(),
    };
    let suite = load(&path, &options)?;
    if suite.name != stamp.name {
        let run = &stored.manifest().run_id;
        let text = format!("run `{run}` is of suite `{}`, not `{}`", stamp.name, suite.name);
        return Err(CliError::input(text).with_hint("name its suite file: `--suite FILE`"));
    }
    Ok(suite)
}

/// Returns the metric that was asked for, or the only one that asks a judge.
fn built(args: &DrawArgs, suite: &Suite, context: &Context) -> Result<SuiteMetric, CliError> {
    let ids = || suite.metrics.iter().map(|metric| metric.id.as_str());
    let id = args.metric.clone().map_or_else(|| only_judged(suite), Ok)?;
    let Some(plain) = suite.metrics.iter().find(|metric| metric.id == id) else {
        let text = format!("suite `{}` has no metric `{id}`", suite.name);
        let hint = match evalward_dataset::nearest(&id, ids()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has {}", ids().collect::<Vec<_>>().join(", ")),
        };
        return Err(CliError::input(text).with_hint(hint));
    };
    let build = BuildOptions {
        offline: true,
        clock: std::sync::Arc::clone(&context.clock),
        ..BuildOptions::default()
    };
    Ok(suite.build_one_metric(&id, &build)?.unwrap_or_else(|| plain.clone()))
}

/// Returns the only metric that asks a judge.
fn only_judged(suite: &Suite) -> Result<String, CliError> {
    let mut judged = Vec::new();
    for metric in &suite.metrics {
        if suite.judge_of(&metric.id)?.is_some() {
            judged.push(metric.id.as_str());
        }
    }
    if let [only] = judged.as_slice() {
        return Ok((*only).to_owned());
    }
    let text = match judged.len() {
        0 => format!("no metric of suite `{}` asks a judge", suite.name),
        _ => format!("several metrics of suite `{}` ask a judge", suite.name),
    };
    if judged.is_empty() {
        judged = suite.metrics.iter().map(|metric| metric.id.as_str()).collect();
    }
    let hint = format!("name one by `--metric`: {}", judged.join(", "));
    Err(CliError::input(text).with_hint(hint))
}

/// What people are asked must be what the judge of the run was asked.
fn check_metric(stored: &StoredRun, metric: &SuiteMetric) -> Result<(), CliError> {
    let manifest = stored.manifest();
    let (run, id) = (&manifest.run_id, &metric.id);
    match manifest.metrics.get(id) {
        Some(stamp) if stamp.version == metric.version => Ok(()),
        Some(_) => {
            let text = format!("run `{run}` was scored with another version of metric `{id}`");
            Err(CliError::input(text)
                .with_hint("give the overrides of the run (`--set`), or run the suite again"))
        }
        None => Err(CliError::input(format!("run `{run}` has no metric `{id}`"))
            .with_hint("name one of its metrics, or run the suite again")),
    }
}

/// Reads the answers that could be labelled: those that the metric applies to.
fn candidates(stored: &StoredRun, metric: &SuiteMetric) -> Result<Vec<LabelCandidate>, CliError> {
    let mut found = Vec::new();
    for trial in stored.trials()? {
        let trial = trial?;
        let mut example =
            evalward_core::Example::with_id(trial.example_id.clone(), trial.partition);
        example.tags.clone_from(&trial.tags);
        if metric.applies.reason_to_skip(&example).is_none() {
            found.extend(LabelCandidate::of(&trial, &metric.id));
        }
    }
    Ok(found)
}

fn sheet(
    args: &DrawArgs,
    manifest: &RunManifest,
    metric: &SuiteMetric,
    asked: Asked,
    (drawing, rows): (&Drawing, &[rows::Row]),
) -> Sheet {
    let answers =
        drawing.drawn.iter().zip(rows).map(|(drawn, row)| row.answer(args.seed, manifest, drawn));
    let version = rows.iter().find_map(|row| row.judge_version.clone());
    Sheet {
        format: Sheet::FORMAT,
        run_id: manifest.run_id.clone(),
        suite: manifest.suite.label(),
        metric: metric.id.clone(),
        metric_version: metric.version,
        judge: asked
            .judge
            .zip(version)
            .map(|(name, version)| evalward_report::sheet::SheetJudge { name, version }),
        seed: args.seed,
        raters: args.raters.0.clone(),
        questions: asked.questions,
        combination: asked.combination,
        claim_labels: asked.claim_labels,
        strata: drawing.strata.clone(),
        answers: answers.collect(),
    }
}

fn tell(
    args: &DrawArgs,
    sheet: &Sheet,
    folder: &Path,
    answers: usize,
    context: &mut Context,
) -> Result<(), CliError> {
    let out = context.out();
    writeln!(
        out,
        "{} of {answers} answers of run {} of suite {} were drawn for `{}` (seed {}):",
        sheet.answers.len(),
        sheet.run_id,
        visible(&sheet.suite),
        sheet.metric,
        sheet.seed
    )?;
    for (stratum, share) in &sheet.strata {
        writeln!(out, "  {:16}  {} of {}", stratum.words(), share.drawn, share.answers)?;
    }
    let folder = folder.display();
    writeln!(out, "\n{folder} has for each of {}:", sheet.raters.join(", "))?;
    writeln!(
        out,
        "  a page (RATER.html) and a table (RATER.csv, with guidance.txt): one of them is enough"
    )?;
    writeln!(out, "sheet.json says which answers they are; raters do not need it.")?;
    if args.n.get() < FEW {
        context.note(&format!("warning: fewer than {FEW} labels say little of a judge"));
    }
    context.note(&format!(
        "Put what the raters send back into {folder}, and then: `evalward label read {folder}`"
    ));
    Ok(())
}
