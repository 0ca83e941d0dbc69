//! The answers of a stored run in place of a subject.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evalward_config::BuiltSubject;
use evalward_core::{Clock, Digest, Example, ExampleId, RunManifest};
use evalward_dataset::Dataset;
use evalward_pipeline::Filter;
use evalward_runs::StoredRun;
use evalward_subject::RecordedSubject;
use serde_json::json;

use crate::error::CliError;

/// The answers of a stored run, and what they answered.
#[derive(Debug)]
pub(crate) struct StoredAnswers {
    pub(crate) manifest: RunManifest,
    subject: Arc<RecordedSubject>,
    examples: BTreeMap<ExampleId, Answered>,
}

/// What an example was when it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Answered {
    input: Digest,
    content: Digest,
}

impl StoredAnswers {
    /// Reads a run once; sixty-four bytes an example and its id stay in memory.
    pub(crate) fn read(stored: &StoredRun) -> Result<Self, CliError> {
        let manifest = stored.manifest().clone();
        if !stored.is_complete() {
            let error =
                format!("run `{}` was cut short, so it has no answers yet", manifest.run_id);
            return Err(CliError::input(error).with_hint("run its suite again"));
        }
        let mut examples = BTreeMap::new();
        for trial in stored.trials()? {
            let trial = trial?;
            let input = Digest::of_json(&json!(trial.input));
            examples.insert(trial.example_id, Answered { input, content: trial.example_hash });
        }
        let subject = RecordedSubject::open(stored.folder().join("results.jsonl"))
            .map_err(CliError::input)?;
        Ok(Self { manifest, subject: Arc::new(subject), examples })
    }

    /// Returns the stored answers as a subject, under the name of the one that gave them.
    pub(crate) fn subject(&self, clock: Arc<dyn Clock>) -> BuiltSubject {
        let (subject, stamp) = (Arc::clone(&self.subject), self.manifest.subject.clone());
        BuiltSubject { subject, stamp, clock }
    }

    /// Chooses the examples of the dataset whose input is the one that was answered, and says what is left out.
    pub(crate) fn filter(&self, dataset: &Dataset) -> Result<(Filter, Vec<String>), CliError> {
        let name = &dataset.manifest().name;
        if *name != self.manifest.dataset.name {
            let error = format!(
                "the suite is about dataset `{name}`, and the answers are of dataset `{}`",
                self.manifest.dataset.name
            );
            return Err(
                CliError::input(error).with_hint("name a suite of that dataset by `--suite`")
            );
        }
        let mut filter = Filter {
            selection: self.manifest.selection.clone(),
            failed_before: self.examples.keys().cloned().collect(),
            only: None,
        };
        let mut only = BTreeSet::new();
        let (mut added, mut changed) = (0_usize, 0_usize);
        for example in dataset.all_examples() {
            let example = example.map_err(CliError::input)?.value;
            match self.examples.get(&example.id) {
                None => added += usize::from(filter.wants(&example)),
                Some(answered) if answered.input == input_of(&example) => {
                    changed += usize::from(answered.content != example.content_hash());
                    only.insert(example.id);
                }
                Some(_) => {}
            }
        }
        if only.is_empty() {
            let error = "the dataset has no example with the input that the run answered";
            return Err(CliError::input(error)
                .with_hint("name the suite of the run's dataset by `--suite`, or run the suite"));
        }
        let lost = self.examples.len() - only.len();
        filter.only = Some(only);
        let mut warnings = Vec::new();
        let mut warn = |count: usize, what: &str| {
            if count > 0 {
                let examples =
                    if count == 1 { "1 example".to_owned() } else { format!("{count} examples") };
                warnings.push(format!("{examples} {what}"));
            }
        };
        warn(
            lost,
            "of the run left out: the dataset no longer has the same input under the same id",
        );
        warn(added, "of the dataset left out: the run did not answer it");
        warn(
            changed,
            "scored as the dataset has it now: something beside the input has changed since the run",
        );
        Ok((filter, warnings))
    }
}

fn input_of(example: &Example) -> Digest {
    Digest::of_json(&json!(example.input))
}
