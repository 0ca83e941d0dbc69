//! The rows of a partition, counted.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{Finite, Measurement, Outcome, OutcomeKind, Partition, Scale, Trial};
use evalward_stats::{StatsError, quantile};

use crate::example::{Confirmed, ExampleTally};
use crate::fold::fingerprint;
use crate::numbers::float;
use crate::overall::OverallTally;
use crate::passes::{Clusters, Passes, shown_rate};
use crate::plan::Plan;
use crate::repeated::RepeatTally;
use crate::{Counts, GateError, MetricSummary, PartitionSummary, Spread};

/// The rows of a partition, counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    examples: BTreeMap<u128, ExampleTally>,
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
    overall: Option<OverallTally>,
}

/// What the rows of a partition come to.
pub(crate) struct Folded {
    pub(crate) summary: PartitionSummary,
    pub(crate) passes: Passes,
    /// The number of trials that were planned and have a row.
    pub(crate) planned_trials: u64,
}

impl Tally {
    /// Takes in a row; without `intervals`, nothing is kept that only intervals beside the decision need.
    pub(crate) fn push(&mut self, trial: &Trial, intervals: bool) {
        let example =
            self.examples.entry(fingerprint(trial.example_id.as_str(), None)).or_default();
        // What was made of an example names it as its cluster, so an example alone is the cluster of its own id.
        let cluster = trial.cluster.as_deref().unwrap_or(trial.example_id.as_str());
        example.cluster = half(fingerprint(cluster, Some(1)));
        example.add(trial);
        let unit = example.cluster;
        if !trial.confirms {
            self.push_scores(trial, unit, intervals);
        }
        if let Some(millis) = trial.latency_millis {
            self.latencies.push(float(millis));
        }
        if let Some(usage) = trial.response.as_ref().and_then(|response| response.usage) {
            add(&mut self.input_tokens, usage.input_tokens);
            add(&mut self.output_tokens, usage.output_tokens);
        }
        // Rows of older versions may carry a negative price, which no answer has.
        if let Some(cost) = trial.cost_usd.filter(|cost| *cost >= Finite::ZERO) {
            self.cost_usd = Some(self.cost_usd.unwrap_or(0.0) + cost.get());
        }
    }

    /// Takes in what is averaged over examples. Only failures are confirmed, so the scores of fresh trials would bend the means.
    fn push_scores(&mut self, trial: &Trial, unit: u64, intervals: bool) {
        if let Outcome::Failed(reasons) = &trial.outcome {
            let mut metrics: Vec<&str> =
                reasons.iter().map(|reason| reason.metric.as_str()).collect();
            metrics.sort_unstable();
            metrics.dedup();
            for metric in metrics {
                *self.reasons.entry(metric.to_owned()).or_default() += 1;
            }
        }
        for (id, measurement) in &trial.scores {
            if !self.metrics.contains_key(id) {
                self.metrics.insert(id.clone(), MetricTally::default());
            }
            if let Some(metric) = self.metrics.get_mut(id) {
                metric.push(measurement, unit, intervals);
            }
        }
    }

    pub(crate) fn finish(self, partition: Partition, plan: &Plan) -> Result<Folded, GateError> {
        let confirm = plan.gates.get(&partition).and_then(|policy| policy.confirm);
        let statistic = |what| move |source| GateError::Statistic { what, partition, source };
        let mut metrics = BTreeMap::new();
        for (id, tally) in self.metrics {
            let finished = tally.finish(plan.companions);
            metrics.insert(id, finished.map_err(statistic("the figures of a metric"))?);
        }
        let (examples, passes) = count(&self.examples, confirm, plan.repeats);
        Ok(Folded {
            summary: PartitionSummary {
                pass_rate: shown_rate(passes).map_err(statistic("the pass rate"))?,
                latency_millis: spread(self.latencies)
                    .map_err(statistic("the latency quantiles"))?,
                counts: examples.counts,
                trials: (examples.trials != examples.counts.total).then_some(examples.trials),
                repeats: examples
                    .repeated
                    .finish(plan.repeats)
                    .map_err(statistic("the rates of repeats"))?,
                overturned: examples.overturned,
                confirmed: examples.confirmed,
                metrics,
                reasons: self.reasons,
                input_tokens: self.input_tokens,
                output_tokens: self.output_tokens,
                cost_usd: self.cost_usd.and_then(|cost| Finite::new(cost).ok()),
            },
            passes,
            planned_trials: examples.planned_trials,
        })
    }
}

