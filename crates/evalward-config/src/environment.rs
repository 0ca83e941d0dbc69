//! The environment of a program, as `${NAME}` sees it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use crate::{ConfigError, Lookup};

/// Returns a process's variables over those of a `.env` file, which need not exist.
///
/// # Errors
/// [`ConfigError`] if the file is malformed or cannot be read.
pub fn environment(
    file: &Path,
    process: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, ConfigError> {
    let mut variables = BTreeMap::new();
    let unreadable = |error: dotenvy::Error| {
        // The text of the line may hold a secret.
        let what = match error {
            dotenvy::Error::LineParse(_, column) => {
                format!("a line is malformed at column {}", column + 1)
            }
            other => other.to_string(),
        };
        ConfigError::new(format!("failed to read `{}`: {what}", file.display()))
            .help("write `NAME=value`, and quotes around a value with spaces")
    };
    match dotenvy::from_path_iter(file) {
        Ok(entries) => {
            for entry in entries {
                variables.extend([entry.map_err(unreadable)?]);
            }
        }
        Err(error) if error.not_found() => {}
        Err(error) => return Err(unreadable(error)),
    }
    let as_text = |(name, value): (OsString, OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    variables.extend(process.into_iter().filter_map(as_text));
    Ok(variables)
}

/// Returns a function that looks up variables; an empty one counts as unset.
pub fn lookup(variables: Arc<BTreeMap<String, String>>) -> Lookup {
    Arc::new(move |name| variables.get(name).filter(|value| !value.is_empty()).cloned())
}
