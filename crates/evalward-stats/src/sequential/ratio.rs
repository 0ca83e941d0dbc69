//! Sequential tests by likelihood ratios that are averaged over alternatives.

use super::scale::{check_finite, check_positive, out_of_domain};
use crate::StatsError;
use crate::convert::count_to_f64;

/// A sequential test of a mean with known variance: the mixture sequential probability ratio test.
///
/// Johari, Koomen, Pekelis and Walsh (2022), "Always valid inference: continuous monitoring of A/B tests", Operations Research 70(3),
/// equation (14), with a normal mixture around the mean to be tested. The p-value may be looked at after every observation. Assumes
/// normal observations, or so many that their mean is.
#[derive(Clone, Debug, PartialEq)]
pub struct MixtureRatioTest {
    mean: f64,
    variance: f64,
    mixing_variance: f64,
    n: u64,
    /// The sum of the distances to the mean to be tested.
    sum: f64,
    p: f64,
}

impl MixtureRatioTest {
    /// Starts a test of `mean` for observations with a known `variance`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a mean that is not finite and for a variance that is not positive.
    pub fn new(mean: f64, variance: f64, mixing_variance: f64) -> Result<Self, StatsError> {
        if !mean.is_finite() {
            return Err(out_of_domain("mean", mean, "a finite number"));
        }
        let variance = check_positive("variance", variance)?;
        let mixing_variance = check_positive("mixing_variance", mixing_variance)?;
        Ok(Self { mean, variance, mixing_variance, n: 0, sum: 0.0, p: 1.0 })
    }

    /// Takes an observation in and returns the logarithm of the ratio, where it is a finite number.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<Option<f64>, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        self.sum += x - self.mean;
        let mixed = self.variance + count_to_f64(self.n) * self.mixing_variance;
        let log = 0.5 * (self.variance / mixed).ln()
            + self.mixing_variance * self.sum * self.sum / (2.0 * self.variance * mixed);
        self.p = self.p.min((-log).exp());
        Ok(log.is_finite().then_some(log))
    }

    /// Returns the smallest p-value so far, which is valid at any time.
    pub const fn p(&self) -> f64 {
        self.p
    }
}

/// A sequential test of a rate, against all rates at once with equal weight.
///
/// The e-value is the ratio of the beta-binomial to the binomial likelihood: Robbins (1970), "Statistical methods related to the law of
/// the iterated logarithm", Annals of Mathematical Statistics 41(5), with the uniform mixture. Under the rate it exceeds `1 / alpha` ever
/// with probability `alpha` at most.
#[derive(Clone, Debug, PartialEq)]
pub struct BetaBinomialTest {
    rate: f64,
    successes: u64,
    n: u64,
    log_e: f64,
}

impl BetaBinomialTest {
    /// Starts a test of `rate`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a rate that is not strictly between 0 and 1.
    pub fn new(rate: f64) -> Result<Self, StatsError> {
        if rate > 0.0 && rate < 1.0 {
            Ok(Self { rate, successes: 0, n: 0, log_e: 0.0 })
        } else {
            Err(out_of_domain("rate", rate, "strictly between 0 and 1"))
        }
    }

    /// Takes a trial in and returns the logarithm of the e-value.
    pub fn push(&mut self, success: bool) -> f64 {
        // The beta-binomial likelihood by its predictions: no large logarithms cancel.
        let (seen, rate) = if success {
            self.successes += 1;
            (self.successes, self.rate)
        } else {
            (self.n - self.successes + 1, 1.0 - self.rate)
        };
        self.log_e += (count_to_f64(seen) / (count_to_f64(self.n) + 2.0) / rate).ln();
        self.n += 1;
        self.log_e
    }
}