/// The examples of a partition by what became of them.
#[derive(Default)]
struct Examples {
    counts: Counts,
    trials: u64,
    planned_trials: u64,
    repeated: RepeatTally,
    overturned: u64,
    confirmed: u64,
}

fn count(
    tallies: &BTreeMap<u128, ExampleTally>,
    confirm: Option<evalward_core::Confirmations>,
    repeats: NonZeroU32,
) -> (Examples, Passes) {
    let mut examples = Examples::default();
    let mut passes = Passes { whole: true, ..Passes::default() };
    let mut clusters = Clusters::default();
    for tally in tallies.values() {
        let outcome = tally.outcome(confirm, repeats);
        examples.counts.add(outcome.kind, outcome.unfinished);
        examples.trials += u64::from(tally.trials());
        examples.planned_trials += u64::from(tally.planned_trials());
        examples.repeated.push(tally.repeated(repeats), tally.cluster);
        match outcome.confirmation {
            Some(Confirmed::Overturned) => examples.overturned += 1,
            Some(Confirmed::Confirmed) => examples.confirmed += 1,
            None => {}
        }
        if matches!(outcome.kind, OutcomeKind::Passed | OutcomeKind::Failed) {
            passes.sum += outcome.share;
            passes.n += 1;
            passes.whole &= outcome.share <= 0.0 || outcome.share >= 1.0;
            clusters.push(tally.cluster);
        }
    }
    passes.effective_n = clusters.effective_n();
    (examples, passes)
}

impl MetricTally {
    fn push(&mut self, measurement: &Measurement, unit: u64, intervals: bool) {
        match measurement {
            Measurement::Skipped(_) => self.skipped += 1,
            Measurement::Errored(_) => self.errored += 1,
            Measurement::Score(score) => {
                self.scale = Some(score.scale);
                self.scored += 1;
                // Welford's update: the sum of many scores may overflow, their mean cannot.
                self.mean += (score.value.get() - self.mean) / float(self.scored);
                match score.passed {
                    Some(true) => self.passed += 1,
                    Some(false) => self.failed += 1,
                    None => {}
                }
                if let Some(it) = &score.contribution {
                    self.overall
                        .get_or_insert_with(|| OverallTally::new(it, unit, intervals))
                        .push(it, unit);
                }
            }
        }
    }

    fn finish(self, intervals: bool) -> Result<MetricSummary, StatsError> {
        Ok(MetricSummary {
            scale: self.scale,
            mean: Finite::new(self.mean).ok().filter(|_| self.scored > 0),
            scored: self.scored,
            passed: self.passed,
            failed: self.failed,
            skipped: self.skipped,
            errored: self.errored,
            overall: self.overall.map(|tally| tally.finish(intervals)).transpose()?,
        })
    }
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

pub(crate) fn finite(value: f64) -> Result<Finite, StatsError> {
    Finite::new(value).map_err(|_| StatsError::NotFinite { argument: "result", index: 0 })
}

fn add(sum: &mut Option<u64>, value: Option<u64>) {
    if let Some(value) = value {
        *sum = Some(sum.unwrap_or(0).saturating_add(value));
    }
}

fn half(fingerprint: u128) -> u64 {
    u64::try_from(fingerprint >> 64).unwrap_or(u64::MAX)
}
