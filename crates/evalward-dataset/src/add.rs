//! Adding examples with their approvals, all of them or none.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use evalward_core::Example;

use crate::approve::ensure_merge_rule;
use crate::reviews::{FILE_NAME, ReviewRecord};
use crate::write::append_lines;
use crate::{CheckOptions, CheckReport, Dataset, DatasetError, Severity, check};

/// An example to add, with the reviews that agree to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The example; it goes to the end of its partition's file.
    pub example: Example,
    /// Its approvals.
    pub approvals: Vec<ReviewRecord>,
}

/// What adding came to.
#[derive(Clone, Debug)]
pub struct AdditionReport {
    /// The files that were changed or made.
    pub files: Vec<PathBuf>,
    /// What the check of the dataset says now.
    pub check: CheckReport,
}

/// Appends examples to their partition files and their approvals to `reviews.jsonl`, in the order given; what stands there
/// stays as it is, byte by byte.
///
/// # Errors
/// Where a file cannot be written, or the dataset has errors afterwards ([`DatasetError::NotAccepted`]), every file is as it
/// was before.
pub fn add(dataset: &Dataset, additions: &[Addition]) -> Result<AdditionReport, DatasetError> {
    let mut lines: BTreeMap<PathBuf, String> = BTreeMap::new();
    for Addition { example, approvals } in additions {
        let text = lines.entry(dataset.path(&example.partition.file_name())).or_default();
        text.push_str(&example.to_line());
        text.push('\n');
        for approval in approvals {
            let text = lines.entry(dataset.path(FILE_NAME)).or_default();
            text.push_str(&approval.to_line());
            text.push('\n');
        }
    }
    let attributes = dataset.path(".gitattributes");
    let reviews_change = lines.contains_key(&dataset.path(FILE_NAME));
    let before = lines
        .keys()
        .chain(reviews_change.then_some(&attributes))
        .map(|path| Ok((path.clone(), length_of(path)?)))
        .collect::<Result<Vec<_>, DatasetError>>()?;
    let added = write(dataset, &lines, reviews_change).and_then(|()| accept(dataset));
    match added {
        Ok(check) => {
            let changed = before
                .into_iter()
                .filter(|(path, length)| length_of(path).is_ok_and(|present| present != *length));
            Ok(AdditionReport { files: changed.map(|(path, _)| path).collect(), check })
        }
        Err(error) => {
            for (path, length) in &before {
                restore(path, *length)?;
            }
            Err(error)
        }
    }
}

fn write(
    dataset: &Dataset,
    lines: &BTreeMap<PathBuf, String>,
    reviews_change: bool,
) -> Result<(), DatasetError> {
    if reviews_change {
        ensure_merge_rule(dataset)?;
    }
    lines.iter().try_for_each(|(path, text)| append_lines(path, text))
}

fn accept(dataset: &Dataset) -> Result<CheckReport, DatasetError> {
    let report = check(dataset, &CheckOptions::default(), &mut |_| {})?;
    if report.errors == 0 {
        return Ok(report);
    }
    let findings =
        report.findings.into_iter().filter(|finding| finding.severity == Severity::Error);
    Err(DatasetError::NotAccepted {
        folder: dataset.folder().to_owned(),
        errors: report.errors,
        findings: findings.collect(),
    })
}

/// Returns the length of a file in bytes; none where there is no file.
fn length_of(path: &Path) -> Result<Option<u64>, DatasetError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(DatasetError::io("look at", path)(error)),
    }
}

/// Takes away what was appended.
fn restore(path: &Path, length: Option<u64>) -> Result<(), DatasetError> {
    let failed = || DatasetError::io("restore", path);
    match length {
        Some(length) => {
            let file = File::options().write(true).open(path).map_err(failed())?;
            file.set_len(length).map_err(failed())?;
            file.sync_all().map_err(failed())
        }
        None => match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed()(error)),
            _ => Ok(()),
        },
    }
}
