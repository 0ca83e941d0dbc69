//! Laws of plans: what a number of examples can show.

use evalward_stats::StatsError;
use evalward_stats::planning::{
    Alternative, RepeatedDesign, TTest, TTestDesign, design_effect, detectable_difference,
    mcnemar_power, needed_examples,
};
use proptest::prelude::*;

fn design(test: TTest, alternative: Alternative) -> TTestDesign {
    TTestDesign { test, alpha: 0.05, alternative }
}

fn repeated(repeats: f64) -> RepeatedDesign {
    RepeatedDesign {
        between: 0.2,
        within_a: 0.5,
        within_b: 0.5,
        repeats_a: repeats,
        repeats_b: repeats,
        design_effect: 1.0,
        alpha: 0.05,
        alternative: Alternative::Larger,
    }
}

#[test]
fn the_needed_examples_agree_with_statsmodels() {
    // statsmodels 0.15.0: TTestPower().solve_power(effect_size=d, alpha=a, power=p, alternative="larger"), rounded up.
    for (d, alpha, power, expected) in [
        (0.3, 0.05, 0.8, 71),
        (0.5, 0.05, 0.9, 36),
        (0.01, 0.05, 0.8, 61_827),
        (2.0, 0.05, 0.99, 6),
    ] {
        assert_eq!(needed_examples(d * 0.7, 0.7, alpha, power), Ok(Some(expected)), "d = {d}");
    }
}

#[test]
fn two_examples_are_the_least_that_is_proposed() {
    assert_eq!(needed_examples(1.0, 0.0, 0.05, 0.8), Ok(Some(2)));
    assert_eq!(needed_examples(1e300, 1.0, 0.05, 0.8), Ok(Some(2)));
    let paired = design(TTest::Paired, Alternative::Larger);
    assert_eq!(paired.needed_n(100.0, 0.8), Ok(None));
}

#[test]
fn a_difference_the_other_way_is_never_found() {
    let paired = design(TTest::Paired, Alternative::Smaller);
    assert_eq!(paired.needed_n(0.3, 0.8), Ok(None));
    assert_eq!(design(TTest::Paired, Alternative::TwoSided).needed_n(0.0, 0.8), Ok(None));
    assert!(paired.power(0.3, 100.0).unwrap() < 0.05);
}

#[test]
fn repeats_help_only_against_the_variance_within_examples() {
    let n = |repeats| repeated(repeats).needed_n(0.2, 0.8).unwrap().unwrap();
    // 1.2 and 0.2 + 1 / 1000 in place of the variance.
    assert!((n(1.0) / n(1000.0) - 1.2 / 0.201).abs() < 1e-9);
    let design = repeated(4.0);
    let detectable = design.detectable(n(4.0), 0.8).unwrap();
    assert!((detectable - 0.2).abs() < 1e-12);
    let power = design.power(0.2, n(4.0)).unwrap().unwrap();
    assert!((power - 0.8).abs() < 1e-12);
}

#[test]
fn nothing_that_varies_leaves_nothing_to_divide_by() {
    let constant = RepeatedDesign { between: 0.0, within_a: 0.0, within_b: 0.0, ..repeated(1.0) };
    assert_eq!(constant.power(0.0, 10.0), Ok(None));
    assert_eq!(constant.power(0.1, 10.0), Ok(Some(1.0)));
    assert_eq!(repeated(1.0).needed_n(0.0, 0.8), Ok(None));
}

#[test]
fn unusable_arguments_are_typed_errors() {
    let out_of_domain = |outcome: Result<_, StatsError>| {
        assert!(matches!(outcome, Err(StatsError::OutOfDomain { .. })));
    };
    let paired = design(TTest::Paired, Alternative::TwoSided);
    assert!(matches!(paired.power(0.3, 1.0), Err(StatsError::TooFew { .. })));
    assert!(matches!(detectable_difference(1, 1.0, 0.05, 0.8), Err(StatsError::TooFew { .. })));
    assert!(matches!(mcnemar_power(0, 0.1, 0.1, 0.05), Err(StatsError::TooFew { .. })));
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        out_of_domain(paired.power(0.3, bad).map(|_| ()));
        out_of_domain(needed_examples(bad, 1.0, 0.05, 0.8).map(|_| ()));
        out_of_domain(needed_examples(1.0, bad, 0.05, 0.8).map(|_| ()));
        out_of_domain(needed_examples(1.0, 1.0, bad, 0.8).map(|_| ()));
        out_of_domain(needed_examples(1.0, 1.0, 0.05, bad).map(|_| ()));
        out_of_domain(mcnemar_power(10, bad, 0.1, 0.05).map(|_| ()));
        out_of_domain(design_effect(bad, 0.1).map(|_| ()));
        out_of_domain(repeated(bad).detectable(10.0, 0.8).map(|_| ()));
    }
    out_of_domain(mcnemar_power(10, 0.6, 0.6, 0.05).map(|_| ()));
    out_of_domain(detectable_difference(10, 1.0, 0.05, 0.04).map(|_| ()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn power_is_a_probability_that_grows_with_the_number_and_the_difference(
        (d, more) in (0.0..3.0, 0.0..1.0),
        n in 2_u32..3000,
        ratio in 0.2..5.0,
        alpha in 0.001..0.3,
    ) {
        for test in [TTest::Paired, TTest::TwoSample { ratio }] {
            for alternative in [Alternative::TwoSided, Alternative::Larger] {
                let design = TTestDesign { test, alpha, alternative };
                let n = f64::from(n) + 3.0;
                let power = design.power(d, n).unwrap();
                prop_assert!((0.0..=1.0 + 1e-12).contains(&power));
                prop_assert!(design.power(d + more, n).unwrap() >= power - 1e-11);
                prop_assert!(design.power(d, 2.0 * n).unwrap() >= power - 1e-11);
                prop_assert!((design.power(0.0, n).unwrap() - alpha).abs() < 1e-10);
            }
            let larger = TTestDesign { test, alpha, alternative: Alternative::Larger };
            let smaller = TTestDesign { test, alpha, alternative: Alternative::Smaller };
            let n = f64::from(n) + 3.0;
            prop_assert_eq!(larger.power(d, n), smaller.power(-d, n));
        }
    }

    #[test]
    fn the_needed_number_has_the_power_and_one_less_has_not(
        difference in 0.05..2.0,
        target in 0.3..0.99,
    ) {
        let n = needed_examples(difference, 1.0, 0.05, target).unwrap().unwrap();
        let paired = design(TTest::Paired, Alternative::Larger);
        let power = |n: u64| paired.power(difference, f64::from(u32::try_from(n).unwrap())).unwrap();
        prop_assert!(power(n) >= target - 1e-9);
        prop_assert!(n == 2 || power(n - 1) < target + 1e-9);
        let detectable = detectable_difference(n, 1.0, 0.05, target).unwrap();
        prop_assert!(detectable <= difference + 1e-9);
    }

    #[test]
    fn mcnemar_power_is_symmetric_and_mid_p_is_never_weaker(
        n in 1_u64..400,
        (b, c) in (0.0..0.5, 0.0..0.5),
    ) {
        let power = mcnemar_power(n, b, c, 0.05).unwrap();
        let mirrored = mcnemar_power(n, c, b, 0.05).unwrap();
        prop_assert!((power.power_exact_test - mirrored.power_exact_test).abs() < 1e-10);
        prop_assert!((power.power_midp_test - mirrored.power_midp_test).abs() < 1e-10);
        prop_assert!(power.power_exact_test <= power.power_midp_test + 1e-12);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&power.power_midp_test));
    }
}
