//! Writing files so that a crash leaves the old content or the new, never half.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::RunError;

/// Writes a whole file through a temporary one beside it.
///
/// # Errors
/// [`RunError::Io`] naming the file.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), RunError> {
    stream_atomically(path, |out| {
        out.write_all(content).map_err(RunError::io("write", &temporary(path)))
    })
}

/// Writes a file piece by piece through a temporary one beside it, which is removed where `write` fails.
///
/// # Errors
/// What `write` returns, and [`RunError::Io`] naming the file.
pub fn stream_atomically<E: From<RunError>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let temporary = temporary(path);
    let file = File::create(&temporary).map_err(RunError::io("create", &temporary))?;
    let mut out = BufWriter::new(file);
    if let Err(error) = write(&mut out) {
        // What is left of it is of no use, and the first error tells more than one about it.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    out.into_inner()
        .map_err(io::IntoInnerError::into_error)
        .and_then(|file| file.sync_all())
        .map_err(RunError::io("write", &temporary))?;
    Ok(fs::rename(&temporary, path).map_err(RunError::io("write", path))?)
}

fn temporary(path: &Path) -> PathBuf {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".tmp");
    PathBuf::from(temporary)
}
