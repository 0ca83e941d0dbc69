//! `dataset.toml`: what a dataset is called, who owns it, and how many reviews an example needs.

use std::fs;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::lines::column_of;
use crate::suggest::humanize;
use crate::{DatasetError, Place};

/// The name of the file in a dataset's folder.
pub(crate) const FILE_NAME: &str = "dataset.toml";

/// The content of `dataset.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatasetManifest {
    /// The dataset's name.
    #[serde(deserialize_with = "non_empty")]
    #[schemars(length(min = 1))]
    pub name: String,
    /// The one kind of task that every example is of, in free form: `support`, `extraction`.
    #[serde(deserialize_with = "non_empty")]
    #[schemars(length(min = 1))]
    pub task_type: String,
    /// What the dataset is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The people whose reviews count.
    #[serde(default)]
    pub owners: Vec<String>,
    /// The folder that the paths of documents and sources start from, relative to the dataset's folder; by default that folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents_root: Option<String>,
    /// How many reviews an example needs.
    #[serde(default, skip_serializing_if = "ReviewPolicy::is_default")]
    pub review: ReviewPolicy,
}

/// How many distinct owners must approve an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReviewPolicy {
    /// For a golden example; at least 2, which is the default.
    #[serde(deserialize_with = "at_least_two")]
    #[schemars(range(min = 2))]
    golden_approvals: usize,
    /// For adding, changing or removing a regression example; at least 1, which is the default.
    #[serde(deserialize_with = "at_least_one")]
    #[schemars(range(min = 1))]
    regression_approvals: usize,
}

impl Default for ReviewPolicy {
    fn default() -> Self {
        Self { golden_approvals: 2, regression_approvals: 1 }
    }
}

impl ReviewPolicy {
    /// Returns how many owners must approve a golden example.
    pub const fn golden_approvals(self) -> usize {
        self.golden_approvals
    }

    /// Returns how many owners must approve a regression example that is added, changed or removed.
    pub const fn regression_approvals(self) -> usize {
        self.regression_approvals
    }

    /// Returns the policy that asks for as many approvals as either of the two.
    #[must_use]
    pub(crate) fn stricter(self, other: Self) -> Self {
        Self {
            golden_approvals: self.golden_approvals.max(other.golden_approvals),
            regression_approvals: self.regression_approvals.max(other.regression_approvals),
        }
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn non_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() { Err(de::Error::custom("must not be empty")) } else { Ok(text) }
}

fn at_least_two<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    at_least(2, deserializer)
}

fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    at_least(1, deserializer)
}

fn at_least<'de, D: Deserializer<'de>>(minimum: usize, deserializer: D) -> Result<usize, D::Error> {
    let approvals = usize::deserialize(deserializer)?;
    if approvals >= minimum {
        return Ok(approvals);
    }
    Err(de::Error::custom(format!("must be at least {minimum}, so that no one approves alone")))
}

impl DatasetManifest {
    /// Reads `dataset.toml` from a dataset's folder; `shown` is the file's name in messages.
    pub(crate) fn read(folder: &Path, shown: &Path) -> Result<Self, DatasetError> {
        let path = folder.join(FILE_NAME);
        if !path.exists() {
            return Err(DatasetError::NotADataset { folder: folder.to_owned() });
        }
        let bytes = fs::read(&path).map_err(DatasetError::io("read", shown))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let place = place_of(shown, &bytes, error.valid_up_to());
            DatasetError::malformed(place, "the file is not valid UTF-8")
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let place = place_of(shown, text.as_bytes(), offset);
            DatasetError::malformed(place, humanize(error.message()))
        })
    }

    pub(crate) fn to_toml(&self) -> String {
        toml::to_string(self).expect("a manifest has only strings, lists and numbers")
    }
}

pub(crate) fn place_of(path: &Path, text: &[u8], offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = before.split(|byte| *byte == b'\n').count();
    let line = u64::try_from(lines).unwrap_or(u64::MAX);
    let column = column_of(text.get(line_start..).unwrap_or_default(), offset - line_start);
    Place::new(path, line, column)
}
