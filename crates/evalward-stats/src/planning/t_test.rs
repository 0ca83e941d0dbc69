//! The power of t tests.

use super::root::{check_positive, check_probability, root};
use crate::StatsError;
use crate::special::{noncentral_t_upper, normal_quantile, t_quantile};

/// The smallest number of observations that a plan proposes.
const LEAST_N: f64 = 2.0;

/// Beyond this number of observations no plan is made.
const MOST_N: f64 = 1e15;

/// The alternatives that a test has power against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    /// A difference either way.
    TwoSided,
    /// A positive difference.
    Larger,
    /// A negative difference.
    Smaller,
}

/// The t tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TTest {
    /// One sample of differences of pairs.
    Paired,
    /// Two independent samples with a common variance.
    TwoSample {
        /// The size of the second sample relative to the first.
        ratio: f64,
    },
}

/// A t test that is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTestDesign {
    /// The test.
    pub test: TTest,
    /// The probability of an error without a difference.
    pub alpha: f64,
    /// The alternatives.
    pub alternative: Alternative,
}

impl TTestDesign {
    /// Returns the power for the difference `d`, in standard deviations, with `n` pairs or with `n` observations in the first sample;
    /// `n` need not be whole.
    ///
    /// Exact for normal observations, by the noncentral t distribution: Cohen (1988), "Statistical power analysis for the behavioral
    /// sciences", section 2.5; as in statsmodels 0.15.0.
    ///
    /// # Errors
    /// Returns [`StatsError::TooFew`] when no degree of freedom is left and [`StatsError::OutOfDomain`] for an argument that is not
    /// finite, an `alpha` outside `(0, 1)` and a ratio that is not positive.
    pub fn power(&self, d: f64, n: f64) -> Result<f64, StatsError> {
        self.check(d)?;
        check_positive("n", n)?;
        let (freedom, _) = self.sizes(n);
        if freedom > 0.0 {
            Ok(self.power_at(d, n))
        } else {
            Err(StatsError::TooFew { statistic: "power of a t test", needed: 2, got: 1 })
        }
    }

    /// Returns the number of pairs, or of observations in the first sample, from 2, at which the power reaches the target; not rounded.
    ///
    /// There is none where already 2 have more power, and where no number has that much.
    ///
    /// # Errors
    /// Returns what [`TTestDesign::power`] does, and [`StatsError::OutOfDomain`] for a target outside `(0, 1)`.
    pub fn needed_n(&self, d: f64, target_power: f64) -> Result<Option<f64>, StatsError> {
        self.check(d)?;
        check_probability("target_power", target_power)?;
        let points_away = match self.alternative {
            Alternative::TwoSided => d == 0.0,
            Alternative::Larger => d <= 0.0,
            Alternative::Smaller => d >= 0.0,
        };
        let lacks = |n: f64| self.power_at(d, n) - target_power;
        if points_away || self.sizes(LEAST_N).0 <= 0.0 || lacks(LEAST_N) > 0.0 {
            return Ok(None);
        }
        // The normal approximation is near, so that few powers must be computed.
        let guess = self.normal_n(d, target_power);
        let (mut low, mut high) = (LEAST_N, 1.02 * guess + 4.0);
        while lacks(high) < 0.0 {
            if high > MOST_N {
                return Ok(None);
            }
            (low, high) = (high, 1.5 * high);
        }
        if 0.98 * guess > low && lacks(0.98 * guess) < 0.0 {
            low = 0.98 * guess;
        }
        Ok(Some(root(low, high, lacks)))
    }

    /// Returns the smallest difference, in standard deviations and without its sign, that is found with the target power.
    ///
    /// # Errors
    /// Returns what [`TTestDesign::power`] does, and [`StatsError::OutOfDomain`] for a target that is not above `alpha` and below 1.
    pub fn detectable(&self, n: f64, target_power: f64) -> Result<f64, StatsError> {
        self.power(0.0, n)?;
        if !(target_power > self.alpha && target_power < 1.0) {
            let expected = "above `alpha` and below 1";
            let argument = "target_power";
            return Err(StatsError::OutOfDomain { argument, value: target_power, expected });
        }
        let sign = if self.alternative == Alternative::Smaller { -1.0 } else { 1.0 };
        let lacks = |d: f64| self.power_at(sign * d, n) - target_power;
        let (mut low, mut high) = (0.0, 4.0 / self.sizes(n).1.sqrt());
        while lacks(high) < 0.0 {
            (low, high) = (high, 2.0 * high);
        }
        Ok(root(low, high, lacks))
    }

    fn check(&self, d: f64) -> Result<(), StatsError> {
        check_probability("alpha", self.alpha)?;
        if let TTest::TwoSample { ratio } = self.test {
            check_positive("ratio", ratio)?;
        }
        if d.is_finite() {
            Ok(())
        } else {
            Err(StatsError::OutOfDomain { argument: "d", value: d, expected: "a finite number" })
        }
    }

    /// Returns the degrees of freedom and the number of observations that the difference is as precise as.
    fn sizes(&self, n: f64) -> (f64, f64) {
        match self.test {
            TTest::Paired => (n - 1.0, n),
            TTest::TwoSample { ratio } => (n + n * ratio - 2.0, n * ratio / (1.0 + ratio)),
        }
    }

    /// Returns about the number at which the power reaches the target, by the normal distribution.
    fn normal_n(&self, d: f64, target_power: f64) -> f64 {
        let alpha = match self.alternative {
            Alternative::TwoSided => self.alpha / 2.0,
            Alternative::Larger | Alternative::Smaller => self.alpha,
        };
        let reach = normal_quantile(target_power) - normal_quantile(alpha);
        let one = match self.test {
            TTest::Paired => 1.0,
            TTest::TwoSample { ratio } => (1.0 + ratio) / ratio,
        };
        let n = one * (reach.max(0.0) / d).powi(2);
        if n.is_finite() { n } else { MOST_N }
    }

    fn power_at(&self, d: f64, n: f64) -> f64 {
        let (freedom, precision) = self.sizes(n);
        let shift = d * precision.sqrt();
        let above = |alpha: f64, shift: f64| {
            noncentral_t_upper(-t_quantile(alpha, freedom), freedom, shift)
        };
        match self.alternative {
            Alternative::TwoSided => {
                above(self.alpha / 2.0, shift) + above(self.alpha / 2.0, -shift)
            }
            Alternative::Larger => above(self.alpha, shift),
            Alternative::Smaller => above(self.alpha, -shift),
        }
    }
}
