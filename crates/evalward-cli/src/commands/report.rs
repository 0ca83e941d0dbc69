//! `evalward report`, and the rendering that `evalward run` shares with it.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use evalward_gate::{Fold, Plan, Summary};
use evalward_report::{Format, Options, ParseFormatError, Run, example_detail, render};
use evalward_runs::{RunError, StoredRun, stream_atomically, write_atomically};

use crate::baselines;
use crate::canaries;
use crate::commands::corrections::{self, LabelFile};
use crate::commands::judge::audits_of;
use crate::commands::run::{is_unprobed, stored_probes};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward report latest
  evalward report latest --format html --output report.html
  evalward report latest --format junit --output junit.xml
  evalward report 20261103-142207 --all

The exit code is that of the run, so that a report can gate as well.")]
pub(crate) struct ReportArgs {
    /// The run: its id, the start of its id, its folder, or `latest`.
    #[arg(default_value = "latest")]
    run: String,
    /// What to write: terminal, json, junit, markdown or html.
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,
    /// Where to write it [default: stdout].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show every failing example, whatever their number.
    #[arg(long)]
    all: bool,
    /// Correct the figures of a judged metric by labels of some of the run's answers; may be given for several metrics.
    #[arg(long, value_name = "[METRIC=]FILE")]
    labels: Vec<LabelFile>,
    /// Show this example in full, instead of the report.
    #[arg(long, value_name = "ID", conflicts_with_all = ["output", "all"])]
    id: Option<String>,
}

/// A report to write beside the one on stdout.
#[derive(Clone, Debug)]
pub(crate) struct ReportTarget {
    pub(crate) format: Format,
    pub(crate) path: Option<PathBuf>,
}

impl ReportTarget {
    /// Returns whether the report goes to a file of the user's instead of the run's folder.
    pub(crate) const fn names_file(&self) -> bool {
        self.path.is_some()
    }
}

impl FromStr for ReportTarget {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Self, ParseFormatError> {
        let (format, path) = match text.split_once('=') {
            Some((format, path)) => (format, Some(PathBuf::from(path))),
            None => (text, None),
        };
        Ok(Self { format: format.parse()?, path })
    }
}

/// Renders a stored run.
pub(crate) fn run(args: &ReportArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let stored = context.runs.find(&args.run)?;
    if let Some(id) = &args.id {
        return show_example(&stored, id, context);
    }
    let labels = corrections::read(&args.labels)?;
    let mut summary = fold(&stored)?;
    summary.corrections = corrections::correct(&stored, &labels)?;
    match &args.output {
        None => render_stored(&stored, &summary, args.format, args.all, context)?,
        Some(path) => write_report(&stored, &summary, args.format, args.all, path)?,
    }
    Ok(summary.decision.into())
}

fn show_example(
    stored: &StoredRun,
    id: &str,
    context: &mut Context,
) -> Result<ExitStatus, CliError> {
    let options = Options { color: context.color_out, ..Options::default() };
    let mut found = false;
    for trial in stored.trials()? {
        let trial = trial?;
        if trial.example_id.as_str() == id {
            found = true;
            example_detail(&trial, None, &options, context.out()).map_err(CliError::incomplete)?;
        }
    }
    if found {
        return Ok(fold(stored)?.decision.into());
    }
    let run = &stored.manifest().run_id;
    Err(CliError::input(format!("run `{run}` has no example `{id}`"))
        .with_hint("`results.jsonl` lists its examples"))
}

/// Computes the summary of a run from its rows and writes it beside them.
pub(crate) fn summarize(stored: &StoredRun) -> Result<Summary, CliError> {
    let summary = fold(stored)?;
    keep_summary(stored, &summary)?;
    Ok(summary)
}

/// Writes the summary of a run beside its rows.
pub(crate) fn keep_summary(stored: &StoredRun, summary: &Summary) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(summary).map_err(CliError::incomplete)?;
    write_atomically(&stored.folder().join("summary.json"), text.as_bytes())
        .map_err(CliError::incomplete)
}

/// Computes the summary of a run from its rows and the baselines that it was started with.
pub(crate) fn fold(stored: &StoredRun) -> Result<Summary, CliError> {
    let mut plan = Plan::from(stored.manifest()).with_baselines(baselines::copies(stored)?);
    plan.unprobed = is_unprobed(stored);
    let mut fold = Fold::for_plan(&plan);
    for trial in stored.trials()? {
        fold.push(&trial?).map_err(CliError::incomplete)?;
    }
    let mut summary = fold.finish(&plan).map_err(CliError::incomplete)?;
    summary.probes = stored_probes(stored)?;
    summary.canary_calls = canaries::calls(stored)?;
    Ok(summary)
}

