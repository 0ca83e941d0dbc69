//! The score interval as statsmodels 0.15.0 searches for it.
//!
//! Its cubic for the constrained rates has the count of the second group where Miettinen and Nurminen have its size, so its
//! ends are off, by 2.5e-4 at 60 of 100 against 60 of 100; and it looks for them only near the Wald interval, so it finds none
//! for most small samples. It is here, with its very steps, so that results can be compared with those of that library;
//! [`super::miettinen_nurminen_interval`] is the one to use.

use crate::Interval;
use crate::special::normal_tails;

/// The absolute precision of the search: the default of `scipy.optimize.brentq`.
const ABSOLUTE: f64 = 2e-12;
/// The relative precision of the search: the default of `scipy.optimize.brentq`.
const RELATIVE: f64 = 4.0 * f64::EPSILON;
/// The number of steps of the search: the default of `scipy.optimize.brentq`.
const MAX_STEPS: usize = 100;

/// Two groups of trials.
#[derive(Clone, Copy)]
pub(super) struct Groups {
    pub(super) k1: f64,
    pub(super) n1: f64,
    pub(super) k2: f64,
    pub(super) n2: f64,
}

/// Returns the interval at level `1 - alpha`, or nothing where the search of the reference fails.
pub(super) fn score_interval(groups: Groups, wald: Interval, alpha: f64) -> Option<Interval> {
    let excess = |difference: f64| groups.p_value(difference) - alpha;
    let estimate = groups.k1 / groups.n1 - groups.k2 / groups.n2;
    let above = (wald.high + wald.high.abs() * 0.5).min(0.99999);
    let below = wald.low - wald.low.abs() * 0.25;
    let high = brent(excess, estimate, above)?;
    let low = brent(excess, below, estimate)?;
    Some(Interval { low, high })
}

impl Groups {
    /// Returns the two-sided p-value of a difference; NaN where the reference has none.
    fn p_value(self, difference: f64) -> f64 {
        let Self { k1, n1, k2, n2 } = self;
        let all = n1 + n2;
        let (first, second) = if difference.abs() > 0.0 {
            let second = self.second_rate(difference);
            (second + difference, second)
        } else {
            let pooled = (k1 + k2) / all;
            (pooled, pooled)
        };
        let variance = first * (1.0 - first) / n1 + second * (1.0 - second) / n2;
        let variance = variance * (all / (all - 1.0));
        let statistic = (k1 / n1 - k2 / n2 - difference) / variance.sqrt();
        normal_tails(statistic.abs()).upper * 2.0
    }

    /// Returns the second rate under a difference as the reference has it.
    fn second_rate(self, difference: f64) -> f64 {
        let Self { k1, n1, k2, n2 } = self;
        let (all, passed) = (n1 + n2, k1 + k2);
        let c2 = (n1 + 2.0 * n2) * difference - all - passed;
        let c1 = (k2 * difference - all - 2.0 * k2) * difference + passed;
        let c0 = k2 * difference * (1.0 - difference);
        let third = c2 / (3.0 * all);
        let q = third.powf(3.0) - c1 * c2 / (6.0 * (all * all)) + c0 / (2.0 * all);
        let sign = if q.abs() > 0.0 { q.signum() } else { q };
        let p = sign * (third * third - c1 / (3.0 * all)).sqrt();
        let angle = (std::f64::consts::PI + (q / p.powf(3.0)).acos()) / 3.0;
        2.0 * p * angle.cos() - third
    }
}

/// Returns a root between two points, or nothing where the signs there agree or a value is NaN.
///
/// Brent (1973), "Algorithms for Minimization without Derivatives", chapter 4, in the order of `scipy.optimize.brentq`.
fn brent(function: impl Fn(f64) -> f64, from: f64, to: f64) -> Option<f64> {
    let at = |x: f64| Some(function(x)).filter(|value| !value.is_nan());
    let (mut previous, mut current) = ((from, at(from)?), (to, at(to)?));
    if previous.1.abs() <= 0.0 {
        return Some(previous.0);
    }
    if current.1.abs() <= 0.0 {
        return Some(current.0);
    }
    if previous.1.is_sign_negative() == current.1.is_sign_negative() {
        return None;
    }
    let mut block = (0.0, 0.0);
    let (mut step_before, mut step) = (0.0, 0.0);
    for _ in 0..MAX_STEPS {
        if previous.1.abs() > 0.0
            && current.1.abs() > 0.0
            && previous.1.is_sign_negative() != current.1.is_sign_negative()
        {
            block = previous;
            step = current.0 - previous.0;
            step_before = step;
        }
        if block.1.abs() < current.1.abs() {
            previous = current;
            current = block;
            block = previous;
        }
        let delta = f64::midpoint(ABSOLUTE, RELATIVE * current.0.abs());
        let half = (block.0 - current.0) / 2.0;
        if current.1.abs() <= 0.0 || half.abs() < delta {
            return Some(current.0);
        }
        let trial = interpolated(previous, current, block);
        let is_close = 2.0 * trial.abs() < step_before.abs().min(3.0 * half.abs() - delta);
        if step_before.abs() > delta && current.1.abs() < previous.1.abs() && is_close {
            step_before = step;
            step = trial;
        } else {
            step_before = half;
            step = half;
        }
        previous = current;
        let moved = if step.abs() > delta { step } else { delta.copysign(half) };
        let next = current.0 + moved;
        current = (next, at(next)?);
    }
    None
}

/// Returns the step by the secant, or by inverse quadratic extrapolation where three points differ.
fn interpolated(previous: (f64, f64), current: (f64, f64), block: (f64, f64)) -> f64 {
    if (previous.0 - block.0).abs() <= 0.0 {
        return -current.1 * (current.0 - previous.0) / (current.1 - previous.1);
    }
    let to_previous = (previous.1 - current.1) / (previous.0 - current.0);
    let to_block = (block.1 - current.1) / (block.0 - current.0);
    -current.1 * (block.1 * to_block - previous.1 * to_previous)
        / (to_block * to_previous * (block.1 - previous.1))
}
