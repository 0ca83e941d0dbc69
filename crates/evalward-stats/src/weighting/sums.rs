//! Means of a population from a sample whose members were chosen with known, unequal probabilities.

use crate::convert::count_to_f64;
use crate::special::{beta_quantile, normal_upper_quantile, t_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The share of a sum below which a difference is taken for the dust of rounding.
const DUST: f64 = 1e-10;

/// The share of a sum of squares below which the spread of equal values is taken for rounding.
const EQUAL: f64 = 1e-12;

/// Additive sums of one sample under Poisson sampling, from which the Hájek estimate and its variance follow.
///
/// With weight `w = 1/pi`, value `y` and `v = w (w - 1)`, the variance of the linearised estimator needs no more than the sums
/// of `w`, `w²`, `w y`, `v`, `v y` and `v y²`; so samples can be summed where they are stored, and sums can be merged and taken
/// back.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WeightedSums {
    /// The number of members of the sample.
    pub n: u64,
    /// The sum of `w`.
    pub w: f64,
    /// The sum of `w²`.
    pub ww: f64,
    /// The sum of `w y`.
    pub wy: f64,
    /// The sum of `v`.
    pub v: f64,
    /// The sum of `v y`.
    pub vy: f64,
    /// The sum of `v y²`.
    pub vyy: f64,
}

/// A population mean, estimated from a weighted sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedMean {
    /// The Hájek estimate `sum(w y) / sum(w)`.
    pub mean: f64,
    /// Its estimated variance, for the mean of the finite population that was sampled.
    pub variance: f64,
    /// The number of members of the sample.
    pub n: u64,
    /// Kish's effective sample size `(sum w)² / sum w²`.
    pub effective_n: f64,
}

/// An interval for the share of a population, with the way it was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateInterval {
    /// The interval, within `[0, 1]`; it contains the estimate.
    pub interval: Interval,
    /// The way it was made.
    pub method: RateMethod,
}

/// The ways to put an interval around a weighted rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateMethod {
    /// The whole population was observed: the rate is known, the interval a point.
    Census,
    /// The wider of the linearised interval and Clopper-Pearson's for the members that were not observed.
    Hajek,
    /// No member stands for those that were not observed: the interval holds whatever they may be.
    Bounds,
}

impl RateMethod {
    /// Returns the name as it is printed: `census`, `hajek` or `bounds`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Census => "census",
            Self::Hajek => "hajek",
            Self::Bounds => "bounds",
        }
    }
}

impl WeightedSums {
    /// Adds a member with value `y`, included with probability `pi`.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `0 < pi <= 1`, [`StatsError::NotFinite`] where `y` is NaN or infinite.
    pub fn push(&mut self, y: f64, pi: f64) -> Result<(), StatsError> {
        if !y.is_finite() {
            let index = usize::try_from(self.n).unwrap_or(usize::MAX);
            return Err(StatsError::NotFinite { argument: "y", index });
        }
        let w = 1.0 / pi;
        if !(pi > 0.0 && pi <= 1.0 && (w * w).is_finite()) {
            return Err(StatsError::OutOfDomain {
                argument: "pi",
                value: pi,
                expected: "above 0, at most 1, and not so small that its weight overflows",
            });
        }
        let v = w * (w - 1.0);
        *self = self.merged(Self { n: 1, w, ww: w * w, wy: w * y, v, vy: v * y, vyy: v * y * y });
        Ok(())
    }

    /// Returns the sums of both samples together.
    #[must_use]
    pub fn merged(self, other: Self) -> Self {
        Self {
            n: self.n.saturating_add(other.n),
            w: self.w + other.w,
            ww: self.ww + other.ww,
            wy: self.wy + other.wy,
            v: self.v + other.v,
            vy: self.vy + other.vy,
            vyy: self.vyy + other.vyy,
        }
    }

