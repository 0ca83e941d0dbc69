//! Thresholds that people can read and that part the same scores.

/// Returns the number with the fewest decimals that is at most `score` and above `below`, so that it lets the same scores pass.
pub(super) fn shortest_between(score: f64, below: Option<f64>) -> f64 {
    // Without a score below, any number would do; a rounding that nobody notices is enough.
    let below = below.unwrap_or(score - score.abs().max(1e-9) * 1e-3);
    let mut scale = 1.0;
    for _ in 0..15 {
        let rounded = (score * scale).floor() / scale;
        if rounded <= score && rounded > below {
            return rounded;
        }
        scale *= 10.0;
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(score: f64, below: Option<f64>, expected: f64) {
        let found = shortest_between(score, below);
        assert!((found - expected).abs() < f64::EPSILON, "{found}");
    }

    #[test]
    fn the_shortest_number_that_parts_the_same_scores() {
        check(6.0 / 7.0, Some(5.0 / 6.0), 0.85);
        check(1.0, Some(0.0), 1.0);
        check(0.9, Some(0.2), 0.9);
        check(0.123_456, Some(0.123_451), 0.123_456);
        check(0.123_456, None, 0.1234);
        check(0.0, None, 0.0);
        check(-2.5, Some(-3.5), -3.0);
        check(1234.5, Some(3.0), 1234.0);
    }

    proptest::proptest! {
        #[test]
        fn it_lies_above_what_does_not_pass(score in -1e6..1e6, gap in 1e-9..1e3) {
            let below = score - gap;
            let found = shortest_between(score, Some(below));
            proptest::prop_assert!(found <= score && found > below, "{}", found);
        }
    }
}
