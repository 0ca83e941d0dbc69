//! The largest difference of two distribution functions, and what chance makes of it.

use serde::Serialize;

use super::kolmogorov::{kolmogorov_limit, kolmogorov_tail};
use super::lattice_paths::{divisor, outside_probability};
use crate::StatsError;
use crate::convert::{floor_to_index, length_to_f64};
use crate::sample::check_sample;
use crate::sorting::ascending;

/// The two-sample Kolmogorov-Smirnov test, two-sided.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct KolmogorovSmirnov {
    /// The largest difference of the distribution functions.
    pub d: f64,
    /// The largest excess of the first distribution function.
    pub d_plus: f64,
    /// The largest excess of the second distribution function.
    pub d_minus: f64,
    /// The exact probability for continuous distributions, too large where values are equal; absent for samples too large.
    pub p_exact: Option<f64>,
    /// The probability for one sample of the effective size `m n / (m + n)`; absent where that rounds to 0.
    pub p_asymp: Option<f64>,
    /// The probability in the limit of large samples.
    pub p_kolmogorov: f64,
}

/// Returns the two-sample Kolmogorov-Smirnov test.
///
/// Smirnov (1939); exact by Hodges (1958), asymptotic as in scipy by the one-sample distribution of Simard and L'Ecuyer (2011).
/// Assumes two independent samples.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample and [`StatsError::NotFinite`] for a NaN or infinite observation.
pub fn ks_two_sample(a: &[f64], b: &[f64]) -> Result<KolmogorovSmirnov, StatsError> {
    check_sample("kolmogorov smirnov", "a", a, 1)?;
    check_sample("kolmogorov smirnov", "b", b, 1)?;
    let (left, right) = (ascending(a.iter().copied()), ascending(b.iter().copied()));
    let (m, n) = (left.len(), right.len());
    let common = divisor(m, n);
    let (steps_left, steps_right) = (n / common, m / common);
    // In units of 1 / lcm(m, n), in which the differences are whole.
    let (mut above, mut below) = (0_usize, 0_usize);
    let (mut at_left, mut at_right) = (0, 0);
    while let (Some(first), Some(second)) = (left.get(at_left), right.get(at_right)) {
        let next = first.min(*second);
        at_left += left[at_left..].iter().take_while(|value| **value <= next).count();
        at_right += right[at_right..].iter().take_while(|value| **value <= next).count();
        let (first, second) = (at_left * steps_left, at_right * steps_right);
        above = above.max(first.saturating_sub(second));
        below = below.max(second.saturating_sub(first));
    }
    let apart = above.max(below);
    let whole = length_to_f64(m * steps_left);
    let share = |units: usize| length_to_f64(units) / whole;
    let largest = share(apart);
    let effective = length_to_f64(m) * length_to_f64(n) / (length_to_f64(m) + length_to_f64(n));
    let rounded = floor_to_index(effective.round_ties_even());
    Ok(KolmogorovSmirnov {
        d: largest,
        d_plus: share(above),
        d_minus: share(below),
        p_exact: outside_probability(m, n, apart),
        p_asymp: (rounded > 0).then(|| kolmogorov_tail(rounded, largest)),
        p_kolmogorov: kolmogorov_limit(effective.sqrt() * largest),
    })
}
