//! Where models are kept, and what is said of one.

use std::path::PathBuf;

use evalward_embedder::{
    DEFAULT_MODEL, EmbedderError, ListedModel, ModelFolder, ModelState, default_models_dir, list,
};

use crate::context::Context;
use crate::error::CliError;

/// Returns the folder of models.
pub(crate) fn folder(context: &Context) -> Result<PathBuf, CliError> {
    default_models_dir(|name| context.variable(name)).map_err(wrong)
}

/// Returns what is known of the model that is used where none is named.
pub(crate) fn default_model(context: &Context) -> Result<ListedModel, CliError> {
    let models = list(&folder(context)?, false);
    let model = models.into_iter().find(|model| model.name == DEFAULT_MODEL);
    Ok(model.expect("a model that is known by name is always listed"))
}

/// Tells whether a model is there as a whole.
pub(super) fn is_complete(name: &str, context: &Context) -> Result<bool, CliError> {
    let models = list(&folder(context)?, false);
    Ok(models.iter().any(|model| model.name == name && model.state == ModelState::Complete))
}

/// Says where a model lies now.
pub(super) fn tell(model: &ModelFolder, context: &mut Context) -> Result<(), CliError> {
    Ok(writeln!(context.out(), "{} is in `{}`", model.name(), model.path().display())?)
}

/// Makes an error of wrong input (exit 2).
pub(super) fn wrong(error: EmbedderError) -> CliError {
    let hint = error.hint();
    CliError::input(error).with_hint_if(hint)
}

/// Returns a size in a form that people read.
pub(in crate::commands) fn size(bytes: u64) -> String {
    const MEGA: u64 = 1_000_000;
    const KILO: u64 = 1_000;
    let in_units = |unit: u64, name: &str| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    };
    match bytes {
        MEGA.. => in_units(MEGA, "MB"),
        KILO.. => in_units(KILO, "kB"),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 1_049, 1_050, 91_100_496].map(size);
        assert_eq!(sizes, ["0 bytes", "999 bytes", "1.0 kB", "1.0 kB", "1.1 kB", "91.1 MB"]);
    }
}
