//! Writing files so that a crash leaves the old content or the new, never half.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::RunError;

/// Writes a whole file through a temporary one beside it.
///
/// # Errors
/// [`RunError::Io`] naming the file.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), RunError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    let temporary = Path::new(&temporary);
    let mut file = File::create(temporary).map_err(RunError::io("create", temporary))?;
    file.write_all(content)
        .and_then(|()| file.sync_all())
        .map_err(RunError::io("write", temporary))?;
    fs::rename(temporary, path).map_err(RunError::io("write", path))
}
