//! What a model can be taken from: a folder, an archive, or the file with its numbers.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::EmbedderError;
use crate::model::WEIGHTS;

/// The largest file that is taken out of an archive.
const LARGEST: u64 = 8 << 30;

/// What a model is taken from.
#[derive(Debug)]
pub(super) enum Origin {
    /// A folder that holds the files.
    Folder(PathBuf),
    /// An archive, and the folder in it that holds the files.
    Archive(PathBuf, ZipArchive<BufReader<File>>, String),
}

impl Origin {
    /// Looks for a model.
    pub(super) fn open(path: &Path) -> Result<Self, EmbedderError> {
        let missing = |reason: &str| EmbedderError::NoModel {
            path: path.to_owned(),
            reason: reason.to_owned(),
        };
        if path.is_dir() {
            if path.join(WEIGHTS).is_file() {
                return Ok(Self::Folder(path.to_owned()));
            }
            return Err(missing(&format!("it holds no `{WEIGHTS}`")));
        }
        let failed = |source| EmbedderError::File { action: "read", path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        if path.extension().is_some_and(|extension| extension == "safetensors") {
            let folder = path.parent().unwrap_or_else(|| Path::new(".")).to_owned();
            if path.file_name().is_some_and(|name| name == WEIGHTS) {
                return Ok(Self::Folder(folder));
            }
            return Err(missing(&format!("the file must be named `{WEIGHTS}`")));
        }
        let archive = ZipArchive::new(BufReader::new(file));
        let archive =
            archive.map_err(|error| missing(&format!("it is no zip archive: {error}")))?;
        let names = archive.file_names().flatten();
        let names = names.filter(|name| name.rsplit('/').next() == Some(WEIGHTS));
        // The one that lies highest: an archive may hold variants below it.
        let weights = names.min_by_key(|name| name.split('/').count());
        let weights = weights.ok_or_else(|| missing(&format!("it holds no `{WEIGHTS}`")))?;
        let folder = weights.strip_suffix(WEIGHTS).unwrap_or_default().to_owned();
        Ok(Self::Archive(path.to_owned(), archive, folder))
    }

    /// Returns the path that was given.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Archive(path, ..) => path,
        }
    }

    /// Copies a file of the model; tells whether it was there.
    pub(super) fn copy(&mut self, name: &str, to: &Path) -> Result<bool, EmbedderError> {
        let written = |source| EmbedderError::File { action: "write", path: to.to_owned(), source };
        match self {
            Self::Folder(folder) => {
                let from = folder.join(name);
                if !from.is_file() {
                    return Ok(false);
                }
                let failed =
                    |source| EmbedderError::File { action: "read", path: from.clone(), source };
                let mut file = File::open(&from).map_err(failed)?;
                let mut target = File::create(to).map_err(written)?;
                io::copy(&mut file, &mut target).map_err(written)?;
            }
            Self::Archive(path, archive, folder) => {
                let Some(index) = archive.index_for_name(&format!("{folder}{name}")) else {
                    return Ok(false);
                };
                let malformed =
                    |reason: String| EmbedderError::Malformed { path: path.clone(), reason };
                let entry =
                    archive.by_index(index).map_err(|error| malformed(error.to_string()))?;
                let mut target = File::create(to).map_err(written)?;
                let copied = io::copy(&mut entry.take(LARGEST), &mut target);
                copied.map_err(|error| match error.kind() {
                    // The archive's own errors; the others are the disk's.
                    io::ErrorKind::InvalidData
                    | io::ErrorKind::InvalidInput
                    | io::ErrorKind::UnexpectedEof => malformed(format!("`{name}`: {error}")),
                    _ => written(error),
                })?;
            }
        }
        Ok(true)
    }

    /// Reads a small file beside or below those of the model, where there is one.
    pub(super) fn read_small(&mut self, name: &str) -> Option<Vec<u8>> {
        const MOST: u64 = 1 << 20;
        let mut bytes = Vec::new();
        match self {
            Self::Folder(folder) => return fs::read(folder.join(name)).ok(),
            Self::Archive(_, archive, folder) => {
                let entry = archive.by_name(&format!("{folder}{name}")).ok()?;
                entry.take(MOST).read_to_end(&mut bytes).ok()?;
            }
        }
        Some(bytes)
    }
}
