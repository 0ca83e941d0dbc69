//! The laws that distances of distributions obey.

use evalward_stats::StatsError;
use evalward_stats::drift::{
    histogram_distances, kernel_discrepancy, ks_two_sample, sample_distances,
    weighted_sample_distances,
};
use proptest::prelude::*;

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![-3.0..3.0, (1..=5_u8).prop_map(f64::from)]
}

fn sample() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(value(), 1..25)
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(1.0)
}

fn is_clean(result: &impl std::fmt::Debug) -> bool {
    let text = format!("{result:?}");
    !text.contains("NaN") && !text.contains("inf")
}

fn mean_distance(a: &[f64], b: &[f64]) -> f64 {
    let pairs = a.iter().flat_map(|x| b.iter().map(move |y| (x - y).abs()));
    let (sum, count) = pairs.fold((0.0, 0.0), |(sum, count), apart| (sum + apart, count + 1.0));
    sum / count
}

/// Calls `each` with every order of `m` and `n` observations.
fn orders(m: usize, n: usize, order: &mut Vec<bool>, each: &mut impl FnMut(&[bool])) {
    if m + n == 0 {
        return each(order);
    }
    for (is_first, m_rest, n_rest) in
        [(true, m.checked_sub(1), Some(n)), (false, Some(m), n.checked_sub(1))]
    {
        if let (Some(m), Some(n)) = (m_rest, n_rest) {
            order.push(is_first);
            orders(m, n, order, each);
            order.pop();
        }
    }
}

proptest! {
    #[test]
    fn tests_mirror_and_give_probabilities(a in sample(), b in sample()) {
        let (one, other) = (ks_two_sample(&a, &b).expect("samples"), ks_two_sample(&b, &a).expect("samples"));
        prop_assert!(near(one.d_plus, other.d_minus));
        prop_assert_eq!(one.p_asymp, other.p_asymp);
        prop_assert!(one.p_exact.zip(other.p_exact).is_some_and(|(one, other)| near(one, other)));
        for p in [one.p_exact, one.p_asymp, Some(one.p_kolmogorov)].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&p));
        }
        prop_assert_eq!(ks_two_sample(&a, &a).expect("samples").p_exact, Some(1.0));
    }

    #[test]
    fn distances_are_symmetric_and_obey_the_triangle(a in sample(), b in sample(), c in sample()) {
        let between = |a: &[f64], b: &[f64]| sample_distances(a, b).expect("samples");
        let (ab, ba, bc, ac) = (between(&a, &b), between(&b, &a), between(&b, &c), between(&a, &c));
        prop_assert!(near(ab.wasserstein1, ba.wasserstein1));
        prop_assert!(near(ab.energy_sq, ba.energy_sq));
        prop_assert!(ac.wasserstein1 <= ab.wasserstein1 + bc.wasserstein1 + 1e-12);
        prop_assert!(ac.energy_distance <= ab.energy_distance + bc.energy_distance + 1e-12);
        prop_assert!(between(&a, &a).wasserstein1 <= 0.0);
        let energy = 2.0 * mean_distance(&a, &b) - mean_distance(&a, &a) - mean_distance(&b, &b);
        prop_assert!((ab.energy_sq - energy).abs() < 1e-9);
    }

    #[test]
    fn a_shift_is_the_wasserstein_distance(a in sample(), shift in -2.0..2.0) {
        let moved: Vec<f64> = a.iter().map(|value| value + shift).collect();
        let found = sample_distances(&a, &moved).expect("samples").wasserstein1;
        prop_assert!((found - f64::abs(shift)).abs() < 1e-9);
    }

    #[test]
    fn weights_stand_for_copies(counted in prop::collection::vec((value(), 0..4_u8), 1..12), b in sample()) {
        prop_assume!(counted.iter().any(|(_, count)| *count > 0));
        let copies: Vec<f64> =
            counted.iter().flat_map(|(value, count)| (0..*count).map(|_| *value)).collect();
        let (a, weights): (Vec<f64>, Vec<f64>) =
            counted.iter().map(|(value, count)| (*value, 1e300 * f64::from(*count) / 4.0)).unzip();
        let weighted =
            weighted_sample_distances((&a, &weights), (&b, &vec![0.5; b.len()])).expect("samples");
        let plain = sample_distances(&copies, &b).expect("samples");
        prop_assert!(near(weighted.wasserstein1, plain.wasserstein1));
        prop_assert!((weighted.energy_sq - plain.energy_sq).abs() < 1e-9);
    }

    #[test]
    fn kernels_compare_all_pairs(a in sample(), b in sample(), gamma in 0.0..2.0_f64) {
        let kernel = |x: f64, y: f64| f64::exp(-gamma * f64::powi(x - y, 2));
        let mean = |a: &[f64], b: &[f64]| {
            let pairs = a.iter().flat_map(|x| b.iter().map(move |y| kernel(*x, *y)));
            let (sum, count) = pairs.fold((0.0, 0.0), |(sum, count), it| (sum + it, count + 1.0));
            sum / count
        };
        let found = kernel_discrepancy(&a, &b, gamma).expect("samples").expect("small samples");
        let expected = mean(&a, &a) + mean(&b, &b) - 2.0 * mean(&a, &b);
        prop_assert!((found.mmd2_biased - expected).abs() < 1e-12);
        prop_assert_eq!(found.mmd2_unbiased.is_some(), a.len() > 1 && b.len() > 1);
    }

    #[test]
    fn histograms_are_compared_as_shares(cells in prop::collection::vec((0..9_u8, 0..9_u8), 1..8)) {
        let (p, q): (Vec<f64>, Vec<f64>) =
            cells.iter().map(|(p, q)| (f64::from(*p), f64::from(*q))).unzip();
        let scaled: Vec<f64> = p.iter().map(|count| count * 1e300).collect();
        let Ok(one) = histogram_distances(&p, &q) else { return Ok(()) };
        let other = histogram_distances(&q, &scaled).expect("histograms");
        prop_assert!(near(one.js_divergence, other.js_divergence));
        prop_assert!(near(one.hellinger, other.hellinger));
        prop_assert!(one.kl_pq.zip(other.kl_qp).is_none_or(|(one, other)| near(one, other)));
        prop_assert!(one.total_variation <= one.hellinger * f64::sqrt(2.0) + 1e-12);
        prop_assert!(one.hellinger.powi(2) <= one.total_variation + 1e-12);
        match (one.psi, one.kl_pq.zip(one.kl_qp)) {
            (Some(psi), Some((there, back))) => prop_assert!(near(psi, there + back)),
            (psi, both) => prop_assert!(psi.is_none() && both.is_none()),
        }
    }

    #[test]
    fn hostile_numbers_give_an_error_or_clean_results(
        a in prop::collection::vec(hostile(), 0..6),
        b in prop::collection::vec(hostile(), 0..6),
        weights in prop::collection::vec(hostile(), 0..6),
    ) {
        prop_assert!(is_clean(&ks_two_sample(&a, &b).ok()));
        prop_assert!(is_clean(&sample_distances(&a, &b).ok()));
        prop_assert!(is_clean(&weighted_sample_distances((&a, &weights), (&b, &b)).ok()));
        prop_assert!(is_clean(&kernel_discrepancy(&a, &b, 0.5).ok()));
        prop_assert!(is_clean(&histogram_distances(&a, &b).ok()));
    }
}

