//! The comparison of scores of the same examples.

use super::compare::{Comparison, Evidence, IntervalMethod, at_least, smallest};
use super::guard::Guard;
use super::{Design, ScoreRange};
use crate::convert::{count_to_f64, length_to_f64};
use crate::intervals::{
    Groups, betting_interval, betting_p_below, betting_p_constant, cluster_robust_mean_cr2,
    tango_interval,
};
use crate::sample::{Spread, check_lengths, mean_of};
use crate::special::{normal_tails, t_quantile, t_tails};
use crate::{Interval, StatsError};

/// The share of the largest score below which differences between differences are taken for rounding.
const DUST: f64 = 1e-12;

/// Compares scores of the same examples.
///
/// `clusters` gives each pair's cluster; pairs of one cluster are not independent. Repeats of an example are averaged before.
///
/// The interval is, in this order: cluster-robust where clusters of more than one pair are declared; Tango's for rates of 0 and
/// 1; the betting interval on the declared range where all differences are equal; else t on the differences. Where a range is
/// declared, the cluster-robust and the t interval are widened to a score interval on that range, which small or one-sided
/// samples need.
///
/// # Errors
/// Returns [`StatsError`] where the samples are too small, of different lengths, not finite or outside the range, or where the
/// design is not one. Where no variance was seen and no range is declared, it is [`StatsError::Degenerate`].
pub fn compare_paired(
    baseline: &[f64],
    candidate: &[f64],
    clusters: Option<&[usize]>,
    design: &Design,
) -> Result<Comparison, StatsError> {
    design.check()?;
    check_lengths(("baseline", baseline.len()), ("candidate", candidate.len()))?;
    design.check_scores("baseline", baseline)?;
    design.check_scores("candidate", candidate)?;
    at_least("comparison of pairs", 2, baseline.len())?;
    let sign = design.sign();
    let differences: Vec<f64> =
        baseline.iter().zip(candidate).map(|(before, after)| sign * (after - before)).collect();
    if let Some(&value) = differences.iter().find(|difference| !difference.is_finite()) {
        let expected = "small enough for their differences to be finite";
        return Err(StatsError::OutOfDomain { argument: "scores", value, expected });
    }
    let largest = baseline.iter().chain(candidate).fold(0.0, |most, x| f64::max(most, x.abs()));
    let pairs = Pairs { differences: &differences, dust: DUST * largest, design };
    let groups = match clusters {
        Some(labels) => Some((labels, Groups::of("comparison of pairs", &differences, labels)?)),
        None => None,
    };
    let is_rate = design.range == ScoreRange::Binary
        && baseline.iter().chain(candidate).all(|score| *score <= 0.0 || *score >= 1.0);
    let evidence = match groups {
        Some((labels, groups)) if groups.len() < differences.len() => {
            pairs.clustered(labels, &groups)?
        }
        _ if is_rate => pairs.rates()?,
        _ => pairs.scores()?,
    };
    evidence.conclude(design, (mean_of(baseline), mean_of(candidate)))
}

/// The differences of pairs, in the better direction.
struct Pairs<'a> {
    differences: &'a [f64],
    dust: f64,
    design: &'a Design,
}

/// A mean with its standard error.
struct Estimate {
    mean: f64,
    se: f64,
    df: f64,
}

