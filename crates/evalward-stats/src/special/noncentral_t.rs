//! The noncentral t distribution.

use std::f64::consts::{LN_2, TAU};

use super::gamma::{ln_1p_minus, stirling_remainder};
use super::panels::NODES;
use super::tails::normal_tails;

/// What lies outside the range of integration has a probability below e^-38.
const NEGLIGIBLE: f64 = 38.0;

/// Panels for the range of the scale.
const PANELS: u32 = 12;

/// Returns the probability that a noncentral t variable with `freedom > 0` and the noncentrality `shift` exceeds `t`, to 1e-12.
///
/// The variable is `(Z + shift) / s`, where `freedom s²` is chi-squared: the normal tail is integrated over the density of `s`, which
/// has no trouble with large shifts. Johnson, Kotz and Balakrishnan (1995), "Continuous univariate distributions" 2, equation (31.10).
pub(crate) fn noncentral_t_upper(t: f64, freedom: f64, shift: f64) -> f64 {
    let density = ScaleDensity::new(freedom);
    let mut edges = density.edges();
    let width = (edges[edges.len() - 1] - edges[0]) / f64::from(PANELS);
    if 1.0 / t.abs() < width {
        // The normal tail falls from 1 to 0 within few units of 1/t around shift/t.
        let (low, high) = (edges[0], edges[edges.len() - 1]);
        let steps = (-12_i32..=12).map(|step| (shift + 0.75 * f64::from(step)) / t);
        edges.extend(steps.filter(|edge| low < *edge && *edge < high));
        edges.sort_by(f64::total_cmp);
    }
    let total: f64 = edges
        .windows(2)
        .map(|edge| panel(edge[0], edge[1], |s| rounded_normal(shift - t * s) * density.at(s)))
        .sum();
    total.clamp(0.0, 1.0)
}

/// Returns the probability that a standard normal variable is at most `x`, to 1e-19.
fn rounded_normal(x: f64) -> f64 {
    if x.abs() < 9.0 { normal_tails(x).lower } else { f64::from(u8::from(x > 0.0)) }
}

fn panel(low: f64, high: f64, function: impl Fn(f64) -> f64) -> f64 {
    let (centre, half) = (f64::midpoint(low, high), (high - low) / 2.0);
    let pairs = NODES.iter().map(|(node, weight)| {
        weight * (function(centre - half * node) + function(centre + half * node))
    });
    half * pairs.sum::<f64>()
}

/// The density of `s`, where `freedom s²` is chi-squared.
struct ScaleDensity {
    freedom: f64,
    log_constant: f64,
}

impl ScaleDensity {
    fn new(freedom: f64) -> Self {
        let half = freedom / 2.0;
        let log_constant = LN_2 + 0.5 * (half / TAU).ln() - stirling_remainder(half);
        Self { freedom, log_constant }
    }

    fn at(&self, s: f64) -> f64 {
        let excess = (s - 1.0) * (s + 1.0);
        // The logarithm of s² less its linear term, which cancels near 1.
        let bend = if excess.abs() > 0.4 { 2.0 * s.ln() - excess } else { ln_1p_minus(excess) };
        (self.log_constant + self.freedom / 2.0 * bend - s.ln()).exp()
    }

    /// Returns the edges of panels that hold all but a negligible part of the probability.
    ///
    /// The range is that of Laurent and Massart (2000), "Adaptive estimation of a quadratic functional by model selection", Annals of
    /// Statistics 28(5), lemma 1.
    fn edges(&self) -> Vec<f64> {
        let spread = 2.0 * (NEGLIGIBLE / self.freedom).sqrt();
        let high = (1.0 + spread + 2.0 * NEGLIGIBLE / self.freedom).sqrt();
        let low = (1.0 - spread).max(0.0).sqrt();
        let width = (high - low) / f64::from(PANELS);
        let mut edges = Vec::new();
        if low <= 0.0 {
            // Next to 0 the density is a power, which needs panels that shrink with it.
            edges.extend((1..=50).rev().map(|step| width * 0.25_f64.powi(step)));
        } else {
            edges.push(low);
        }
        edges.extend((1..=PANELS).map(|panel| low + width * f64::from(panel)));
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::t_tails;

    #[test]
    fn tails_agree_with_mpmath() {
        // Quadrature of the same integral at 30 digits.
        for (t, freedom, shift, expected) in [
            (2.0, 4.0, 1.5, 0.381_071_074_860_345_3),
            (1.6, 199.0, 2.8, 0.884_573_515_022_149_6),
            (12.7, 1.0, 3.0, 0.186_196_781_992_395_9),
            (63.66, 1.0, 0.5, 0.008_744_867_229_784_327),
            (-1.0, 3.0, 2.0, 0.996_994_752_404_601_5),
            (1.65, 1e5, 40.0, 1.0),
            (1.96, 1e6, 1.0, 0.168_527_962_784_342_07),
            (3.0, 9.0, -1.0, 4.959_720_943_306_978e-4),
            (5.0, 2.5, 4.0, 0.437_666_580_718_419_2),
        ] {
            let got = noncentral_t_upper(t, freedom, shift);
            assert!((got - expected).abs() < 1e-12, "t = {t}, freedom = {freedom}: {got}");
        }
    }

    #[test]
    fn without_a_shift_it_is_students() {
        for freedom in [0.5, 1.0, 2.0, 7.5, 100.0, 1e6] {
            for t in [-300.0, -2.0, 0.0, 0.5, 3.0, 40.0] {
                let (got, expected) =
                    (noncentral_t_upper(t, freedom, 0.0), t_tails(t, freedom).upper);
                assert!((got - expected).abs() < 1e-12, "t = {t}, freedom = {freedom}: {got}");
            }
        }
    }
}
