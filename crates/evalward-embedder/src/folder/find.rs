//! Where models are kept.

use std::fs;
use std::path::{Path, PathBuf};

use super::known::{known_model, known_models};
use crate::EmbedderError;
use crate::model::WEIGHTS;

/// How alike two names are before one is taken for a slip of the other.
const LIKENESS: f64 = 0.75;

/// The folder of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFolder {
    name: String,
    path: PathBuf,
}

impl ModelFolder {
    pub(super) fn new(name: &str, path: PathBuf) -> Self {
        Self { name: name.to_owned(), path }
    }

    /// Returns the model's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the folder, which holds the model's files.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Returns the folder in which models are kept: `EVALWARD_MODELS_DIR`, else `evalward/models` in `XDG_CACHE_HOME` or, without
/// one, in `.cache` of `HOME`.
///
/// # Errors
/// [`EmbedderError::NoModelsFolder`] where none of the variables is set.
pub fn default_models_dir(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<PathBuf, EmbedderError> {
    let folder = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let in_cache = |cache: PathBuf| cache.join("evalward").join("models");
    folder("EVALWARD_MODELS_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(in_cache))
        .or_else(|| folder("HOME").map(|home| in_cache(home.join(".cache"))))
        .ok_or(EmbedderError::NoModelsFolder)
}

/// Finds a model by its name in the folder of models; nothing is read yet.
///
/// # Errors
/// [`EmbedderError::ModelName`] and [`EmbedderError::Missing`].
pub fn find(name: &str, folder: &Path) -> Result<ModelFolder, EmbedderError> {
    check_name(name)?;
    let path = folder.join(name);
    if path.join(WEIGHTS).is_file() {
        return Ok(ModelFolder::new(name, path));
    }
    let can_be_pulled = known_model(name).is_some();
    Err(EmbedderError::Missing {
        name: name.to_owned(),
        folder: folder.to_owned(),
        nearest: if can_be_pulled { None } else { nearest(name, folder) },
        can_be_pulled,
    })
}

/// Checks that a name can be that of a folder anywhere, and of no other than the model's own.
pub(super) fn check_name(name: &str) -> Result<(), EmbedderError> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_allowed = |letter: char| is_plain(letter) || matches!(letter, '-' | '_' | '.');
    if name.starts_with(is_plain) && name.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(EmbedderError::ModelName { name: name.to_owned() })
    }
}

/// Returns the names of the folders of models, in their order.
pub(super) fn installed(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> =
        folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| check_name(name).is_ok());
    names.sort();
    names
}

fn nearest(name: &str, folder: &Path) -> Option<String> {
    let known = known_models().iter().map(|model| model.name.to_owned());
    let likeness = |other: &String| strsim::jaro_winkler(name, other);
    let names = known.chain(installed(folder)).filter(|other| likeness(other) >= LIKENESS);
    names.max_by(|left, right| likeness(left).total_cmp(&likeness(right)))
}
