//! How much of a bounded range a few observations leave open.

use crate::root::boundary;
use crate::special::{normal_tails, normal_upper_quantile};

/// The factor on `alpha` at which the guard is computed.
///
/// The guard is there for what t does not see; where t sees enough, the guard must not bind. By simulation (`cargo xtask sim
/// gate`) a slightly larger error probability keeps the power of t and the promised bound of 1.3 alpha.
const SLACK: f64 = 1.15;

/// A score interval for the mean of observations in a known range.
///
/// Student's t takes what it saw for the whole distribution: where all but a few differences are 0, it hardly knows that an
/// example can lose four grades. The score test asks instead which distribution on the declared range explains the observations
/// best if the mean is `m`: the one of the largest multinomial likelihood, which may put weight on an end of the range that was
/// never seen. Its variance is that of the test. For two values it is Wilson's interval; for differences of 0 and 1, Tango's.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// Different values with their shares.
    groups: Vec<(f64, f64)>,
    low: f64,
    high: f64,
    mean: f64,
    root_n: f64,
}

impl Guard {
    /// Makes a guard for observations that lie between `low` and `high`.
    pub(super) fn new(values: &[f64], n: f64, mean: f64, low: f64, high: f64) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut groups: Vec<(f64, f64)> = Vec::new();
        for value in sorted {
            match groups.last_mut() {
                Some((last, share)) if *last >= value => *share += 1.0 / n,
                _ => groups.push((value, 1.0 / n)),
            }
        }
        Self { groups, low, high, mean, root_n: n.sqrt() }
    }

    /// Returns the lower end of an interval, farther out where the guard asks for it.
    pub(super) fn lower(&self, end: f64, alpha: f64) -> f64 {
        self.widened(end, self.low, alpha)
    }

    /// Returns the upper end of an interval, farther out where the guard asks for it.
    pub(super) fn upper(&self, end: f64, alpha: f64) -> f64 {
        self.widened(end, self.high, alpha)
    }

    /// Returns the p-value of "the mean is at least 0" that belongs to the guard.
    pub(super) fn p_below(&self) -> f64 {
        if self.mean >= 0.0 {
            return 0.0;
        }
        let score = self.mean * self.root_n / self.variance(0.0).sqrt();
        (normal_tails(score).lower / SLACK).min(1.0)
    }

    fn widened(&self, end: f64, limit: f64, alpha: f64) -> f64 {
        let z = normal_upper_quantile((alpha * SLACK).min(0.5));
        let is_compatible = |mean: f64| {
            let deviation = (self.mean - mean).abs() * self.root_n;
            // At the end of the range only a sample of nothing else is compatible.
            let inside = self.low < mean && mean < self.high;
            inside && deviation < z * self.variance(mean).sqrt()
        };
        if is_compatible(end) { boundary(end, limit, is_compatible) } else { end }
    }

    /// Returns the variance of an observation about `mean` under the most likely distribution with that mean.
    ///
    /// The likelihood is largest for weights `share / (1 + l (value - mean))`; `l` may go up to where the weight of an end of
    /// the range becomes positive (Owen (2001), "Empirical Likelihood", section 2.9, with the range's ends as further support).
    fn variance(&self, mean: f64) -> f64 {
        let slope = |l: f64| self.weighted(mean, l, |value| value);
        let (lowest, highest) = (-1.0 / (self.high - mean), 1.0 / (mean - self.low));
        let (l, end) = if mean < self.mean { (highest, self.low) } else { (lowest, self.high) };
        // An end that was seen balances without further weight.
        let is_seen = self.groups.iter().any(|(value, _)| (value - end).abs() <= 0.0);
        let missing = slope(l);
        if !is_seen && missing * l.signum() >= 0.0 {
            // What the observations cannot balance, the end of the range does.
            let distance = end - mean;
            return self.weighted(mean, l, |value| value * value) + missing.abs() * distance.abs();
        }
        let l = self.balance(mean, l);
        self.weighted(mean, l, |value| value * value)
    }

    /// Returns the multiplier between 0 and `limit` at which the observations alone have the mean.
    fn balance(&self, mean: f64, limit: f64) -> f64 {
        let (mut near, mut far) = (0.0_f64, limit);
        let side = limit.signum();
        let mut l = 0.0;
        for _ in 0..60 {
            let (mut sum, mut fall) = (0.0, 0.0);
            for (value, share) in &self.groups {
                let y = value - mean;
                let part = y / (1.0 + l * y);
                sum += share * part;
                fall += share * part * part;
            }
            if sum * side > 0.0 {
                near = l;
            } else {
                far = l;
            }
            let step = sum / fall;
            let newton = l + step;
            let is_between = near.min(far) < newton && newton < near.max(far);
            let next = if is_between { newton } else { near + (far - near) / 2.0 };
            if (next - l).abs() <= 1e-13 * next.abs() {
                return next;
            }
            l = next;
        }
        l
    }

    fn weighted(&self, mean: f64, l: f64, of: impl Fn(f64) -> f64) -> f64 {
        let terms = self.groups.iter().map(|(value, share)| {
            let y = value - mean;
            share * of(y) / (1.0 + l * y)
        });
        terms.sum()
    }
}
