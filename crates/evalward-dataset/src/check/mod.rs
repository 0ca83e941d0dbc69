//! Checking a whole dataset in one streaming pass.

mod duplicates;
mod example;
mod folder;
mod pass;
mod privacy;

use evalward_core::Example;

pub(crate) use example::{approve_hint, describe_approvals};

use crate::finding::Findings;
use crate::{CheckReport, Dataset, DatasetError, Located};

/// How to check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckOptions {
    /// The most findings of each severity that are listed; more are only counted.
    pub max_findings: u64,
    /// Whether to look for secrets and personal data.
    pub privacy: bool,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self { max_findings: 1000, privacy: true }
    }
}

/// Checks a dataset in one pass and hands every readable example to `visit`.
///
/// Only ids that occur twice need a second pass, to name both places. Sixteen bytes an example stay in memory.
///
/// # Errors
/// [`DatasetError::Io`] if a file cannot be read at all; a line that cannot be read is a finding.
pub fn check(
    dataset: &Dataset,
    options: &CheckOptions,
    visit: &mut dyn FnMut(&Located<Example>),
) -> Result<CheckReport, DatasetError> {
    let mut findings = Findings::with_limit(options.max_findings);
    folder::check_folder(dataset, &mut findings)?;
    let pass = pass::run(dataset, options, &mut findings, visit)?;
    duplicates::report(dataset, &pass.ids.repeated(), &mut findings)?;
    folder::check_orphan_reviews(dataset, &pass.ids, &mut findings)?;
    Ok(findings.into_report(pass.counts, pass.hash))
}
