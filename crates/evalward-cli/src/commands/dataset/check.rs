//! `evalward dataset check`.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use evalward_config::{gate_digest, loosened};
use evalward_core::visible;
use evalward_dataset::{
    BaseRevision, CheckOptions, CheckReport, Dataset, DatasetError, FixOptions, FixReport,
    InvalidSimilarity, NearOptions, Similarity, SuiteChange, check, check_against, check_gates,
    check_near_duplicates, fix,
};
use serde::Serialize;

use super::{
    JSON_VERSION, OutputFormat, by_partition, contamination, counted, print_json, refused,
};
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;
use crate::progress::Steps;

/// The arguments of `evalward dataset check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  evalward dataset check datasets/support
  evalward dataset check datasets/support --fix
  evalward dataset check datasets/support --suite evalward.toml --training train.jsonl
  evalward dataset check datasets/support --against origin/main --deny-warnings --format json

Exits 1 on errors (with --deny-warnings on warnings too), 2 if the dataset cannot be read.")]
pub(super) struct CheckArgs {
    /// The dataset's folder.
    dataset: PathBuf,
    /// Also report golden and regression examples that were removed, moved or changed since this git revision without the
    /// approvals that an addition needs.
    #[arg(long, value_name = "REV")]
    against: Option<String>,
    /// Also report inputs that stand in the prompts of this suite file; with --against, also gates and thresholds that are easier
    /// to pass than then; may be given several times.
    #[arg(long, value_name = "FILE")]
    suite: Vec<PathBuf>,
    /// Also report inputs that stand in these training files: JSON lines, CSV, TSV or text, of any size.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    training: Vec<PathBuf>,
    /// Rewrite files that are not in canonical form, then check.
    #[arg(long)]
    fix: bool,
    /// With --fix, record the present hashes of all sources: you have read them, and the expectations still hold. Approvals of
    /// these examples must be given again.
    #[arg(long, requires = "fix")]
    update_sources: bool,
    /// From how much on two inputs count as nearly the same: the share of character 5-grams that both have, from 0.5 to 1; `off`
    /// does not look for them.
    #[arg(long, value_name = "SIMILARITY|off", default_value = "0.7")]
    near_duplicates: NearDuplicateSearch,
    /// Fail on warnings too.
    #[arg(long)]
    deny_warnings: bool,
    /// List at most this many errors and this many warnings.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    max_findings: u64,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: OutputFormat,
}

/// Whether to look for near-duplicates, and how near.
#[derive(Clone, Copy, Debug, PartialEq)]
struct NearDuplicateSearch(Option<Similarity>);

impl FromStr for NearDuplicateSearch {
    type Err = InvalidSimilarity;

    fn from_str(text: &str) -> Result<Self, InvalidSimilarity> {
        if text == "off" { Ok(Self(None)) } else { text.parse().map(|it| Self(Some(it))) }
    }
}

/// What `--format json` writes.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    dataset: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<FixReport>,
    unlisted: u64,
    report: &'a CheckReport,
}

pub(super) fn run(args: &CheckArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let dataset = Dataset::open(&args.dataset).map_err(refused)?;
    let fixed = if args.fix { fix_if_readable(args, &dataset, context)? } else { None };
    let options = CheckOptions { max_findings: args.max_findings, ..CheckOptions::default() };
    let mut report = check(&dataset, &options, &mut |_| {}).map_err(refused)?;
    if let NearDuplicateSearch(Some(threshold)) = args.near_duplicates {
        report.add_findings(near_duplicates(args, &dataset, threshold, context)?);
    }
    let files = contamination::files(&args.suite, &args.training, context)?;
    if !files.is_empty() {
        report.add_findings(contamination::check(&dataset, &files, args.max_findings, context)?);
    }
    if let Some(revision) = &args.against {
        let base = BaseRevision::new(revision);
        report.add_findings(check_against(&dataset, &base, args.max_findings).map_err(refused)?);
        for suite in &args.suite {
            let change = suite_change(suite, &base)?;
            report.add_findings(check_gates(&dataset, &change).map_err(refused)?);
        }
    }
    match args.format {
        OutputFormat::Text => print_text(args, &report, context)?,
        OutputFormat::Json => {
            let (version, name) = (JSON_VERSION, args.dataset.display().to_string());
            let unlisted = report.unlisted();
            let output = Output { version, dataset: &name, fixed, unlisted, report: &report };
            print_json(&output, context)?;
        }
    }
    let is_refused = report.errors > 0 || (args.deny_warnings && report.warnings > 0);
    Ok(if is_refused { ExitStatus::GateFailed } else { ExitStatus::Success })
}

