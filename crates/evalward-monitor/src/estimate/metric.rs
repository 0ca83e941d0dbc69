//! What windows say of one metric.

use std::collections::BTreeSet;

use evalward_stats::weighting::{WeightedDistribution, WeightedQuantile, WeightedValue};
use evalward_stats::{Interval, Level, RateMethod, StatsError, WeightedMean, WeightedSums};
use evalward_store::MetricWindow;
use serde::Serialize;

use super::{RateEstimate, Traffic, rate, rounded};

/// The mean and the quantiles of a metric's scores and the rate of its verdicts, over all strata, weighted like a
/// [`RateEstimate`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct MetricEstimate {
    /// The mean; absent like the estimate of a rate, and where nothing was scored.
    pub(crate) mean: Option<f64>,
    /// The lower end of the interval; absent where too little is known for one.
    pub(crate) low: Option<f64>,
    /// The upper end of the interval.
    pub(crate) high: Option<f64>,
    /// The confidence of all intervals.
    pub(crate) level: f64,
    /// The samples with a score.
    pub(crate) n: u64,
    /// Kish's effective sample size.
    pub(crate) effective_n: f64,
    /// How the mean and its interval are made: `hajek` or `census`; absent where nothing was scored.
    pub(crate) method: Option<&'static str>,
    /// The score that a tenth does not exceed; absent where too few samples tell.
    pub(crate) p10: Option<QuantileEstimate>,
    /// The score that half does not exceed.
    pub(crate) p50: Option<QuantileEstimate>,
    /// The score that nine tenths do not exceed.
    pub(crate) p90: Option<QuantileEstimate>,
    /// The rate of scores that passed; absent where none has a verdict.
    pub(crate) pass_rate: Option<RateEstimate>,
    /// The rate of answers in which the metric finds a hallucination; absent where the metric looks for something else.
    pub(crate) hallucination_rate: Option<RateEstimate>,
    /// Samples to which the metric did not apply; absent where some samples were not counted so.
    pub(crate) skipped: Option<u64>,
    /// Samples for which it could not be computed.
    pub(crate) errored: Option<u64>,
}

/// A quantile of scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct QuantileEstimate {
    /// The estimate.
    pub(crate) estimate: f64,
    /// The lower end of the interval; absent where too little is known of such scores.
    pub(crate) low: Option<f64>,
    /// The upper end of the interval.
    pub(crate) high: Option<f64>,
}

/// The quantiles that are told, and how many effective samples each needs: one on its rarer side.
const QUANTILES: [(f64, f64); 3] = [(0.1, 10.0), (0.5, 2.0), (0.9, 10.0)];

/// What windows together hold of one metric.
#[derive(Clone, Debug, Default)]
pub(super) struct MetricTraffic {
    scores: WeightedSums,
    pass: WeightedSums,
    skipped: u64,
    errored: u64,
    /// The scores whose verdict and value are known too.
    detailed: u64,
    values: Vec<WeightedValue>,
    /// The strata with a score.
    scored: BTreeSet<String>,
    /// The strata with a verdict.
    judged: BTreeSet<String>,
}

impl MetricTraffic {
    pub(super) fn add(&mut self, window: &MetricWindow, stratum: &str) {
        let MetricWindow { scores, pass, skipped, errored, detailed, .. } = *window;
        self.scores = self.scores.merged(scores);
        self.pass = self.pass.merged(pass);
        self.skipped += skipped;
        self.errored += errored;
        self.detailed += detailed;
        for (sums, strata) in [(scores, &mut self.scored), (pass, &mut self.judged)] {
            if sums.n > 0 {
                strata.insert(stratum.to_owned());
            }
        }
    }

    pub(super) fn add_values(&mut self, values: &[WeightedValue]) {
        self.values.extend_from_slice(values);
    }

    /// Returns whether the metric was asked about any sample.
    pub(super) const fn has_results(&self) -> bool {
        self.scores.n > 0 || self.skipped > 0 || self.errored > 0
    }

    /// Returns whether the verdicts and values are of all scores.
    const fn is_complete(&self) -> bool {
        self.detailed == self.scores.n
    }

