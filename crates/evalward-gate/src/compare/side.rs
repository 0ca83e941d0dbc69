//! One side of a comparison.

use std::collections::BTreeMap;

use evalward_core::{MetricStamp, NoWorseThan, Partition, RunManifest, Selection};

use super::ComparedRun;
use crate::RunScores;

/// One side of a comparison: the scores of a run with what is needed to know whether they can be compared.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedScores {
    /// The run.
    pub run: ComparedRun,
    /// The name of its dataset.
    pub dataset: String,
    /// Its metrics by their ids in the suite.
    pub stamps: BTreeMap<String, MetricStamp>,
    /// The bars that its suite's gates set, by partition; their margins are those of comparisons too.
    pub bars: BTreeMap<Partition, NoWorseThan>,
    /// Which examples were asked for.
    pub selection: Selection,
    /// The examples that were selected and have no row, or whose row says that the run never came to them.
    pub missing: u64,
    /// The scores.
    pub scores: RunScores,
}

impl ComparedScores {
    /// Joins the scores of a run with its manifest.
    pub fn new(manifest: &RunManifest, scores: RunScores) -> Self {
        let mut found: BTreeMap<Partition, u64> = BTreeMap::new();
        for example in scores.examples.values() {
            *found.entry(example.partition).or_default() += 1;
        }
        let absent: u64 = manifest
            .dataset
            .selected
            .iter()
            .map(|(partition, selected)| {
                selected.saturating_sub(found.get(partition).copied().unwrap_or(0))
            })
            .sum();
        Self {
            run: ComparedRun::from(manifest),
            dataset: manifest.dataset.name.clone(),
            stamps: manifest.metrics.clone(),
            bars: manifest
                .gates
                .iter()
                .filter_map(|(partition, gate)| Some((*partition, gate.no_worse_than.clone()?)))
                .collect(),
            selection: manifest.selection.clone(),
            missing: absent + scores.unfinished,
            scores,
        }
    }
}

impl From<&RunManifest> for ComparedRun {
    fn from(manifest: &RunManifest) -> Self {
        Self {
            run_id: manifest.run_id.clone(),
            suite: manifest.suite.name.clone(),
            subject: format!("{} {}", manifest.subject.kind, manifest.subject.name),
            prompt_version: manifest.subject.prompt_version.clone(),
            started_at: manifest.started_at,
        }
    }
}
