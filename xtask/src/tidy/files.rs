//! The files that a commit would hold.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use xshell::cmd;

use super::finding::Finding;
use crate::repository::Repository;

/// The largest file that may be committed, in bytes.
const MAX_BYTES: usize = 5_000_000;

/// Returns the files that are tracked or would be added, relative to the root.
pub(super) fn committable(repository: &Repository) -> Result<Vec<String>> {
    let shell = repository.shell()?;
    let list = cmd!(shell, "git ls-files -z --cached --others --exclude-standard").quiet().read();
    let list = list.context("failed to list the files; tidy needs a git working copy")?;
    Ok(list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Reads a file; `None` where it was deleted and the deletion is not yet committed, or where it is no file.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<Vec<u8>>> {
    match std::fs::read(root.join(path)) {
        Ok(content) => Ok(Some(content)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("failed to read `{path}`")),
    }
}

/// Finds a file that is too large to be committed.
pub(super) fn check_size(path: &str, bytes: usize) -> Option<Finding> {
    (bytes > MAX_BYTES).then(|| {
        Finding::new(
            path,
            1,
            format!("the file has {bytes} bytes; at most {MAX_BYTES} may be committed"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_files_are_found() {
        assert_eq!(check_size("a.bin", MAX_BYTES), None);
        assert!(check_size("a.bin", MAX_BYTES + 1).is_some());
    }
}
