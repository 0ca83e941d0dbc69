//! Reading examples from files of other shapes into a dataset.

mod convert;
mod csv;
mod jsonl;
mod mapping;
mod single_json;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use evalward_core::Partition;
use serde::Serialize;

pub use mapping::FieldMapping;

use self::convert::Converter;
use self::target::Target;
use crate::DatasetError;

/// The form of a file to import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportFormat {
    /// One JSON object: `{"name", "task_type", "examples": [...]}`.
    Json,
    /// A table with a header; `input.<field>` columns make the input.
    Csv,
    /// One JSON object a line, an example with its `partition` or anything else with mappings.
    Jsonl,
}

/// How to name examples that come without an id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GeneratedIds {
    /// `<partition>-<n>`, counting from 1 and leaving out what is taken.
    #[default]
    Number,
    /// `<partition>-<hash of input and right answers>`, the same whenever the same file is read.
    Hash,
}

/// What to do with an example whose id the dataset has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExistingIds {
    /// Nothing is imported.
    #[default]
    Refuse,
    /// The example is left out and counted.
    Skip,
}

/// How to import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// The form of the file; by default its extension tells.
    pub format: Option<ImportFormat>,
    /// Which field of the file goes where; not for the single JSON form.
    pub mappings: Vec<FieldMapping>,
    /// The partition of every example, whatever the file says.
    pub partition: Option<Partition>,
    /// How to name examples without an id.
    pub generated_ids: GeneratedIds,
    /// What to do with ids that the dataset has.
    pub existing_ids: ExistingIds,
    /// The name of a new dataset; by default the file's, or else the folder's.
    pub name: Option<String>,
    /// The task type of a new dataset; by default the file's, or else `general`.
    pub task_type: Option<String>,
    /// The owners of a new dataset.
    pub owners: Vec<String>,
}

/// What was imported.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Whether the dataset is new.
    pub created: bool,
    /// The number of examples added to each partition.
    pub added: BTreeMap<Partition, u64>,
    /// The number of examples of each partition that were left out, as the dataset has their ids.
    pub skipped: BTreeMap<Partition, u64>,
    /// The fields of the file that no mapping reads.
    pub ignored: BTreeSet<String>,
}

impl ImportReport {
    /// Returns how many examples were added.
    pub fn total_added(&self) -> u64 {
        self.added.values().sum()
    }
}

/// What a file says about itself.
#[derive(Debug, Default)]
struct Heading {
    name: Option<String>,
    task_type: Option<String>,
}

/// Reads a file of another shape into a dataset's folder, which is made if it is not there.
///
/// An existing dataset keeps its lines and gets the new ones behind them. Every partition file is written beside its place and
/// moved there at the end, so a problem on the last line leaves everything as it was.
///
/// # Errors
/// [`DatasetError::Malformed`] naming file, line and field; [`DatasetError::TakenId`]; [`DatasetError::Mapping`] for a mapping
/// that matches nothing.
pub fn import(
    source: &Path,
    folder: &Path,
    options: &ImportOptions,
) -> Result<ImportReport, DatasetError> {
    let format = options.format.or_else(|| format_of(source));
    let format = format.ok_or_else(|| DatasetError::UnknownFormat { path: source.to_owned() })?;
    let mut target = Target::open(folder, options.existing_ids)?;
    let mut converter = Converter::new(options);
    let mut ignored = BTreeSet::new();
    let mut heading = Heading::default();
    let mut add = |raw| converter.convert(raw, &target).and_then(|example| target.add(example));
    match format {
        ImportFormat::Json if !options.mappings.is_empty() => {
            let mapping = options.mappings.first().map(ToString::to_string).unwrap_or_default();
            let problem = "the single JSON form has fixed fields".to_owned();
            return Err(DatasetError::Mapping { mapping, problem });
        }
        ImportFormat::Json => heading = single_json::read(source, &mut add)?,
        ImportFormat::Csv => csv::read(source, &options.mappings, &mut ignored, &mut add)?,
        ImportFormat::Jsonl => jsonl::read(source, &options.mappings, &mut ignored, &mut add)?,
    }
    let mut report = target.commit(source, heading, options)?;
    report.ignored = ignored;
    Ok(report)
}

fn format_of(path: &Path) -> Option<ImportFormat> {
    use crate::ExportFormat;
    Some(match ExportFormat::from_path(path)? {
        ExportFormat::Json => ImportFormat::Json,
        ExportFormat::Csv => ImportFormat::Csv,
        ExportFormat::Jsonl => ImportFormat::Jsonl,
    })
}
