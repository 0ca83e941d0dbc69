//! Rates, means and quantiles of sampled traffic as people read them: with their interval, its level and method, and the number
//! behind it.

mod metric;

use std::collections::{BTreeMap, BTreeSet};

use evalward_stats::weighting::WeightedValue;
use evalward_stats::{Level, RateInterval, StatsError, WeightedMean, WeightedSums};
use evalward_store::Window;
use serde::Serialize;

use self::metric::MetricTraffic;

pub(crate) use self::metric::MetricEstimate;

/// A rate over all strata, each sample weighted by the inverse of its inclusion probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct RateEstimate {
    /// The estimate; absent where no evaluated sample stands for those interactions that only chance would have sampled.
    pub(crate) estimate: Option<f64>,
    /// The lower end of the interval.
    pub(crate) low: f64,
    /// The upper end of the interval.
    pub(crate) high: f64,
    /// The confidence of the interval.
    pub(crate) level: f64,
    /// The evaluated samples.
    pub(crate) n: u64,
    /// Kish's effective sample size.
    pub(crate) effective_n: f64,
    /// How the interval is made: `hajek`, `census` or `bounds`; `hajek_process` where it is the application's.
    pub(crate) method: &'static str,
}

/// What windows together hold, over their segments and strata.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    /// The interactions.
    pub(crate) seen: u64,
    /// The samples.
    pub(crate) sampled: u64,
    /// Samples that passed.
    pub(crate) passed: u64,
    /// Samples that failed.
    pub(crate) failed: u64,
    /// Samples that could not be evaluated.
    pub(crate) errored: u64,
    /// Samples to which nothing applied.
    pub(crate) skipped: u64,
    pass: WeightedSums,
    metrics: BTreeMap<String, MetricTraffic>,
    /// The strata of which some interactions were left out by chance.
    left_out: BTreeSet<String>,
    /// The strata of which some samples passed or failed.
    evaluated: BTreeSet<String>,
}

impl<'a> FromIterator<&'a Window> for Traffic {
    fn from_iter<I: IntoIterator<Item = &'a Window>>(windows: I) -> Self {
        let mut traffic = Self::default();
        for window in windows {
            traffic.add(window);
        }
        traffic
    }
}

impl Traffic {
    /// Adds a window.
    pub(crate) fn add(&mut self, window: &Window) {
        self.seen += window.seen;
        self.sampled += window.sampled;
        self.passed += window.passed;
        self.failed += window.failed;
        self.errored += window.errored;
        self.skipped += window.skipped;
        self.pass = self.pass.merged(window.pass);
        let stratum = &window.key.stratum;
        for (metric, found) in &window.metrics {
            self.metrics.entry(metric.clone()).or_default().add(found, stratum);
        }
        if window.seen > window.sampled {
            self.left_out.insert(stratum.clone());
        }
        if window.passed + window.failed > 0 {
            self.evaluated.insert(stratum.clone());
        }
    }

    /// Adds how often the scores of a metric occurred in windows that are added too.
    pub(crate) fn add_values(&mut self, metric: &str, values: &[WeightedValue]) {
        self.metrics.entry(metric.to_owned()).or_default().add_values(values);
    }

    /// Returns the samples that are not evaluated yet.
    pub(crate) fn waiting(&self) -> u64 {
        waiting(self.sampled, [self.passed, self.failed, self.errored, self.skipped])
    }

    /// Estimates the pass rate; `None` where nothing was evaluated.
    pub(crate) fn pass_rate(&self) -> Result<Option<RateEstimate>, StatsError> {
        rate(self.pass, self.unknown(), self.is_represented(self.pass, &self.evaluated))
    }