impl Pairs<'_> {
    /// Compares by Student's t on the differences.
    fn scores(&self) -> Result<Evidence, StatsError> {
        let spread = Spread::of(self.differences);
        let n = self.differences.len();
        if spread.deviation() <= self.dust {
            return self.constant(spread.mean, n, n);
        }
        let estimate =
            Estimate { mean: spread.mean, se: spread.standard_error(), df: spread.n - 1.0 };
        let guard = self.guard(self.differences, estimate.mean);
        let question = self.design.question();
        Ok(Evidence {
            n,
            clusters: n,
            n_required: self
                .enough(question.units_for_t(spread.deviation(), |n| n - 1.0), spread.deviation()),
            method: IntervalMethod::PairedT,
            ..self.by_t(
                &estimate,
                guard.as_ref(),
                "t on the differences of pairs",
                "t on the differences, widened: so few pairs leave parts of the range unseen",
            )
        })
    }

    /// Compares cluster-robustly.
    fn clustered(&self, labels: &[usize], groups: &Groups) -> Result<Evidence, StatsError> {
        let robust = cluster_robust_mean_cr2(self.differences, labels)?;
        let (n, clusters) = (robust.n, robust.clusters);
        let g = length_to_f64(clusters);
        if robust.se * g.sqrt() <= self.dust {
            return self.constant(robust.mean, n, clusters);
        }
        let estimate = Estimate { mean: robust.mean, se: robust.se, df: robust.df };
        // The mean is the plain mean of the clusters' sums in units of the mean size.
        let unit = groups.observations() / g;
        let sums: Vec<f64> = groups
            .sums(self.differences.iter().copied())
            .into_iter()
            .map(|sum| sum / unit)
            .collect();
        let guard = self.guard(&sums, estimate.mean);
        let question = self.design.question();
        let share = robust.df / (g - 1.0);
        let sd = robust.se * g.sqrt();
        let needed =
            question.units_for_t(sd, |units| (share * (units - 1.0)).max(f64::MIN_POSITIVE));
        let needed = self
            .enough(needed, sd)
            .and_then(|units| smallest(0.0, |n| n >= count_to_f64(units) * unit));
        Ok(Evidence {
            n,
            clusters,
            n_required: needed,
            method: IntervalMethod::ClusterRobust,
            ..self.by_t(
                &estimate,
                guard.as_ref(),
                "clusters are declared: CR2 with Bell-McCaffrey degrees of freedom",
                "CR2 for clusters, widened: so few clusters leave parts of the range unseen",
            )
        })
    }

    /// Compares rates by Tango's score interval.
    fn rates(&self) -> Result<Evidence, StatsError> {
        let count = |holds: fn(&&f64) -> bool| {
            u64::try_from(self.differences.iter().filter(holds).count()).unwrap_or(u64::MAX)
        };
        let (improved, worsened) = (count(|d| **d > 0.5), count(|d| **d < -0.5));
        let n = self.differences.len();
        let pairs = u64::try_from(n).unwrap_or(u64::MAX);
        let changed = count_to_f64(improved + worsened);
        let net = count_to_f64(improved) - count_to_f64(worsened);
        let size = length_to_f64(n);
        let question = self.design.question();
        // Where no pair or every pair changed, the share of changes is not known to be 0 or 1.
        let share = (changed + 1.0) / (size + 2.0);
        let score = if changed > 0.0 { net / changed.sqrt() } else { 0.0 };
        Ok(Evidence {
            n,
            clusters: n,
            estimate: net / size,
            ci: tango_interval(improved, worsened, pairs, self.design.level()?)?,
            method: IntervalMethod::Tango,
            reason: "rates of pairs: the score interval also holds for few changes",
            p_regression: normal_tails(score).lower,
            power: Some(question.power_of_paired_rates(size, share)),
            n_required: question.pairs_of_rates(share),
        })
    }

    /// Compares where all differences, or all clusters', are equal.
    fn constant(&self, mean: f64, n: usize, clusters: usize) -> Result<Evidence, StatsError> {
        let Some((low, high)) = self.design.range.ends() else {
            return Err(StatsError::Degenerate {
                statistic: "comparison of pairs",
                reason: "all differences are equal, and no range of the scores is declared",
            });
        };
        let width = high - low;
        let mean = mean.clamp(-width, width);
        let seen = vec![mean; clusters];
        let level = self.design.level()?;
        let excluded = |n: f64| {
            // Symmetric about 0, so that a gain of the margin stands for a loss of it.
            let p = betting_p_constant(0.0, n, (-width, width), self.design.margin);
            p < self.design.alpha
        };
        let per_cluster = length_to_f64(n) / length_to_f64(clusters);
        let n_required = if mean.abs() <= self.dust {
            smallest(0.0, excluded)
                .and_then(|units| smallest(0.0, |n| n >= count_to_f64(units) * per_cluster))
        } else {
            None
        };
        Ok(Evidence {
            n,
            clusters,
            estimate: mean,
            ci: betting_interval(&seen, -width, width, level)?,
            method: IntervalMethod::Betting,
            reason: "no variance was seen: a finite-sample interval on the declared range",
            p_regression: betting_p_below(&seen, -width, width, 0.0)?,
            power: None,
            n_required,
        })
    }

    /// Returns a guard for the mean of differences, or of the sums of clusters in units of their mean size.
    ///
    /// An unseen cluster is taken to be of mean size; a larger one may have been seen farther out than the range reaches.
    fn guard(&self, values: &[f64], mean: f64) -> Option<Guard> {
        let (low, high) = self.design.range.ends()?;
        let reach = values.iter().fold(high - low, |most, value| f64::max(most, value.abs()));
        Some(Guard::new(values, length_to_f64(values.len()), mean, -reach, reach))
    }

    fn by_t(
        &self,
        estimate: &Estimate,
        guard: Option<&Guard>,
        plain: &'static str,
        widened: &'static str,
    ) -> Evidence {
        let Estimate { mean, se, df } = *estimate;
        let alpha = self.design.alpha;
        let half = t_quantile(1.0 - alpha, df) * se;
        let t = Interval { low: mean - half, high: mean + half };
        let p = t_tails(mean / se, df).lower;
        let (ci, p_regression) = match guard {
            None => (t, p),
            Some(guard) => (
                Interval { low: guard.lower(t.low, alpha), high: guard.upper(t.high, alpha) },
                p.max(guard.p_below()),
            ),
        };
        let is_wider = ci.width() > t.width();
        // What is found is what lies farther from 0 than the interval reaches.
        let critical = (ci.high - mean) / se;
        Evidence {
            n: 0,
            clusters: 0,
            estimate: mean,
            ci,
            method: IntervalMethod::PairedT,
            reason: if is_wider { widened } else { plain },
            p_regression,
            power: Some(self.design.question().power_at(critical, se, df)),
            n_required: None,
        }
    }

    /// Returns the larger of a number of units and the number from which the guard costs little power.
    fn enough(&self, units: Option<u64>, sd: f64) -> Option<u64> {
        let Some((low, high)) = self.design.range.ends() else { return units };
        let quiet = self.design.question().units_for_guard(high - low, sd);
        Some(units?.max(quiet?))
    }
}
