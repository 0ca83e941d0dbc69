//! The dataset that is imported into: everything is written beside its place and moved there at the end.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use evalward_core::{Example, ExampleId, Partition};

use super::{ExistingIds, Heading, ImportOptions, ImportReport};
use crate::fingerprint::{Fingerprint, fingerprint};
use crate::manifest::FILE_NAME;
use crate::write::Replacement;
use crate::{Dataset, DatasetError, DatasetManifest, Located, ReviewPolicy};

/// The dataset that is imported into.
pub(super) struct Target {
    folder: PathBuf,
    /// The dataset, if the folder is one already.
    present: Option<Dataset>,
    existing_ids: ExistingIds,
    /// Only asked for members, so its order never shows.
    ids: HashSet<Fingerprint>,
    files: BTreeMap<Partition, Replacement>,
    /// The ids of the file itself, which may not occur twice even where existing ones are skipped.
    imported: HashSet<Fingerprint>,
    report: ImportReport,
    /// The folder to take away again unless the import succeeds; last, so that the new files are dropped before it.
    made_folder: Option<MadeFolder>,
}

/// A new folder that is removed on drop, if it is still empty.
struct MadeFolder(PathBuf);

impl Drop for MadeFolder {
    fn drop(&mut self) {
        // A folder that is not empty is one that the import succeeded in, or that someone else uses.
        drop(fs::remove_dir(&self.0));
    }
}

impl Target {
    pub(super) fn open(folder: &Path, existing_ids: ExistingIds) -> Result<Self, DatasetError> {
        let mut made_folder = None;
        if !folder.exists() {
            fs::create_dir_all(folder).map_err(DatasetError::io("create", folder))?;
            made_folder = Some(MadeFolder(folder.to_owned()));
        }
        let is_dataset = folder.join(FILE_NAME).exists();
        let present = is_dataset.then(|| Dataset::open(folder)).transpose()?;
        let mut ids = HashSet::new();
        for example in present.iter().flat_map(Dataset::all_examples) {
            ids.insert(fingerprint(example?.value.id.as_str()));
        }
        Ok(Self {
            folder: folder.to_owned(),
            present,
            made_folder,
            existing_ids,
            ids,
            files: BTreeMap::new(),
            imported: HashSet::new(),
            report: ImportReport { created: !is_dataset, ..ImportReport::default() },
        })
    }

    pub(super) fn has(&self, id: &ExampleId) -> bool {
        let id = fingerprint(id.as_str());
        self.ids.contains(&id) || self.imported.contains(&id)
    }

    pub(super) fn add(&mut self, example: Located<Example>) -> Result<(), DatasetError> {
        let id = fingerprint(example.value.id.as_str());
        let partition = example.value.partition;
        if !self.imported.insert(id) {
            let problem = format!("id `{}` occurs twice in the file", example.value.id);
            return Err(DatasetError::malformed(example.place(), problem));
        }
        if self.ids.contains(&id) {
            if self.existing_ids == ExistingIds::Refuse {
                let place = example.place();
                return Err(DatasetError::TakenId { place, id: example.value.id });
            }
            *self.report.skipped.entry(partition).or_default() += 1;
            return Ok(());
        }
        let line = example.value.to_line();
        self.file(partition)?.write_line(&line)?;
        *self.report.added.entry(partition).or_default() += 1;
        Ok(())
    }

    /// Returns the new content of a partition file, which starts with the lines that are there.
    fn file(&mut self, partition: Partition) -> Result<&mut Replacement, DatasetError> {
        use std::collections::btree_map::Entry;
        match self.files.entry(partition) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let path = self.folder.join(partition.file_name());
                if self.present.is_none() && path.exists() {
                    let error = std::io::ErrorKind::AlreadyExists.into();
                    return Err(DatasetError::io("create", path)(error));
                }
                let mut file = Replacement::of(&path)?;
                for example in self.present.iter().flat_map(|present| present.examples(partition)) {
                    file.write_line(&example?.value.to_line())?;
                }
                Ok(entry.insert(file))
            }
        }
    }

    /// Puts everything in its place; `dataset.toml` comes last, as it is what makes a folder a dataset.
    pub(super) fn commit(
        self,
        source: &Path,
        heading: Heading,
        options: &ImportOptions,
    ) -> Result<ImportReport, DatasetError> {
        if self.report.total_added() == 0 && self.report.skipped.is_empty() {
            let place = crate::Place::new(source, 1, 1);
            return Err(DatasetError::malformed(place, "the file has no example"));
        }
        let task_type = options.task_type.clone().or(heading.task_type);
        let manifest = if let Some(present) = &self.present {
            let expected = &present.manifest().task_type;
            if let Some(found) = task_type.filter(|found| found != expected) {
                let (path, expected) = (source.to_owned(), expected.clone());
                return Err(DatasetError::TaskType { path, found, expected });
            }
            None
        } else {
            let name = options.name.clone().or(heading.name);
            Some(new_manifest(&self.folder, name, task_type, &options.owners)?)
        };
        self.files.into_values().try_for_each(Replacement::commit)?;
        manifest.map_or(Ok(()), Replacement::commit)?;
        drop(self.made_folder);
        Ok(self.report)
    }
}

fn new_manifest(
    folder: &Path,
    name: Option<String>,
    task_type: Option<String>,
    owners: &[String],
) -> Result<Replacement, DatasetError> {
    let folder_name = || folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let manifest = DatasetManifest {
        name: name.or_else(folder_name).unwrap_or_else(|| "dataset".to_owned()),
        task_type: task_type.unwrap_or_else(|| "general".to_owned()),
        description: None,
        owners: owners.to_vec(),
        documents_root: None,
        review: ReviewPolicy::default(),
    };
    let mut file = Replacement::of(&folder.join(FILE_NAME))?;
    file.write(|file| file.write_all(manifest.to_toml().as_bytes()))?;
    Ok(file)
}
