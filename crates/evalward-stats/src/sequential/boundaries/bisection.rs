//! Roots by halving, as the reference finds them.

/// How close the ends of the bracket must come, relative to the smaller one.
const TOLERANCE: f64 = 1e-13;

/// Below this a root is taken for 0.
const NOTHING: f64 = 1e-290;

/// Returns where a function that is negative at `negative` and positive at `positive` changes its sign.
pub(super) fn sign_change(
    mut negative: f64,
    mut positive: f64,
    function: impl Fn(f64) -> f64,
) -> f64 {
    loop {
        let middle = negative + (positive - negative) / 2.0;
        let smaller = negative.abs().min(positive.abs());
        let largest = negative.abs().max(positive.abs());
        if largest < NOTHING {
            return 0.0;
        }
        let width = (positive - negative).abs();
        if width <= TOLERANCE * smaller {
            return middle;
        }
        if function(middle) < 0.0 {
            negative = middle;
        } else {
            positive = middle;
        }
    }
}

/// Returns where a function that is negative at 0 and grows without bound becomes positive, searched from `start > 0`.
pub(super) fn first_positive(start: f64, function: impl Fn(f64) -> f64) -> Option<f64> {
    let mut high = start;
    while function(high) <= 0.0 {
        high *= 2.0;
        if !high.is_finite() {
            return None;
        }
    }
    Some(sign_change(0.0, high, function))
}