/// Looks for near-duplicates, and says what the search left out.
fn near_duplicates(
    args: &CheckArgs,
    dataset: &Dataset,
    threshold: Similarity,
    context: &mut Context,
) -> Result<CheckReport, CliError> {
    let options = NearOptions { threshold, max_findings: args.max_findings };
    let mut steps = Steps::new(context);
    let found = check_near_duplicates(dataset, &options, &mut |what, done, total| {
        steps.show(what, done, total);
    });
    steps.finish();
    let found = found.map_err(refused)?;
    if found.crowded > 0 {
        let inputs = counted(found.crowded, "input");
        context.note(&format!(
            "{inputs} resemble more than 64 others and were compared with some of these only"
        ));
    }
    Ok(found.report)
}

/// Compares a suite with itself at a revision.
fn suite_change(path: &Path, base: &BaseRevision) -> Result<SuiteChange, CliError> {
    let (suite, content) = gate_digest(path)?;
    let change = |loosened| SuiteChange { suite, path: path.to_owned(), content, loosened };
    if base.read(path).map_err(refused)?.is_none() {
        return Ok(change(Vec::new()));
    }
    let then = |file: &Path| match base.read(file) {
        Ok(Some(text)) => Ok(text),
        Ok(None) => Err(io::Error::new(io::ErrorKind::NotFound, "it was not there then")),
        Err(error) => Err(io::Error::other(error)),
    };
    let found = loosened(path, &then)?;
    Ok(change(
        found.into_iter().map(|found| format!("`{}`: {}", found.key, found.message)).collect(),
    ))
}

/// Rewrites files; a line that cannot be read is left to the check, which names all such lines.
fn fix_if_readable(
    args: &CheckArgs,
    dataset: &Dataset,
    context: &mut Context,
) -> Result<Option<FixReport>, CliError> {
    let options = FixOptions { update_sources: args.update_sources };
    let report = match fix(dataset, &options) {
        Ok(report) => report,
        Err(error @ DatasetError::Malformed { .. }) => {
            context.note(&format!("nothing was rewritten, since a line cannot be read: {error}"));
            return Ok(None);
        }
        Err(error) => return Err(refused(error)),
    };
    for path in &report.rewritten {
        context.note(&format!("rewrote {}", path.display()));
    }
    if report.updated_sources > 0 {
        let examples = counted(report.updated_sources, "example");
        context.note(&format!("updated the sources of {examples}; their approvals are outdated"));
    }
    Ok(Some(report))
}

fn print_text(
    args: &CheckArgs,
    report: &CheckReport,
    context: &mut Context,
) -> Result<(), CliError> {
    for finding in &report.findings {
        writeln!(context.out(), "{}", visible(&finding.to_string()))?;
    }
    if report.unlisted() > 0 {
        let rest = counted(report.unlisted(), "more finding");
        writeln!(context.out(), "... and {rest}; list them with --max-findings")?;
    }
    let verdict = match (report.errors, report.warnings) {
        (0, 0) => "no findings".to_owned(),
        (errors, warnings) => {
            format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"))
        }
    };
    let examples = by_partition(&report.counts);
    writeln!(context.out(), "{}: {examples}: {verdict}", args.dataset.display())?;
    Ok(())
}
