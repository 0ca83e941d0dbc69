//! The difference of the rates of two independent groups.

use serde::Serialize;

use super::binomial::{BinomialMethod, binomial_interval, failures};
use super::fisher::fisher;
use super::miettinen_nurminen_interval;
use super::score_search::{Groups, score_interval};
use crate::convert::count_to_f64;
use crate::sample::finite;
use crate::special::{normal_tails, normal_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The difference `k1 / n1 - k2 / n2` with its intervals and tests; `None` where one is undefined.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TwoProportions {
    /// The difference of the observed rates.
    pub diff: f64,
    /// The normal approximation around it, which may leave `[-1, 1]` and has no width where all trials agree.
    pub ci_wald: Interval,
    /// Newcombe's interval from the two Wilson intervals.
    pub ci_newcombe: Interval,
    /// The score interval as statsmodels 0.15.0 finds it; `None` where its search fails, which it does for most small samples.
    pub ci_score: Option<Interval>,
    /// Miettinen and Nurminen's score interval; the one to decide on.
    pub ci_miettinen_nurminen: Interval,
    /// Agresti and Caffo's interval, which adds a success and a failure to each group.
    pub ci_agresti_caffo: Interval,
    /// The difference in units of its pooled standard error; `None` where all trials agree.
    pub z_pooled: Option<f64>,
    /// The two-sided p-value of `z_pooled`.
    pub p_z_pooled: Option<f64>,
    /// The sample odds ratio; `None` where it is infinite or 0 divided by 0.
    pub fisher_odds_ratio: Option<f64>,
    /// The two-sided p-value of Fisher's exact test; `None` above a hundred million trials.
    pub p_fisher: Option<f64>,
    /// Its p-value of "the first rate is not lower".
    pub p_fisher_less: Option<f64>,
    /// Its p-value of "the first rate is not higher".
    pub p_fisher_greater: Option<f64>,
}

/// Compares the rates of two independent groups.
///
/// Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in Medicine 17(8),
/// method 10; Agresti and Caffo (2000), "Simple and effective confidence intervals for proportions and differences of
/// proportions", The American Statistician 54(4); for the others see the fields' functions. Trials are assumed independent,
/// within the groups and between them.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when a group is empty and [`StatsError::OutOfDomain`] for more successes than trials.
pub fn two_proportions(
    k1: u64,
    n1: u64,
    k2: u64,
    n2: u64,
    level: Level,
) -> Result<TwoProportions, StatsError> {
    let (f1, f2) = (count_to_f64(failures(k1, n1)?), count_to_f64(failures(k2, n2)?));
    let z = normal_upper_quantile(level.tail());
    let groups = Groups {
        k1: count_to_f64(k1),
        n1: count_to_f64(n1),
        k2: count_to_f64(k2),
        n2: count_to_f64(n2),
    };
    let diff = groups.k1 / groups.n1 - groups.k2 / groups.n2;
    let ci_wald = wald(groups, z);
    let plus = Groups {
        k1: groups.k1 + 1.0,
        n1: groups.n1 + 2.0,
        k2: groups.k2 + 1.0,
        n2: groups.n2 + 2.0,
    };
    let z_pooled = pooled(groups, f1 + f2);
    let exact = fisher(groups.k1, groups.n1, groups.k2, groups.n2);
    Ok(TwoProportions {
        diff,
        ci_wald,
        ci_newcombe: newcombe(groups, [(k1, n1), (k2, n2)], level)?,
        ci_score: score_interval(groups, ci_wald, 1.0 - level.confidence()),
        ci_miettinen_nurminen: miettinen_nurminen_interval(k1, n1, k2, n2, level)?,
        ci_agresti_caffo: wald(plus, z),
        z_pooled,
        p_z_pooled: z_pooled.map(|z| 2.0 * normal_tails(z.abs()).upper),
        fisher_odds_ratio: finite(groups.k1 / f1 * (f2 / groups.k2)),
        p_fisher: exact.map(|exact| exact.two_sided),
        p_fisher_less: exact.map(|exact| exact.less),
        p_fisher_greater: exact.map(|exact| exact.greater),
    })
}

fn wald(groups: Groups, z: f64) -> Interval {
    let Groups { k1, n1, k2, n2 } = groups;
    let (first, second) = (k1 / n1, k2 / n2);
    let variance = first * (1.0 - first) / n1 + second * (1.0 - second) / n2;
    let half = z * variance.sqrt();
    Interval { low: first - second - half, high: first - second + half }
}

fn newcombe(groups: Groups, counts: [(u64, u64); 2], level: Level) -> Result<Interval, StatsError> {
    let [one, two] = counts.map(|(k, n)| binomial_interval(k, n, level, BinomialMethod::Wilson));
    let (one, two) = (one?, two?);
    let (first, second) = (groups.k1 / groups.n1, groups.k2 / groups.n2);
    Ok(Interval {
        low: first - second - (first - one.low).hypot(two.high - second),
        high: first - second + (second - two.low).hypot(one.high - first),
    })
}

fn pooled(groups: Groups, failed: f64) -> Option<f64> {
    let Groups { k1, n1, k2, n2 } = groups;
    let passed = k1 + k2;
    if passed <= 0.0 || failed <= 0.0 {
        return None;
    }
    let rate = passed / (n1 + n2);
    finite((k1 / n1 - k2 / n2) / (rate * (1.0 - rate) * (1.0 / n1 + 1.0 / n2)).sqrt())
}
