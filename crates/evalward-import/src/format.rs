//! The tools whose files can be translated.

use std::path::Path;

use evalward_core::Partition;

use crate::{ImportError, Translation, promptfoo};

/// A tool whose files can be translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A configuration of promptfoo, or a file of its results.
    Promptfoo,
}

/// How to translate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranslateOptions {
    /// The suite's name; by default what the file says of itself, or its name.
    pub name: Option<String>,
    /// The partition of the examples; `distribution` by default, as it asks for no approvals.
    pub partition: Partition,
}

impl Default for TranslateOptions {
    fn default() -> Self {
        Self { name: None, partition: Partition::Distribution }
    }
}

/// Translates a file of another tool, and what it names, into the files of a suite.
///
/// # Errors
/// [`ImportError`] for a file that is missing or not of its form, with the place; what merely has no counterpart is a remark.
pub fn translate(
    format: Format,
    file: &Path,
    options: &TranslateOptions,
) -> Result<Translation, ImportError> {
    match format {
        Format::Promptfoo => promptfoo::translate(file, options),
    }
}
