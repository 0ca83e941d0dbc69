//! `model.toml`: what lies in the folder of a model.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::EmbedderError;

/// The name of the file.
pub(super) const RECORD: &str = "model.toml";

/// The version of the form that is written.
const VERSION: u32 = 1;

/// What lies in the folder of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// The version of the form.
    version: u32,
    /// The model's name.
    pub(super) name: String,
    /// The length of its vectors.
    pub(super) dimensions: usize,
    /// Where it came from.
    pub(super) source: String,
    /// Its files by their names.
    pub(super) files: BTreeMap<String, FileRecord>,
}

/// A file of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileRecord {
    /// Its size.
    pub(super) bytes: u64,
    /// Its SHA-256.
    pub(super) sha256: String,
}

impl Record {
    /// Makes a record.
    pub(super) fn new(
        name: &str,
        dimensions: usize,
        source: &str,
        files: BTreeMap<String, FileRecord>,
    ) -> Self {
        let (name, source) = (name.to_owned(), source.to_owned());
        Self { version: VERSION, name, dimensions, source, files }
    }

    /// Reads the record in a model's folder.
    pub(super) fn read(folder: &Path) -> Result<Self, EmbedderError> {
        let path = folder.join(RECORD);
        let text = fs::read_to_string(&path).map_err(|source| EmbedderError::File {
            action: "read",
            path: path.clone(),
            source,
        })?;
        let malformed = |reason| EmbedderError::Malformed { path: path.clone(), reason };
        let record: Self =
            toml::from_str(&text).map_err(|error| malformed(error.message().to_owned()))?;
        if record.version == VERSION {
            Ok(record)
        } else {
            Err(malformed(format!(
                "its version is {}, but this evalward knows only version {VERSION}",
                record.version
            )))
        }
    }

    /// Writes the record into a model's folder.
    pub(super) fn write(&self, folder: &Path) -> Result<(), EmbedderError> {
        let path = folder.join(RECORD);
        let text = toml::to_string(self).map_err(|error| EmbedderError::Malformed {
            path: path.clone(),
            reason: error.to_string(),
        })?;
        let failed = |source| EmbedderError::File { action: "write", path: path.clone(), source };
        fs::write(&path, text).map_err(failed)
    }
}