    /// Estimates what is known of the metric in the traffic that it is part of.
    pub(super) fn estimate(
        &self,
        traffic: &Traffic,
        is_hallucination: bool,
    ) -> Result<MetricEstimate, StatsError> {
        let unscored = self.unscored(traffic);
        let is_represented = traffic.is_represented(self.scores, &self.scored);
        let pass_rate = if self.is_complete() {
            let is_represented = traffic.is_represented(self.pass, &self.judged);
            rate(self.pass, unscored, is_represented)?
        } else {
            None
        };
        let [p10, p50, p90] = self.quantiles(unscored, is_represented)?;
        let mean = self.mean(unscored)?;
        let interval = mean.and_then(|(_, interval)| interval);
        let is_census = self.is_certain() && unscored == 0;
        let method = if is_census { RateMethod::Census } else { RateMethod::Hajek };
        Ok(MetricEstimate {
            mean: mean.filter(|_| is_represented).map(|(mean, _)| rounded(mean.mean)),
            low: interval.map(|interval| rounded(interval.low)),
            high: interval.map(|interval| rounded(interval.high)),
            level: Level::P95.confidence(),
            n: self.scores.n,
            effective_n: mean.map_or(0.0, |(mean, _)| rounded(mean.effective_n)),
            method: mean.map(|_| method.as_str()),
            p10,
            p50,
            p90,
            hallucination_rate: pass_rate.as_ref().filter(|_| is_hallucination).map(failure_rate),
            pass_rate,
            skipped: self.is_complete().then_some(self.skipped),
            errored: self.is_complete().then_some(self.errored),
        })
    }

    /// Returns the number of interactions for which the metric might have a score that is not known.
    fn unscored(&self, traffic: &Traffic) -> u64 {
        if !self.is_complete() {
            return traffic.unknown();
        }
        traffic.seen.saturating_sub(self.scores.n.saturating_add(self.skipped))
    }

    /// Estimates the mean, and the interval where there is one.
    fn mean(&self, unscored: u64) -> Result<Option<(WeightedMean, Option<Interval>)>, StatsError> {
        if self.scores.n == 0 {
            return Ok(None);
        }
        let mean = self.scores.mean()?;
        // Scores that were all certain say nothing of those that are not known, and a scale to bound them by need not exist.
        let interval = match self.scores.mean_interval(Level::P95) {
            Ok(_) if self.is_certain() && unscored > 0 => None,
            Ok(interval) => Some(interval),
            Err(StatsError::TooFew { .. } | StatsError::Degenerate { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Some((mean, interval)))
    }

    /// Estimates the quantiles that enough samples tell.
    fn quantiles(
        &self,
        unscored: u64,
        is_represented: bool,
    ) -> Result<[Option<QuantileEstimate>; 3], StatsError> {
        let mut estimates = [None, None, None];
        if !is_represented || !self.is_complete() || self.values.iter().all(|value| value.n == 0) {
            return Ok(estimates);
        }
        let distribution = WeightedDistribution::new(self.values.iter().copied())?;
        let is_census = self.is_certain() && unscored == 0;
        let population = self.scores.n.saturating_add(unscored);
        for (estimate, (p, needed)) in estimates.iter_mut().zip(QUANTILES) {
            // Equal weights make up the number of samples but for rounding.
            if is_census || distribution.effective_n() >= needed * (1.0 - 1e-9) {
                let WeightedQuantile { value, interval } =
                    distribution.quantile(p, population, Level::P95)?;
                *estimate = Some(QuantileEstimate {
                    estimate: value,
                    low: interval.low,
                    high: interval.high,
                });
            }
        }
        Ok(estimates)
    }

    /// Returns whether every score is of a sample that stands for itself alone.
    fn is_certain(&self) -> bool {
        self.scores.v <= 0.0
    }
}

/// Returns the rate of failures, which mirrors that of passes.
fn failure_rate(passes: &RateEstimate) -> RateEstimate {
    RateEstimate {
        estimate: passes.estimate.map(|rate| rounded(1.0 - rate)),
        low: rounded(1.0 - passes.high),
        high: rounded(1.0 - passes.low),
        ..passes.clone()
    }
}