/// Renders a run on stdout.
pub(crate) fn render_stored(
    stored: &StoredRun,
    summary: &Summary,
    format: Format,
    all: bool,
    context: &mut Context,
) -> Result<(), CliError> {
    let options =
        Options { color: context.color_out, width: context.width, all, ..Options::default() };
    let (audits, warnings) = audits_of(stored.manifest());
    let run = Run { audits: &audits, ..Run::new(stored.manifest(), summary) };
    render(format, run, stored.trials()?, &options, context.out()).map_err(CliError::incomplete)?;
    for warning in warnings {
        context.note(&warning);
    }
    Ok(())
}

/// Writes a report so that it is there whole or not at all.
fn write_report(
    stored: &StoredRun,
    summary: &Summary,
    format: Format,
    all: bool,
    path: &Path,
) -> Result<(), CliError> {
    let (audits, _) = audits_of(stored.manifest());
    let run = Run { audits: &audits, ..Run::new(stored.manifest(), summary) };
    let options = Options { all, ..Options::default() };
    let trials = stored.trials()?;
    stream_page(path, |out| {
        render(format, run, trials, &options, out).map_err(CliError::incomplete)
    })
}

/// Writes a file whole or not at all, with the folders above it.
pub(crate) fn write_page(path: &Path, page: &[u8]) -> Result<(), CliError> {
    stream_page(path, |out| Ok(out.write_all(page)?))
}

/// Writes a file as [`write_page`] does, piece by piece.
pub(crate) fn stream_page(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let unwritable = |error: &dyn Error| {
        CliError::incomplete(format!("failed to write `{}`: {error}", path.display()))
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| unwritable(&error))?;
    }
    stream_atomically(path, |out| write(out).map_err(Unwritten::Page)).map_err(
        |error| match error {
            Unwritten::Page(error) => error,
            Unwritten::File(error) => match error.source() {
                Some(source) => unwritable(source),
                None => unwritable(&error),
            },
        },
    )
}

/// Why a page is not there: it could not be made, or its file could not be written.
enum Unwritten {
    Page(CliError),
    File(RunError),
}

impl From<RunError> for Unwritten {
    fn from(error: RunError) -> Self {
        Self::File(error)
    }
}

/// Writes the reports that were asked for.
pub(crate) fn write_reports(
    stored: &StoredRun,
    summary: &Summary,
    targets: &[ReportTarget],
    context: &mut Context,
) -> Result<(), CliError> {
    for target in targets {
        let path =
            target.path.clone().unwrap_or_else(|| stored.folder().join(file_name(target.format)));
        write_report(stored, summary, target.format, false, &path)?;
        context.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// Adds a run to the summary of a GitHub step, where there is one.
pub(crate) fn write_step_summary(
    stored: &StoredRun,
    summary: &Summary,
    context: &Context,
) -> Result<(), CliError> {
    if context.variable(STEP_SUMMARY).is_none() {
        return Ok(());
    }
    let mut page = Vec::new();
    let (audits, _) = audits_of(stored.manifest());
    let run = Run { audits: &audits, ..Run::new(stored.manifest(), summary) };
    render(Format::Markdown, run, stored.trials()?, &Options::default(), &mut page)
        .map_err(CliError::incomplete)?;
    append_to_step_summary(&page, context)
}

/// The variable by which GitHub names the file of a step's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Adds a page to the summary of a GitHub step, where there is one.
pub(crate) fn append_to_step_summary(page: &[u8], context: &Context) -> Result<(), CliError> {
    let Some(path) = context.variable(STEP_SUMMARY) else { return Ok(()) };
    let file = OpenOptions::new().create(true).append(true).open(&path);
    file.and_then(|mut file| file.write_all(page)).map_err(|error| {
        CliError::incomplete(format!(
            "failed to write `{path}`, which {STEP_SUMMARY} names: {error}"
        ))
    })
}

const fn file_name(format: Format) -> &'static str {
    match format {
        Format::Terminal => "report.txt",
        Format::Json => "report.json",
        Format::Junit => "junit.xml",
        Format::Markdown => "report.md",
        Format::Html => "report.html",
    }
}
