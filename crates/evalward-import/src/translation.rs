//! What an import comes to, and how it is written.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::{ImportError, Remark, RemarkKind};

/// The files of a suite, and what is to be said about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Translation {
    /// The suite's name.
    pub name: String,
    /// The files by their paths in the suite's folder; `evalward.toml` is the suite.
    #[serde(skip)]
    pub files: BTreeMap<PathBuf, String>,
    /// The number of examples.
    pub examples: usize,
    /// The number of examples with checks of their own.
    pub checked: usize,
    /// The ids of the suite's metrics.
    pub metrics: Vec<String>,
    /// The names of the suite's variants.
    pub variants: Vec<String>,
    /// What has no counterpart, or one that differs.
    pub remarks: Vec<Remark>,
}

impl Translation {
    /// Returns whether everything has a counterpart, even if one differs.
    pub fn is_complete(&self) -> bool {
        !self.remarks.iter().any(|remark| remark.kind == RemarkKind::NotTranslated)
    }
}

/// How to write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether files that are there are replaced.
    pub overwrite: bool,
}

/// Writes a translation into a folder, which is made if it is not there: all of it, or nothing.
///
/// # Errors
/// [`ImportError::Taken`] where something is in the way, [`ImportError::Io`] for what could not be written.
pub fn write(
    translation: &Translation,
    folder: &Path,
    options: WriteOptions,
) -> Result<(), ImportError> {
    if !options.overwrite {
        refuse_taken(folder)?;
    }
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent).map_err(failed("create", parent))?;
    let staged = tempfile::Builder::new()
        .prefix(".evalward-")
        .tempdir_in(parent)
        .map_err(failed("create a folder in", parent))?;
    // The folder itself is made inside, as a temporary one is private and its rights would stay with it.
    let inside = staged.path().join("suite");
    for (path, text) in &translation.files {
        put(&inside.join(path), text)?;
    }
    if fs::symlink_metadata(folder).is_ok() {
        for path in translation.files.keys() {
            let target = folder.join(path);
            make_folder_of(&target)?;
            fs::rename(inside.join(path), &target).map_err(failed("write", &target))?;
        }
        return Ok(());
    }
    fs::rename(&inside, folder).map_err(failed("write", folder))
}

fn refuse_taken(folder: &Path) -> Result<(), ImportError> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(ImportError::Taken { path: folder.to_owned() })
        }
        Err(error) => Err(failed("read", folder)(error)),
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(ImportError::Taken { path: folder.to_owned() }),
            None => Ok(()),
        },
    }
}

fn put(path: &Path, text: &str) -> Result<(), ImportError> {
    make_folder_of(path)?;
    fs::write(path, text).map_err(failed("write", path))
}

fn make_folder_of(path: &Path) -> Result<(), ImportError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(failed("create", folder))
}

pub(crate) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ImportError {
    let path = path.to_owned();
    move |source| ImportError::Io { action, path, source }
}
