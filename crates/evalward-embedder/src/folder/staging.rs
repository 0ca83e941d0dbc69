//! A model on its way into the folder of models: nothing is seen of it before it is whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::find::{ModelFolder, check_name};
use super::known::known_model;
use super::record::{FileRecord, Record};
use super::sha256::{check, fingerprint};
use crate::model::{CONFIG, LIMITS, VOCABULARY, WEIGHTS};
use crate::{EmbedderError, Model};

/// The name of the file by which processes take turns.
const LOCK: &str = ".lock";

/// A folder in which a model is put together. Whatever is not finished goes away with the value.
#[derive(Debug)]
pub struct Staging {
    name: String,
    models: PathBuf,
    folder: TempDir,
}

impl Staging {
    /// Makes the folder, in the folder of models, so that finishing it needs no copy.
    ///
    /// # Errors
    /// [`EmbedderError::ModelName`], and [`EmbedderError::File`] where nothing can be written.
    pub fn new(name: &str, models: &Path) -> Result<Self, EmbedderError> {
        check_name(name)?;
        let failed = |source| EmbedderError::File {
            action: "make the folder",
            path: models.to_owned(),
            source,
        };
        fs::create_dir_all(models).map_err(failed)?;
        let folder = tempfile::Builder::new().prefix(".new-").tempdir_in(models).map_err(failed)?;
        Ok(Self { name: name.to_owned(), models: models.to_owned(), folder })
    }

    /// Returns where a file of the model belongs.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Gives the model another name, which was checked.
    pub(super) fn renamed(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Checks the files, writes `model.toml` and puts the model in its place; an older one of its name goes away.
    ///
    /// The files of a known model must have the hashes that are known; those of another are read, so that what cannot be used is
    /// not kept.
    ///
    /// # Errors
    /// [`EmbedderError::WrongHash`], those of [`Model::open`], and [`EmbedderError::File`].
    pub fn finish(self, source: &str) -> Result<ModelFolder, EmbedderError> {
        let record = self.check(source)?;
        record.write(self.folder.path())?;
        let target = self.models.join(&self.name);
        let failed = |source| EmbedderError::File {
            action: "move the model to",
            path: target.clone(),
            source,
        };
        let lock = File::create(self.models.join(LOCK)).map_err(failed)?;
        // Held until the file is closed: two who bring the same model must not both find its place empty.
        lock.lock().map_err(failed)?;
        let old = tempfile::Builder::new().prefix(".old-").tempdir_in(&self.models);
        let old = old.map_err(failed)?;
        if target.exists() {
            fs::rename(&target, old.path().join(&self.name)).map_err(failed)?;
        }
        fs::rename(self.folder.path(), &target).map_err(failed)?;
        make_readable(&target).map_err(failed)?;
        Ok(ModelFolder::new(&self.name, target))
    }

    fn check(&self, source: &str) -> Result<Record, EmbedderError> {
        let mut files = BTreeMap::new();
        let mut keep = |name: &str, found: super::sha256::Fingerprint| {
            let record = FileRecord { bytes: found.bytes, sha256: found.sha256 };
            files.insert(name.to_owned(), record);
        };
        let dimensions = if let Some(known) = known_model(&self.name) {
            for file in known.files {
                keep(file.name, check(&self.path(file.name), file.sha256)?);
            }
            known.dimensions
        } else {
            for name in [CONFIG, VOCABULARY, WEIGHTS, LIMITS] {
                let path = self.path(name);
                if name != LIMITS || path.exists() {
                    keep(name, fingerprint(&path)?);
                }
            }
            Model::open(self.folder.path())?.dimensions()
        };
        Ok(Record::new(&self.name, dimensions, source, files))
    }
}

/// Lets others read the model: a temporary folder is its owner's alone.
#[cfg(unix)]
fn make_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
