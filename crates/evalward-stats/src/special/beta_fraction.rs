//! The incomplete beta function by continued fraction, for small shapes.

use super::beta::BetaPoint;

/// Far more terms than the fraction needs at the shapes it is used for; a bound,
/// so that no argument can make it run on.
const MAX_TERMS: u32 = 10_000;

/// Returns the lower tail at a point that is not above the mean.
///
/// Didonato and Morris (1992), "Algorithm 708: significant digit computation of
/// the incomplete beta function ratios", ACM TOMS 18(3),
/// routine BFRAC. Unlike the textbook fraction it takes the distance to the mean
/// as an input and so survives shapes of very different size.
#[expect(clippy::many_single_char_names, reason = "the names of the published routine")]
pub(super) fn fraction_tail(point: BetaPoint) -> f64 {
    let kernel = point.kernel();
    if kernel <= 0.0 {
        return 0.0;
    }
    let BetaPoint { a, b, x, y } = point;
    let c = point.below_mean() + 1.0;
    let c0 = b / a;
    let c1 = 1.0 + 1.0 / a;

    let (mut p, mut s) = (1.0, a + 1.0);
    let (mut numerator_before, mut numerator) = (0.0, 1.0);
    let (mut denominator_before, mut denominator) = (1.0, c / c1);
    let mut value = c1 / c;
    for term in 1..=MAX_TERMS {
        let m = f64::from(term);
        let t = m / a;
        let w = m * (b - m) * x;
        let e = a / s;
        let alpha = p * (p + c0) * e * e * (w * x);
        let e = (1.0 + t) / (c1 + t + t);
        let beta = m + w / s + e * (c + m * (1.0 + y));
        p = 1.0 + t;
        s += 2.0;

        let next_numerator = alpha * numerator_before + beta * numerator;
        let next_denominator = alpha * denominator_before + beta * denominator;
        let next = next_numerator / next_denominator;
        let change = (next - value).abs();
        value = next;
        if change <= f64::EPSILON * value {
            break;
        }
        // Rescaled so that neither sequence overflows.
        numerator_before = numerator / next_denominator;
        denominator_before = denominator / next_denominator;
        numerator = value;
        denominator = 1.0;
    }
    kernel * value
}
