//! How many repeats are worth paying for.

use evalward_core::Finite;
use evalward_stats::StatsError;
use evalward_stats::planning::detectable_difference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::variance::{Basis, Variance};
use crate::numbers::finite;

/// The numbers of repeats for which a plan says what they would find.
pub const REPEATS: [u32; 5] = [1, 2, 3, 5, 10];

/// The share of the variance that may come from repeats before more of them are worth paying for.
const FLAT: f64 = 0.1;

/// The most repeats that a plan proposes.
const MOST: u32 = 100;

/// What repeats would change, on the same examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatPlan {
    /// The standard deviation between trials of one example.
    pub within_sd: Finite,
    /// The standard deviation between examples of the expected difference; 0 where only an unchanged subject was seen.
    pub between_sd: Finite,
    /// The smallest loss found with each of [`REPEATS`].
    pub detectable: Vec<Finite>,
    /// The number of repeats from which on less than a tenth of the variance comes from them; absent where nothing else varies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flat_from: Option<u32>,
    /// The smallest number of repeats with which a loss of the margin is found; absent where no number up to 100 does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_margin: Option<u32>,
}

/// Plans repeats by the variance of Miller (2024), "Adding error bars to evals", arXiv 2411.00640, section 4.2: the mean
/// difference of n examples with K trials on each side has the variance `(between + 2 within / K) / n`.
pub(crate) fn plan(
    variance: &Variance,
    margin: Option<f64>,
    alpha: f64,
    target_power: f64,
) -> Result<Option<RepeatPlan>, StatsError> {
    let Some(within) = variance.within.filter(|within| *within > 0.0) else { return Ok(None) };
    let between = match variance.basis {
        Basis::TwoRuns => (variance.difference - 2.0 * within / variance.trials).max(0.0),
        Basis::Repeats | Basis::OneRun | Basis::NothingVaried => 0.0,
    };
    let found = |repeats: u32| {
        let sd = (between + 2.0 * within / f64::from(repeats)).sqrt();
        detectable_difference(variance.n, sd, alpha, target_power)
    };
    let detectable: Vec<f64> = REPEATS.into_iter().map(found).collect::<Result<_, _>>()?;
    let mut for_margin = None;
    if let Some(margin) = margin {
        for repeats in 1..=MOST {
            if found(repeats)? <= margin {
                for_margin = Some(repeats);
                break;
            }
        }
    }
    let is_flat = |repeats: &u32| {
        let noise = 2.0 * within / f64::from(*repeats);
        noise <= FLAT * (between + noise)
    };
    let number = |value: f64| finite(value).unwrap_or_default();
    Ok(Some(RepeatPlan {
        within_sd: number(within.sqrt()),
        between_sd: number(between.sqrt()),
        detectable: detectable.into_iter().map(number).collect(),
        flat_from: (1..=MOST).find(is_flat),
        for_margin,
    }))
}
