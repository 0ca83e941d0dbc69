//! A dataset's folder, opened for reading.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use evalward_core::{Digest, Example, Partition};

use crate::documents::Documents;
use crate::lines::Records;
use crate::manifest::FILE_NAME;
use crate::{DatasetError, DatasetManifest, Place};

/// A folder of examples with one task type; the examples stay on disk.
#[derive(Debug)]
pub struct Dataset {
    folder: PathBuf,
    /// What stands for the folder in messages: the folder itself, or `REV:folder` for a revision.
    shown: PathBuf,
    manifest: DatasetManifest,
    pub(crate) documents: Documents,
}

/// A value with the line that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The file.
    pub path: Arc<Path>,
    /// The line, from 1.
    pub line: u64,
}

impl<T> Located<T> {
    /// Returns the place where the line starts.
    pub fn place(&self) -> Place {
        Place::new(&*self.path, self.line, 1)
    }
}

impl Dataset {
    /// Reads `dataset.toml`; partition files are read when their examples are asked for.
    ///
    /// # Errors
    /// [`DatasetError::NotADataset`] without that file, [`DatasetError::Malformed`] with the place of what is wrong in it.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, DatasetError> {
        Self::open_shown(folder.as_ref(), folder.as_ref())
    }

    pub(crate) fn open_shown(folder: &Path, shown: &Path) -> Result<Self, DatasetError> {
        let manifest = DatasetManifest::read(folder, &shown.join(FILE_NAME))?;
        Ok(Self::from_parts(folder, shown, manifest))
    }

    pub(crate) fn from_parts(folder: &Path, shown: &Path, manifest: DatasetManifest) -> Self {
        let root = manifest
            .documents_root
            .as_deref()
            .map_or_else(|| folder.to_owned(), |root| folder.join(root));
        Self {
            folder: folder.to_owned(),
            shown: shown.to_owned(),
            documents: Documents::below(root),
            manifest,
        }
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the content of `dataset.toml`.
    pub const fn manifest(&self) -> &DatasetManifest {
        &self.manifest
    }

    /// Returns the path of a file of the dataset.
    pub(crate) fn path(&self, file_name: &str) -> PathBuf {
        self.folder.join(file_name)
    }

    /// Returns what stands for a file of the dataset in messages.
    pub(crate) fn shown(&self, file_name: &str) -> PathBuf {
        self.shown.join(file_name)
    }

    /// Iterates over the examples of a partition in file order, holding one line in memory.
    ///
    /// A line that cannot be read is an error, after which the iterator goes on with the next line. A partition without a
    /// file has no examples.
    pub fn examples(&self, partition: Partition) -> Examples {
        Examples { partition, records: self.records(&partition.file_name()).transpose() }
    }

    /// Iterates over the examples of all partitions in canonical order.
    pub fn all_examples(&self) -> impl Iterator<Item = Result<Located<Example>, DatasetError>> {
        Partition::ALL.into_iter().flat_map(|partition| self.examples(partition))
    }

    /// Opens a file of JSON lines, if it exists.
    pub(crate) fn records<T: serde::de::DeserializeOwned>(
        &self,
        file_name: &str,
    ) -> Result<Option<Records<T>>, DatasetError> {
        let path = self.path(file_name);
        let shown = self.shown(file_name);
        match path.try_exists() {
            Ok(true) => Records::open(&path, shown.into()).map(Some),
            Ok(false) => Ok(None),
            Err(error) => Err(DatasetError::io("open", shown)(error)),
        }
    }

    /// Returns the hash over the content of every example, in partition order and then file order.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn hash(&self) -> Result<Digest, DatasetError> {
        let mut failure = None;
        let hash = Digest::chain(self.all_examples().map_while(|example| match example {
            Ok(example) => Some(example.value.content_hash()),
            Err(error) => {
                failure = Some(error);
                None
            }
        }));
        failure.map_or(Ok(hash), Err)
    }

    /// Fills in the text of the documents that name a file by `ref`; a text that is already there stays.
    ///
    /// Texts are cached, so a document that many examples share is read once.
    ///
    /// # Errors
    /// [`DatasetError::Reference`] naming example, file and line, for a path that leads out of the documents' root or a file
    /// that cannot be read.
    pub fn resolve_context(&self, example: &mut Located<Example>) -> Result<(), DatasetError> {
        let place = example.place();
        let id = &example.value.id;
        for document in &mut example.value.context {
            let Some(reference) = &document.reference else { continue };
            if document.text.is_some() {
                continue;
            }
            let text = self.documents.text(reference).map_err(|source| {
                let (place, example) = (place.clone(), id.clone());
                DatasetError::Reference { place, example, reference: reference.clone(), source }
            })?;
            document.text = Some(text.to_string());
        }
        Ok(())
    }
}

/// The examples of one partition; made by [`Dataset::examples`].
pub struct Examples {
    partition: Partition,
    records: Option<Result<Records<Example>, DatasetError>>,
}

impl std::fmt::Debug for Examples {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Examples")
            .field("partition", &self.partition)
            .finish_non_exhaustive()
    }
}

impl Examples {
    pub(crate) fn lines(&self) -> Option<&crate::lines::Lines> {
        self.records.as_ref()?.as_ref().ok().map(|records| &records.lines)
    }
}

impl Iterator for Examples {
    type Item = Result<Located<Example>, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Ok(records) = self.records.as_mut()? else {
            return self.records.take().and_then(Result::err).map(Err);
        };
        let example = records.advance()?;
        Some(example.map(|mut value| {
            value.partition = self.partition;
            Located { value, path: Arc::clone(records.lines.path()), line: records.lines.number() }
        }))
    }
}
