//! The laws that estimates from weighted and stratified samples obey.

use evalward_stats::StatsError;
use evalward_stats::weighting::{
    exact_moments, poisson_estimates, poststratified_mean, stratified_mean,
};
use proptest::prelude::*;

fn members(largest: usize) -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((-5.0..5.0, prop_oneof![0.05..1.0, Just(1.0)]), 1..largest)
        .prop_map(|members| members.into_iter().unzip())
}

fn near(got: f64, expected: f64) -> bool {
    (got - expected).abs() <= 1e-9 * expected.abs().max(1.0)
}

proptest! {
    #[test]
    fn the_total_is_unbiased_and_its_variance_is_the_formula((y, pi) in members(9)) {
        let exact = exact_moments(&y, &pi).expect("a small population");
        prop_assert!(near(exact.ht_expectation, exact.true_mean));
        prop_assert!(near(exact.ht_variance, exact.ht_variance_formula));
        let nobody: f64 = pi.iter().map(|pi| 1.0 - pi).product();
        prop_assert!(near(exact.p_nonempty, 1.0 - nobody));
    }

    #[test]
    fn equal_probabilities_give_the_plain_mean((y, _) in members(40), pi in 0.01..1.0) {
        let n = u64::try_from(y.len()).unwrap();
        let result = poisson_estimates(&y, &vec![pi; y.len()], 2 * n).expect("a sample");
        prop_assert!(near(result.hajek, result.naive_mean));
        prop_assert!(near(result.kish_neff, f64::from(u32::try_from(n).unwrap())));
    }

    #[test]
    fn a_shift_moves_the_mean_and_keeps_its_variance((y, pi) in members(40), shift in -100.0..100.0) {
        let n = u64::try_from(y.len()).unwrap();
        let moved: Vec<f64> = y.iter().map(|y| y + shift).collect();
        let here = poisson_estimates(&y, &pi, n).expect("a sample");
        let there = poisson_estimates(&moved, &pi, n).expect("a sample");
        prop_assert!(near(there.hajek, here.hajek + shift));
        prop_assert!(near(there.var_hajek.unwrap(), here.var_hajek.unwrap()));
    }

    #[test]
    fn one_stratum_is_a_simple_sample((y, _) in members(40)) {
        let n = u64::try_from(y.len()).unwrap();
        let one = stratified_mean(std::slice::from_ref(&y), &[4 * n]).expect("a stratum");
        let after = poststratified_mean(std::slice::from_ref(&y), &[1.0]).expect("a stratum");
        prop_assert!(near(one.mean, one.naive_mean) && near(after.mean, one.mean));
        match (one.var, after.var) {
            // Three quarters of the stratum were not observed.
            (Some(one), Some(after)) => prop_assert!(near(one, 0.75 * after)),
            (one, after) => prop_assert!(y.len() == 1 && one == after),
        }
        let census = stratified_mean(&[y], &[n]).expect("a stratum");
        prop_assert_eq!(census.var, Some(0.0));
    }

    #[test]
    fn no_sample_panics_or_gives_nan(
        y in prop::collection::vec(prop_oneof![prop::num::f64::ANY, Just(1e300), Just(1.0)], 0..5),
        pi in prop::collection::vec(prop_oneof![prop::num::f64::ANY, Just(1e-300), Just(1.0), Just(0.5)], 0..5),
        population in any::<u64>(),
    ) {
        if let Ok(result) = poisson_estimates(&y, &pi, population) {
            let numbers = [result.ht_total, result.ht_mean, result.var_ht_mean, result.var_hajek];
            prop_assert!(numbers.into_iter().flatten().all(f64::is_finite), "{result:?}");
            prop_assert!(result.hajek.is_finite() && result.kish_neff.is_finite() && result.naive_mean.is_finite(), "{result:?}");
        }
        if let Ok(result) = exact_moments(&y, &pi) {
            prop_assert!(result.hajek_variance_nonempty.is_finite() && result.ht_variance.is_finite());
        }
        if let Ok(result) = stratified_mean(&[y.clone(), pi.clone()], &[population, 9]) {
            prop_assert!(result.mean.is_finite() && result.var.is_none_or(f64::is_finite));
        }
        if let Ok(result) = poststratified_mean(&[y], &pi) {
            prop_assert!(result.mean.is_finite() && result.var.is_none_or(f64::is_finite));
        }
    }
}

#[test]
fn what_is_no_probability_is_an_error() {
    for pi in [0.0, -0.1, 1.1] {
        let result = poisson_estimates(&[1.0], &[pi], 10);
        assert!(matches!(result, Err(StatsError::OutOfDomain { .. })), "pi = {pi}");
    }
    assert!(matches!(
        poisson_estimates(&[1.0], &[f64::NAN], 10),
        Err(StatsError::NotFinite { .. })
    ));
    assert!(matches!(
        poststratified_mean(&[vec![1.0], vec![2.0]], &[0.5, 0.6]),
        Err(StatsError::OutOfDomain { .. })
    ));
}
