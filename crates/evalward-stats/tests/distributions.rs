//! The laws that distributions obey.

use evalward_stats::description::Distribution;
use proptest::prelude::*;

fn positive() -> impl Strategy<Value = f64> {
    (-1.0..6.5).prop_map(|exponent| 10_f64.powf(exponent))
}

/// Continuous distributions with parameters of all sizes.
fn continuous() -> impl Strategy<Value = Distribution> {
    prop_oneof![
        Just(Distribution::NORMAL),
        positive().prop_map(|freedom| Distribution::student_t(freedom).expect("positive")),
        positive().prop_map(|freedom| Distribution::chi_squared(freedom).expect("positive")),
        (positive(), positive()).prop_map(|(a, b)| Distribution::f(a, b).expect("positive")),
        (positive(), positive()).prop_map(|(a, b)| Distribution::beta(a, b).expect("positive")),
    ]
}

fn binomial() -> impl Strategy<Value = (u64, f64, Distribution)> {
    (prop_oneof![0..60_u64, 0..5_000_000_u64], 0.0..=1.0)
        .prop_map(|(n, p)| (n, p, Distribution::binomial(n, p).expect("a probability")))
}

/// Returns the larger of the relative errors that one unit in the last place of a point and rounding make of a tail.
fn tolerance(x: f64, tail: impl Fn(f64) -> f64) -> f64 {
    let step = 8.0 * f64::EPSILON * x.abs();
    (tail(x + step) - tail(x - step)).abs() + 1e-9 * tail(x) + 1e-300
}

#[test]
fn quantiles_of_counts_beyond_whole_floats_are_found() {
    let distribution = Distribution::binomial(u64::MAX, 0.5).unwrap();
    for point in [distribution.quantile(0.5), distribution.upper_quantile(0.5)] {
        let half = 2.0_f64.powi(63);
        assert!((point.unwrap().unwrap() / half - 1.0).abs() < 1e-9);
    }
}

proptest! {
    #[test]
    fn quantiles_invert_both_tails(distribution in continuous(), exponent in -30.0..-0.01) {
        let p = 10_f64.powf(exponent);
        let cdf = |x: f64| distribution.cdf(x).expect("a number");
        let sf = |x: f64| distribution.sf(x).expect("a number");
        let low = distribution.quantile(p).expect("a probability");
        let high = distribution.upper_quantile(p).expect("a probability");
        // Points outside the range of normal numbers have no digits to tell.
        if let Some(low) = low.filter(|low| low.abs() > 1e-290) {
            prop_assert!((cdf(low) - p).abs() <= tolerance(low, cdf), "{low:e}: {:e}, not {p:e}", cdf(low));
        }
        if let Some(high) = high.filter(|high| high.abs() > 1e-290) {
            prop_assert!((sf(high) - p).abs() <= tolerance(high, sf), "{high:e}: {:e}, not {p:e}", sf(high));
        }
    }

    #[test]
    fn tails_are_monotone_and_sum_up_to_one(
        distribution in continuous(), x in -100.0..1e7, step in 0.0..10.0,
    ) {
        let (here, there) = (distribution.cdf(x).unwrap(), distribution.cdf(x + step).unwrap());
        let (above, beyond) = (distribution.sf(x).unwrap(), distribution.sf(x + step).unwrap());
        prop_assert!(here <= there + 1e-12 && beyond <= above + 1e-12);
        prop_assert!((here + above - 1.0).abs() < 1e-14);
    }

    #[test]
    fn one_degree_of_freedom_ties_the_distributions(t in -50.0..50.0, freedom in positive()) {
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-11 * a.abs() + 1e-300;
        let student = Distribution::student_t(freedom).unwrap().sf(f64::abs(t)).unwrap();
        let f = Distribution::f(1.0, freedom).unwrap().sf(t * t).unwrap();
        prop_assert!(close(2.0 * student, f), "{student:e} and {f:e}");
        let normal = Distribution::NORMAL.sf(f64::abs(t)).unwrap();
        let chi_squared = Distribution::chi_squared(1.0).unwrap().sf(t * t).unwrap();
        prop_assert!(close(2.0 * normal, chi_squared), "{normal:e} and {chi_squared:e}");
    }

    #[test]
    fn binomial_quantiles_are_the_first_count_that_does((_, _, distribution) in binomial(), p in 1e-6..0.999_999) {
        let cdf = |x: f64| distribution.cdf(x).unwrap();
        let sf = |x: f64| distribution.sf(x).unwrap();
        let k = distribution.quantile(p).unwrap().unwrap();
        prop_assert!(cdf(k) >= p * (1.0 - 1e-12) && cdf(k - 1.0) < p);
        let k = distribution.upper_quantile(p).unwrap().unwrap();
        prop_assert!(sf(k) <= p * (1.0 + 1e-12) && (k <= 0.0 || sf(k - 1.0) > p));
    }

    #[test]
    fn swapping_success_and_failure_mirrors_a_binomial((n, p, here) in binomial(), share in 0.0..1.0) {
        // A power of two, so that `1 - p` is exact.
        let p = (p * 1024.0).round() / 1024.0;
        let _ = here;
        let n_float = f64::from(u32::try_from(n).unwrap());
        let k = f64::floor(n_float * share);
        let here = Distribution::binomial(n, p).unwrap().cdf(k).unwrap();
        let there = Distribution::binomial(n, 1.0 - p).unwrap().sf(n_float - k - 1.0).unwrap();
        prop_assert!((here - there).abs() <= 1e-11 * here + 1e-300, "{here:e} and {there:e}");
    }

    #[test]
    fn no_argument_panics_or_gives_nan(
        a in prop::num::f64::ANY, b in prop::num::f64::ANY, x in prop::num::f64::ANY, n in any::<u64>(),
    ) {
        let all = [
            Ok(Distribution::NORMAL), Distribution::student_t(a), Distribution::chi_squared(a),
            Distribution::f(a, b), Distribution::beta(a, b), Distribution::binomial(n, a),
        ];
        for distribution in all.into_iter().flatten() {
            for tail in [distribution.cdf(x), distribution.sf(x)].into_iter().flatten() {
                prop_assert!((0.0..=1.0).contains(&tail), "{distribution:?} at {x:e}: {tail}");
            }
            for point in [distribution.quantile(b), distribution.upper_quantile(b)].into_iter().flatten() {
                prop_assert!(point.is_none_or(f64::is_finite), "{distribution:?} at {b:e}: {point:?}");
            }
        }
    }
}

#[test]
fn ends_are_known_and_infinite_ones_are_none() {
    let beta = Distribution::beta(2.0, 3.0).unwrap();
    assert_eq!(beta.quantile(0.0), Ok(Some(0.0)));
    assert_eq!(beta.upper_quantile(0.0), Ok(Some(1.0)));
    assert_eq!(Distribution::NORMAL.quantile(0.0), Ok(None));
    assert_eq!(Distribution::chi_squared(3.0).unwrap().quantile(1.0), Ok(None));
    assert!(Distribution::NORMAL.quantile(1.5).is_err());
    assert!(Distribution::student_t(0.0).is_err());
}
