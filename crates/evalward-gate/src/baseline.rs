//! The bar that an earlier run set: a file that can be committed.

use std::collections::BTreeMap;
use std::fmt;

use evalward_core::{
    Digest, ExampleId, GatePolicy, MetricStamp, Partition, RunId, RunManifest, Selection,
    SubjectStamp, Timestamp,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::compare::{ComparedRun, ComparedScores};
use crate::numbers::{count, ratio};
use crate::{ExampleScores, RunScores};

/// The scores of a run that later runs of its suite must not fall behind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The version of this format.
    pub format: u32,
    /// The suite.
    pub suite: String,
    /// The run.
    pub run_id: RunId,
    /// When the run started.
    pub started_at: Timestamp,
    /// When the baseline was set.
    pub created_at: Timestamp,
    /// Whether all gates of the run held; `false` only of a first one that was set while a gate waited for a baseline.
    pub gates_held: bool,
    /// The subject.
    pub subject: SubjectStamp,
    /// The name of the dataset.
    pub dataset: String,
    /// The hash of the dataset.
    pub dataset_hash: Digest,
    /// The number of trials of each example.
    pub repeats: std::num::NonZeroU32,
    /// The metrics with their versions, by their ids in the suite.
    pub metrics: BTreeMap<String, MetricStamp>,
    /// The scores by example.
    pub scores: RunScores,
}

/// Why a file is no baseline.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// The text cannot be read.
    #[error("the file is no baseline")]
    Malformed(#[source] serde_json::Error),
    /// The file has another format.
    #[error(
        "the baseline has format {found}; this version of evalward reads format {}",
        Baseline::FORMAT
    )]
    Format {
        /// The format found.
        found: u32,
    },
    /// What the file says of an example cannot be.
    #[error("the baseline contradicts itself: example `{example}` {what}")]
    Contradiction {
        /// The example.
        example: ExampleId,
        /// What is wrong.
        what: String,
    },
}

/// Why a run cannot be compared with a baseline.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineMismatch {
    /// The baseline is of another suite.
    #[error("it is of suite `{baseline}`, not `{suite}`")]
    Suite {
        /// The baseline's suite.
        baseline: String,
        /// The suite that names it.
        suite: String,
    },
    /// Metrics changed since.
    #[error("its scores mean something else: {}", changes.join(", "))]
    Metrics {
        /// What changed, by metric.
        changes: Vec<String>,
        /// The baseline's run.
        run: RunId,
    },
    /// The baseline knows nothing of the partition.
    #[error("it has no example of partition `{partition}`")]
    Empty {
        /// The partition.
        partition: Partition,
    },
    /// Too few examples are the same.
    #[error(
        "only {paired} of {of} examples of partition `{partition}` are in it with the same content, fewer than 80 %"
    )]
    Overlap {
        /// The partition.
        partition: Partition,
        /// The number of examples with the same id and content.
        paired: u64,
        /// The number of examples on the smaller side.
        of: u64,
    },
}

impl BaselineMismatch {
    /// Returns the way out.
    pub fn hint(&self) -> String {
        let text = match self {
            Self::Suite { .. } => "name a file of this suite in `no_worse_than.baseline`",
            Self::Metrics { run, .. } => {
                return format!(
                    "move the file away, score the baseline's answers as they are measured today, and make that run the baseline: `evalward rescore {run}`, then `evalward baseline set latest --initial`"
                );
            }
            Self::Empty { .. } | Self::Overlap { .. } => {
                "move the file away, run the suite with the baseline's subject as it is measured today, and make that run the baseline: `evalward baseline set latest --initial`"
            }
        };
        text.to_owned()
    }
}

impl Baseline {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
    /// The share of the smaller side's examples that must be paired; below, it is another dataset that is compared.
    pub const MIN_OVERLAP: f64 = 0.8;

