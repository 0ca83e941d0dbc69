//! The incomplete beta function by integration, for large shapes.

use super::beta::BetaPoint;

/// Positive nodes and weights of the Gauss-Legendre rule with 20 points on
/// `[-1, 1]`: Abramowitz and Stegun (1964), table 25.4.
const NODES: [(f64, f64); 10] = [
    (0.993_128_599_185_094_9, 0.017_614_007_139_152_118),
    (0.963_971_927_277_913_8, 0.040_601_429_800_386_94),
    (0.912_234_428_251_326, 0.062_672_048_334_109_07),
    (0.839_116_971_822_218_8, 0.083_276_741_576_704_75),
    (0.746_331_906_460_150_8, 0.101_930_119_817_240_44),
    (0.636_053_680_726_515, 0.118_194_531_961_518_42),
    (0.510_867_001_950_827_1, 0.131_688_638_449_176_63),
    (0.373_706_088_715_419_56, 0.142_096_109_318_382_05),
    (0.227_785_851_141_645_08, 0.149_172_986_472_603_75),
    (0.076_526_521_133_497_33, 0.152_753_387_130_725_85),
];

/// A panel's width in units of the density's local scale; the 20-point rule is
/// exact to rounding on a panel this wide.
const PANEL_WIDTH: f64 = 3.0;

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
