//! The folder in which models are kept: one folder for each.

mod find;
mod known;

pub use find::{ModelFolder, default_models_dir, find};
pub use known::DEFAULT_MODEL;
