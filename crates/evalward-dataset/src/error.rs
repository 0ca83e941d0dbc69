//! What can go wrong with a dataset, and where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use evalward_core::{ExampleId, InvalidId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Finding, RecipeProblem};

/// A place in a file; lines and columns count from 1, columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line.
    pub line: u64,
    /// The column.
    pub column: u64,
}

impl Place {
    /// Makes a place.
    pub fn new(path: impl Into<PathBuf>, line: u64, column: u64) -> Self {
        Self { path: path.into(), line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

/// The error of reading, changing or writing a dataset.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// The folder is not a dataset.
    #[error("`{}` is not a dataset: it has no `dataset.toml`", folder.display())]
    NotADataset {
        /// The folder.
        folder: PathBuf,
    },
    /// A file or folder could not be read or written.
    #[error("failed to {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A piece of a file is not what it must be.
    #[error("{place}: {problem}")]
    Malformed {
        /// Where.
        place: Place,
        /// What is wrong there.
        problem: String,
        /// A way out, where one is known.
        hint: Option<String>,
    },
    /// A recipe makes no sense.
    #[error("{}", listed(problems))]
    Recipe {
        /// What is wrong, in the order of the kinds of tables.
        problems: Vec<RecipeProblem>,
    },
    /// A document or source that an example names cannot be read.
    #[error("{place}: example `{example}`: failed to read `{reference}`")]
    Reference {
        /// Where the example is.
        place: Place,
        /// The example.
        example: ExampleId,
        /// The path as the example writes it.
        reference: String,
        /// Why it cannot be read.
        #[source]
        source: ReferenceError,
    },
    /// No example has this id.
    #[error("no example of `{}` has the id `{id}`", folder.display())]
    UnknownExample {
        /// The dataset.
        folder: PathBuf,
        /// The id that was looked for.
        id: String,
        /// The nearest id there is.
        nearest: Option<String>,
    },
    /// The partition has no example to approve.
    #[error("partition `{partition}` of `{}` has no example", folder.display())]
    NoExamples {
        /// The dataset.
        folder: PathBuf,
        /// The partition's name.
        partition: &'static str,
    },
    /// The reviewer is not among the dataset's owners.
    #[error("`{reviewer}` is not an owner of the dataset")]
    UnknownReviewer {
        /// Who wanted to review.
        reviewer: String,
        /// Who may.
        owners: Vec<String>,
    },
    /// An approval was refused because the sources of an example have changed.
    #[error("{place}: example `{example}` rests on `{source_path}`, which has changed")]
    StaleSource {
        /// Where the example is.
        place: Place,
        /// The example.
        example: ExampleId,
        /// The path of the source.
        source_path: String,
    },
    /// With the examples that were to be added the dataset has errors, so they were taken out again.
    #[error("`{}` would have {errors} errors with the new examples; the first is: {}", folder.display(), first(findings))]
    NotAccepted {
        /// The dataset.
        folder: PathBuf,
        /// The number of errors.
        errors: u64,
        /// The errors.
        findings: Vec<Finding>,
    },
    /// An imported example has an id that is taken.
    #[error("{place}: id `{id}` is already in the dataset")]
    TakenId {
        /// Where the imported example is.
        place: Place,
        /// The id.
        id: ExampleId,
    },
    /// A generated id is not valid.
    #[error("{place}: failed to make an id")]
    InvalidId {
        /// Where the imported example is.
        place: Place,
        /// What is wrong with it.
        #[source]
        source: InvalidId,
    },
    /// A `target=source` mapping is not valid or matched nothing.
    #[error("mapping `{mapping}`: {problem}")]
    Mapping {
        /// The mapping as it was given.
        mapping: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The format of a file to import is not known.
    #[error("failed to tell the format of `{}` from its name", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// A dataset has one task type, and the imported file has another.
    #[error("`{}` has the task type `{found}`, the dataset has `{expected}`", path.display())]
    TaskType {
        /// The file to import.
        path: PathBuf,
        /// The file's task type.
        found: String,
        /// The dataset's.
        expected: String,
    },
    /// Git could not answer.
    #[error("failed to {action}: {problem}")]
    Git {
        /// What was tried.
        action: String,
        /// What git said.
        problem: String,
        /// A way out, where one is known.
        hint: Option<&'static str>,
    },
}

/// Why a document or source that an example names cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReferenceError {
    /// The path leads out of the documents' root.
    #[error("the path leads out of the documents' root `{}`", root.display())]
    Escapes {
        /// The folder that all paths must stay in.
        root: PathBuf,
    },
    /// The file is missing or unreadable.
    #[error("failed to open `{}`", path.display())]
    Unreadable {
        /// The full path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

fn listed(problems: &[RecipeProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn first(findings: &[Finding]) -> String {
    let text = |finding: &Finding| format!("{}: {}", finding.place, finding.message);
    findings.first().map_or_else(String::new, text)
}

impl DatasetError {
    pub(crate) fn io(
        action: &'static str,
        path: impl AsRef<Path>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io { action, path, source }
    }

    pub(crate) fn malformed(place: Place, problem: impl Into<String>) -> Self {
        Self::Malformed { place, problem: problem.into(), hint: None }
    }

    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NotADataset { .. } => Some(
                "name the folder that holds `dataset.toml`, or make one with `evalward dataset import`"
                    .to_owned(),
            ),
            Self::Malformed { hint, .. } => hint.clone(),
            Self::UnknownExample { nearest, .. } => {
                nearest.as_ref().map(|id| format!("did you mean `{id}`?"))
            }
            Self::UnknownReviewer { owners, .. } if owners.is_empty() => {
                Some("list the owners in `dataset.toml`: `owners = [\"support-lead\"]`".to_owned())
            }
            Self::UnknownReviewer { owners, .. } => Some(format!(
                "the owners in `dataset.toml` are {}",
                crate::suggest::quoted_list(owners)
            )),
            Self::StaleSource { .. } => Some(
                "read the source again, correct the expectation, then run `evalward dataset check --fix --update-sources`"
                    .to_owned(),
            ),
            Self::TakenId { .. } => {
                Some("pass `--skip-existing` to leave out examples that are there".to_owned())
            }
            Self::UnknownFormat { .. } => {
                Some("pass `--from json`, `--from csv` or `--from jsonl`".to_owned())
            }
            Self::Git { hint, .. } => hint.map(str::to_owned),
            Self::Reference { source: ReferenceError::Escapes { .. }, .. } => {
                Some("set `documents_root` in `dataset.toml` to a folder above the documents".to_owned())
            }
            Self::Reference { .. } => {
                Some("paths are relative to `documents_root` of `dataset.toml`".to_owned())
            }
            Self::NotAccepted { folder, .. } => Some(format!(
                "`evalward dataset check {}` tells which errors are old; nothing was changed",
                folder.display()
            )),
            Self::Io { .. }
            | Self::Recipe { .. }
            | Self::NoExamples { .. }
            | Self::InvalidId { .. }
            | Self::Mapping { .. } => None,
            Self::TaskType { expected, .. } => {
                Some(format!("pass `--task-type {expected}` if the examples are of that kind"))
            }
        }
    }
}
