//! Adjustment of a comparison for what was known before.

use serde::Serialize;

use super::moments::{Moments, check, cross_deviations, scale_for};
use super::t_test::in_range;
use crate::StatsError;

/// A covariate that explains all of the variance but this share is taken for a perfect one: the rest, a ten-thousandth of the spread,
/// is what rounding of scores leaves.
const ROUNDING_SHARE: f64 = 1e-8;

/// The observations of a group, each with what was known about it before.
#[derive(Clone, Copy, Debug)]
pub struct Covaried<'a> {
    /// What was known before, such as the score of an earlier version.
    pub x: &'a [f64],
    /// The observations.
    pub y: &'a [f64],
}

/// A difference of means with and without the adjustment; differences are candidate - baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cuped {
    /// The difference of means as they are.
    pub diff_raw: f64,
    /// The slope within groups; 0 where `x` does not vary within them.
    pub theta: f64,
    /// The difference of means, adjusted by that slope.
    pub diff_adj: f64,
    /// The standard error of the adjusted difference, 0 for a covariate that leaves nothing but rounding; `None` where `x` does not vary or no degree of freedom is left.
    pub se_ancova: Option<f64>,
    /// The degrees of freedom of that error.
    pub df_ancova: Option<f64>,
    /// The share of the variance within groups that the adjustment removes; `None` where `y` does not vary.
    pub var_reduction: Option<f64>,
    /// The slope over all observations, whatever their group; 0 where `x` does not vary.
    pub theta_pooled: f64,
    /// The difference of means, adjusted by that slope.
    pub diff_adj_pooled: f64,
}

/// Compares two groups, adjusted for a covariate from before the comparison.
///
/// Deng, Xu, Kohavi and Walker (2013), "Improving the sensitivity of online controlled experiments by utilizing pre-experiment
/// data", section 3, equation (4), with the slope within groups, which makes it the analysis of covariance. Assumes the same slope
/// in both groups, and a covariate that the candidate cannot change.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty group, [`StatsError::Unequal`] where `x` and `y` of a group differ in length,
/// [`StatsError::NotFinite`] for a NaN or infinite number, and [`StatsError::OutOfDomain`] where a result leaves the range of
/// `f64`.
pub fn cuped(baseline: Covaried<'_>, candidate: Covaried<'_>) -> Result<Cuped, StatsError> {
    let spans = [check_group(("x_a", "y_a"), baseline)?, check_group(("x_b", "y_b"), candidate)?];
    let scale_x = scale_for(spans[0].0.max(spans[1].0));
    let scale_y = scale_for(spans[0].1.max(spans[1].1));
    let a = Group::of(baseline, scale_x, scale_y)?;
    let b = Group::of(candidate, scale_x, scale_y)?;
    let n = a.x.n + b.x.n;
    let within = Sums::of(&a, &b);
    let raw = b.y.mean - a.y.mean;
    let shift = b.x.mean - a.x.mean;
    // Between groups, as one number each: the distance of the means.
    let weight = a.x.n * b.x.n / n;
    let pooled = Sums {
        xx: within.xx + weight * shift * shift,
        xy: within.xy + weight * shift * raw,
        yy: within.yy,
    };
    let (theta, theta_pooled) = (within.slope(), pooled.slope());
    let df = n - 3.0;
    let is_known = within.xx > 0.0 && df > 0.0;
    let error = is_known.then(|| {
        let residual = within.yy - theta * within.xy;
        let residual = if residual > ROUNDING_SHARE * within.yy { residual / df } else { 0.0 };
        (residual * (1.0 / a.x.n + 1.0 / b.x.n + shift * shift / within.xx)).sqrt()
    });
    Ok(Cuped {
        diff_raw: in_range(raw, scale_y)?,
        theta: in_range(theta, scale_y / scale_x)?,
        diff_adj: in_range(raw - theta * shift, scale_y)?,
        se_ancova: error.map(|error| in_range(error, scale_y)).transpose()?,
        df_ancova: is_known.then_some(df),
        var_reduction: (within.yy > 0.0).then(|| (theta * within.xy / within.yy).clamp(0.0, 1.0)),
        theta_pooled: in_range(theta_pooled, scale_y / scale_x)?,
        diff_adj_pooled: in_range(raw - theta_pooled * shift, scale_y)?,
    })
}

/// Returns the largest magnitudes of `x` and of `y`.
fn check_group(
    (name_x, name_y): (&'static str, &'static str),
    group: Covaried<'_>,
) -> Result<(f64, f64), StatsError> {
    if group.x.len() != group.y.len() {
        return Err(StatsError::Unequal {
            left: name_x,
            left_length: group.x.len(),
            right: name_y,
            right_length: group.y.len(),
        });
    }
    let x = check("CUPED", name_x, group.x, 1)?.magnitude();
    let y = check("CUPED", name_y, group.y, 1)?.magnitude();
    Ok((x, y))
}

struct Group {
    x: Moments,
    y: Moments,
    cross: f64,
}

impl Group {
    fn of(group: Covaried<'_>, scale_x: f64, scale_y: f64) -> Result<Self, StatsError> {
        let x = Moments::of(group.x, check("CUPED", "x", group.x, 1)?, scale_x);
        let y = Moments::of(group.y, check("CUPED", "y", group.y, 1)?, scale_y);
        let cross = cross_deviations((group.x, x.mean, scale_x), (group.y, y.mean, scale_y));
        Ok(Self { x, y, cross })
    }
}

/// Sums of squares and products of deviations.
struct Sums {
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Sums {
    /// Returns the sums within groups.
    fn of(a: &Group, b: &Group) -> Self {
        Self {
            xx: a.x.deviations + b.x.deviations,
            xy: a.cross + b.cross,
            yy: a.y.deviations + b.y.deviations,
        }
    }

    fn slope(&self) -> f64 {
        if self.xx > 0.0 { self.xy / self.xx } else { 0.0 }
    }
}
