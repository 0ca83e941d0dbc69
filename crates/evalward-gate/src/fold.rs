//! From rows to a summary.

use std::collections::{BTreeMap, HashSet};

use evalward_core::{Digest, ExampleId, Finite, Measurement, Outcome, Partition, Scale, Trial};
use evalward_stats::{BinomialMethod, Level, StatsError, binomial_interval, quantile};

use crate::decide::{Plan, decide};
use crate::{Counts, MetricSummary, PartitionSummary, RateEstimate, Spread, Summary};

/// The error of a fold: a number came out that cannot be stated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// Two rows tell about the same trial.
    #[error("failed to fold the rows: trial {trial} of example `{example}` has two")]
    Repeated {
        /// The example.
        example: ExampleId,
        /// The number of the trial.
        trial: u32,
    },
    /// Two rows disagree about one example.
    #[error("failed to fold the rows: example `{example}` has two {what}")]
    Contradiction {
        /// The example.
        example: ExampleId,
        /// What there are two of.
        what: &'static str,
    },
    /// Two rows disagree about a metric's scale.
    #[error("failed to fold the rows: metric `{metric}` has two scales")]
    TwoScales {
        /// The metric.
        metric: String,
    },
    /// A statistic could not be computed.
    #[error("failed to compute {what} of partition `{partition}`")]
    Statistic {
        /// The statistic.
        what: &'static str,
        /// The partition.
        partition: Partition,
        /// Why.
        #[source]
        source: StatsError,
    },
}

/// Takes in rows one by one; keeps eight bytes a row for the latency quantiles, sixteen to tell rows apart, and sums.
#[derive(Debug, Default)]
pub struct Fold {
    partitions: BTreeMap<Partition, Tally>,
    seen: HashSet<u128>,
}

#[derive(Debug, Default)]
struct Tally {
    counts: Counts,
    metrics: BTreeMap<String, MetricTally>,
    reasons: BTreeMap<String, u64>,
    latencies: Vec<f64>,
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cost_usd: Option<f64>,
}

#[derive(Debug, Default)]
struct MetricTally {
    scale: Option<Scale>,
    mean: f64,
    scored: u64,
    passed: u64,
    failed: u64,
    skipped: u64,
    errored: u64,
}

impl Fold {
    /// Takes in one row.
    ///
    /// # Errors
    /// [`GateError::Repeated`] if the same trial was taken in before.
    pub fn push(&mut self, trial: &Trial) -> Result<(), GateError> {
        if !self.seen.insert(fingerprint(trial)) {
            let (example, trial) = (trial.example_id.clone(), trial.trial);
            return Err(GateError::Repeated { example, trial });
        }
        let tally = self.partitions.entry(trial.partition).or_default();
        tally.counts.add(trial);
        if let Outcome::Failed(reasons) = &trial.outcome {
            let mut metrics: Vec<&str> =
                reasons.iter().map(|reason| reason.metric.as_str()).collect();
            metrics.sort_unstable();
            metrics.dedup();
            for metric in metrics {
                *tally.reasons.entry(metric.to_owned()).or_default() += 1;
            }
        }
        for (id, measurement) in &trial.scores {
            if !tally.metrics.contains_key(id) {
                tally.metrics.insert(id.clone(), MetricTally::default());
            }
            if let Some(metric) = tally.metrics.get_mut(id) {
                metric.push(measurement);
            }
        }
        if let Some(millis) = trial.latency_millis {
            tally.latencies.push(to_float(millis));
        }
        if let Some(usage) = trial.response.as_ref().and_then(|response| response.usage) {
            add(&mut tally.input_tokens, usage.input_tokens);
            add(&mut tally.output_tokens, usage.output_tokens);
        }
        if let Some(cost) = trial.cost_usd {
            tally.cost_usd = Some(tally.cost_usd.unwrap_or(0.0) + cost.get());
        }
        Ok(())
    }

