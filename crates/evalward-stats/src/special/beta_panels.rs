//! The incomplete beta function by integration, for large shapes.

use super::beta::BetaPoint;
use super::panels::{NODES, PANEL_WIDTH};

/// More panels than a tail can have before its density falls below rounding.
const MAX_PANELS: u32 = 100;

/// Returns the lower tail at a point that is not above the mean.
///
/// The density is integrated from the point downwards, panel after panel, until
/// a panel adds nothing. The cost does not grow with the shapes. The approach is
/// that of Press et al. (2007), "Numerical Recipes", section 6.4, routine
/// betaiapprox, with panels as wide as the density's own scale.
pub(super) fn panel_tail(point: BetaPoint) -> f64 {
    let mut total = 0.0;
    let mut edge = point;
    for _ in 0..MAX_PANELS {
        let width = (PANEL_WIDTH * scale(edge)).min(edge.x);
        let panel = panel(edge, width);
        total += panel;
        edge.x -= width;
        edge.y += width;
        if panel <= total * f64::EPSILON * 0.1 || edge.x <= 0.0 {
            break;
        }
    }
    total
}

/// Returns the distance over which the density at a point changes by about e.
fn scale(point: BetaPoint) -> f64 {
    let BetaPoint { a, b, x, y } = point;
    let slope = (a - 1.0) / x - (b - 1.0) / y;
    let curvature = (a - 1.0) / (x * x) + (b - 1.0) / (y * y);
    1.0 / slope.max(curvature.sqrt())
}

fn panel(edge: BetaPoint, width: f64) -> f64 {
    let density_below = |distance: f64| {
        let at = BetaPoint { x: edge.x - distance, y: edge.y + distance, ..edge };
        if at.x <= 0.0 { 0.0 } else { at.kernel() / (at.x * at.y) }
    };
    let half = width / 2.0;
    let sum: f64 = NODES
        .iter()
        .map(|(node, weight)| {
            weight * (density_below(half * (1.0 - node)) + density_below(half * (1.0 + node)))
        })
        .sum();
    sum * half
}
