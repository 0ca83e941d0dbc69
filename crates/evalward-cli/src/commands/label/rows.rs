//! The texts of the answers that were drawn.

use std::collections::BTreeMap;

use evalward_config::Suite;
use evalward_core::{Example, ExampleId, Finite, Reply, RunManifest, Trial};
use evalward_dataset::Dataset;
use evalward_gate::labelling::{DrawnAnswer, LabelCandidate};
use evalward_judge::Material;
use evalward_report::sheet::{Sheet, SheetAnswer, SheetText};
use evalward_runs::StoredRun;

use crate::error::CliError;

/// An answer that was drawn, with its texts.
pub(super) struct Row {
    id: ExampleId,
    trial: u32,
    pub(super) text: SheetText,
    pub(super) judge_version: Option<String>,
}

impl Row {
    /// Returns what the file for those who do not rate says of it, and names it for those who do.
    pub(super) fn answer(
        &self,
        seed: u64,
        manifest: &RunManifest,
        drawn: &DrawnAnswer,
    ) -> SheetAnswer {
        SheetAnswer {
            code: Sheet::code(seed, &manifest.run_id, &self.id, self.trial),
            id: self.id.clone(),
            trial: self.trial,
            stratum: drawn.stratum,
            probability: Finite::new(drawn.probability).unwrap_or(Finite::ONE),
            output: self.text.output.clone(),
        }
    }
}

/// Reads the texts of answers, in the order in which they are given.
pub(super) fn read(
    stored: &StoredRun,
    suite: &Suite,
    metric: &str,
    drawn: &[(LabelCandidate, f64)],
) -> Result<Vec<Row>, CliError> {
    let mut trials = BTreeMap::new();
    for trial in stored.trials()? {
        let trial = trial?;
        let is_drawn =
            |it: &(LabelCandidate, f64)| it.0.trial == trial.trial && it.0.id == trial.example_id;
        if drawn.iter().any(is_drawn) {
            trials.insert((trial.example_id.clone(), trial.trial), trial);
        }
    }
    let examples = examples(suite, &trials)?;
    let mut rows = Vec::new();
    for (candidate, _) in drawn {
        let key = (candidate.id.clone(), candidate.trial);
        let Some(trial) = trials.get(&key) else { continue };
        let example = examples.get(&candidate.id).ok_or_else(|| gone(stored, &candidate.id))?;
        if example.content_hash() != trial.example_hash {
            let id = &candidate.id;
            let text =
                format!("example `{id}` has changed since run `{}`", stored.manifest().run_id);
            return Err(CliError::input(text).with_hint("run the suite again, and label that run"));
        }
        rows.push(row(example, trial, metric));
    }
    Ok(rows)
}

fn row(example: &Example, trial: &Trial, metric: &str) -> Row {
    let reply = Reply::from(trial.response.clone().unwrap_or_default());
    let material = Material::of(example, &reply);
    let score = trial.scores.get(metric).and_then(|it| it.score());
    let version = score.and_then(|score| score.detail.as_ref()?["version"].as_str());
    Row {
        id: trial.example_id.clone(),
        trial: trial.trial,
        judge_version: version.map(str::to_owned),
        text: SheetText {
            code: String::new(),
            input: material.input.unwrap_or_default(),
            context: material.context,
            reference: material.reference,
            output: material.answer,
        },
    }
}

/// Reads the examples, for what rows do not keep: their documents.
fn examples(
    suite: &Suite,
    trials: &BTreeMap<(ExampleId, u32), Trial>,
) -> Result<BTreeMap<ExampleId, Example>, CliError> {
    let dataset = Dataset::open(&suite.dataset).map_err(|error| {
        let hint = error.hint();
        CliError::input(error).with_hint_if(hint)
    })?;
    let mut found = BTreeMap::new();
    for example in dataset.all_examples() {
        let mut example = example.map_err(CliError::input)?;
        if trials.keys().any(|(id, _)| *id == example.value.id) {
            dataset.resolve_context(&mut example).map_err(CliError::input)?;
            found.insert(example.value.id.clone(), example.value);
        }
    }
    Ok(found)
}

fn gone(stored: &StoredRun, id: &ExampleId) -> CliError {
    let run = &stored.manifest().run_id;
    let text = format!("the dataset no longer has example `{id}` of run `{run}`");
    CliError::input(text).with_hint("run the suite again, and label that run")
}
