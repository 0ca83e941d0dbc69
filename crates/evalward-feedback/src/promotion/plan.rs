//! From approved candidates to lines of a dataset.

use std::fmt;
use std::path::PathBuf;

use evalward_core::{Digest, Example, ExampleId, Partition, Reason, SuiteMetric};
use evalward_dataset::{Addition, Dataset, DatasetError, Located, ReviewAction, ReviewRecord, add};
use evalward_store::CandidateState;
use schemars::JsonSchema;
use serde::Serialize;

use super::duplicates::Present;
use super::proof::prove;
use super::texts;
use crate::privacy::findings_in;
use crate::review::needed_approvals;
use crate::views::{CandidateView, ReviewView};

/// Why nothing is promoted.
#[derive(Debug, thiserror::Error)]
pub enum PromotionError {
    /// Candidates cannot be promoted as they are; nothing was written for any of them.
    #[error("promote {} of {candidates} candidates: {}", refusals.len(), listed(refusals))]
    Refused {
        /// The number of candidates that were to be promoted.
        candidates: usize,
        /// What is wrong with those that cannot be.
        refusals: Vec<Refusal>,
    },
    /// The dataset cannot be read or written, or has errors with the new examples.
    #[error("change the dataset")]
    Dataset(#[from] DatasetError),
}

/// What is wrong with a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// The candidate.
    pub candidate: String,
    /// The id that its example would have.
    pub example: ExampleId,
    /// What is wrong, one sentence each.
    pub reasons: Vec<String>,
}

/// An example that is, or will be, in the dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Promoted {
    /// The candidate.
    pub candidate: String,
    /// The pattern that the example guards against.
    pub pattern: String,
    /// The example's id.
    pub example: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// Why the failure happened.
    pub root_cause: String,
    /// Why the recorded bad output fails.
    pub fails_with: Vec<Reason>,
    /// Whether an expected output was given, and passes.
    pub expected_passes: bool,
    /// Who approved it.
    pub reviewers: Vec<String>,
}

/// What a promotion does, with the texts for its commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PromotionReport {
    /// The examples that are added.
    pub promoted: Vec<Promoted>,
    /// The candidates that an example guards against already: their own, or one from the same interaction with the same
    /// expectation.
    pub already: Vec<Promoted>,
    /// The files that were changed; empty before they are.
    pub files: Vec<PathBuf>,
    /// A name for the branch.
    pub branch: String,
    /// The commit's message.
    pub commit_message: String,
    /// The text of the pull request, as Markdown.
    pub pull_request: String,
}

/// A promotion that was found to be in order and can be written.
#[derive(Clone, Debug)]
pub struct Promotion {
    report: PromotionReport,
    additions: Vec<Addition>,
}

impl Promotion {
    /// Returns what the promotion does.
    pub const fn report(&self) -> &PromotionReport {
        &self.report
    }

    /// Appends the examples and their approvals to the dataset's files and checks the dataset.
    ///
    /// # Errors
    /// [`PromotionError::Dataset`]; the files are then as they were before.
    pub fn write(&self, dataset: &Dataset) -> Result<PromotionReport, PromotionError> {
        let mut report = self.report.clone();
        if !self.additions.is_empty() {
            report.files = add(dataset, &self.additions)?.files;
        }
        Ok(report)
    }
}

/// Checks candidates against a dataset and the metrics of its suite; nothing is written yet.
///
/// Each must be approved by enough owners of the dataset, have a root cause and no personal data or secret, ask what no other
/// example asks, fail on its recorded bad output, and pass on its expected one. A candidate whose example stands in the dataset
/// already is told as such, and so is one that another example from the same interaction guards against.
///
/// # Errors
/// [`PromotionError::Refused`] with all that is wrong, if any of them cannot be promoted.
pub async fn plan_promotion(
    dataset: &Dataset,
    metrics: &[SuiteMetric],
    candidates: &[CandidateView],
) -> Result<Promotion, PromotionError> {
    let mut drafts: Vec<(&CandidateView, Example)> =
        candidates.iter().map(|candidate| (candidate, candidate.to_example())).collect();
    drafts.sort_by(|(_, left), (_, right)| {
        (left.partition, &left.id).cmp(&(right.partition, &right.id))
    });
    let examples: Vec<_> = drafts.iter().map(|(_, example)| example.clone()).collect();
    let mut present = Present::read(dataset, &examples)?;
    let (mut promoted, mut already, mut refusals) = (Vec::new(), Vec::new(), Vec::new());
    let mut additions = Vec::new();
    for (candidate, example) in drafts {
        if present.examples.get(&example.id).is_some_and(|it| is_same(it, &example)) {
            already.push(promoted_of(candidate, &example, Vec::new()));
            continue;
        }
        if let Some(twin) = present.twin(&example)
            && lack_of_review(dataset, candidate, &example).is_empty()
        {
            already.push(promoted_of(candidate, twin, Vec::new()));
            continue;
        }
        match judge(dataset, metrics, candidate, &example, &present).await? {
            Ok(fails_with) => {
                promoted.push(promoted_of(candidate, &example, fails_with));
                present.insert(&example);
                additions.push(Addition { approvals: approvals(candidate, &example), example });
            }
            Err(reasons) => {
                let (candidate, example) = (candidate.id.clone(), example.id);
                refusals.push(Refusal { candidate, example, reasons });
            }
        }
    }
    if !refusals.is_empty() {
        return Err(PromotionError::Refused { candidates: candidates.len(), refusals });
    }
    let report = PromotionReport {
        branch: texts::branch(&promoted),
        commit_message: texts::commit_message(&promoted),
        pull_request: texts::pull_request(&promoted, &already),
        promoted,
        already,
        files: Vec::new(),
    };
    Ok(Promotion { report, additions })
}