    /// Makes the baseline of a run.
    pub fn new(
        manifest: &RunManifest,
        scores: RunScores,
        gates_held: bool,
        created_at: Timestamp,
    ) -> Self {
        Self {
            format: Self::FORMAT,
            suite: manifest.suite.name.clone(),
            run_id: manifest.run_id.clone(),
            started_at: manifest.started_at,
            created_at,
            gates_held,
            subject: manifest.subject.clone(),
            dataset: manifest.dataset.name.clone(),
            dataset_hash: manifest.dataset.hash,
            repeats: manifest.repeats,
            metrics: manifest.metrics.clone(),
            scores,
        }
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`BaselineError`] where the text is no baseline, one of another format, or one with scores that no run has.
    pub fn from_text(text: &str) -> Result<Self, BaselineError> {
        #[derive(Deserialize)]
        struct Versioned {
            format: u32,
        }
        let Versioned { format: found } =
            serde_json::from_str(text).map_err(BaselineError::Malformed)?;
        if found != Self::FORMAT {
            return Err(BaselineError::Format { found });
        }
        let baseline: Self = serde_json::from_str(text).map_err(BaselineError::Malformed)?;
        for (example, scores) in &baseline.scores.examples {
            if let Some(what) = scores.contradiction(&baseline.scores.scales) {
                return Err(BaselineError::Contradiction { example: example.clone(), what });
            }
        }
        Ok(baseline)
    }

    /// Writes the text of a file: JSON with one line for each example, in the order of their ids, so that a diff shows which
    /// examples changed. Reading and writing changes no byte.
    pub fn to_text(&self) -> String {
        let mut head = self.clone();
        let examples = std::mem::take(&mut head.scores.examples);
        let head = serde_json::to_string_pretty(&head).expect("a baseline has only string keys");
        let lines: Vec<String> = examples.iter().map(line).collect();
        let empty = "\"examples\": {}";
        match head.rsplit_once(empty).filter(|_| !lines.is_empty()) {
            Some((before, after)) => {
                format!("{before}\"examples\": {{\n{}\n    }}{after}\n", lines.join(",\n"))
            }
            None => head + "\n",
        }
    }

    /// Returns the number of examples of a partition.
    pub fn count(&self, partition: Partition) -> u64 {
        count(self.scores.examples.values().filter(|it| it.partition == partition).count())
    }

    /// Returns why a run of this suite could not be compared in the partition, before anything is called.
    pub fn mismatch(
        &self,
        manifest: &RunManifest,
        partition: Partition,
        policy: &GatePolicy,
        hashes: &BTreeMap<ExampleId, Digest>,
    ) -> Option<BaselineMismatch> {
        let bar = policy.no_worse_than.as_ref()?;
        if self.suite != manifest.suite.name {
            let (baseline, suite) = (self.suite.clone(), manifest.suite.name.clone());
            return Some(BaselineMismatch::Suite { baseline, suite });
        }
        let changes = self.changed_metrics(&manifest.metrics, bar.metric.as_deref());
        if !changes.is_empty() {
            return Some(BaselineMismatch::Metrics { changes, run: self.run_id.clone() });
        }
        let same = |(id, hash): (&ExampleId, &Digest)| {
            self.scores
                .examples
                .get(id)
                .is_some_and(|it| it.hash == *hash && it.partition == partition)
        };
        if self.count(partition) == 0 {
            return Some(BaselineMismatch::Empty { partition });
        }
        let paired = count(hashes.iter().filter(|it| same(*it)).count());
        let of = self.count(partition).min(count(hashes.len()));
        (of == 0 || ratio(paired, of) < Self::MIN_OVERLAP).then_some(BaselineMismatch::Overlap {
            partition,
            paired,
            of,
        })
    }