    /// Computes the summary and decides the gates of the plan.
    ///
    /// # Errors
    /// [`GateError`] if a number cannot be stated; it names the statistic and the partition.
    pub fn finish(self, plan: &Plan) -> Result<Summary, GateError> {
        let mut counts = Counts::default();
        let mut partitions = BTreeMap::new();
        for (partition, tally) in self.partitions {
            counts.add_all(&tally.counts);
            partitions.insert(partition, tally.finish(partition)?);
        }
        decide(counts, partitions, plan)
    }
}

impl MetricTally {
    fn push(&mut self, measurement: &Measurement) {
        match measurement {
            Measurement::Skipped(_) => self.skipped += 1,
            Measurement::Errored(_) => self.errored += 1,
            Measurement::Score(score) => {
                self.scale = Some(score.scale);
                self.scored += 1;
                // Welford's update: the sum of many scores may overflow, their mean cannot.
                self.mean += (score.value.get() - self.mean) / to_float(self.scored);
                match score.passed {
                    Some(true) => self.passed += 1,
                    Some(false) => self.failed += 1,
                    None => {}
                }
            }
        }
    }

    fn finish(self) -> MetricSummary {
        MetricSummary {
            scale: self.scale,
            mean: Finite::new(self.mean).ok().filter(|_| self.scored > 0),
            scored: self.scored,
            passed: self.passed,
            failed: self.failed,
            skipped: self.skipped,
            errored: self.errored,
        }
    }
}

impl Tally {
    fn finish(self, partition: Partition) -> Result<PartitionSummary, GateError> {
        let statistic = |what| move |source| GateError::Statistic { what, partition, source };
        Ok(PartitionSummary {
            pass_rate: rate(&self.counts).map_err(statistic("the pass rate"))?,
            latency_millis: spread(self.latencies).map_err(statistic("the latency quantiles"))?,
            counts: self.counts,
            metrics: self.metrics.into_iter().map(|(id, tally)| (id, tally.finish())).collect(),
            reasons: self.reasons,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cost_usd: self.cost_usd.and_then(|cost| Finite::new(cost).ok()),
        })
    }
}

fn rate(counts: &Counts) -> Result<Option<RateEstimate>, StatsError> {
    let n = counts.evaluated();
    if n == 0 {
        return Ok(None);
    }
    let interval = binomial_interval(counts.passed, n, Level::P95, BinomialMethod::Wilson)?;
    Ok(Some(RateEstimate {
        value: finite(to_float(counts.passed) / to_float(n))?,
        n,
        low: finite(interval.low)?,
        high: finite(interval.high)?,
        level: finite(Level::P95.confidence())?,
        method: "wilson".to_owned(),
    }))
}

fn spread(mut values: Vec<f64>) -> Result<Option<Spread>, StatsError> {
    values.sort_unstable_by(f64::total_cmp);
    let Some(&max) = values.last() else { return Ok(None) };
    let at = |q| quantile(&values, q).and_then(finite);
    Ok(Some(Spread {
        n: u64::try_from(values.len()).unwrap_or(u64::MAX),
        p50: at(0.5)?,
        p90: at(0.9)?,
        p95: at(0.95)?,
        max: finite(max)?,
    }))
}

fn finite(value: f64) -> Result<Finite, StatsError> {
    Finite::new(value).map_err(|_| StatsError::NotFinite { argument: "result", index: 0 })
}

fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

/// Converts a count; above 2^53 the nearest float is as good as any.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts and milliseconds stay far below 2^53"
)]
fn to_float(count: u64) -> f64 {
    count as f64
}

/// Returns sixteen bytes that tell trials apart.
fn fingerprint(trial: &Trial) -> u128 {
    let id = Digest::of(trial.example_id.as_str().as_bytes());
    let digest = Digest::chain([id, Digest::of(&trial.trial.to_le_bytes())]);
    let [head, _] = digest.as_bytes().as_chunks::<16>().0 else { return 0 };
    u128::from_le_bytes(*head)
}
