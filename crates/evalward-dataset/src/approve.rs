//! Recording who agreed to what in `reviews.jsonl`.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use evalward_core::{Clock, Digest, Example, ExampleId, Partition, Timestamp};
use serde::Serialize;

use crate::reviews::{FILE_NAME, ReviewAction, ReviewRecord, Reviews, suite_approvers};
use crate::suggest::nearest;
use crate::write::append_lines;
use crate::{BaseRevision, Dataset, DatasetError, Located};

/// The line that lets git join the approvals of two branches.
const MERGE_RULE: &str = "reviews.jsonl merge=union";

/// An agreement to record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// What is agreed to.
    pub subject: ApprovalSubject,
    /// Who agrees; one of the dataset's owners.
    pub reviewer: String,
    /// What the reviewer wants to say.
    pub note: String,
}

/// What an agreement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApprovalSubject {
    /// The present content of these examples.
    Examples(Vec<ExampleId>),
    /// The present content of all examples of a partition.
    Partition(Partition),
    /// That these examples go, or move to another partition.
    Removal {
        /// The examples.
        ids: Vec<ExampleId>,
        /// Where to look for them first, as they may be gone from the folder.
        base: Option<BaseRevision>,
    },
    /// Gates and thresholds of a suite.
    Gates {
        /// The suite's name.
        suite: String,
        /// The hash of its gates and thresholds.
        content: Digest,
    },
}

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApprovalReport {
    /// The examples, or the suite, that got a new record.
    pub recorded: Vec<String>,
    /// Those whose present content the reviewer had agreed to before.
    pub already: Vec<String>,
}

/// Appends one line to `reviews.jsonl` for each example, by one write, and lets git join such lines of two branches.
///
/// What the reviewer has agreed to before is not recorded twice.
///
/// # Errors
/// Nothing is written if the reviewer is no owner, an example does not exist, a line of the dataset cannot be read, or an
/// expectation rests on a source that has changed.
pub fn approve(
    dataset: &Dataset,
    approval: &Approval,
    clock: &dyn Clock,
) -> Result<ApprovalReport, DatasetError> {
    let owners = &dataset.manifest().owners;
    if !owners.contains(&approval.reviewer) {
        let (reviewer, owners) = (approval.reviewer.clone(), owners.clone());
        return Err(DatasetError::UnknownReviewer { reviewer, owners });
    }
    let mut draft = Draft {
        approval,
        time: clock.now(),
        lines: String::new(),
        report: ApprovalReport::default(),
    };
    match &approval.subject {
        ApprovalSubject::Gates { suite, content } => {
            let approvers = suite_approvers(dataset, suite, *content)?;
            let is_recorded = approvers.contains(&approval.reviewer);
            let record = draft.record(ReviewAction::Gates, *content);
            draft.add(suite, is_recorded, &ReviewRecord { suite: Some(suite.clone()), ..record });
        }
        subject => draft_examples(dataset, subject, &mut draft)?,
    }
    let Draft { lines, report, .. } = draft;
    if !lines.is_empty() {
        ensure_merge_rule(dataset)?;
        append_lines(&dataset.path(FILE_NAME), &lines)?;
    }
    Ok(report)
}

/// The lines to append, and what to tell about them.
struct Draft<'a> {
    approval: &'a Approval,
    time: Timestamp,
    lines: String,
    report: ApprovalReport,
}

impl Draft<'_> {
    fn record(&self, action: ReviewAction, content: Digest) -> ReviewRecord {
        let Approval { reviewer, note, .. } = self.approval;
        let (reviewer, note, time) = (reviewer.clone(), note.clone(), self.time);
        ReviewRecord { example: None, suite: None, action, reviewer, time, note, content }
    }

    fn add(&mut self, name: &str, is_recorded: bool, record: &ReviewRecord) {
        if is_recorded {
            self.report.already.push(name.to_owned());
        } else {
            self.lines.push_str(&record.to_line());
            self.lines.push('\n');
            self.report.recorded.push(name.to_owned());
        }
    }
}

