//! Where models are kept.

use std::path::{Path, PathBuf};

use super::known::DEFAULT_MODEL;
use crate::EmbedderError;

/// The folder of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFolder {
    name: String,
    path: PathBuf,
}

impl ModelFolder {
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

/// Finds a model by its name; its files are not looked at.
///
/// # Errors
/// [`EmbedderError::ModelName`] and [`EmbedderError::Missing`].
pub fn find(name: &str, folder: &Path) -> Result<ModelFolder, EmbedderError> {
    check_name(name)?;
    let path = folder.join(name);
    if path.is_dir() {
        return Ok(ModelFolder { name: name.to_owned(), path });
    }
    Err(EmbedderError::Missing {
        name: name.to_owned(),
        folder: folder.to_owned(),
        nearest: None,
        can_be_pulled: name == DEFAULT_MODEL,
    })
}

fn check_name(name: &str) -> Result<(), EmbedderError> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_allowed = |letter: char| is_plain(letter) || matches!(letter, '-' | '_' | '.');
    if name.starts_with(is_plain) && name.chars().all(is_allowed) {
        Ok(())
    } else {
        Err(EmbedderError::ModelName { name: name.to_owned() })
    }
}
