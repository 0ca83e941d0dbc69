//! The polynomial stitched boundary.

use super::super::scale::{check_alpha, check_positive, out_of_domain};
use super::normal::check_time;
use crate::StatsError;

/// What a stitched boundary is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolyStitching {
    /// The intrinsic time from which the boundary grows; before it the boundary is flat.
    pub v_min: f64,
    /// The scale of sub-gamma sums, 0 for sub-Gaussian ones.
    pub c: f64,
    /// The exponent of the epochs' share of the error, above 1.
    pub s: f64,
    /// The factor from one epoch to the next, above 1.
    pub eta: f64,
}

/// Returns the boundary at the intrinsic time `v`, which grows like `sqrt(v ln ln v)`.
///
/// Howard, Ramdas, `McAuliffe` and Sekhon (2021), theorem 1 with equation (10).
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a negative or infinite time, for an `alpha` outside `(0, 1)` and for options outside the
/// domains they state.
pub fn poly_stitching_bound(
    v: f64,
    alpha: f64,
    options: &PolyStitching,
) -> Result<f64, StatsError> {
    check_time(v)?;
    let threshold = -check_alpha(alpha)?.ln();
    let PolyStitching { v_min, c, s, eta } = *options;
    check_positive("v_min", v_min)?;
    if !(c >= 0.0 && c.is_finite()) {
        return Err(out_of_domain("c", c, "finite and not negative"));
    }
    for (argument, value) in [("s", s), ("eta", eta)] {
        if !(value > 1.0 && value.is_finite()) {
            return Err(out_of_domain(argument, value, "above 1 and finite"));
        }
    }
    let spread = (eta.powf(0.25) + eta.powf(-0.25)) / std::f64::consts::SQRT_2;
    let tail = f64::midpoint(eta.sqrt(), 1.0) * c;
    let time = v.max(v_min);
    let loss = s * (eta * (time / v_min)).ln().ln() + (zeta(s) / eta.ln().powf(s)).ln() + threshold;
    let bound = (spread * spread * time * loss + tail * loss * tail * loss).sqrt() + tail * loss;
    if bound.is_finite() {
        Ok(bound)
    } else {
        Err(out_of_domain("v", v, "so small that the boundary is finite"))
    }
}

/// Returns Riemann's zeta function for `s > 1`.
///
/// Euler and Maclaurin's summation: Abramowitz and Stegun (1964), 23.2.1 with 23.1.30.
fn zeta(s: f64) -> f64 {
    const FROM: f64 = 20.0;
    // B(2k) / (2k)!.
    const TERMS: [f64; 6] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
    ];
    let head: f64 = (1..20).map(|n| f64::from(n).powf(-s)).sum();
    let mut sum = head + FROM.powf(1.0 - s) / (s - 1.0) + FROM.powf(-s) / 2.0;
    let mut factor = s * FROM.powf(-s - 1.0);
    let mut next = s + 1.0;
    for term in TERMS {
        sum += term * factor;
        factor *= next * (next + 1.0) / (FROM * FROM);
        next += 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeta_agrees_with_mpmath() {
        // mpmath.zeta(s) at 40 digits.
        for (s, expected) in [
            (1.000_1, 10_000.577_222_946_438),
            (1.4, 3.105_547_277_977_580_4),
            (2.0, std::f64::consts::PI * std::f64::consts::PI / 6.0),
            (10.0, 1.000_994_575_127_818),
        ] {
            let got = zeta(s);
            assert!((got / expected - 1.0).abs() < 1e-11, "s = {s}: {got}");
        }
    }
}
