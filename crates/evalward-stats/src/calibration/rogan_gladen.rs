//! A rate corrected for the errors of the judge that counted it.

use serde::Serialize;

use crate::convert::count_to_f64;
use crate::special::normal_upper_quantile;
use crate::{Interval, Level, StatsError};

/// What a judge said of a sample, and how often it was right on labelled items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JudgedRate {
    /// The share of passes among the judged items.
    pub pass_rate: f64,
    /// The number of judged items.
    pub n: u64,
    /// The share that the judge failed of the items known to be bad.
    pub specificity: f64,
    /// The number of items known to be bad.
    pub bad: u64,
    /// The share that the judge passed of the items known to be good.
    pub sensitivity: f64,
    /// The number of items known to be good.
    pub good: u64,
}

/// A rate corrected for a judge's errors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RoganGladen {
    /// The estimate as the equation gives it, perhaps outside `[0, 1]`.
    pub theta_raw: f64,
    /// The estimate within `[0, 1]`.
    pub theta: f64,
    /// The standard error by the delta method, without adjustment.
    pub delta_se: f64,
    /// The interval of Lang and Reiczigel, within `[0, 1]`.
    pub ci_lr: Interval,
}

/// Returns the true pass rate behind a judge's, with an interval that carries the doubt about the judge.
///
/// Rogan and Gladen (1978), "Estimating prevalence from the results of a screening test", equation (1); Lang and Reiczigel
/// (2014), "Confidence limits for prevalence of disease adjusted for estimated sensitivity and specificity", section 2.2. Assumes
/// that the judged and the labelled items are independent samples and that the judge errs alike on both.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a share outside `[0, 1]`, [`StatsError::TooFew`] for a sample without items and
/// [`StatsError::Degenerate`] where sensitivity and specificity sum to at most 1: such a judge says nothing.
pub fn rogan_gladen(judged: &JudgedRate, level: Level) -> Result<RoganGladen, StatsError> {
    for (argument, value) in [
        ("pass rate", judged.pass_rate),
        ("specificity", judged.specificity),
        ("sensitivity", judged.sensitivity),
    ] {
        if !(0.0..=1.0).contains(&value) {
            return Err(StatsError::OutOfDomain { argument, value, expected: "in [0, 1]" });
        }
    }
    if judged.n.min(judged.bad).min(judged.good) == 0 {
        return Err(StatsError::TooFew { statistic: "rogan gladen", needed: 1, got: 0 });
    }
    let plain = Shares {
        p: (judged.pass_rate, count_to_f64(judged.n)),
        q0: (judged.specificity, count_to_f64(judged.bad)),
        q1: (judged.sensitivity, count_to_f64(judged.good)),
    };
    if plain.informedness() <= 0.0 {
        return Err(StatsError::Degenerate {
            statistic: "rogan gladen",
            reason: "sensitivity and specificity sum to at most 1, so the judge says nothing",
        });
    }
    let theta_raw = plain.estimate();
    Ok(RoganGladen {
        theta_raw,
        theta: theta_raw.clamp(0.0, 1.0),
        delta_se: plain.standard_error(theta_raw),
        ci_lr: plain.interval(normal_upper_quantile(level.tail())),
    })
}

/// The three shares, each with the size of its sample.
struct Shares {
    p: (f64, f64),
    q0: (f64, f64),
    q1: (f64, f64),
}

fn variance((share, n): (f64, f64)) -> f64 {
    share * (1.0 - share) / n
}

/// Adds items to a sample, half of them passes.
fn shrunk((share, n): (f64, f64), added: f64) -> (f64, f64) {
    ((n * share + added / 2.0) / (n + added), n + added)
}

impl Shares {
    fn informedness(&self) -> f64 {
        self.q0.0 + self.q1.0 - 1.0
    }

    fn estimate(&self) -> f64 {
        (self.p.0 + self.q0.0 - 1.0) / self.informedness()
    }

    fn standard_error(&self, theta: f64) -> f64 {
        let squares = variance(self.p)
            + (1.0 - theta).powi(2) * variance(self.q0)
            + theta.powi(2) * variance(self.q1);
        squares.sqrt() / self.informedness()
    }

    fn interval(&self, z: f64) -> Interval {
        let adjusted =
            Self { p: shrunk(self.p, z * z), q0: shrunk(self.q0, 2.0), q1: shrunk(self.q1, 2.0) };
        if adjusted.informedness() <= 0.0 {
            return Interval { low: 0.0, high: 1.0 };
        }
        let theta = adjusted.estimate();
        let shift =
            2.0 * z * z * (theta * variance(adjusted.q1) - (1.0 - theta) * variance(adjusted.q0));
        let reach = z * adjusted.standard_error(theta);
        Interval {
            low: (theta + shift - reach).clamp(0.0, 1.0),
            high: (theta + shift + reach).clamp(0.0, 1.0),
        }
    }
}
