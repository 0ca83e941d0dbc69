//! `evalward label read`: from what raters wrote back to a file of labels.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use evalward_core::visible;
use evalward_report::sheet::{RatedSheet, RaterFile, Sheet, read_sheet};

use super::files::SHEET;
use crate::commands::report::write_page;
use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The most problems that are shown.
const SHOWN: usize = 20;

/// The arguments of `evalward label read`.
#[derive(Debug, Args)]
pub(super) struct ReadArgs {
    /// The folder of the sheet; RATER.jsonl there is what a page saved, RATER.csv a table.
    folder: PathBuf,
    /// Go on although some answers are not rated.
    #[arg(long)]
    partial: bool,
    /// Where to write the labels [default: labels.jsonl in the folder].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// A file that is there.
struct Found {
    name: String,
    rater: String,
    is_table: bool,
    bytes: Vec<u8>,
}

/// Reads, checks and writes the labels; what is wrong is told all at once, and nothing is written then.
pub(super) fn run(args: &ReadArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    let sheet = read_definition(&args.folder)?;
    let mut files = Vec::new();
    for rater in &sheet.raters {
        for (extension, is_table) in [("jsonl", false), ("csv", true)] {
            let name = format!("{rater}.{extension}");
            let rater = rater.clone();
            let bytes = read_file(&args.folder.join(&name))?;
            files.extend(bytes.map(|bytes| Found { name, rater, is_table, bytes }));
        }
    }
    let files: Vec<RaterFile<'_>> = files
        .iter()
        .map(|it| RaterFile {
            name: &it.name,
            rater: &it.rater,
            is_table: it.is_table,
            bytes: &it.bytes,
        })
        .collect();
    let rated = read_sheet(&sheet, &files);
    refuse_problems(&rated, context)?;
    refuse_missing(args, &sheet, &rated, context)?;
    let output = args.output.clone().unwrap_or_else(|| args.folder.join("labels.jsonl"));
    let mut lines = String::new();
    for label in &rated.labels {
        lines.push_str(&serde_json::to_string(label).map_err(CliError::incomplete)?);
        lines.push('\n');
    }
    write_page(&output, lines.as_bytes())?;
    let unsure = match rated.unsure {
        0 => String::new(),
        1 => "; in 1 case a rater could not tell".to_owned(),
        cases => format!("; in {cases} cases a rater could not tell"),
    };
    writeln!(
        context.out(),
        "{} labels of {} answers by {}{unsure}",
        rated.labels.len(),
        sheet.answers.len(),
        sheet.raters.join(", ")
    )?;
    context.note(&format!("wrote {}", output.display()));
    Ok(ExitStatus::Success)
}

fn read_definition(folder: &Path) -> Result<Sheet, CliError> {
    let path = folder.join(SHEET);
    let Some(bytes) = read_file(&path)? else {
        let text = format!("`{}` is no folder of a sheet: it has no {SHEET}", folder.display());
        return Err(CliError::input(text).with_hint("name the folder that `evalward label` wrote"));
    };
    let sheet: Sheet = serde_json::from_slice(&bytes).map_err(|error| {
        CliError::input(format!("`{}` is no sheet: {error}", path.display()))
            .with_hint("restore the file as `evalward label` wrote it")
    })?;
    if sheet.format != Sheet::FORMAT {
        let text =
            format!("`{}` has format {}, not {}", path.display(), sheet.format, Sheet::FORMAT);
        return Err(CliError::input(text).with_hint("use the version of evalward that wrote it"));
    }
    Ok(sheet)
}

fn read_file(path: &Path) -> Result<Option<Vec<u8>>, CliError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CliError::input(format!("failed to read `{}`: {error}", path.display()))),
    }
}

fn refuse_problems(rated: &RatedSheet, context: &mut Context) -> Result<(), CliError> {
    let Some(first) = rated.problems.first() else { return Ok(()) };
    for problem in rated.problems.iter().take(SHOWN) {
        let line = format!("{}: {}; {}", problem.place, problem.message, problem.remedy);
        // The error that follows says as much, should this not be readable.
        drop(writeln!(context.err(), "{}", visible(&line)));
    }
    let text = match rated.problems.len() {
        1 => "the ratings have a mistake, and no labels were written".to_owned(),
        count => format!("the ratings have {count} mistakes, and no labels were written"),
    };
    Err(CliError::input(text).with_hint(format!("start at {}", first.place)))
}

fn refuse_missing(
    args: &ReadArgs,
    sheet: &Sheet,
    rated: &RatedSheet,
    context: &mut Context,
) -> Result<(), CliError> {
    if rated.missing.is_empty() {
        return Ok(());
    }
    for (rater, codes) in &rated.missing {
        let named: Vec<&str> = codes.iter().take(3).map(String::as_str).collect();
        let more = if codes.len() > named.len() { ", …" } else { "" };
        let (left, all) = (codes.len(), sheet.answers.len());
        let line =
            format!("{rater}: {left} of {all} answers are not rated: {}{more}", named.join(", "));
        drop(writeln!(context.err(), "{}", visible(&line)));
    }
    if args.partial && !rated.labels.is_empty() {
        return Ok(());
    }
    let hint = if rated.labels.is_empty() {
        "put the raters' files into the folder, as RATER.jsonl or RATER.csv"
    } else {
        "let them rate the rest, or go on without: `--partial`"
    };
    Err(CliError::input("some answers are not rated, and no labels were written").with_hint(hint))
}
