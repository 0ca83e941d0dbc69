//! Agreement of several raters on categories, beyond what chance gives.

use serde::Serialize;

use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64};
use crate::sample::{check_lengths, finite};

/// Agreement of several raters on categories.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FleissKappa {
    /// Fleiss' kappa; absent where all ratings are of one category.
    pub fleiss: Option<f64>,
    /// Randolph's kappa, whose chance agreement is one in the number of categories; absent for a single category.
    pub randolph: Option<f64>,
}

/// Returns Fleiss' and Randolph's kappa of a table that counts for each unit (row) the raters that chose each category (column).
///
/// Fleiss (1971), "Measuring nominal scale agreement among many raters", equation (7); Randolph (2005), "Free-marginal
/// multirater kappa". Assumes that each unit has the same number of raters, not necessarily the same ones.
///
/// # Errors
/// Returns [`StatsError::TooFew`] without units, without categories or with fewer than two raters, [`StatsError::Unequal`] for
/// rows of different length and [`StatsError::OutOfDomain`] for units with different numbers of raters.
pub fn fleiss_kappa(counts: &[Vec<u64>]) -> Result<FleissKappa, StatsError> {
    let too_few = |got| Err(StatsError::TooFew { statistic: "fleiss kappa", needed: 2, got });
    let Some(first) = counts.first() else { return too_few(0) };
    let raters: u64 = first.iter().fold(0, |sum, count| sum.saturating_add(*count));
    if raters < 2 {
        return too_few(raters);
    }
    let mut totals = vec![0.0; first.len()];
    let mut agreed = 0.0;
    for unit in counts {
        check_lengths(("categories", first.len()), ("counts of a unit", unit.len()))?;
        let of_unit = unit.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        if of_unit != raters {
            return Err(StatsError::OutOfDomain {
                argument: "raters of a unit",
                value: count_to_f64(of_unit),
                expected: "the same for all units",
            });
        }
        for (total, count) in totals.iter_mut().zip(unit) {
            let count = count_to_f64(*count);
            *total += count;
            agreed += count * (count - 1.0);
        }
    }
    let (units, raters) = (length_to_f64(counts.len()), count_to_f64(raters));
    let observed = agreed / (units * raters * (raters - 1.0));
    let beyond = |expected: f64| finite((observed - expected) / (1.0 - expected));
    let varied = totals.iter().filter(|total| **total > 0.0).count() > 1;
    let expected = totals.iter().map(|total| (total / (units * raters)).powi(2)).sum();
    Ok(FleissKappa {
        fleiss: if varied { beyond(expected) } else { None },
        randolph: beyond(1.0 / length_to_f64(totals.len())),
    })
}