fn draft_examples(
    dataset: &Dataset,
    subject: &ApprovalSubject,
    draft: &mut Draft<'_>,
) -> Result<(), DatasetError> {
    let owners = &dataset.manifest().owners;
    let reviewer = &draft.approval.reviewer;
    let is_removal = matches!(subject, ApprovalSubject::Removal { .. });
    let action = if is_removal { ReviewAction::Remove } else { ReviewAction::Approve };
    let reviews = Reviews::read(dataset, Err)?;
    for (example, content) in contents(dataset, subject)? {
        let is_recorded = if is_removal {
            reviews.removers(&example.id, content, owners).contains(reviewer.as_str())
        } else {
            reviews.tally(&example, content, owners).valid.contains(reviewer)
        };
        let record = draft.record(action, content);
        let name = example.id.to_string();
        draft.add(&name, is_recorded, &ReviewRecord { example: Some(example.id), ..record });
    }
    Ok(())
}

/// Returns the examples to approve, each with the hash of its content, in the dataset's order.
fn contents(
    dataset: &Dataset,
    subject: &ApprovalSubject,
) -> Result<Vec<(Example, Digest)>, DatasetError> {
    match subject {
        ApprovalSubject::Examples(ids) => {
            let examples = find(dataset, ids)?;
            require_all(dataset, ids, &examples)?;
            with_current_sources(dataset, examples.into_values())
        }
        ApprovalSubject::Partition(partition) => {
            let examples: Result<Vec<_>, _> = dataset.examples(*partition).collect();
            let examples = with_current_sources(dataset, examples?)?;
            if examples.is_empty() {
                let (folder, partition) = (dataset.folder().to_owned(), partition.name());
                return Err(DatasetError::NoExamples { folder, partition });
            }
            Ok(examples)
        }
        ApprovalSubject::Removal { ids, base } => {
            let mut examples = find(dataset, ids)?;
            if let Some(base) = base
                && let Some(then) = base.checkout(dataset)?
            {
                examples.extend(find(&then.dataset, ids)?);
            }
            require_all(dataset, ids, &examples)?;
            Ok(examples.into_values().map(|found| with_hash(found.value)).collect())
        }
        ApprovalSubject::Gates { .. } => Ok(Vec::new()),
    }
}

fn with_hash(example: Example) -> (Example, Digest) {
    let content = example.content_hash();
    (example, content)
}

fn find(
    dataset: &Dataset,
    ids: &[ExampleId],
) -> Result<BTreeMap<ExampleId, Located<Example>>, DatasetError> {
    let mut found = BTreeMap::new();
    for example in dataset.all_examples() {
        let example = example?;
        if ids.contains(&example.value.id) {
            found.insert(example.value.id.clone(), example);
        }
    }
    Ok(found)
}

fn require_all(
    dataset: &Dataset,
    ids: &[ExampleId],
    found: &BTreeMap<ExampleId, Located<Example>>,
) -> Result<(), DatasetError> {
    let Some(missing) = ids.iter().find(|id| !found.contains_key(*id)) else { return Ok(()) };
    let mut best: Option<String> = None;
    for example in dataset.all_examples() {
        let candidate = example?.value.id;
        let rivals = best.as_deref().into_iter().chain([candidate.as_str()]);
        best = nearest(missing.as_str(), rivals).map(str::to_owned);
    }
    let (folder, id) = (dataset.folder().to_owned(), missing.to_string());
    Err(DatasetError::UnknownExample { folder, id, nearest: best })
}

/// Refuses an example whose sources have changed: whoever approves it would vouch for an expectation that may be wrong.
fn with_current_sources(
    dataset: &Dataset,
    examples: impl IntoIterator<Item = Located<Example>>,
) -> Result<Vec<(Example, Digest)>, DatasetError> {
    let mut contents = Vec::new();
    for located in examples {
        let place = located.place();
        for source in &located.value.sources {
            if dataset.documents.hash(&source.path).ok() != Some(source.hash) {
                let (example, source_path) = (located.value.id.clone(), source.path.clone());
                return Err(DatasetError::StaleSource { place, example, source_path });
            }
        }
        contents.push(with_hash(located.value));
    }
    Ok(contents)
}

/// Makes sure that git keeps both sides' lines when two branches appended to `reviews.jsonl`.
pub(crate) fn ensure_merge_rule(dataset: &Dataset) -> Result<(), DatasetError> {
    let path = dataset.path(".gitattributes");
    let present = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(DatasetError::io("read", path)(error)),
    };
    let is_ruled = present.lines().map(str::trim).any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some(FILE_NAME) && words.any(|word| word.starts_with("merge="))
    });
    if is_ruled { Ok(()) } else { append_lines(&path, &format!("{MERGE_RULE}\n")) }
}
