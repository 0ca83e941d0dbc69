//! The folder of a sheet.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use evalward_report::sheet::{Sheet, SheetText, guidance, page, table};
use evalward_runs::StoredRun;

use crate::commands::report::write_page;
use crate::error::CliError;

/// The name of the file that says which answers they are.
pub(super) const SHEET: &str = "sheet.json";

/// Returns the folder to write, which must not hold anything yet: raters may have written into it.
pub(super) fn folder_for(
    asked: Option<&Path>,
    stored: &StoredRun,
    metric: &str,
) -> Result<PathBuf, CliError> {
    let plain = |it: char| it.is_alphanumeric() || matches!(it, '_' | '-' | '.');
    if asked.is_none() && !metric.chars().all(plain) {
        let text = format!("`{metric}` makes no name of a folder");
        return Err(CliError::input(text).with_hint("name the folder: `--out DIR`"));
    }
    let by_default = || Path::new("labels").join(format!("{}-{metric}", stored.manifest().run_id));
    let folder = asked.map_or_else(by_default, Path::to_owned);
    let is_empty = match std::fs::read_dir(&folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    if is_empty {
        return Ok(folder);
    }
    let text =
        format!("`{}` is there already, and raters may have written into it", folder.display());
    Err(CliError::input(text).with_hint("name another folder: `--out DIR`"))
}

/// Writes the folder; the file that raters do not need comes last, so that a sheet with it is whole.
pub(super) fn write_sheets(
    folder: &Path,
    sheet: &Sheet,
    texts: &[SheetText],
) -> Result<(), CliError> {
    let codes = sheet.answers.iter().map(|answer| answer.code.clone());
    let texts: Vec<SheetText> =
        texts.iter().zip(codes).map(|(text, code)| SheetText { code, ..text.clone() }).collect();
    for rater in &sheet.raters {
        let html = page(sheet, &texts, rater);
        write_page(&folder.join(format!("{rater}.html")), html.as_bytes())?;
        let csv = table(sheet, &texts, rater).map_err(CliError::incomplete)?;
        write_page(&folder.join(format!("{rater}.csv")), &csv)?;
    }
    write_page(&folder.join("guidance.txt"), guidance(sheet).as_bytes())?;
    let json = serde_json::to_string_pretty(sheet).map_err(CliError::incomplete)?;
    write_page(&folder.join(SHEET), format!("{json}\n").as_bytes())
}
