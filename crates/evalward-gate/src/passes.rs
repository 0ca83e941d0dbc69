//! A rate over examples that may not be independent, with its interval.

use std::collections::BTreeMap;

use evalward_core::Finite;
use evalward_stats::intervals::effective_rate_interval;
use evalward_stats::{BinomialMethod, Interval, Level, StatsError, binomial_interval};

use crate::Estimate;
use crate::numbers::float;
use crate::tally::finite;

/// The observed passes of a partition, by what is independent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passes {
    /// The sum of the examples' shares of passed trials.
    pub(crate) sum: f64,
    /// The number of evaluated examples.
    pub(crate) n: u64,
    /// The number of independent examples that they are worth.
    pub(crate) effective_n: f64,
    /// Whether every share is 0 or 1, so that their sum is a count.
    pub(crate) whole: bool,
}

/// How many examples each cluster has.
#[derive(Debug, Default)]
pub(crate) struct Clusters(BTreeMap<u64, u64>);

impl Clusters {
    pub(crate) fn push(&mut self, cluster: u64) {
        *self.0.entry(cluster).or_default() += 1;
    }

    /// Returns Kish's effective size for examples that agree within their clusters; whether they do cannot be seen from few
    /// failures.
    pub(crate) fn effective_n(&self) -> f64 {
        let n: u64 = self.0.values().sum();
        let squares: f64 = self.0.values().map(|size| float(*size) * float(*size)).sum();
        if n > 0 { float(n) * float(n) / squares } else { 0.0 }
    }
}

impl Passes {
    /// Returns the observed rate; only asked where something was evaluated.
    pub(crate) fn rate(self) -> f64 {
        // Shares of many trials may add up to a hair more than their number.
        (self.sum / float(self.n)).min(1.0)
    }

    /// Returns the exact interval, whose n is the number of independent examples that the evidence is worth.
    pub(crate) fn exact_interval(self) -> Result<Interval, StatsError> {
        effective_rate_interval(self.rate() * self.effective_n, self.effective_n, Level::P95)
    }

    /// Returns how many examples it takes where as many independent ones are needed.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of examples; `as` saturates"
    )]
    pub(crate) fn scaled_up(self, needed: u64) -> u64 {
        (float(needed) * (float(self.n) / self.effective_n)).ceil() as u64
    }

    /// Joins the rate with its interval.
    pub(crate) fn estimate(self, interval: Interval, method: &str) -> Result<Estimate, StatsError> {
        Ok(Estimate {
            value: finite(self.rate())?,
            n: self.n,
            effective_n: (self.effective_n < float(self.n))
                .then(|| Finite::new(self.effective_n).ok())
                .flatten(),
            low: finite(interval.low)?,
            high: finite(interval.high)?,
            level: finite(Level::P95.confidence())?,
            method: method.to_owned(),
        })
    }
}

/// Returns the rate with the interval that tables show: Wilson's, or the exact one where examples are worth less than their
/// number.
pub(crate) fn shown_rate(passes: Passes) -> Result<Option<Estimate>, StatsError> {
    if passes.n == 0 {
        return Ok(None);
    }
    if !passes.whole || passes.effective_n < float(passes.n) {
        return passes.estimate(passes.exact_interval()?, "clopper-pearson").map(Some);
    }
    wilson(passes.passed(), passes.n).map(Some)
}

fn wilson(passed: u64, n: u64) -> Result<Estimate, StatsError> {
    let interval = binomial_interval(passed, n, Level::P95, BinomialMethod::Wilson)?;
    let passes = Passes { sum: float(passed), n, effective_n: float(n), whole: true };
    passes.estimate(interval, "wilson")
}

impl Passes {
    /// Returns the number of passes, rounded where examples are repeated.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sum of shares lies between 0 and the number of examples"
    )]
    pub(crate) fn passed(self) -> u64 {
        (self.sum.round() as u64).min(self.n)
    }
}
