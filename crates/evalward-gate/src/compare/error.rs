//! What cannot be compared.

use evalward_core::{Partition, RunId};

/// Why two runs cannot be compared.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// A run did not come to its end.
    #[error("failed to compare: run `{run}` was cut short, {missing} of its examples are missing")]
    Unfinished {
        /// The run.
        run: RunId,
        /// The number of examples without a result.
        missing: u64,
    },
    /// A run evaluated only what had failed before, which would say nothing about the rest.
    #[error(
        "failed to compare: run `{run}` evaluated only examples that failed before, which are bound to look better the next time"
    )]
    OnlyFailed {
        /// The run.
        run: RunId,
    },
    /// The runs are of two datasets.
    #[error(
        "failed to compare: the baseline is a run of dataset `{baseline}`, the candidate of `{candidate}`"
    )]
    OtherDataset {
        /// The baseline's dataset.
        baseline: String,
        /// The candidate's dataset.
        candidate: String,
    },
    /// Metrics were defined otherwise in the baseline, so that their scores mean something else.
    #[error("failed to compare: {}", list(metrics))]
    OtherMetrics {
        /// The baseline's run.
        baseline: RunId,
        /// The metrics.
        metrics: Vec<OtherMetric>,
    },
    /// Too few examples are the same in both runs.
    #[error("failed to compare: only {paired} of {of} examples{} are the same in both runs, fewer than the {} % that are needed", in_partition(*partition), percent(*needed))]
    LowOverlap {
        /// The partition, or none for all of them.
        partition: Option<Partition>,
        /// The number of examples with the same id and content in both.
        paired: u64,
        /// The number of examples of the side that has fewer.
        of: u64,
        /// The share that is needed.
        needed: f64,
    },
    /// There is nothing that both runs have.
    #[error("failed to compare: {0}")]
    Nothing(String),
    /// The policy is not one.
    #[error("failed to compare: {0}")]
    Policy(String),
}

/// A metric that was defined otherwise in the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherMetric {
    /// The metric.
    pub id: String,
    /// Its kind in the baseline.
    pub baseline_kind: String,
    /// Its kind in the candidate.
    pub candidate_kind: String,
}

impl CompareError {
    /// Returns the way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unfinished { run, .. } => {
                format!("run its suite again; `evalward report {run}` tells why it stopped")
            }
            Self::OnlyFailed { .. } => "run the suite without `--only-failed`".to_owned(),
            Self::OtherDataset { .. } => {
                "compare runs of one dataset; `evalward history` lists the runs".to_owned()
            }
            Self::OtherMetrics { baseline, metrics } => {
                let named: Vec<String> =
                    metrics.iter().map(|metric| format!("`{}`", metric.id)).collect();
                format!(
                    "score the baseline's answers by the present suite, which does not call the subject: `evalward rescore {baseline} --suite SUITE`, and compare with that run; or compare the metrics other than {} alone with `--metric`",
                    named.join(", ")
                )
            }
            Self::LowOverlap { .. } => {
                "run the baseline's subject again over the present dataset; or lower `--min-overlap` to compare what is left"
                    .to_owned()
            }
            Self::Nothing(_) | Self::Policy(_) => return None,
        })
    }
}

fn list(metrics: &[OtherMetric]) -> String {
    let named: Vec<String> = metrics
        .iter()
        .map(|metric| {
            if metric.baseline_kind == metric.candidate_kind {
                format!(
                    "metric `{}` ({}) has another version than in the baseline",
                    metric.id, metric.candidate_kind
                )
            } else {
                format!(
                    "metric `{}` is a {} in the baseline and a {} in the candidate",
                    metric.id, metric.baseline_kind, metric.candidate_kind
                )
            }
        })
        .collect();
    named.join("; ")
}

fn in_partition(partition: Option<Partition>) -> String {
    partition.map_or_else(String::new, |partition| format!(" of partition `{partition}`"))
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