    /// Returns the sums without a sample that was added before.
    ///
    /// Where nothing is left of a sum but the rounding of its parts, it is 0: the difference of two equal samples is the empty
    /// one, and taking back all that was chosen by chance leaves a population that was observed wholly.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        let n = self.n.saturating_sub(other.n);
        if n == 0 {
            return Self::default();
        }
        let v = left_over(self.v, other.v).max(0.0);
        let is_certain = v <= 0.0;
        Self {
            n,
            w: left_over(self.w, other.w).max(count_to_f64(n)),
            ww: left_over(self.ww, other.ww).max(count_to_f64(n)),
            wy: left_over(self.wy, other.wy),
            v,
            vy: if is_certain { 0.0 } else { left_over(self.vy, other.vy) },
            vyy: if is_certain { 0.0 } else { left_over(self.vyy, other.vyy).max(0.0) },
        }
    }

    /// Estimates the mean of the population.
    ///
    /// Särndal, Swensson and Wretman (1992), "Model Assisted Survey Sampling", section 5.7, with the linearised variance under
    /// Poisson sampling: `sum((1 - pi)/pi² (y - mean)²) / (sum w)²`. Kish (1965), "Survey Sampling", section 11.7, for the
    /// effective size.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] where the sample is empty.
    pub fn mean(self) -> Result<WeightedMean, StatsError> {
        self.at_least(1)?;
        let mean = self.wy / self.w;
        Ok(WeightedMean {
            mean,
            variance: self.squares_around(mean) / (self.w * self.w),
            n: self.n,
            effective_n: self.w * self.w / self.ww,
        })
    }

    /// Estimates the share of a population whose values are 0 or 1, with an interval that stays honest at 0, at 1 and for few.
    ///
    /// `population` counts all members, those that were not sampled or have no result included. Where all members in the sums
    /// were included with certainty, it tells a rate that is known from one of which only bounds are known.
    ///
    /// The linearised interval alone has no width where all sampled values agree, and covers 20-60 % instead of 95 % where few
    /// differ. So the members that were not observed are looked at on their own: of `M = sum(w - 1)` such members the share
    /// `q = sum(v y) / sum(v)` is estimated from `m = M² / sum(v)` effective observations, the size at which the binomial
    /// variance `q (1 - q) / m` gives back the linearised one. Clopper and Pearson's interval for it (as Korn and Graubard
    /// (1998), "Confidence intervals for proportions with small expected number of positive counts estimated from survey
    /// data", Survey Methodology 24(2), put theirs on an effective size) is scaled by `M / sum(w)` and joined in squares with
    /// the uncertainty of `M` itself, `z sqrt(sum v)` members, by the method of variance estimates recovery (Zou and Donner
    /// (2008), "Construction of confidence limits about effect measures", Statistics in Medicine 27(10)). The
    /// interval returned is the wider of this and the linearised one at each end. By enumeration of all samples it covers at
    /// least 95 % from 10 members on, at any rate and probability, and also beside as many certain members where 40 or more
    /// are chosen by chance (91 % at worst with 10 and 10). Where the linearised interval holds, it is 2 to 8 % wider.
    ///
    /// The members count as independent, and where they were chosen with several small probabilities, those not observed are
    /// taken to be alike.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] where the sample is empty.
    pub fn rate_interval(self, population: u64, level: Level) -> Result<RateInterval, StatsError> {
        let estimate = self.mean()?;
        let (method, interval) = if self.v > 0.0 {
            (RateMethod::Hajek, self.widest(estimate, level))
        } else {
            let missing = population.saturating_sub(self.n);
            let method = if missing == 0 { RateMethod::Census } else { RateMethod::Bounds };
            let missing = count_to_f64(missing);
            let all = self.w + missing;
            (method, Interval { low: self.wy / all, high: (self.wy + missing) / all })
        };
        // Rounding must neither leave [0, 1] nor shut out the estimate.
        let mean = estimate.mean.clamp(0.0, 1.0);
        let interval =
            Interval { low: interval.low.clamp(0.0, mean), high: interval.high.clamp(mean, 1.0) };
        Ok(RateInterval { interval, method })
    }

    /// Returns the linearised interval of a mean; the whole population sampled gives a point.
    ///
    /// Its quantile is that of a t distribution with one degree of freedom less than the effective number of members that
    /// were chosen by chance, `(sum(w - 1))² / sum((w - 1)²)`.
    ///
    /// # Errors
    /// [`StatsError::TooFew`] below two members, unless all were included with certainty, and [`StatsError::Degenerate`]
    /// where the values chosen by chance are all equal: they say nothing about the spread of those left out.
    pub fn mean_interval(self, level: Level) -> Result<Interval, StatsError> {
        let estimate = self.mean()?;
        if self.v <= 0.0 {
            return Ok(Interval { low: estimate.mean, high: estimate.mean });
        }
        self.at_least(2)?;
        if self.squares_around(self.vy / self.v) <= EQUAL * self.vyy {
            return Err(StatsError::Degenerate {
                statistic: "interval of a weighted mean",
                reason: "all values that were sampled by chance are equal",
            });
        }
        let unseen = self.unseen();
        let members = unseen * unseen / (self.v - unseen);
        let half =
            t_upper_quantile(level.tail(), (members - 1.0).max(1.0)) * estimate.variance.sqrt();
        Ok(Interval { low: estimate.mean - half, high: estimate.mean + half })
    }

    fn at_least(self, needed: u64) -> Result<(), StatsError> {
        if self.n < needed {
            return Err(StatsError::TooFew { statistic: "weighted mean", needed, got: self.n });
        }
        Ok(())
    }

    /// Returns the sum of `v (y - centre)²`.
    fn squares_around(self, centre: f64) -> f64 {
        (self.vyy - 2.0 * centre * self.vy + centre * centre * self.v).max(0.0)
    }

    /// Returns the number of members that were not observed, as the sample estimates it.
    fn unseen(self) -> f64 {
        self.w - count_to_f64(self.n)
    }

    /// Returns the interval of [`Self::rate_interval`] for a sample with members that were chosen by chance.
    fn widest(self, estimate: WeightedMean, level: Level) -> Interval {
        let z = normal_upper_quantile(level.tail());
        let (n, w, mean) = (count_to_f64(self.n), self.w, estimate.mean);
        let unseen = self.unseen();
        let size = unseen * unseen / self.v;
        let share = (self.vy / self.v).clamp(0.0, 1.0);
        let seen_share = ((self.wy - unseen * share) / n).clamp(0.0, 1.0);
        let reach = |end: f64| {
            // How far the rate moves with the number of unseen members, there and at the estimate.
            let drift = (n * (end - seen_share) / w).abs().max((share - mean).abs());
            let by_share = unseen * (end - share) / w;
            let by_number = z * self.v.sqrt() * drift / w;
            by_share.hypot(by_number).max(z * estimate.variance.sqrt())
        };
        let ends = clopper_pearson(share, size, level);
        Interval { low: mean - reach(ends.low), high: mean + reach(ends.high) }
    }
}

/// Returns Clopper and Pearson's interval for a share of `size` effective observations, which need not be whole.
fn clopper_pearson(share: f64, size: f64, level: Level) -> Interval {
    let (passed, failed) = (share * size, (1.0 - share) * size);
    let low_end = |count: f64, others: f64| {
        // Less than a billionth of an observation is rounding.
        if count <= 1e-9 { 0.0 } else { beta_quantile(count, others + 1.0, level.tail()) }
    };
    Interval { low: low_end(passed, failed), high: 1.0 - low_end(failed, passed) }
}

/// Returns a difference, and 0 where it is but rounding.
fn left_over(all: f64, taken: f64) -> f64 {
    let rest = all - taken;
    if rest.abs() <= DUST * all.abs() { 0.0 } else { rest }
}
