//! Quantiles of a population from a sample whose members were chosen with known, unequal probabilities.

use super::sums::{RateMethod, WeightedSums};
use crate::convert::count_to_f64;
use crate::interval::OpenInterval;
use crate::{Interval, Level, StatsError};

/// The share of a sum below which a difference is taken for the dust of rounding.
const DUST: f64 = 1e-10;

/// A value with the members of a sample that have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedValue {
    /// The value.
    pub value: f64,
    /// The number of members.
    pub n: u64,
    /// The sum of their weights `w = 1/pi`.
    pub w: f64,
    /// The sum of `w²`.
    pub ww: f64,
}

/// A quantile of a population, estimated from a weighted sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedQuantile {
    /// The smallest value that at least so large a share of the population does not exceed, as the sample estimates it.
    pub value: f64,
    /// Its interval; an end is `None` where the sample is too small to bound the quantile there.
    pub interval: OpenInterval,
}

/// The values of a weighted sample in order.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedDistribution {
    /// The values, each once, with the members up to and including it.
    steps: Vec<Step>,
}

/// Members whose values are at most this one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Step {
    value: f64,
    n: u64,
    w: f64,
    ww: f64,
    v: f64,
}

impl WeightedDistribution {
    /// Puts values in order; one may stand there several times.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] where no value has a member, and [`StatsError::NotFinite`] where a value or a weight is NaN or
    /// infinite.
    pub fn new(values: impl IntoIterator<Item = WeightedValue>) -> Result<Self, StatsError> {
        let mut values: Vec<WeightedValue> =
            values.into_iter().filter(|value| value.n > 0).collect();
        for (index, WeightedValue { value, w, ww, .. }) in values.iter().enumerate() {
            for (argument, number) in [("value", *value), ("w", *w), ("ww", *ww)] {
                if !number.is_finite() {
                    return Err(StatsError::NotFinite { argument, index });
                }
            }
        }
        values.sort_by(|a, b| a.value.total_cmp(&b.value));
        let mut steps: Vec<Step> = Vec::with_capacity(values.len());
        let mut all = Step::default();
        for WeightedValue { value, n, w, ww } in values {
            // A member stands for itself at least; less is what rounding left of others that were taken back.
            let (w, ww) = (w.max(count_to_f64(n)), ww.max(count_to_f64(n)));
            let v = ww - w;
            all = Step {
                value,
                n: all.n.saturating_add(n),
                w: all.w + w,
                ww: all.ww + ww,
                v: all.v + if v > DUST * ww { v } else { 0.0 },
            };
            match steps.last_mut() {
                Some(last) if last.value.total_cmp(&value).is_eq() => *last = all,
                _ => steps.push(all),
            }
        }
        if steps.is_empty() {
            return Err(StatsError::TooFew { statistic: "weighted quantile", needed: 1, got: 0 });
        }
        Ok(Self { steps })
    }

    /// Returns Kish's effective number of members, `(sum w)² / sum w²`.
    pub fn effective_n(&self) -> f64 {
        let Step { w, ww, .. } = self.all();
        w * w / ww
    }

    /// Estimates the quantile at probability `p`.
    ///
    /// The estimate inverts the Hájek estimate of the distribution function (Särndal, Swensson and Wretman (1992), "Model
    /// Assisted Survey Sampling", section 5.11). The interval is Woodruff's (1952), "Confidence intervals for medians and other
    /// position measures", Journal of the American Statistical Association 47(260): the distribution function is inverted at
    /// the ends of the interval of a rate that is estimated at `p` by this sample,
    /// [`rate_interval`](WeightedSums::rate_interval). A quantile lies between two members of a sample, so each end is moved
    /// out by one effective member; where none is left there, the end is open.
    ///
    /// `population` counts all members as for a rate. Where all of it was observed, the interval is a point, and where nothing
    /// stands for members that were not observed, it is open at both ends.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `0 < p < 1`.
    pub fn quantile(
        &self,
        p: f64,
        population: u64,
        level: Level,
    ) -> Result<WeightedQuantile, StatsError> {
        if !(p > 0.0 && p < 1.0) {
            let expected = "strictly between 0 and 1";
            return Err(StatsError::OutOfDomain { argument: "p", value: p, expected });
        }
        let all = self.all();
        let index = self.steps.partition_point(|step| step.w < p * all.w * (1.0 - DUST));
        let value = self.steps[index].value;
        let rate = self.rate_at(p, index).rate_interval(population, level)?;
        let interval = match rate.method {
            RateMethod::Census => OpenInterval { low: Some(value), high: Some(value) },
            RateMethod::Bounds => OpenInterval { low: None, high: None },
            RateMethod::Hajek => self.inverted(rate.interval, value),
        };
        Ok(WeightedQuantile { value, interval })
    }

    fn all(&self) -> Step {
        self.steps.last().copied().unwrap_or_default()
    }

    /// Returns the sums of the rate of members below the quantile at this place; of those at the quantile itself so large a part
    /// counts as below that the rate is `p`.
    fn rate_at(&self, p: f64, index: usize) -> WeightedSums {
        let Step { n, w, ww, v, .. } = self.all();
        let before = index.checked_sub(1).map(|index| self.steps[index]).unwrap_or_default();
        let here = self.steps[index];
        let wy = p * w;
        let part = ((wy - before.w) / (here.w - before.w)).clamp(0.0, 1.0);
        let vy = before.v + part * (here.v - before.v);
        WeightedSums { n, w, ww, wy, v, vy, vyy: vy }
    }

    fn inverted(&self, rate: Interval, value: f64) -> OpenInterval {
        let (w, one) = (self.all().w, 1.0 / self.effective_n());
        let (below, above) = (rate.low - one, rate.high + one);
        let low = self.steps.iter().find(|step| step.w > below * w).filter(|_| below >= 0.0);
        let high = self.steps.iter().find(|step| step.w >= above * w);
        OpenInterval {
            low: low.map(|step| step.value.min(value)),
            high: high.map(|step| step.value.max(value)),
        }
    }
}