    /// Says how the metrics differ that a comparison rests on: one, or all that decide whether an example passes.
    fn changed_metrics(
        &self,
        now: &BTreeMap<String, MetricStamp>,
        only: Option<&str>,
    ) -> Vec<String> {
        let matters = |id: &str, stamp: Option<&MetricStamp>| match only {
            Some(metric) => id == metric,
            None => stamp.is_some_and(|stamp| stamp.gating),
        };
        let mut changes = Vec::new();
        for (id, stamp) in now {
            match self.metrics.get(id) {
                before if !matters(id, Some(stamp)) && !matters(id, before) => {}
                None => changes.push(format!("metric `{id}` is new")),
                Some(before) if before.version != stamp.version => {
                    changes.push(format!("metric `{id}` has another version"));
                }
                Some(before) if only.is_none() && before.gating != stamp.gating => {
                    let now = if stamp.gating { "gates now" } else { "no longer gates" };
                    changes.push(format!("metric `{id}` {now}"));
                }
                Some(before) if only.is_none() && !before.asks_the_same(stamp) => {
                    changes.push(format!("metric `{id}` has another `threshold` or `where`"));
                }
                Some(_) => {}
            }
        }
        let gone = self.metrics.iter().filter(|(id, _)| !now.contains_key(*id));
        changes.extend(
            gone.filter(|(id, stamp)| matters(id, Some(stamp)))
                .map(|(id, _)| format!("metric `{id}` is gone")),
        );
        changes
    }

    /// Says what differs from the baseline that this one takes the place of, a sentence each.
    pub fn changes_from(&self, before: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.subject.hash != before.subject.hash
            || self.subject.prompt_version != before.subject.prompt_version
        {
            changes.push(format!(
                "subject: {} takes the place of {}",
                Named(&self.subject),
                Named(&before.subject)
            ));
        }
        changes.extend(self.changed_metrics_of_all(before));
        let (old, new) = (&before.scores.examples, &self.scores.examples);
        let added = new.keys().filter(|id| !old.contains_key(*id)).count();
        let removed = old.keys().filter(|id| !new.contains_key(*id)).count();
        let both = || new.iter().filter_map(|(id, now)| Some((old.get(id)?, now)));
        let edited = both().filter(|(before, now)| before.hash != now.hash).count();
        if added + removed + edited > 0 {
            changes.push(format!("examples: {added} added, {removed} removed, {edited} edited"));
        }
        let same = || both().filter(|(before, now)| before.hash == now.hash);
        let worse = same().filter(|(before, now)| passes(before) && !passes(now)).count();
        let better = same().filter(|(before, now)| !passes(before) && passes(now)).count();
        changes.push(format!(
            "of {} in both, {better} pass now that did not, {worse} no longer pass",
            crate::words::count_of(count(same().count()), "example")
        ));
        changes
    }

    fn changed_metrics_of_all(&self, before: &Self) -> Vec<String> {
        let ids = before.metrics.keys().chain(self.metrics.keys());
        let mut ids: Vec<&String> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().flat_map(|id| before.changed_metrics(&self.metrics, Some(id))).collect()
    }

    /// Returns the baseline as one side of a comparison of runs.
    pub fn compared(&self) -> ComparedScores {
        ComparedScores {
            bars: BTreeMap::new(),
            run: ComparedRun {
                run_id: self.run_id.clone(),
                suite: self.suite.clone(),
                subject: format!("{} {}", self.subject.kind, self.subject.name),
                prompt_version: self.subject.prompt_version.clone(),
                started_at: self.started_at,
            },
            dataset: self.dataset.clone(),
            stamps: self.metrics.clone(),
            selection: Selection::default(),
            missing: 0,
            scores: self.scores.clone(),
        }
    }
}

fn passes(example: &ExampleScores) -> bool {
    example.failed == 0 && example.passed > 0
}

fn line((id, scores): (&ExampleId, &ExampleScores)) -> String {
    let id = serde_json::to_string(id).expect("an id is text");
    let scores = serde_json::to_string(scores).expect("scores have only string keys");
    format!("      {id}: {scores}")
}

/// A subject as people call it.
struct Named<'a>(&'a SubjectStamp);

impl fmt::Display for Named<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.0.kind, self.0.name)?;
        match &self.0.prompt_version {
            Some(version) => write!(formatter, ", prompt {version}"),
            None => Ok(()),
        }
    }
}
