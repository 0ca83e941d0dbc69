//! What changed between two datasets.

use std::collections::BTreeMap;

use evalward_core::{Example, ExampleId, Partition};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::fingerprint::{Fingerprint, Fingerprints, fingerprint};
use crate::{BaseRevision, Dataset, DatasetError};

/// What changed between two datasets; everything is in alphabetical order of the ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DatasetDiff {
    /// Examples that only the second dataset has.
    pub added: Vec<DiffEntry>,
    /// Examples that only the first dataset has.
    pub removed: Vec<DiffEntry>,
    /// Examples in another partition, perhaps changed too.
    pub moved: Vec<MovedExample>,
    /// Examples in the same partition with other fields.
    pub changed: Vec<ChangedExample>,
    /// The number of examples that are the same in both.
    pub unchanged: u64,
}

/// An example that one of the datasets lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffEntry {
    /// The example.
    pub id: ExampleId,
    /// Its partition.
    pub partition: Partition,
}

/// An example in another partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MovedExample {
    /// The example.
    pub id: ExampleId,
    /// Its partition in the first dataset.
    pub from: Partition,
    /// Its partition in the second.
    pub to: Partition,
    /// The fields that changed as well.
    pub fields: Vec<String>,
}

/// An example with other fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedExample {
    /// The example.
    pub id: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// The fields that changed.
    pub fields: Vec<String>,
}

impl DatasetDiff {
    /// Returns whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.moved.is_empty()
            && self.changed.is_empty()
    }
}

/// Compares two datasets by streaming the first twice and the second once.
///
/// Sixteen bytes an example stay in memory, and what differs.
///
/// # Errors
/// The first line of either that cannot be read.
pub fn diff(first: &Dataset, second: &Dataset) -> Result<DatasetDiff, DatasetError> {
    let mut lines = Fingerprints::default();
    for example in first.all_examples() {
        lines.push(line_of(&example?.value));
    }
    let lines = lines.sorted();
    let mut is_in_both = vec![false; lines.len()];

    let mut diff = DatasetDiff::default();
    let mut only_second = BTreeMap::new();
    for example in second.all_examples() {
        let example = example?.value;
        if let Some(position) = lines.position(line_of(&example)) {
            is_in_both[position] = true;
            diff.unchanged += 1;
        } else {
            let side = Side { partition: example.partition, fields: fields_of(&example) };
            only_second.insert(example.id, side);
        }
    }
    for example in first.all_examples() {
        let example = example?.value;
        let is_same =
            lines.position(line_of(&example)).is_some_and(|position| is_in_both[position]);
        if !is_same {
            let after = only_second.remove(&example.id);
            diff.insert(example, after);
        }
    }
    let added = only_second.into_iter();
    diff.added = added.map(|(id, Side { partition, .. })| DiffEntry { id, partition }).collect();
    diff.removed.sort_by(|left, right| left.id.cmp(&right.id));
    diff.moved.sort_by(|left, right| left.id.cmp(&right.id));
    diff.changed.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(diff)
}

/// Compares a dataset with what it was at a git revision; if it was not there, every example is added.
///
/// # Errors
/// [`DatasetError::Git`] if git cannot tell, and those of [`diff`].
pub fn diff_against(dataset: &Dataset, base: &BaseRevision) -> Result<DatasetDiff, DatasetError> {
    if let Some(then) = base.checkout(dataset)? {
        return diff(&then.dataset, dataset);
    }
    let mut all = DatasetDiff::default();
    for example in dataset.all_examples() {
        let Example { id, partition, .. } = example?.value;
        all.added.push(DiffEntry { id, partition });
    }
    all.added.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(all)
}

impl DatasetDiff {
    fn insert(&mut self, before: Example, after: Option<Side>) {
        let partition = before.partition;
        let Some(after) = after else {
            self.removed.push(DiffEntry { id: before.id, partition });
            return;
        };
        let fields = changed_fields(&fields_of(&before), &after.fields);
        let id = before.id;
        if after.partition == partition {
            self.changed.push(ChangedExample { id, partition, fields });
        } else {
            self.moved.push(MovedExample { id, from: partition, to: after.partition, fields });
        }
    }
}

/// An example that differs, as the second dataset has it.
struct Side {
    partition: Partition,
    fields: Fields,
}

/// A fingerprint of each field's value.
pub(crate) type Fields = BTreeMap<String, Fingerprint>;

fn line_of(example: &Example) -> Fingerprint {
    fingerprint(&format!("{}\n{}", example.partition, example.to_line()))
}

pub(crate) fn fields_of(example: &Example) -> Fields {
    match serde_json::to_value(example) {
        Ok(Value::Object(fields)) => fields
            .into_iter()
            .map(|(field, value)| (field, fingerprint(&evalward_core::canonical_json(&value))))
            .collect(),
        _ => Fields::new(),
    }
}

pub(crate) fn changed_fields(before: &Fields, after: &Fields) -> Vec<String> {
    let mut fields: Vec<_> = before.keys().chain(after.keys()).collect();
    fields.sort();
    fields.dedup();
    fields.into_iter().filter(|field| before.get(*field) != after.get(*field)).cloned().collect()
}
