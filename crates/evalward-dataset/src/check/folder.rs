//! What is checked about the folder and its files rather than about one example.

use std::collections::BTreeSet;
use std::fs;

use evalward_core::Partition;

use crate::finding::{Finding, FindingCode, Findings};
use crate::fingerprint::{SortedFingerprints, fingerprint};
use crate::reviews::{self, ReviewAction, read_reviews};
use crate::suggest::nearest;
use crate::{Dataset, DatasetError, Place, manifest};

/// Reports missing and misspelt partition files: an example in a file that nobody reads would guard nothing.
pub(super) fn check_folder(dataset: &Dataset, findings: &mut Findings) -> Result<(), DatasetError> {
    let known: BTreeSet<String> = Partition::ALL
        .into_iter()
        .map(Partition::file_name)
        .chain([reviews::FILE_NAME.to_owned()])
        .collect();
    let failed = || DatasetError::io("list", dataset.folder());
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(dataset.folder()).map_err(failed())? {
        let path = entry.map_err(failed())?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl")) {
            names.extend(path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
        }
    }
    if !names.iter().any(|name| known.contains(name) && name != reviews::FILE_NAME) {
        let place = Place::new(dataset.shown(manifest::FILE_NAME), 1, 1);
        let message = "the dataset has no partition file, so it has no example";
        findings.push(
            Finding::error(FindingCode::EmptyDataset, place, message)
                .with_hint("write examples to `golden.jsonl`, one JSON object a line"),
        );
    }
    for name in names.difference(&known) {
        let place = Place::new(dataset.shown(name), 1, 1);
        let message = format!("`{name}` is no partition file, so nothing in it is read");
        let stem = name.trim_end_matches(".jsonl");
        let stems = known.iter().map(|known| known.trim_end_matches(".jsonl"));
        findings.push(match nearest(stem, stems) {
            Some(meant) => Finding::error(FindingCode::UnknownFile, place, message)
                .with_hint(format!("did you mean `{meant}.jsonl`?")),
            None => Finding::warning(FindingCode::UnknownFile, place, message),
        });
    }
    Ok(())
}

/// Reports a partition that is too small to say anything or too large to be looked after.
pub(super) fn check_size(partition: Partition, count: u64, place: Place, findings: &mut Findings) {
    let range = match partition {
        Partition::Golden => 50..=200,
        Partition::Distribution => 500..=5000,
        Partition::Regression | Partition::Adversarial => return,
    };
    if range.contains(&count) {
        return;
    }
    let noun = if count == 1 { "example" } else { "examples" };
    let message = format!(
        "partition `{partition}` has {count} {noun}; {} to {} serve it best",
        range.start(),
        range.end()
    );
    findings.push(Finding::warning(FindingCode::PartitionSize, place, message));
}

/// Reports reviews of examples that do not exist, unless their removal was agreed to.
pub(super) fn check_orphan_reviews(
    dataset: &Dataset,
    ids: &SortedFingerprints,
    findings: &mut Findings,
) -> Result<(), DatasetError> {
    let mut removed = BTreeSet::new();
    read_reviews(dataset, |record| {
        if let Ok((record, _)) = &record
            && record.action == ReviewAction::Remove
        {
            removed.extend(record.example.as_ref().map(|id| fingerprint(id.as_str())));
        }
        unless_malformed(record.map(drop))
    })?;
    read_reviews(dataset, |record| {
        if let Ok((record, line)) = &record
            && let Some(id) = &record.example
        {
            let example = fingerprint(id.as_str());
            if !ids.contains(example) && !removed.contains(&example) {
                let place = Place::new(dataset.shown(reviews::FILE_NAME), *line, 1);
                let message = format!("a review of `{id}`, which no partition has");
                findings
                    .push(Finding::warning(FindingCode::OrphanReview, place, message).about(id));
            }
        }
        unless_malformed(record.map(drop))
    })
}

/// Lines that cannot be read were reported by the pass over the examples.
fn unless_malformed(result: Result<(), DatasetError>) -> Result<(), DatasetError> {
    match result {
        Err(DatasetError::Malformed { .. }) => Ok(()),
        other => other,
    }
}
