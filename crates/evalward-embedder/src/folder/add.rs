//! Taking a model from disk.

use std::path::Path;

use serde_json::Value;

use super::find::ModelFolder;
use super::known::{known_model, known_models};
use super::origin::Origin;
use super::sha256::fingerprint;
use super::staging::Staging;
use crate::EmbedderError;
use crate::model::{CONFIG, LIMITS, VOCABULARY, WEIGHTS};

/// What a model is called and where it came from.
#[derive(Clone, Copy, Debug, Default)]
pub struct AddOptions<'a> {
    /// The model's name; without one its numbers must be those of a known model.
    pub name: Option<&'a str>,
    /// What is recorded as its source, where that is not the path.
    pub source: Option<&'a str>,
}

/// Takes a model from a folder, a zip archive (a wheel is one) or its `model.safetensors` into the folder of models.
///
/// # Errors
/// [`EmbedderError::NoModel`] where nothing is found or a file is not what it should be, [`EmbedderError::Unsupported`] where the
/// model is of another kind, [`EmbedderError::File`] where a file cannot be read or written.
pub fn add(
    from: &Path,
    models: &Path,
    options: AddOptions<'_>,
) -> Result<ModelFolder, EmbedderError> {
    let mut origin = Origin::open(from)?;
    // A name that cannot be one is refused before anything is copied.
    let staging = Staging::new(options.name.unwrap_or("unnamed"), models)?;
    copy(&mut origin, WEIGHTS, &staging)?;
    let name = match options.name {
        Some(name) => name,
        None => recognise(&staging.path(WEIGHTS), from)?,
    };
    let staging = staging.renamed(name);
    if let Some(known) = known_model(name) {
        for file in known.files.iter().filter(|file| file.name != WEIGHTS) {
            copy(&mut origin, file.name, &staging)?;
        }
    } else {
        check_pooling(&mut origin)?;
        check_case(&mut origin)?;
        copy(&mut origin, CONFIG, &staging)?;
        copy(&mut origin, VOCABULARY, &staging)?;
        origin.copy(LIMITS, &staging.path(LIMITS))?;
    }
    let source = options.source.map_or_else(|| origin.path().display().to_string(), str::to_owned);
    staging.finish(&source).map_err(|error| about(error, Path::new(&source)))
}

/// Names what was given in place of the folder on the way, which is gone when the error is read.
fn about(error: EmbedderError, given: &Path) -> EmbedderError {
    let file = |path: &Path| {
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    };
    let path = given.to_owned();
    match error {
        EmbedderError::Malformed { path: at, reason } => {
            EmbedderError::NoModel { path, reason: format!("`{}`: {reason}", file(&at)) }
        }
        EmbedderError::WrongHash { path: at, expected, found } => EmbedderError::NoModel {
            path,
            reason: format!("`{}`: its SHA-256 is {found}, not {expected}", file(&at)),
        },
        EmbedderError::Unsupported { path: at, reason } => {
            EmbedderError::Unsupported { path: given.join(file(&at)), reason }
        }
        other => other,
    }
}

fn copy(origin: &mut Origin, name: &str, staging: &Staging) -> Result<(), EmbedderError> {
    if origin.copy(name, &staging.path(name))? {
        return Ok(());
    }
    let reason = format!("it holds no `{name}` beside `{WEIGHTS}`");
    Err(EmbedderError::NoModel { path: origin.path().to_owned(), reason })
}

/// Tells the name of a known model from its numbers.
fn recognise(weights: &Path, from: &Path) -> Result<&'static str, EmbedderError> {
    let found = fingerprint(weights)?.sha256;
    let is_same = |hash: &str| hash == found;
    let known = known_models()
        .iter()
        .find(|known| known.files.iter().any(|file| file.name == WEIGHTS && is_same(file.sha256)));
    known.map(|known| known.name).ok_or_else(|| EmbedderError::NoModel {
        path: from.to_owned(),
        reason: "it is none of the known models; say by `--name` what it is called".to_owned(),
    })
}

/// Refuses a model whose vectors are not the mean of its tokens' vectors.
fn check_pooling(origin: &mut Origin) -> Result<(), EmbedderError> {
    const POOLING: &str = "1_Pooling/config.json";
    let Some(config) = read_json(origin, POOLING) else { return Ok(()) };
    if config.get("pooling_mode_mean_tokens") == Some(&Value::Bool(true)) {
        return Ok(());
    }
    let reason =
        "only the mean of the tokens' vectors is supported, and it takes another".to_owned();
    Err(EmbedderError::Unsupported { path: origin.path().join(POOLING), reason })
}

/// Refuses a model that tells capitals from small letters.
fn check_case(origin: &mut Origin) -> Result<(), EmbedderError> {
    const TOKENIZER: &str = "tokenizer_config.json";
    let Some(config) = read_json(origin, TOKENIZER) else { return Ok(()) };
    if config.get("do_lower_case") != Some(&Value::Bool(false)) {
        return Ok(());
    }
    let reason = "it tells capitals from small letters, which is not supported".to_owned();
    Err(EmbedderError::Unsupported { path: origin.path().join(TOKENIZER), reason })
}

fn read_json(origin: &mut Origin, name: &str) -> Option<Value> {
    serde_json::from_slice(&origin.read_small(name)?).ok()
}