    /// Estimates the rate at which the application passes, of which the traffic is but a draw; `None` where nothing was evaluated.
    ///
    /// Where all traffic is evaluated its own rate is known, and after one failure it is 0. What that says of the application is
    /// the interval of a sample of this effective size from endless traffic, in which each member stands for so many more.
    pub(crate) fn process_rate(&self) -> Result<Option<RateEstimate>, StatsError> {
        let Some(rate) = self.pass_rate()? else { return Ok(None) };
        let RateInterval { interval, .. } =
            of_endless_traffic(self.pass).rate_interval(0, Level::P95)?;
        let (low, high) = (rounded(interval.low), rounded(interval.high));
        Ok(Some(RateEstimate { low, high, method: "hajek_process", ..rate }))
    }

    /// Returns the plain share of evaluated samples that passed, which over-represents what is always sampled.
    pub(crate) fn unweighted_pass_rate(&self) -> Option<f64> {
        let evaluated = self.passed + self.failed;
        (evaluated > 0).then(|| rounded(to_float(self.passed) / to_float(evaluated)))
    }

    /// Estimates what is known of each metric; `hallucination` has those whose failures are hallucinations.
    pub(crate) fn metrics(
        &self,
        hallucination: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, MetricEstimate>, StatsError> {
        let estimates = self.metrics.iter().filter(|(_, metric)| metric.has_results());
        estimates
            .map(|(id, metric)| {
                let is_hallucination = hallucination.contains(id);
                Ok((id.clone(), metric.estimate(self, is_hallucination)?))
            })
            .collect()
    }

    /// Returns the number of interactions of which no outcome is known, and none would be out of place.
    fn unknown(&self) -> u64 {
        self.seen.saturating_sub(self.passed + self.failed + self.skipped)
    }

    /// Returns whether some sample stands for the interactions that were left out by chance: samples that are always taken stand
    /// for themselves alone. `strata` are those of which the sums have a member.
    fn is_represented(&self, sums: WeightedSums, strata: &BTreeSet<String>) -> bool {
        sums.v > 0.0 || self.left_out.is_subset(strata)
    }
}

/// Estimates a rate beside which so many outcomes are unknown; `None` where none is known.
fn rate(
    sums: WeightedSums,
    unknown: u64,
    is_represented: bool,
) -> Result<Option<RateEstimate>, StatsError> {
    if sums.n == 0 {
        return Ok(None);
    }
    let WeightedMean { mean, n, effective_n, .. } = sums.mean()?;
    let RateInterval { interval, method } =
        sums.rate_interval(n.saturating_add(unknown), Level::P95)?;
    Ok(Some(RateEstimate {
        estimate: is_represented.then(|| rounded(mean)),
        low: rounded(interval.low),
        high: rounded(interval.high),
        level: Level::P95.confidence(),
        n,
        effective_n: rounded(effective_n),
        method: method.as_str(),
    }))
}

/// Returns how many samples have no outcome yet.
pub(crate) fn waiting(sampled: u64, outcomes: [u64; 4]) -> u64 {
    sampled.saturating_sub(outcomes.into_iter().sum())
}

/// Returns the sums of rates as if each member had been included with a probability that is smaller by this factor.
fn of_endless_traffic(sums: WeightedSums) -> WeightedSums {
    const FACTOR: f64 = 1e6;
    let WeightedSums { n, w, ww, wy, vy, .. } = sums;
    // With values of 0 and 1 the sum of `w² y` is that of `v y` and `w y`, and that of `v y²` is that of `v y`.
    let squares = |ww: f64, w: f64| FACTOR * FACTOR * ww - FACTOR * w;
    let vy = squares(vy + wy, wy);
    let (w_many, ww_many) = (FACTOR * w, FACTOR * FACTOR * ww);
    WeightedSums { n, w: w_many, ww: ww_many, wy: FACTOR * wy, v: squares(ww, w), vy, vyy: vy }
}

/// Rounds to ten significant digits: those that follow depend on the order in which samples were added.
fn rounded(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "std has no checked way from u64 to f64, and counts stay below 2^53"
)]
fn to_float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod coverage;
#[cfg(test)]
mod tests;
