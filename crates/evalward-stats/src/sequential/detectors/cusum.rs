//! The two-sided CUSUM chart.

use super::super::scale::{check_finite, out_of_domain};
use crate::StatsError;

/// What a [`Cusum`] is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CusumOptions {
    /// The mean without a change.
    pub mean: f64,
    /// The distance to the mean that is tolerated, often half the change to be found.
    pub slack: f64,
    /// The sum at which there is an alarm.
    pub threshold: f64,
}

/// A chart that sums the distances to a known mean beyond a slack, on both sides; both sums start anew after an alarm.
///
/// Page (1954), "Continuous inspection schemes", Biometrika 41(1/2), section 3: `C+ = max(0, C+ + x - (mean + slack))` and
/// `C- = max(0, C- + (mean - slack) - x)`, with an alarm beyond the threshold. The run length without a change depends on the
/// distribution of the observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Cusum {
    options: CusumOptions,
    n: u64,
    above: f64,
    below: f64,
}

impl Cusum {
    /// Starts a chart.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a mean that is not finite, and a slack or threshold that is negative.
    pub fn new(options: CusumOptions) -> Result<Self, StatsError> {
        if !options.mean.is_finite() {
            return Err(out_of_domain("mean", options.mean, "a finite number"));
        }
        for (argument, value) in [("slack", options.slack), ("threshold", options.threshold)] {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(out_of_domain(argument, value, "finite and not negative"));
            }
        }
        Ok(Self { options, n: 0, above: 0.0, below: 0.0 })
    }

    /// Takes an observation in and tells whether there is an alarm at it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<bool, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        let CusumOptions { mean, slack, threshold } = self.options;
        self.above = (self.above + x - (mean + slack)).max(0.0);
        self.below = (self.below + (mean - slack) - x).max(0.0);
        let alarm = self.above > threshold || self.below > threshold;
        if alarm {
            (self.above, self.below) = (0.0, 0.0);
        }
        Ok(alarm)
    }

    /// Returns the sums above and below the mean.
    pub const fn sums(&self) -> [f64; 2] {
        [self.above, self.below]
    }
}
