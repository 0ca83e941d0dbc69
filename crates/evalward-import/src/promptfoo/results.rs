//! Results of promptfoo, as answers that are there already.

use std::path::Path;

use super::source::SourceFile;
use crate::format::TranslateOptions;
use crate::{ImportError, Translation};

/// Translates a file of results; `None` where the file is something else.
pub(super) fn translate(
    _file: &SourceFile,
    _root: &Path,
    _options: &TranslateOptions,
) -> Result<Option<Translation>, ImportError> {
    Ok(None)
}
