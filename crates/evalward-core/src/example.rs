//! One test case.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{Digest, Document, ExampleId, Partition, Rules, Timestamp};

/// One test case: an input, what is expected of the answer, and where both come from.
///
/// The order of the fields is the canonical order of a line in a partition file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The name, unique in the dataset.
    pub id: ExampleId,
    /// The partition; a line does not say it, its file does.
    #[serde(skip, default = "default_partition")]
    pub partition: Partition,
    /// The input, in free form; `messages` holds a conversation in the OpenAI message form.
    #[serde(serialize_with = "serialize_sorted")]
    #[schemars(with = "Map<String, Value>")]
    pub input: BTreeMap<String, Value>,
    /// The right answer, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_output: Option<String>,
    /// More right answers; reference metrics take the best.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acceptable_outputs: Vec<String>,
    /// The documents that ground the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<Document>,
    /// This example's own constraints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Rules>,
    /// What the expectation rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Anything else worth keeping, in free form.
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        serialize_with = "serialize_sorted"
    )]
    #[schemars(with = "Map<String, Value>")]
    pub metadata: BTreeMap<String, Value>,
    /// Labels to select examples by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// When the example was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The group of examples that this one is not independent of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// Approvals of the content.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Review>,
    /// The production failure that the example guards against; required in the regression partition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

const fn default_partition() -> Partition {
    Partition::Golden
}

/// A file that an expectation rests on, as it was when the expectation was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The path, relative to the dataset's `documents_root`.
    pub path: String,
    /// The hash of the file's bytes.
    pub hash: Digest,
}

/// An approval of one content of an example by one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Who approved; one of the dataset's owners.
    pub reviewer: String,
    /// When.
    pub time: Timestamp,
    /// What the reviewer wanted to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The content that was approved; a review of an older content does not count.
    pub content: Digest,
}

/// What went wrong in production, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Why it happened; an empty text is an error of the dataset.
    #[serde(default)]
    pub root_cause: String,
    /// The bad output that was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_output: Option<String>,
    /// Where it was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// When it was fixed; absent or null until then, while the example already guards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_at: Option<Timestamp>,
}

/// Where a failure was observed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// `interaction`, `pattern` or `run`.
    pub kind: OriginKind,
    /// The id of that interaction, pattern or run.
    pub id: String,
}

/// What kind of thing a failure was observed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// One production request and its response.
    Interaction,
    /// A group of failures with one cause.
    Pattern,
    /// A run of a suite.
    Run,
}

impl Example {
    /// Makes an example with an empty input; fields are public, so fill in what you need.
    ///
    /// # Panics
    /// If the id is not a valid [`ExampleId`]; ids that are not literals go through [`ExampleId::new`] and [`Self::with_id`].
    pub fn new(id: &str, partition: Partition) -> Self {
        Self::with_id(
            ExampleId::new(id).expect("the id is a literal that the caller vouches for"),
            partition,
        )
    }

    /// Makes an example with an empty input.
    pub fn with_id(id: ExampleId, partition: Partition) -> Self {
        Self {
            id,
            partition,
            input: BTreeMap::new(),
            expected_output: None,
            acceptable_outputs: Vec::new(),
            context: Vec::new(),
            checks: None,
            sources: Vec::new(),
            metadata: BTreeMap::new(),
            tags: Vec::new(),
            created_at: None,
            cluster: None,
            reviews: Vec::new(),
            failure: None,
        }
    }

    /// Adds a field to the input.
    #[must_use]
    pub fn with_input(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.input.insert(key.to_owned(), value.into());
        self
    }

    /// Sets the expected output.
    #[must_use]
    pub fn with_expected_output(mut self, output: impl Into<String>) -> Self {
        self.expected_output = Some(output.into());
        self
    }

    /// Iterates over every right answer: the expected output first, then the acceptable ones.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.expected_output.iter().chain(&self.acceptable_outputs).map(String::as_str)
    }

    /// Returns the hash of what a review approves: everything but the reviews themselves, the time of making and the failure.
    pub fn content_hash(&self) -> Digest {
        let mut content = self.to_json();
        for field in ["reviews", "created_at", "failure"] {
            content.remove(field);
        }
        // A text that was read from a referenced file is not part of the line.
        for document in
            content.get_mut("context").and_then(Value::as_array_mut).into_iter().flatten()
        {
            if let Value::Object(document) = document
                && document.contains_key("ref")
            {
                document.remove("text");
            }
        }
        content.insert("partition".to_owned(), self.partition.name().into());
        Digest::of_json(&Value::Object(content))
    }

    /// Writes the canonical line of a partition file, without a line end.
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("an example has only string keys and finite numbers")
    }

    fn to_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self)
            .expect("an example has only string keys and finite numbers")
        {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// Serializes free-form JSON with sorted keys at every depth, whatever order `serde_json` was built to keep.
fn serialize_sorted<S: Serializer>(
    map: &BTreeMap<String, Value>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_map(Some(map.len()))?;
    for (key, value) in map {
        out.serialize_entry(key, &Sorted(value))?;
    }
    out.end()
}

struct Sorted<'a>(&'a Value);

impl Serialize for Sorted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => {
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_by(|left, right| left.0.cmp(right.0));
                let mut out = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    out.serialize_entry(key, &Sorted(value))?;
                }
                out.end()
            }
            Value::Array(items) => {
                let mut out = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    out.serialize_element(&Sorted(item))?;
                }
                out.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"id":"a-1","input":{"messages":[{"content":"Hi","role":"user"}],"z":1.5},"expected_output":"Hello","context":[{"ref":"kb/a.md"}],"checks":{"includes_all":["hello"]},"tags":["t"],"created_at":"2026-11-03T10:00:00Z"}"#;

    #[test]
    fn a_canonical_line_survives_unchanged() {
        let example: Example = serde_json::from_str(LINE).unwrap();
        assert_eq!(example.to_line(), LINE);
    }

    #[test]
    fn content_hash_ignores_reviews_and_feels_every_edit() {
        let mut example: Example = serde_json::from_str(LINE).unwrap();
        let before = example.content_hash();
        example.reviews.push(Review {
            reviewer: "support-lead".to_owned(),
            time: Timestamp::from_millis(0),
            note: String::new(),
            content: before,
        });
        assert_eq!(example.content_hash(), before);
        example.context[0].text = Some("read from the file".to_owned());
        assert_eq!(example.content_hash(), before);
        example.tags.clear();
        assert_ne!(example.content_hash(), before);
        let edited = example.content_hash();
        example.partition = Partition::Distribution;
        assert_ne!(example.content_hash(), edited);
    }
}
