//! The stored runs of a suite.

use std::path::Path;

use evalward_config::{LoadOptions, load};
use evalward_core::RunManifest;
use evalward_runs::StoredRun;

use crate::context::Context;
use crate::error::CliError;

/// The most runs that are read.
const MOST: usize = 50;

/// Returns the name of the suite that a file describes; what is no file is a name.
pub(crate) fn name_of(suite: &Path, context: &Context) -> Result<String, CliError> {
    if !suite.exists() && suite.extension().is_none() {
        return Ok(suite.display().to_string());
    }
    let options = LoadOptions { environment: context.lookup(), ..LoadOptions::default() };
    Ok(load(suite, &options)?.name)
}

/// Returns the latest run of a suite over whole partitions, and those before it that differ in nothing that could move a score,
/// the newest first.
///
/// # Errors
/// [`CliError`] where there is none.
pub(crate) fn alike(suite: &str, context: &Context) -> Result<Vec<StoredRun>, CliError> {
    let mut found: Vec<StoredRun> = Vec::new();
    for id in context.runs.list()?.iter().rev() {
        // A folder of another version, or one that was cut short, is no run of this suite.
        let Ok(run) = context.runs.find(id) else { continue };
        let manifest = run.manifest();
        let is_whole = run.is_complete() && manifest.selection.keeps_partitions_whole();
        if manifest.suite.name != suite || manifest.suite.variant.is_some() || !is_whole {
            continue;
        }
        if found.first().is_none_or(|newest| is_alike(newest.manifest(), manifest)) {
            found.push(run);
        }
        if found.len() == MOST {
            break;
        }
    }
    if found.is_empty() {
        let error = CliError::input(format!("there is no stored run of suite `{suite}`"));
        return Err(error.with_hint("run it first: `evalward run SUITE`"));
    }
    Ok(found)
}

/// Returns whether two runs differ in nothing that could move a score.
pub(crate) fn is_alike(newest: &RunManifest, other: &RunManifest) -> bool {
    newest.suite.hash == other.suite.hash
        && newest.dataset.hash == other.dataset.hash
        && newest.dataset.selected == other.dataset.selected
        && newest.subject.hash == other.subject.hash
        && newest.metrics == other.metrics
}
