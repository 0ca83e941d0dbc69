//! The check of a dataset for inputs that also stand elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use evalward_core::ExampleId;

use super::group::{Group, Sighting, Wanted};
use super::passages::each_passage;
use super::scan::Scan;
use crate::finding::{Finding, FindingCode, Findings};
use crate::{CheckReport, Dataset, DatasetError};

/// What a file is to the system under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFileKind {
    /// A prompt, with its few-shot examples.
    Prompt,
    /// What a model was trained on.
    Training,
}

/// A file that no input should stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: TextFileKind,
}

/// How to look for contamination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContaminationOptions {
    /// The most findings of each severity that are listed; more are only counted.
    pub max_findings: u64,
}

impl Default for ContaminationOptions {
    fn default() -> Self {
        Self { max_findings: 1000 }
    }
}

/// The inputs of a dataset that stand in other files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contamination {
    /// One finding for each such input.
    pub report: CheckReport,
    /// The number of inputs that were not looked for, because they are too short to tell anything.
    pub short: u64,
    /// The number of inputs that were not looked for, because each piece of them is shared by too many others.
    pub crowded: u64,
}

/// Finds inputs that stand in one of the files, word for word (an error) or nearly (a warning).
///
/// Texts are normalised as for near-duplicates. An input nearly stands in a file if one window of it, a quarter longer than
/// the input, holds at least 0.8 of the input's character 5-grams; an input of fewer than 24 characters must stand there word
/// for word, and one of fewer than 12 is not looked for. Every finding is verified exactly.
///
/// # Errors
/// [`DatasetError::Io`] if a file cannot be read or is no text; lines of the dataset that cannot be read are left to
/// [`check`](crate::check).
pub fn check_contamination(
    dataset: &Dataset,
    files: &[TextFile],
    options: &ContaminationOptions,
    progress: &mut dyn FnMut(&'static str, u64, u64),
) -> Result<Contamination, DatasetError> {
    let mut findings = Findings::with_limit(options.max_findings);
    let (mut short, mut crowded) = (0, 0);
    let mut group = Group::default();
    for example in dataset.all_examples() {
        let example = match example {
            Ok(example) => example,
            Err(DatasetError::Malformed { .. }) => continue,
            Err(error) => return Err(error),
        };
        if group.push(&example) {
            crowded += search(&mut group, files, &mut findings, progress)?;
            short += std::mem::take(&mut group).short;
        }
    }
    crowded += search(&mut group, files, &mut findings, progress)?;
    short += group.short;
    Ok(Contamination { report: findings.into_report(BTreeMap::new(), None), short, crowded })
}

/// Looks for a group in all files; returns how many of its inputs could not be looked for.
fn search(
    group: &mut Group,
    files: &[TextFile],
    findings: &mut Findings,
    progress: &mut dyn FnMut(&'static str, u64, u64),
) -> Result<u64, DatasetError> {
    let (anchors, crowded) = group.take_anchors();
    for (number, file) in files.iter().enumerate() {
        let failed = || DatasetError::io("read", &file.path);
        let size = fs::metadata(&file.path).map_err(failed())?.len();
        let mut scan = Scan::new(&anchors, &mut group.wanted, number);
        let mut read = 0;
        each_passage(&file.path, &mut |line, passage| {
            scan.push(line, passage);
            read += u64::try_from(passage.len()).unwrap_or(u64::MAX);
            progress("searched bytes", read.min(size), size);
            Ok(())
        })
        .map_err(failed())?;
        scan.finish();
    }
    for wanted in &group.wanted {
        if let Some(sighting) = wanted.best {
            findings.push(finding(wanted, sighting, files));
        }
    }
    Ok(crowded)
}

fn finding(wanted: &Wanted, sighting: Sighting, files: &[TextFile]) -> Finding {
    let file = files.get(sighting.file);
    let path = file.map(|file| file.path.display().to_string()).unwrap_or_default();
    let (what, hint) = match file.map(|file| file.kind) {
        Some(TextFileKind::Training) => (
            "the training file",
            "take it out of one of them; the model may know the answer by heart",
        ),
        _ => ("the prompt", "take it out of one of them; the prompt gives the answer away"),
    };
    let (line, id) = (sighting.line, &wanted.id);
    let occurrence = sighting.occurrence;
    let (code, place) = (FindingCode::Contamination, wanted.place.clone());
    let finding = if occurrence.is_exact {
        let message = format!("the input of `{id}` stands in {what} {path}:{line}, word for word");
        Finding::error(code, place, message)
    } else {
        let share = occurrence.containment;
        let message = format!(
            "the input of `{id}` nearly stands in {what} {path}:{line} ({share:.2} of its 5-grams)"
        );
        Finding::warning(code, place, message)
    };
    match ExampleId::new(id) {
        Ok(id) => finding.about(&id).with_hint(hint),
        Err(_) => finding.with_hint(hint),
    }
}
