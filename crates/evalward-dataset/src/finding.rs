//! What `check` reports.

use std::collections::BTreeMap;
use std::fmt;

use evalward_core::{Digest, ExampleId, Partition};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{DatasetError, Place};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The dataset cannot be trusted until it is corrected.
    Error,
    /// Worth a look.
    Warning,
}

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FindingCode {
    /// A line that cannot be read.
    MalformedLine,
    /// An id that an earlier example has.
    DuplicateId,
    /// A golden example without enough valid approvals.
    MissingApprovals,
    /// A regression example that does not say which failure it guards against.
    MissingFailure,
    /// A regression example without a root cause.
    EmptyRootCause,
    /// A failure outside the regression partition.
    UnexpectedFailure,
    /// A partition with too few or too many examples.
    PartitionSize,
    /// A partition file without an example.
    EmptyPartition,
    /// A dataset without any partition file.
    EmptyDataset,
    /// A file of JSON lines that no partition is read from.
    UnknownFile,
    /// Something that looks like a key, a token or a password.
    Secret,
    /// Something that looks like personal data.
    PersonalData,
    /// An expectation whose source has changed or is gone.
    StaleExpectation,
    /// A context document that cannot be read.
    UnresolvedContext,
    /// A file that is not in canonical form.
    NotCanonical,
    /// A review of an example that does not exist.
    OrphanReview,
    /// A protected example that is gone.
    RemovedExample,
    /// A protected example that is now in another partition.
    MovedExample,
    /// A protected example with another content.
    ChangedExample,
    /// A new regression example without enough valid approvals.
    UnapprovedAddition,
    /// A review policy that asks for fewer approvals than before.
    LoosenedReviewPolicy,
    /// A gate or a threshold of a suite that is easier to pass than before.
    LoosenedGate,
    /// A dataset that was not there before, so that nothing could be compared.
    NewDataset,
    /// An input that is the same as, or nearly the same as, an earlier one.
    NearDuplicate,
    /// An input that occurs in a prompt, among few-shot examples or in training data.
    Contamination,
}

impl FindingCode {
    /// Returns the name as output spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MalformedLine => "malformed-line",
            Self::DuplicateId => "duplicate-id",
            Self::MissingApprovals => "missing-approvals",
            Self::MissingFailure => "missing-failure",
            Self::EmptyRootCause => "empty-root-cause",
            Self::UnexpectedFailure => "unexpected-failure",
            Self::PartitionSize => "partition-size",
            Self::EmptyPartition => "empty-partition",
            Self::EmptyDataset => "empty-dataset",
            Self::UnknownFile => "unknown-file",
            Self::Secret => "secret",
            Self::PersonalData => "personal-data",
            Self::StaleExpectation => "stale-expectation",
            Self::UnresolvedContext => "unresolved-context",
            Self::NotCanonical => "not-canonical",
            Self::OrphanReview => "orphan-review",
            Self::RemovedExample => "removed-example",
            Self::MovedExample => "moved-example",
            Self::ChangedExample => "changed-example",
            Self::UnapprovedAddition => "unapproved-addition",
            Self::LoosenedReviewPolicy => "loosened-review-policy",
            Self::LoosenedGate => "loosened-gate",
            Self::NewDataset => "new-dataset",
            Self::NearDuplicate => "near-duplicate",
            Self::Contamination => "contamination",
        }
    }
}

/// One thing that is wrong or doubtful, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of thing it is.
    pub code: FindingCode,
    /// Where it is.
    pub place: Place,
    /// The example it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleId>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    pub(crate) fn error(code: FindingCode, place: Place, message: impl Into<String>) -> Self {
        let (severity, message) = (Severity::Error, message.into());
        Self { severity, code, place, example: None, message, hint: None }
    }

    pub(crate) fn warning(code: FindingCode, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    pub(crate) fn about(mut self, example: &ExampleId) -> Self {
        self.example = Some(example.clone());
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Turns the error of one line into a finding; any other error ends the check.
    pub(crate) fn from_malformed(error: DatasetError) -> Result<Self, DatasetError> {
        match error {
            DatasetError::Malformed { place, problem, hint } => {
                Ok(Self { hint, ..Self::error(FindingCode::MalformedLine, place, problem) })
            }
            other => Err(other),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(formatter, "{}: {severity}[{}]: {}", self.place, self.code.name(), self.message)?;
        self.hint.iter().try_for_each(|hint| write!(formatter, "\n  hint: {hint}"))
    }
}

/// What `check` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckReport {
    /// The findings in the order of the files and their lines, up to the limit of each severity.
    pub findings: Vec<Finding>,
    /// How many findings are errors, listed or not.
    pub errors: u64,
    /// How many findings are warnings, listed or not.
    pub warnings: u64,
    /// The number of readable examples in each partition that has a file.
    pub counts: BTreeMap<Partition, u64>,
    /// The dataset's hash; absent if a line could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<Digest>,
}

impl CheckReport {
    /// Adds the findings of another check of the same dataset, such as the comparison with a revision.
    pub fn add_findings(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.errors += other.errors;
        self.warnings += other.warnings;
    }

    /// Returns how many findings are not listed, because there were too many.
    pub fn unlisted(&self) -> u64 {
        let listed = u64::try_from(self.findings.len()).unwrap_or(u64::MAX);
        (self.errors + self.warnings).saturating_sub(listed)
    }
}

/// Collects findings, and beyond a limit only counts them.
#[derive(Debug)]
pub(crate) struct Findings {
    limit: u64,
    list: Vec<Finding>,
    errors: u64,
    warnings: u64,
}

impl Findings {
    pub(crate) fn with_limit(limit: u64) -> Self {
        Self { limit, list: Vec::new(), errors: 0, warnings: 0 }
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        let count = match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= self.limit {
            self.list.push(finding);
        }
    }

    /// Counts warnings that were found but not kept.
    pub(crate) fn count_warnings(&mut self, count: u64) {
        self.warnings += count;
    }

    /// Makes the report, with the findings in the order of files and lines.
    pub(crate) fn into_report(
        mut self,
        counts: BTreeMap<Partition, u64>,
        hash: Option<Digest>,
    ) -> CheckReport {
        self.list.sort_by_key(|finding| {
            let file = finding.place.path.file_name().and_then(|name| name.to_str());
            let rank = Partition::ALL
                .into_iter()
                .position(|partition| Some(partition.file_name().as_str()) == file);
            (rank.map_or(Partition::ALL.len(), |rank| rank), finding.place.clone())
        });
        let Self { list: findings, errors, warnings, .. } = self;
        CheckReport { findings, errors, warnings, counts, hash }
    }
}
