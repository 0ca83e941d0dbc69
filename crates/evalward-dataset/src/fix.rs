//! Rewriting partition files in canonical form.

use std::path::PathBuf;

use evalward_core::{Example, Partition};
use serde::Serialize;

use crate::write::Replacement;
use crate::{Dataset, DatasetError, Located};

/// What to correct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixOptions {
    /// Whether to record the present hash of every source; approvals of those examples are then outdated.
    pub update_sources: bool,
}

/// What was corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FixReport {
    /// The files that were rewritten.
    pub rewritten: Vec<PathBuf>,
    /// The number of examples whose sources got a new hash.
    pub updated_sources: u64,
}

/// Rewrites every partition file that is not in canonical form; each file changes at once or not at all.
///
/// # Errors
/// The first line that cannot be read, or the first source if hashes are updated; then no file is changed.
pub fn fix(dataset: &Dataset, options: &FixOptions) -> Result<FixReport, DatasetError> {
    let mut report = FixReport::default();
    let mut replacements = Vec::new();
    for partition in Partition::ALL {
        if let Some(replacement) = rewrite(dataset, partition, *options, &mut report)? {
            report.rewritten.push(dataset.shown(&partition.file_name()));
            replacements.push(replacement);
        }
    }
    replacements.into_iter().try_for_each(Replacement::commit)?;
    Ok(report)
}

/// Writes the canonical form beside the file, and returns it if it is different.
fn rewrite(
    dataset: &Dataset,
    partition: Partition,
    options: FixOptions,
    report: &mut FixReport,
) -> Result<Option<Replacement>, DatasetError> {
    let mut examples = dataset.examples(partition);
    let mut replacement: Option<Replacement> = None;
    let mut is_canonical = true;
    while let Some(example) = examples.next() {
        let mut example = example?;
        if options.update_sources && update_sources(dataset, &mut example)? {
            report.updated_sources += 1;
        }
        let line = example.value.to_line();
        let lines = examples.lines();
        is_canonical &= lines.is_some_and(|lines| lines.line_is_tidy() && lines.text() == line);
        let target = match &mut replacement {
            Some(target) => target,
            None => replacement.insert(Replacement::of(&dataset.path(&partition.file_name()))?),
        };
        target.write_line(&line)?;
    }
    is_canonical &= examples.lines().is_none_or(crate::lines::Lines::end_is_tidy);
    Ok(replacement.filter(|_| !is_canonical))
}

fn update_sources(dataset: &Dataset, example: &mut Located<Example>) -> Result<bool, DatasetError> {
    let (place, id) = (example.place(), example.value.id.clone());
    let mut is_changed = false;
    for source in &mut example.value.sources {
        let hash = dataset.documents.hash(&source.path).map_err(|error| {
            let (place, example, reference) = (place.clone(), id.clone(), source.path.clone());
            DatasetError::Reference { place, example, reference, source: error }
        })?;
        is_changed |= std::mem::replace(&mut source.hash, hash) != hash;
    }
    Ok(is_changed)
}
