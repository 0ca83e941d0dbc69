//! Whether gates and thresholds of a suite were loosened, and who agreed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use evalward_core::Digest;

use crate::finding::{Finding, FindingCode, Findings};
use crate::{CheckReport, Dataset, DatasetError, Place, suite_approvers};

/// What a change of a suite made easier to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteChange {
    /// The suite's name.
    pub suite: String,
    /// The suite's file.
    pub path: PathBuf,
    /// The hash of the suite's present gates and thresholds, which an approval names.
    pub content: Digest,
    /// What became easier to pass, one sentence each.
    pub loosened: Vec<String>,
}

/// Reports each gate or threshold that was loosened without the approvals that a golden example needs.
///
/// # Errors
/// [`DatasetError::Malformed`] or [`DatasetError::Io`] if `reviews.jsonl` cannot be read.
pub fn check_gates(dataset: &Dataset, change: &SuiteChange) -> Result<CheckReport, DatasetError> {
    let mut findings = Findings::with_limit(u64::MAX);
    let approvers = suite_approvers(dataset, &change.suite, change.content)?;
    let needed = dataset.manifest().review.golden_approvals();
    if approvers.len() < needed {
        let hint = format!(
            "an owner who agrees runs `evalward dataset approve {} --suite {} --reviewer NAME`",
            dataset.folder().display(),
            change.path.display(),
        );
        for loosened in &change.loosened {
            let place = Place::new(change.path.as_path(), 1, 1);
            let message = format!("{loosened}, with {} of {needed} approvals", approvers.len());
            let finding = Finding::error(FindingCode::LoosenedGate, place, message);
            findings.push(finding.with_hint(hint.clone()));
        }
    }
    Ok(findings.into_report(BTreeMap::new(), None))
}
