//! The normal mixture.

use super::super::scale::{check_alpha, check_positive, out_of_domain};
use super::bisection::first_positive;
use crate::StatsError;
use crate::special::normal_tails;

/// The sides on which a sum may leave its boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Only above.
    One,
    /// Above and below.
    Two,
}

/// The normal mixture of sub-Gaussian sums.
///
/// Howard, Ramdas, `McAuliffe` and Sekhon (2021), propositions 5 (two sides) and 6 (one side), with the mixing precision that is best at
/// the intrinsic time `v_opt` for `alpha_opt` (equation (27)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalMixture {
    rho: f64,
    sides: Sides,
}

impl NormalMixture {
    /// Prepares a mixture that is tightest at the intrinsic time `v_opt`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a `v_opt` that is not positive and for an `alpha_opt` outside `(0, 1)`, or for one side
    /// outside `(0, 1/2)`.
    pub fn new(v_opt: f64, alpha_opt: f64, sides: Sides) -> Result<Self, StatsError> {
        Ok(Self { rho: best_rho(v_opt, alpha_opt, sides)?, sides })
    }

    /// Returns the logarithm of the mixture for the sum `s` at the intrinsic time `v`, an e-value at any time.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a sum that is not finite and for a negative or infinite time.
    pub fn log_e(&self, s: f64, v: f64) -> Result<f64, StatsError> {
        check_time(v)?;
        if !s.is_finite() {
            return Err(out_of_domain("s", s, "a finite number"));
        }
        let log = self.log_mixture(s, v);
        if log.is_finite() {
            Ok(log)
        } else {
            Err(out_of_domain("s", s, "so small that its square is finite"))
        }
    }

    /// Returns the boundary at the intrinsic time `v`: the sum crosses it ever with probability `alpha` at most.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a negative or infinite time and for an `alpha` outside `(0, 1)`.
    pub fn bound(&self, v: f64, alpha: f64) -> Result<f64, StatsError> {
        check_time(v)?;
        let threshold = -check_alpha(alpha)?.ln();
        match self.sides {
            Sides::Two => Ok(((v + self.rho) * ((v / self.rho).ln_1p() + 2.0 * threshold)).sqrt()),
            Sides::One => {
                first_positive((v + self.rho).sqrt(), |s| self.log_mixture(s, v) - threshold)
                    .ok_or_else(|| out_of_domain("v", v, "so small that the boundary is finite"))
            }
        }
    }

    fn log_mixture(&self, s: f64, v: f64) -> f64 {
        let total = v + self.rho;
        let two_sided = 0.5 * (self.rho / total).ln();
        match self.sides {
            Sides::Two => two_sided + s * s / (2.0 * total),
            Sides::One => two_sided + std::f64::consts::LN_2 + log_scaled_tail(s / total.sqrt()),
        }
    }
}

/// Returns `z²/2 + ln P(Z <= z)` for a standard normal Z, also far in the lower tail, where the two cancel.
///
/// Abramowitz and Stegun (1964), 26.2.12.
fn log_scaled_tail(z: f64) -> f64 {
    if z > -30.0 {
        return z * z / 2.0 + normal_tails(z).lower.ln();
    }
    let inverse = 1.0 / (z * z);
    let series =
        1.0 - inverse * (1.0 - 3.0 * inverse * (1.0 - 5.0 * inverse * (1.0 - 7.0 * inverse)));
    (series / (-z * std::f64::consts::TAU.sqrt())).ln()
}

/// Returns the mixing precision that makes the boundary tightest at `v_opt`.
pub(super) fn best_rho(v_opt: f64, alpha_opt: f64, sides: Sides) -> Result<f64, StatsError> {
    let v_opt = check_positive("v_opt", v_opt)?;
    let alpha = match sides {
        Sides::One => 2.0 * alpha_opt,
        Sides::Two => alpha_opt,
    };
    let expected = match sides {
        Sides::One => "strictly between 0 and 1/2",
        Sides::Two => "strictly between 0 and 1",
    };
    let loss = -2.0 * alpha.ln();
    let rho = v_opt / (loss + loss.ln_1p());
    if alpha > 0.0 && alpha < 1.0 && rho > 0.0 && rho.is_finite() {
        Ok(rho)
    } else {
        Err(out_of_domain("alpha_opt", alpha_opt, expected))
    }
}

/// Checks an intrinsic time.
pub(super) fn check_time(v: f64) -> Result<f64, StatsError> {
    if v >= 0.0 && v.is_finite() {
        Ok(v)
    } else {
        Err(out_of_domain("v", v, "finite and not negative"))
    }
}
