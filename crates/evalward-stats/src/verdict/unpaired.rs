//! The comparison of independent samples of scores.

use super::compare::{Comparison, Evidence, IntervalMethod, at_least};
use super::{Design, ScoreRange};
use crate::convert::count_to_f64;
use crate::intervals::{betting_interval, miettinen_nurminen_interval};
use crate::root::boundary;
use crate::sample::Spread;
use crate::special::{normal_tails, t_quantile, t_tails};
use crate::{Interval, Level, StatsError};

/// Compares independent samples of scores.
///
/// Rates of 0 and 1 are compared by Miettinen and Nurminen's score interval, other scores by Welch's t. Where one of the
/// samples shows no variance, each mean has a betting interval on the declared range at half of `alpha`.
///
/// # Errors
/// As [`compare_paired`](super::compare_paired).
pub fn compare_unpaired(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
) -> Result<Comparison, StatsError> {
    design.check()?;
    design.check_scores("baseline", baseline)?;
    design.check_scores("candidate", candidate)?;
    at_least("comparison of samples", 2, baseline.len().min(candidate.len()))?;
    let (before, after) = (Spread::of(baseline), Spread::of(candidate));
    let is_rate = design.range == ScoreRange::Binary
        && baseline.iter().chain(candidate).all(|score| *score <= 0.0 || *score >= 1.0);
    let evidence = if is_rate {
        rates(baseline, candidate, design)?
    } else if before.is_constant() || after.is_constant() {
        bounded(baseline, candidate, design, (before, after))?
    } else {
        welch(design, before, after, baseline.len().min(candidate.len()))
    };
    evidence.conclude(design, (before.mean, after.mean))
}

fn welch(design: &Design, before: Spread, after: Spread, n: usize) -> Evidence {
    let se = after.standard_error().hypot(before.standard_error());
    let part = |of: Spread| (of.standard_error() / se).powi(4) / (of.n - 1.0);
    let df = 1.0 / (part(after) + part(before));
    let estimate = design.sign() * (after.mean - before.mean);
    let half = t_quantile(1.0 - design.alpha, df) * se;
    let question = design.question();
    let sd = after.deviation().hypot(before.deviation());
    Evidence {
        n,
        clusters: n,
        estimate,
        ci: Interval { low: estimate - half, high: estimate + half },
        method: IntervalMethod::Welch,
        reason: "independent samples: Welch's t",
        p_regression: t_tails(estimate / se, df).lower,
        power: Some(question.power_of_t(se, df)),
        n_required: question.units_for_t(sd, |n| 2.0 * n - 2.0),
    }
}

/// Compares rates of 0 and 1 by their score interval.
fn rates(baseline: &[f64], candidate: &[f64], design: &Design) -> Result<Evidence, StatsError> {
    let count = |scores: &[f64]| {
        let passed = scores.iter().filter(|score| **score > 0.5).count();
        (count_of(passed), count_of(scores.len()))
    };
    let (before, after) = (count(baseline), count(candidate));
    // The better direction decides which difference is a gain.
    let ((k1, n1), (k2, n2)) = if design.sign() > 0.0 { (after, before) } else { (before, after) };
    let ci = miettinen_nurminen_interval(k1, n1, k2, n2, design.level()?)?;
    let [k1, n1, k2, n2] = [k1, n1, k2, n2].map(count_to_f64);
    let estimate = k1 / n1 - k2 / n2;
    let (passed, all) = (k1 + k2, n1 + n2);
    let variance = passed / all * (all - passed) / (all - 1.0) * (1.0 / n1 + 1.0 / n2);
    let score = if variance > 0.0 { estimate / variance.sqrt() } else { 0.0 };
    // A pass and a failure more keep a rate of 0 or 1 from looking certain.
    let rate = (passed + 1.0) / (all + 2.0);
    let spread = (rate * (1.0 - rate)).sqrt();
    let question = design.question();
    let n = baseline.len().min(candidate.len());
    Ok(Evidence {
        n,
        clusters: n,
        estimate,
        ci,
        method: IntervalMethod::MiettinenNurminen,
        reason: "independent rates: the score interval also holds next to 0 and 1",
        p_regression: normal_tails(score).lower,
        power: Some(question.power_of_t(spread * (1.0 / n1 + 1.0 / n2).sqrt(), all - 2.0)),
        n_required: question.units_for_t(spread * 2.0_f64.sqrt(), |n| 2.0 * n - 2.0),
    })
}

fn count_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Compares samples of which one at least shows no variance.
fn bounded(
    baseline: &[f64],
    candidate: &[f64],
    design: &Design,
    (before, after): (Spread, Spread),
) -> Result<Evidence, StatsError> {
    let Some((low, high)) = design.range.ends() else {
        return Err(StatsError::Degenerate {
            statistic: "comparison of samples",
            reason: "all scores of a sample are equal, and no range of the scores is declared",
        });
    };
    let at = |alpha: f64| -> Result<Interval, StatsError> {
        let level = Level::new(1.0 - alpha)?;
        let of = |sample: &[f64]| betting_interval(sample, low, high, level);
        let (before, after) = (of(baseline)?, of(candidate)?);
        Ok(if design.sign() > 0.0 {
            Interval { low: after.low - before.high, high: after.high - before.low }
        } else {
            Interval { low: before.low - after.high, high: before.high - after.low }
        })
    };
    let ci = at(design.alpha)?;
    let is_worse = |alpha: f64| at(alpha).is_ok_and(|interval| interval.high < 0.0);
    let n = baseline.len().min(candidate.len());
    Ok(Evidence {
        n,
        clusters: n,
        estimate: design.sign() * (after.mean - before.mean),
        ci,
        method: IntervalMethod::Betting,
        reason: "a sample shows no variance: finite-sample intervals on the declared range",
        p_regression: if is_worse(0.5) { boundary(0.5, 0.0, is_worse) } else { 1.0 },
        power: None,
        n_required: None,
    })
}