/// The failure is no part of an example's content, but here it is what the example stands for.
fn is_same(present: &Example, example: &Example) -> bool {
    present.content_hash() == example.content_hash()
}

async fn judge(
    dataset: &Dataset,
    metrics: &[SuiteMetric],
    candidate: &CandidateView,
    example: &Example,
    present: &Present,
) -> Result<Result<Vec<Reason>, Vec<String>>, PromotionError> {
    let mut reasons = Vec::new();
    if present.examples.contains_key(&example.id) {
        reasons.push("the dataset has another example of this id".to_owned());
    }
    if let Some(other) = present.same_question(example) {
        reasons.push(format!("`{}` asks exactly the same", other.id));
    }
    reasons.extend(lack_of_review(dataset, candidate, example));
    let findings = findings_in(example);
    if !findings.is_empty() {
        reasons.push(format!("has personal data or secrets ({})", findings.join(", ")));
    }
    let mut located =
        Located { value: example.clone(), path: PathBuf::from(&candidate.id).into(), line: 1 };
    dataset.resolve_context(&mut located)?;
    let failure = candidate.example.failure.as_ref();
    let observed = failure.and_then(|failure| failure.observed_output.as_deref());
    Ok(match prove(metrics, &located.value, observed).await {
        Ok(fails_with) if reasons.is_empty() => Ok(fails_with),
        Ok(_) => Err(reasons),
        Err(problems) => {
            reasons.extend(problems);
            Err(reasons)
        }
    })
}

/// Says what is missing from the review: its end, the root cause, approvals, owners.
fn lack_of_review(dataset: &Dataset, candidate: &CandidateView, example: &Example) -> Vec<String> {
    let mut reasons = Vec::new();
    match candidate.state {
        CandidateState::Approved | CandidateState::Promoted => {}
        CandidateState::Waiting => reasons.push("waits for its review".to_owned()),
        CandidateState::Rejected => reasons.push("was rejected".to_owned()),
    }
    if root_cause(candidate).trim().is_empty() {
        reasons.push("has no root cause".to_owned());
    }
    let owners = &dataset.manifest().owners;
    let policy = dataset.manifest().review;
    let needed = match example.partition {
        Partition::Golden => policy.golden_approvals(),
        Partition::Regression => policy.regression_approvals(),
        other => needed_approvals(other),
    };
    let approvers = approvers(candidate, example);
    for stranger in approvers.iter().filter(|review| !owners.contains(&review.reviewer)) {
        reasons.push(format!(
            "`{}`, who approved it, is no owner of the dataset (owners: {})",
            stranger.reviewer,
            owners.join(", ")
        ));
    }
    let valid = approvers.iter().filter(|review| owners.contains(&review.reviewer)).count();
    if valid < needed {
        reasons.push(format!("has {valid} of {needed} approvals of its present content"));
    }
    reasons
}

/// Returns the approvals that count, one for each reviewer, the oldest first.
fn approvers<'a>(candidate: &'a CandidateView, example: &Example) -> Vec<&'a ReviewView> {
    let content = example.content_hash().to_string();
    let mut approvals: Vec<&ReviewView> = Vec::new();
    for review in &candidate.reviews {
        if !review.approves {
            approvals.clear();
        } else if review.content == content
            && !approvals.iter().any(|other| other.reviewer == review.reviewer)
        {
            approvals.push(review);
        }
    }
    approvals
}

fn approvals(candidate: &CandidateView, example: &Example) -> Vec<ReviewRecord> {
    let content: Digest = example.content_hash();
    let record = |review: &ReviewView| ReviewRecord {
        example: Some(example.id.clone()),
        suite: None,
        action: ReviewAction::Approve,
        reviewer: review.reviewer.clone(),
        time: review.at,
        note: review.note.clone(),
        content,
    };
    approvers(candidate, example).into_iter().map(record).collect()
}

fn promoted_of(candidate: &CandidateView, example: &Example, fails_with: Vec<Reason>) -> Promoted {
    let reviewers = approvers(candidate, example).into_iter().map(|it| it.reviewer.clone());
    Promoted {
        candidate: candidate.id.clone(),
        pattern: candidate.pattern.clone(),
        example: example.id.clone(),
        partition: example.partition,
        root_cause: root_cause(candidate).to_owned(),
        fails_with,
        expected_passes: example.expected_output.is_some(),
        reviewers: reviewers.collect(),
    }
}

fn root_cause(candidate: &CandidateView) -> &str {
    candidate.example.failure.as_ref().map_or("", |failure| &failure.root_cause)
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({}): {}", self.candidate, self.example, self.reasons.join("; "))
    }
}

fn listed(refusals: &[Refusal]) -> String {
    let lines: Vec<_> = refusals.iter().map(ToString::to_string).collect();
    lines.join("\n  ")
}
