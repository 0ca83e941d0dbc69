//! What can be wrong with a model or the folder that it lies in.

use std::io;
use std::path::PathBuf;

/// The error of finding, reading or installing a model; `hint` knows a way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedderError {
    /// Nothing says where models lie.
    #[error(
        "failed to find the folder of models: neither `EVALWARD_MODELS_DIR`, `XDG_CACHE_HOME` nor `HOME` is set"
    )]
    NoModelsFolder,
    /// A name cannot be that of a model.
    #[error(
        "failed to use `{name}` as the name of a model: it has small letters, digits, `-`, `_` and `.`, and starts with a letter or digit"
    )]
    ModelName {
        /// The name.
        name: String,
    },
    /// The model is not on this machine.
    #[error("failed to find model `{name}` in `{}`", folder.display())]
    Missing {
        /// The model's name.
        name: String,
        /// The folder of models.
        folder: PathBuf,
        /// A name that is known or installed and looks like it.
        nearest: Option<String>,
        /// Whether `evalward models pull` knows the name.
        can_be_pulled: bool,
    },
    /// A file of a model could not be read or written.
    #[error("failed to {action} `{}`", path.display())]
    File {
        /// What was tried: `read`, `write` or the like.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A file of a model does not hold what it should.
    #[error("failed to read model file `{}`: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The model is of a kind that this encoder cannot compute.
    #[error("failed to use the model in `{}`: {reason}", path.display())]
    Unsupported {
        /// The file that says so.
        path: PathBuf,
        /// What is not supported.
        reason: String,
    },
    /// A file is not the one that is expected.
    #[error("failed to check `{}`: its SHA-256 is {found}, not {expected}", path.display())]
    WrongHash {
        /// The file.
        path: PathBuf,
        /// The hash that it should have.
        expected: String,
        /// The hash that it has.
        found: String,
    },
    /// What was given holds no model.
    #[error("failed to find a model in `{}`: {reason}", path.display())]
    NoModel {
        /// The folder, archive or file.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The thread of the model could not be started.
    #[error("failed to start the thread of the model")]
    Thread {
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl EmbedderError {
    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoModelsFolder => Some("set `EVALWARD_MODELS_DIR` to a folder".to_owned()),
            Self::Missing { nearest: Some(nearest), .. } => {
                Some(format!("did you mean `{nearest}`? `evalward models list` shows all"))
            }
            Self::Missing { name, can_be_pulled: true, .. } => Some(format!(
                "`evalward models pull {name}` downloads it; without a network, `evalward models add PATH` takes it from a file"
            )),
            Self::Missing { name, .. } => {
                Some(format!("`evalward models add PATH --name {name}` takes it from a file or folder"))
            }
            Self::Malformed { .. } | Self::WrongHash { .. } => Some(
                "remove the model's folder and run `evalward models pull` or `evalward models add` again".to_owned(),
            ),
            Self::ModelName { .. }
            | Self::File { .. }
            | Self::Unsupported { .. }
            | Self::NoModel { .. }
            | Self::Thread { .. } => None,
        }
    }
}
