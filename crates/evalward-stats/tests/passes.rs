//! What `k` trials would show: reference values and laws.

use evalward_stats::description::{pass_at_k, pass_hat_k};
use proptest::prelude::*;

#[track_caller]
fn check(n: u32, c: u32, k: u32, at: f64, hat: f64) {
    let found_at = pass_at_k(n, c, k).expect("these are trials");
    let found_hat = pass_hat_k(n, c, k).expect("these are trials");
    assert!((found_at - at).abs() < 1e-14, "pass@{k} of {c} in {n}: {found_at}, not {at}");
    assert!((found_hat - hat).abs() < 1e-14, "pass^{k} of {c} in {n}: {found_hat}, not {hat}");
}

#[test]
fn they_agree_with_exact_fractions() {
    // Python 3.13: 1 - Fraction(comb(n - c, k), comb(n, k)) and Fraction(comb(c, k), comb(n, k)).
    check(5, 1, 1, 0.2, 0.2);
    check(5, 1, 3, 0.6, 0.0);
    check(10, 3, 2, 0.533_333_333_333_333_3, 0.066_666_666_666_666_67);
    check(10, 3, 8, 1.0, 0.0);
    check(200, 13, 100, 0.999_919_497_198_805_5, 0.0);
    check(200, 1, 10, 0.05, 0.0);
    check(200, 199, 150, 1.0, 0.25);
    check(1000, 7, 64, 0.371_501_088_183_642_2, 0.0);
    check(1000, 993, 64, 1.0, 0.628_498_911_816_357_8);
    check(8, 0, 4, 0.0, 0.0);
    check(8, 8, 4, 1.0, 1.0);
    check(8, 4, 5, 1.0, 0.0);
}

#[test]
fn numbers_that_are_no_trials_are_refused() {
    for (n, c, k) in [(3, 4, 1), (3, 1, 0), (3, 1, 4), (0, 0, 1)] {
        assert!(pass_at_k(n, c, k).is_err() && pass_hat_k(n, c, k).is_err(), "{n} {c} {k}");
    }
}

#[test]
fn many_trials_take_no_time() {
    let half = u32::MAX / 2;
    assert_eq!(pass_at_k(u32::MAX, half, half), Ok(1.0));
    assert_eq!(pass_hat_k(u32::MAX, half, half), Ok(0.0));
    assert_eq!(pass_hat_k(u32::MAX, u32::MAX - 1, u32::MAX), Ok(0.0));
}

proptest! {
    #[test]
    fn they_are_the_means_over_all_choices(passed in prop::collection::vec(any::<bool>(), 1..=10), k in 1_u32..=10) {
        let n = u32::try_from(passed.len()).unwrap();
        let k = k.min(n);
        let c = u32::try_from(passed.iter().filter(|it| **it).count()).unwrap();
        let (mut choices, mut any, mut all) = (0_u32, 0_u32, 0_u32);
        for chosen in (0_u32..1 << n).filter(|it| it.count_ones() == k) {
            let mut of_chosen = passed.iter().enumerate().filter(|(index, _)| chosen >> index & 1 == 1);
            choices += 1;
            any += u32::from(of_chosen.clone().any(|(_, passed)| *passed));
            all += u32::from(of_chosen.all(|(_, passed)| *passed));
        }
        let share = |count| f64::from(count) / f64::from(choices);
        prop_assert!((pass_at_k(n, c, k).unwrap() - share(any)).abs() < 1e-12);
        prop_assert!((pass_hat_k(n, c, k).unwrap() - share(all)).abs() < 1e-12);
    }

    #[test]
    fn more_trials_find_more_and_bear_less(n in 2_u32..2000, c in 0_u32..2000, k in 1_u32..2000) {
        let c = c.min(n);
        let k = k.min(n - 1);
        prop_assert!(pass_at_k(n, c, k + 1).unwrap() >= pass_at_k(n, c, k).unwrap() - 1e-12);
        prop_assert!(pass_hat_k(n, c, k + 1).unwrap() <= pass_hat_k(n, c, k).unwrap() + 1e-12);
        let mirrored = 1.0 - pass_at_k(n, n - c, k).unwrap();
        prop_assert!((pass_hat_k(n, c, k).unwrap() - mirrored).abs() < 1e-12);
    }
}
