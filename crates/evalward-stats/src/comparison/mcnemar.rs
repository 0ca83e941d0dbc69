//! `McNemar`'s test: two rates on the same examples.

use serde::Serialize;

use super::sign_test::{Trials, mcnemar_mid_p};
use crate::convert::count_to_f64;
use crate::intervals::tango_interval;
use crate::special::{chi_squared_tails, normal_upper_quantile};
use crate::{BinomialMethod, Interval, Level, StatsError, binomial_interval};

/// How examples passed before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PairedTable {
    /// Examples that pass with both.
    pub both: u64,
    /// Examples that pass with the baseline only.
    pub worsened: u64,
    /// Examples that pass with the candidate only.
    pub improved: u64,
    /// Examples that pass with neither.
    pub neither: u64,
}

/// Two rates on the same examples compared; differences are candidate - baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// The number of examples.
    pub n: u64,
    /// The number of examples that changed.
    pub discordant: u64,
    /// The difference of the rates.
    pub diff: f64,
    /// The exact p-value of "the rates are equal".
    pub p_exact: f64,
    /// Its mid-p.
    pub p_midp: f64,
    /// The exact p-value of "the candidate's rate is not smaller".
    pub p_exact_less: f64,
    /// The exact p-value of "the candidate's rate is not larger".
    pub p_exact_greater: f64,
    /// The statistic with continuity correction; `None` where nothing changed.
    pub chi2_cc: Option<f64>,
    /// Its p-value.
    pub p_chi2_cc: Option<f64>,
    /// The statistic without continuity correction; `None` where nothing changed.
    pub chi2: Option<f64>,
    /// Its p-value.
    pub p_chi2: Option<f64>,
    /// The normal approximation, not clipped to -1 and 1; `[0, 0]` where nothing changed, which is why not to use it.
    pub ci_wald: Interval,
    /// The normal approximation with 1/2 added to each cell.
    pub ci_agresti_min: Interval,
    /// Newcombe's interval from Wilson's for both rates.
    pub ci_newcombe: Interval,
    /// Tango's score interval, the one to use.
    pub ci_tango: Interval,
}

/// Compares two rates on the same examples.
///
/// `McNemar` (1947), "Note on the sampling error of the difference between correlated proportions or percentages", Psychometrika 12;
/// mid-p as in [`mcnemar_mid_p`]. Intervals: Agresti and Min (2005), "Simple improved confidence intervals for comparing matched
/// proportions", Statistics in Medicine 24, section 2; Newcombe (1998), "Improved confidence intervals for the difference between
/// binomial proportions based on paired data", Statistics in Medicine 17, method 10; [`tango_interval`].
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty table and [`StatsError::OutOfDomain`] where the cells add up to more than 64 bits
/// hold.
pub fn mcnemar(table: &PairedTable, level: Level) -> Result<McNemar, StatsError> {
    let PairedTable { both, worsened, improved, neither } = *table;
    let n = [both, worsened, improved, neither]
        .into_iter()
        .try_fold(0_u64, u64::checked_add)
        .ok_or(StatsError::OutOfDomain {
            argument: "table",
            value: f64::MAX,
            expected: "no more examples than 64 bits count",
        })?;
    if n == 0 {
        return Err(StatsError::TooFew { statistic: "McNemar's test", needed: 1, got: 0 });
    }
    let discordant = worsened + improved;
    let trials = Trials { n: discordant, p: 0.5 };
    let cells = Cells::of(table, 0.0);
    let [chi2, chi2_cc] = [0.0, 1.0].map(|correction| {
        let distance = (cells.worsened - cells.improved).abs() - correction;
        (discordant > 0).then(|| distance * distance / count_to_f64(discordant))
    });
    let p = |chi2: Option<f64>| chi2.map(|chi2| chi_squared_tails(chi2, 1.0).upper);
    Ok(McNemar {
        n,
        discordant,
        diff: cells.difference(),
        p_exact: (2.0 * trials.at_most(worsened.min(improved))).min(1.0),
        p_midp: mcnemar_mid_p(improved, worsened).two_sided,
        p_exact_less: trials.at_most(improved),
        p_exact_greater: trials.at_least(improved),
        chi2_cc,
        p_chi2_cc: p(chi2_cc),
        chi2,
        p_chi2: p(chi2),
        ci_wald: cells.wald(level),
        ci_agresti_min: Cells::of(table, 0.5).wald(level),
        ci_newcombe: cells.newcombe(table, n, level)?,
        ci_tango: tango_interval(improved, worsened, n, level)?,
    })
}

/// The cells of a table as floats.
#[derive(Clone, Copy, Debug)]
struct Cells {
    both: f64,
    worsened: f64,
    improved: f64,
    neither: f64,
    n: f64,
}

impl Cells {
    fn of(table: &PairedTable, added: f64) -> Self {
        let [both, worsened, improved, neither] =
            [table.both, table.worsened, table.improved, table.neither]
                .map(|count| count_to_f64(count) + added);
        Self { both, worsened, improved, neither, n: both + worsened + improved + neither }
    }

    fn difference(&self) -> f64 {
        (self.improved - self.worsened) / self.n
    }

    fn wald(&self, level: Level) -> Interval {
        let change = self.improved - self.worsened;
        let variance = (self.improved + self.worsened - change * change / self.n).max(0.0);
        let half = normal_upper_quantile(level.tail()) * variance.sqrt() / self.n;
        Interval { low: self.difference() - half, high: self.difference() + half }
    }

    fn newcombe(&self, table: &PairedTable, n: u64, level: Level) -> Result<Interval, StatsError> {
        let rate = |successes: u64| -> Result<(f64, Interval), StatsError> {
            let interval = binomial_interval(successes, n, level, BinomialMethod::Wilson)?;
            Ok((count_to_f64(successes) / self.n, interval))
        };
        let (before, before_ci) = rate(table.both + table.worsened)?;
        let (after, after_ci) = rate(table.both + table.improved)?;
        let correlation = self.correlation();
        let square = |x: f64| x * x;
        let reach = |one: f64, other: f64| {
            let sum = square(one) + square(other) - 2.0 * correlation * one * other;
            sum.max(0.0).sqrt()
        };
        let low = reach(after - after_ci.low, before_ci.high - before);
        let high = reach(after_ci.high - after, before - before_ci.low);
        let diff = self.difference();
        Ok(Interval { low: diff - low, high: diff + high })
    }

    /// Returns the correlation of both sides, corrected for continuity where it is positive.
    fn correlation(&self) -> f64 {
        let margins = [
            self.both + self.worsened,
            self.improved + self.neither,
            self.both + self.improved,
            self.worsened + self.neither,
        ];
        let scale: f64 = margins.into_iter().map(f64::sqrt).product();
        if scale <= 0.0 {
            return 0.0;
        }
        let product = self.both * self.neither - self.worsened * self.improved;
        let corrected = if product > 0.0 { (product - self.n / 2.0).max(0.0) } else { product };
        corrected / scale
    }
}