fn hostile() -> impl Strategy<Value = f64> {
    let special = [0.0, 1.0, 1e300, -1e300, f64::MAX, f64::MIN, f64::NAN, f64::INFINITY];
    prop_oneof![3 => 0.0..2.0, 1 => prop::sample::select(special.to_vec())]
}

#[test]
fn exact_probabilities_count_the_orders_of_the_pooled_sample() {
    let positions = |order: &[bool], of: bool| -> Vec<f64> {
        let places = order.iter().zip(0_u32..).filter(|(is_first, _)| **is_first == of);
        places.map(|(_, place)| f64::from(place)).collect()
    };
    for (m, n) in [(1, 1), (1, 4), (3, 3), (3, 5), (6, 4), (4, 6), (5, 5)] {
        let mut found = Vec::new();
        orders(m, n, &mut Vec::new(), &mut |order| {
            found.push(
                ks_two_sample(&positions(order, true), &positions(order, false)).expect("samples"),
            );
        });
        let all: f64 = found.iter().map(|_| 1.0).sum();
        for test in &found {
            let at_least: f64 =
                found.iter().filter(|other| other.d >= test.d - 1e-9).map(|_| 1.0).sum();
            let exact = test.p_exact.expect("small samples");
            assert!(near(exact, at_least / all), "{m}, {n}: {test:?}, {}", at_least / all);
        }
    }
}

#[test]
fn the_finite_distribution_joins_its_pieces_and_meets_its_limit() {
    // Two samples of 2 n are one of n: the statistic's probability falls from 1 to 0 over all formulas.
    for size in [6_u32, 100, 280, 300, 3_000] {
        let a: Vec<f64> = (0..size).map(f64::from).collect();
        let mut before = 1.0;
        for step in 1..=40_u32 {
            let shift = f64::from(size * step / 40) + 0.5;
            let b: Vec<f64> = a.iter().map(|value| value + shift).collect();
            let test = ks_two_sample(&a, &b).expect("samples");
            let p = test.p_asymp.expect("a size");
            assert!(p <= before + 1e-7, "{size}, {step}: {p} after {before}");
            assert!((p - test.p_kolmogorov).abs() < 0.6 / f64::from(size).sqrt(), "{size}, {step}");
            before = p;
        }
    }
}

#[test]
fn wrong_samples_are_refused_by_name() {
    let empty = ks_two_sample(&[], &[1.0]);
    assert!(matches!(empty, Err(StatsError::TooFew { .. })), "{empty:?}");
    let negative = histogram_distances(&[1.0, -1.0], &[1.0, 1.0]);
    assert!(matches!(negative, Err(StatsError::OutOfDomain { argument: "p", .. })), "{negative:?}");
    let weightless = weighted_sample_distances((&[1.0], &[0.0]), (&[1.0], &[1.0]));
    assert!(matches!(weightless, Err(StatsError::OutOfDomain { .. })), "{weightless:?}");
    let far = sample_distances(&[f64::MAX], &[f64::MIN]);
    assert!(matches!(far, Err(StatsError::OutOfDomain { .. })), "{far:?}");
}
