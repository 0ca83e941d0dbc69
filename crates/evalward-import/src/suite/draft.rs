//! What the files of a suite are made from.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;

use evalward_core::{Example, Partition};
use evalward_dataset::DatasetManifest;
use serde_json::{Map, Value};

use super::toml_text::{SuiteText, suite_text};
use crate::{Remark, Translation};

/// A subject: its kind and the keys of its table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SubjectDraft {
    pub(crate) kind: &'static str,
    pub(crate) keys: Map<String, Value>,
}

/// A column of results: the suite itself, or a variant of it.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) subject: SubjectDraft,
}

/// A metric: its id, its kind and the keys of its table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MetricDraft {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) keys: Map<String, Value>,
}

/// A suite with its dataset.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) partition: Partition,
    /// The suite's subject first, then its variants'.
    pub(crate) columns: Vec<Column>,
    pub(crate) metrics: Vec<MetricDraft>,
    pub(crate) examples: Vec<Example>,
    pub(crate) concurrency: Option<NonZeroU32>,
    pub(crate) repeats: Option<NonZeroU32>,
    /// Prompts, answers and whatever else the suite names.
    pub(crate) files: BTreeMap<PathBuf, String>,
}

impl Draft {
    /// Writes the files.
    pub(crate) fn finish(self, remarks: Vec<Remark>) -> Translation {
        let suite = suite_text(&SuiteText {
            name: &self.name,
            partition: self.partition,
            columns: &self.columns,
            metrics: &self.metrics,
            concurrency: self.concurrency,
            repeats: self.repeats,
        });
        let manifest = DatasetManifest {
            name: self.name.clone(),
            task_type: "general".to_owned(),
            description: self.description,
            owners: Vec::new(),
            documents_root: None,
            review: evalward_dataset::ReviewPolicy::default(),
        };
        let lines = self.examples.iter().map(|example| example.to_line() + "\n").collect();
        let mut files = self.files;
        files.insert(PathBuf::from("evalward.toml"), suite);
        let dataset = PathBuf::from("dataset");
        files.insert(dataset.join("dataset.toml"), manifest_text(&manifest));
        files.insert(dataset.join(self.partition.file_name()), lines);
        Translation {
            name: self.name,
            files,
            examples: self.examples.len(),
            checked: self.examples.iter().filter(|example| example.checks.is_some()).count(),
            metrics: self.metrics.into_iter().map(|metric| metric.id).collect(),
            variants: self.columns.into_iter().skip(1).map(|column| column.name).collect(),
            remarks,
        }
    }
}

fn manifest_text(manifest: &DatasetManifest) -> String {
    toml::to_string(manifest).expect("a manifest has only strings, lists and numbers")
}
