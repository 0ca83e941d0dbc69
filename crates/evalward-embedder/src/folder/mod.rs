//! The folder in which models are kept: one folder for each, with a `model.toml` that says what lies there.

mod add;
mod find;
mod known;
mod list;
mod origin;
mod record;
mod sha256;
mod staging;

pub use add::{AddOptions, add};
pub use find::{ModelFolder, default_models_dir, find};
pub use known::{DEFAULT_MODEL, KnownFile, KnownModel, Source, known_model, known_models};
pub use list::{ListedModel, ModelState, list};
pub use staging::Staging;
