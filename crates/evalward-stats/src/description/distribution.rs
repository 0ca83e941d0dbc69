//! The distributions that tests and intervals refer to.

use crate::special::{
    Tails, beta_quantile, beta_tails, beta_upper_quantile, binomial_tails, chi_squared_quantile,
    chi_squared_tails, chi_squared_upper_quantile, f_quantile, f_tails, f_upper_quantile,
    first_count, normal_quantile, normal_tails, normal_upper_quantile, t_quantile, t_tails,
};
use crate::{StatsError, convert::count_to_f64};

/// How far a tail may miss a probability, as a share of it, that it reaches but for rounding.
const ROUNDING: f64 = 1e-13;

/// The smallest parameter; below it differences to the limit 0 are not worth telling.
const SMALLEST: f64 = 1e-10;

/// The largest parameter; above it f64 cannot tell neighbouring ones apart.
const LARGEST: f64 = 1e15;

/// A distribution with checked parameters.
///
/// Tails keep their relative precision down to 1e-300 and for counts and degrees of freedom up to 1e7.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distribution(Kind);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Normal,
    StudentT { freedom: f64 },
    ChiSquared { freedom: f64 },
    F { numerator: f64, denominator: f64 },
    Beta { a: f64, b: f64 },
    Binomial { n: f64, p: f64 },
}

impl Distribution {
    /// The normal distribution with mean 0 and variance 1.
    pub const NORMAL: Self = Self(Kind::Normal);

    /// Returns Student's t distribution.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless the degrees of freedom are from 1e-10 to 1e15.
    pub fn student_t(freedom: f64) -> Result<Self, StatsError> {
        Ok(Self(Kind::StudentT { freedom: positive("df", freedom)? }))
    }

    /// Returns the chi-squared distribution.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless the degrees of freedom are from 1e-10 to 1e15.
    pub fn chi_squared(freedom: f64) -> Result<Self, StatsError> {
        Ok(Self(Kind::ChiSquared { freedom: positive("df", freedom)? }))
    }

    /// Returns the F distribution.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless the degrees of freedom are from 1e-10 to 1e15.
    pub fn f(numerator: f64, denominator: f64) -> Result<Self, StatsError> {
        let numerator = positive("df1", numerator)?;
        Ok(Self(Kind::F { numerator, denominator: positive("df2", denominator)? }))
    }

    /// Returns the beta distribution.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless the shapes are from 1e-10 to 1e15.
    pub fn beta(a: f64, b: f64) -> Result<Self, StatsError> {
        Ok(Self(Kind::Beta { a: positive("a", a)?, b: positive("b", b)? }))
    }

    /// Returns the distribution of successes in `n` trials of probability `p`.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `p` is in `[0, 1]`.
    pub fn binomial(n: u64, p: f64) -> Result<Self, StatsError> {
        Ok(Self(Kind::Binomial { n: count_to_f64(n), p: probability("p", p)? }))
    }

    /// Returns the probability of at most `x`.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] where `x` is NaN.
    pub fn cdf(self, x: f64) -> Result<f64, StatsError> {
        Ok(self.tails(x)?.lower)
    }

    /// Returns the probability of more than `x`.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] where `x` is NaN.
    pub fn sf(self, x: f64) -> Result<f64, StatsError> {
        Ok(self.tails(x)?.upper)
    }

    /// Returns the smallest point that is exceeded with probability at most `1 - p`; `None` where it is infinite.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `p` is in `[0, 1]`.
    pub fn quantile(self, p: f64) -> Result<Option<f64>, StatsError> {
        let p = probability("p", p)?;
        if p <= 0.0 {
            return Ok(self.lowest());
        }
        if p >= 1.0 {
            return Ok(self.highest());
        }
        let point = match self.0 {
            Kind::Normal => normal_quantile(p),
            Kind::StudentT { freedom } => t_quantile(p, freedom),
            Kind::ChiSquared { freedom } => chi_squared_quantile(p, freedom),
            Kind::F { numerator, denominator } => f_quantile(p, numerator, denominator),
            Kind::Beta { a, b } => beta_quantile(a, b, p),
            Kind::Binomial { n, p: rate } => {
                first_count(n, rate, |tails| tails.lower * (1.0 + ROUNDING) >= p)
            }
        };
        Ok(point.is_finite().then_some(point))
    }

    /// Returns the smallest point that is exceeded with probability at most `p`; `None` where it is infinite.
    ///
    /// # Errors
    /// [`StatsError::OutOfDomain`] unless `p` is in `[0, 1]`.
    pub fn upper_quantile(self, p: f64) -> Result<Option<f64>, StatsError> {
        let p = probability("p", p)?;
        if p <= 0.0 {
            return Ok(self.highest());
        }
        if p >= 1.0 {
            return Ok(self.lowest());
        }
        let point = match self.0 {
            Kind::Normal => normal_upper_quantile(p),
            Kind::StudentT { freedom } => -t_quantile(p, freedom),
            Kind::ChiSquared { freedom } => chi_squared_upper_quantile(p, freedom),
            Kind::F { numerator, denominator } => f_upper_quantile(p, numerator, denominator),
            Kind::Beta { a, b } => beta_upper_quantile(a, b, p),
            Kind::Binomial { n, p: rate } => {
                first_count(n, rate, |tails| tails.upper <= p * (1.0 + ROUNDING))
            }
        };
        Ok(point.is_finite().then_some(point))
    }

    fn tails(self, x: f64) -> Result<Tails, StatsError> {
        if x.is_nan() {
            return Err(StatsError::OutOfDomain { argument: "x", value: x, expected: "a number" });
        }
        if x.is_infinite() {
            let lower = if x > 0.0 { 1.0 } else { 0.0 };
            return Ok(Tails { lower, upper: 1.0 - lower });
        }
        Ok(match self.0 {
            Kind::Normal => normal_tails(x),
            Kind::StudentT { freedom } => t_tails(x, freedom),
            Kind::ChiSquared { freedom } => chi_squared_tails(x, freedom),
            Kind::F { numerator, denominator } => f_tails(x, numerator, denominator),
            Kind::Beta { a, b } => beta_tails(a, b, x, 1.0 - x),
            Kind::Binomial { n, p } => binomial_tails(x.floor(), n, p),
        })
    }

    fn lowest(self) -> Option<f64> {
        match self.0 {
            Kind::Normal | Kind::StudentT { .. } => None,
            Kind::ChiSquared { .. }
            | Kind::F { .. }
            | Kind::Beta { .. }
            | Kind::Binomial { .. } => Some(0.0),
        }
    }

    fn highest(self) -> Option<f64> {
        match self.0 {
            Kind::Normal | Kind::StudentT { .. } | Kind::ChiSquared { .. } | Kind::F { .. } => None,
            Kind::Beta { .. } => Some(1.0),
            Kind::Binomial { n, .. } => Some(n),
        }
    }
}

fn positive(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if (SMALLEST..=LARGEST).contains(&value) {
        return Ok(value);
    }
    let expected = "positive, from 1e-10 to 1e15";
    Err(StatsError::OutOfDomain { argument, value, expected })
}

fn probability(argument: &'static str, value: f64) -> Result<f64, StatsError> {
    if (0.0..=1.0).contains(&value) {
        return Ok(value);
    }
    Err(StatsError::OutOfDomain { argument, value, expected: "in [0, 1]" })
}
