//! `reviews.jsonl`: approvals beside the examples, appended and never edited.

use std::collections::BTreeSet;

use evalward_core::{Digest, Example, ExampleId, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fingerprint::{Fingerprint, fingerprint};
use crate::{Dataset, DatasetError};

/// The name of the file in a dataset's folder.
pub(crate) const FILE_NAME: &str = "reviews.jsonl";

/// One line of `reviews.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRecord {
    /// The example that was reviewed; either this or `suite` is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<ExampleId>,
    /// The suite whose gates were reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// What was agreed to.
    pub action: ReviewAction,
    /// Who agreed; one of the dataset's owners.
    pub reviewer: String,
    /// When.
    pub time: Timestamp,
    /// What the reviewer wanted to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The hash of what was agreed to; a record for another content does not count.
    pub content: Digest,
}

/// What a reviewer agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewAction {
    /// That the example has this content.
    Approve,
    /// That the example with this content is removed or moved to another partition.
    Remove,
    /// That the suite has these gates and thresholds.
    Gates,
}

impl ReviewRecord {
    pub(crate) fn to_line(&self) -> String {
        serde_json::to_string(self).expect("a review has only strings")
    }

    fn problem(&self) -> Option<&'static str> {
        match (&self.example, &self.suite, self.action) {
            (Some(_), None, ReviewAction::Approve | ReviewAction::Remove)
            | (None, Some(_), ReviewAction::Gates) => None,
            (Some(_), None, ReviewAction::Gates) => {
                Some("the action of an example is `approve` or `remove`")
            }
            (None, Some(_), _) => Some("the action of a suite is `gates`"),
            (Some(_), Some(_), _) => Some("a review is of an `example` or of a `suite`, not both"),
            (None, None, _) => Some("a review names an `example` or a `suite`"),
        }
    }
}

/// Reads `reviews.jsonl`, handing each record and its line to `visit`, and each line that cannot be read too.
pub(crate) fn read_reviews(
    dataset: &Dataset,
    mut visit: impl FnMut(Result<(ReviewRecord, u64), DatasetError>) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let Some(mut records) = dataset.records::<ReviewRecord>(FILE_NAME)? else { return Ok(()) };
    while let Some(record) = records.advance() {
        visit(record.and_then(|record| match record.problem() {
            None => Ok((record, records.lines.number())),
            Some(problem) => Err(DatasetError::malformed(records.lines.place(1), problem)),
        }))?;
    }
    Ok(())
}

/// What `reviews.jsonl` says about examples, in a form that is small and can be searched.
#[derive(Debug, Default)]
pub(crate) struct Reviews {
    entries: Vec<Entry>,
    reviewers: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    example: Fingerprint,
    content: Digest,
    reviewer: usize,
    action: ReviewAction,
}

/// Who approved an example, by whether it counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Owners who approved the present content.
    pub(crate) valid: BTreeSet<String>,
    /// Owners who approved only another content.
    pub(crate) outdated: BTreeSet<String>,
    /// Reviewers of the present content who are no owners.
    pub(crate) strangers: BTreeSet<String>,
}

impl Reviews {
    /// Reads all reviews of examples; a line that cannot be read goes to `on_malformed` and counts for nothing.
    pub(crate) fn read(
        dataset: &Dataset,
        mut on_malformed: impl FnMut(DatasetError) -> Result<(), DatasetError>,
    ) -> Result<Self, DatasetError> {
        let mut reviews = Self::default();
        read_reviews(dataset, |record| match record {
            Ok((record, _)) => {
                reviews.insert(&record);
                Ok(())
            }
            Err(error @ DatasetError::Malformed { .. }) => on_malformed(error),
            Err(error) => Err(error),
        })?;
        reviews.entries.sort_by_key(|entry| entry.example);
        Ok(reviews)
    }

    fn insert(&mut self, record: &ReviewRecord) {
        let Some(example) = &record.example else { return };
        let known = self.reviewers.iter().position(|name| *name == record.reviewer);
        let reviewer = known.unwrap_or_else(|| {
            self.reviewers.push(record.reviewer.clone());
            self.reviewers.len() - 1
        });
        let (example, content) = (fingerprint(example.as_str()), record.content);
        self.entries.push(Entry { example, content, reviewer, action: record.action });
    }

    fn of(&self, id: &ExampleId) -> impl Iterator<Item = (&Entry, &str)> {
        let example = fingerprint(id.as_str());
        let start = self.entries.partition_point(|entry| entry.example < example);
        self.entries
            .iter()
            .skip(start)
            .take_while(move |entry| entry.example == example)
            .filter_map(|entry| Some((entry, self.reviewers.get(entry.reviewer)?.as_str())))
    }

    /// Counts the approvals of an example, inline ones too.
    pub(crate) fn tally(&self, example: &Example, content: Digest, owners: &[String]) -> Tally {
        let recorded = self
            .of(&example.id)
            .filter(|(entry, _)| entry.action == ReviewAction::Approve)
            .map(|(entry, reviewer)| (entry.content, reviewer));
        let inline =
            example.reviews.iter().map(|review| (review.content, review.reviewer.as_str()));
        let mut tally = Tally::default();
        for (approved, reviewer) in recorded.chain(inline) {
            let is_owner = owners.iter().any(|owner| owner == reviewer);
            let group = match (approved == content, is_owner) {
                (true, true) => &mut tally.valid,
                (true, false) => &mut tally.strangers,
                (false, true) => &mut tally.outdated,
                (false, false) => continue,
            };
            group.insert(reviewer.to_owned());
        }
        tally.outdated.retain(|reviewer| !tally.valid.contains(reviewer));
        tally
    }

    /// Returns the owners who agreed that the example with this content goes.
    pub(crate) fn removers(
        &self,
        id: &ExampleId,
        content: Digest,
        owners: &[String],
    ) -> BTreeSet<&str> {
        self.of(id)
            .filter(|(entry, _)| entry.action == ReviewAction::Remove && entry.content == content)
            .map(|(_, reviewer)| reviewer)
            .filter(|reviewer| owners.iter().any(|owner| owner == reviewer))
            .collect()
    }
}

/// Returns the owners who approved gates and thresholds of this content for a suite, in alphabetical order.
///
/// # Errors
/// [`DatasetError::Malformed`] or [`DatasetError::Io`] if `reviews.jsonl` cannot be read.
pub fn suite_approvers(
    dataset: &Dataset,
    suite: &str,
    content: Digest,
) -> Result<BTreeSet<String>, DatasetError> {
    let mut approvers = BTreeSet::new();
    read_reviews(dataset, |record| {
        let (record, _) = record?;
        let is_owner = dataset.manifest().owners.contains(&record.reviewer);
        if record.suite.as_deref() == Some(suite) && record.content == content && is_owner {
            approvers.insert(record.reviewer);
        }
        Ok(())
    })?;
    Ok(approvers)
}
