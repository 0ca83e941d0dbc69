//! Datasets: folders of examples that are read, checked, compared, imported and written as streams.
//!
//! A dataset is a folder with a `dataset.toml`, one file of JSON lines for each partition, and `reviews.jsonl`. The examples
//! stay on disk: whatever this crate does with them, it holds one line, and at most sixteen bytes for each id. It knows the
//! words of `evalward-core` and nothing of suites, subjects or runs. Start at [`Dataset::open`].
//!
//! ```
//! use evalward_core::Partition;
//! use evalward_dataset::{CheckOptions, Dataset, check};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! std::fs::write(folder.join("dataset.toml"), "name = \"support\"\ntask_type = \"support\"\n")?;
//! std::fs::write(folder.join("adversarial.jsonl"), "{\"id\":\"a-1\",\"input\":{\"question\":\"?\"}}\n")?;
//!
//! let dataset = Dataset::open(folder)?;
//! let report = check(&dataset, &CheckOptions::default(), &mut |example| assert_eq!(example.line, 1))?;
//! assert_eq!(report.counts[&Partition::Adversarial], 1);
//! assert_eq!(report.hash, Some(dataset.hash()?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod add;
mod against;
mod approve;
mod check;
mod contamination;
mod dataset;
mod diff;
mod documents;
mod error;
mod export;
mod finding;
mod fingerprint;
mod fix;
mod gates;
mod generate;
mod import;
mod json;
mod labels;
mod lines;
mod manifest;
mod near;
mod reviews;
mod revision;
mod stats;
mod suggest;
mod write;

pub use add::{Addition, AdditionReport, add};
pub use against::check_against;
pub use approve::{Approval, ApprovalReport, ApprovalSubject, approve};
pub use check::{CheckOptions, check};
pub use contamination::{
    Contamination, ContaminationOptions, TextFile, TextFileKind, check_contamination,
};
pub use dataset::{Dataset, Examples, Located};
pub use diff::{ChangedExample, DatasetDiff, DiffEntry, MovedExample, diff, diff_against};
pub use error::{DatasetError, Place, ReferenceError};
pub use export::{ExportFormat, export, export_file};
pub use finding::{CheckReport, Finding, FindingCode, Severity};
pub use fix::{FixOptions, FixReport, fix};
pub use gates::{SuiteChange, check_gates};
pub use generate::{
    AdversarialRecipe, CaseStyle, DropReason, DroppedParaphrase, FactCheck, FamilyRecipe,
    GenerateOptions, Generated, ModelTable, ParaphraseAnswer, ParaphraseError, ParaphraseRecipe,
    ParaphraseTask, Paraphrases, Perturbation, PerturbationRecipe, Recipe, RecipeProblem,
    SlotRecipe, TemplateRecipe, generate, keep_paraphrases, plan_paraphrases,
};
pub use import::{
    ExistingIds, FieldMapping, GeneratedIds, ImportFormat, ImportOptions, ImportReport, import,
};
pub use labels::{
    AnswerLabel, LabelValue, LabelledClaim, LabelledText, RatedAnswer, RaterLabel, rated_answers,
    read_labels,
};
pub use manifest::{DatasetManifest, ReviewPolicy};
pub use near::{
    InvalidSimilarity, NearDuplicates, NearOptions, Similarity, check_near_duplicates, similarity,
};
pub use reviews::{ReviewAction, ReviewRecord, suite_approvers};
pub use revision::BaseRevision;
pub use stats::{DatasetStats, LengthQuantiles, PartitionStats, stats};
pub use suggest::nearest;
