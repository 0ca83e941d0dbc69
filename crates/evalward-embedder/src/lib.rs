//! A sentence embedding model that runs on this machine: vocabulary, encoder and the folder in which models are kept.
//!
//! The crate knows no network, no suite, no metric and no environment; whoever downloads a model hands it a file, and its hash is
//! checked here. Start at [`find`] and [`LocalEmbedder::open`]; [`Model`] computes without a thread of its own.
//!
//! ```no_run
//! use std::path::Path;
//!
//! use evalward_embedder::{DEFAULT_MODEL, LocalEmbedder, find};
//!
//! let folder = find(DEFAULT_MODEL, Path::new("/var/cache/evalward/models"))?;
//! let embedder = LocalEmbedder::open(folder.path())?;
//! assert_eq!(embedder.model().dimensions(), 384);
//! # Ok::<(), evalward_embedder::EmbedderError>(())
//! ```

mod encoder;
mod error;
mod folder;
mod local;
mod model;
mod tokens;
mod weights;

pub use error::EmbedderError;
pub use folder::{
    AddOptions, DEFAULT_MODEL, KnownFile, KnownModel, ListedModel, ModelFolder, ModelState, Source,
    Staging, add, default_models_dir, find, known_model, known_models, list,
};
pub use local::LocalEmbedder;
pub use model::Model;
