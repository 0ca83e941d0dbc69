//! What lies in the folder of models.

use std::path::{Path, PathBuf};

use super::find::installed;
use super::known::known_models;
use super::record::Record;
use super::sha256::fingerprint;
use crate::model::WEIGHTS;

/// A model that is there or could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedModel {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
    /// The size of its files.
    pub bytes: u64,
    /// The length of its vectors, where it is told.
    pub dimensions: Option<usize>,
    /// Where it came from, where it is told.
    pub source: Option<String>,
    /// Whether it can be used.
    pub state: ModelState,
}

/// Whether a model can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// All files are there.
    Complete,
    /// Something is wrong with its files.
    Damaged(Vec<String>),
    /// It is known by name, but not there.
    Missing,
}

impl ModelState {
    /// Returns the state as one word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Damaged(_) => "damaged",
            Self::Missing => "missing",
        }
    }
}

/// Lists the models that lie in a folder and those that are known by name, in the order of their names.
///
/// With `verify` the hash of every file is compared, which reads them all; otherwise only their sizes.
pub fn list(folder: &Path, verify: bool) -> Vec<ListedModel> {
    let mut models: Vec<ListedModel> =
        installed(folder).into_iter().map(|name| inspect(name, folder, verify)).collect();
    for known in known_models() {
        if models.iter().all(|model| model.name != known.name) {
            models.push(ListedModel {
                name: known.name.to_owned(),
                path: folder.join(known.name),
                bytes: known.bytes(),
                dimensions: Some(known.dimensions),
                source: None,
                state: ModelState::Missing,
            });
        }
    }
    models.sort_by(|left, right| left.name.cmp(&right.name));
    models
}

fn inspect(name: String, folder: &Path, verify: bool) -> ListedModel {
    let path = folder.join(&name);
    let record = match Record::read(&path) {
        Ok(record) => record,
        Err(error) => {
            let state = ModelState::Damaged(vec![error.to_string()]);
            return ListedModel { name, path, bytes: 0, dimensions: None, source: None, state };
        }
    };
    let mut problems = Vec::new();
    for (file, stated) in &record.files {
        match std::fs::metadata(path.join(file)) {
            Err(_) => problems.push(format!("`{file}` is missing")),
            Ok(found) if found.len() != stated.bytes => {
                problems.push(format!("`{file}` has {} bytes, not {}", found.len(), stated.bytes));
            }
            Ok(_) if verify => match fingerprint(&path.join(file)) {
                Ok(found) if found.sha256 == stated.sha256 => {}
                Ok(found) => problems.push(format!(
                    "`{file}` has the SHA-256 {}, not {}",
                    found.sha256, stated.sha256
                )),
                Err(error) => problems.push(error.to_string()),
            },
            Ok(_) => {}
        }
    }
    if !record.files.contains_key(WEIGHTS) {
        problems.push(format!("`{WEIGHTS}` is not in its record"));
    }
    ListedModel {
        name,
        path,
        bytes: record.files.values().map(|file| file.bytes).sum(),
        dimensions: Some(record.dimensions),
        source: Some(record.source),
        state: if problems.is_empty() {
            ModelState::Complete
        } else {
            ModelState::Damaged(problems)
        },
    }
}
