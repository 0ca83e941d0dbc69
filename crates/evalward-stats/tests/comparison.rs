//! Laws of comparisons of two samples, and hostile input.

use evalward_stats::comparison::{
    Correction, Covaried, EquivalenceRange, PairedTable, Pairing, Permutations, Resampling, adjust,
    brunner_munzel, chi_square_fit, chi_square_independence, cliffs_delta, correct, cuped, e_bh,
    effect_sizes, hedges_g, mann_whitney, mcnemar, mcnemar_mid_p, paired_t, permute_labels,
    permute_signs, sign_flip_p, sign_test, tost, welch_t, wilcoxon_signed_rank,
};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;
use serde_json::Value;

const SAMPLE: Permutations = Permutations::Sampled(Resampling { resamples: 99, seed: 1 });

const CORRECTIONS: [Correction; 7] = [
    Correction::Bonferroni,
    Correction::Sidak,
    Correction::Holm,
    Correction::Hochberg,
    Correction::Hommel,
    Correction::Bh,
    Correction::By,
];

/// Grades, decimals and constants: what scores look like.
fn scores(size: std::ops::Range<usize>) -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec((1_i8..=5).prop_map(f64::from), size.clone()),
        prop::collection::vec(
            (-3000_i32..3000).prop_map(|value| f64::from(value) / 1000.0),
            size.clone()
        ),
        ((1_i8..=5).prop_map(f64::from), size).prop_map(|(grade, n)| vec![grade; n]),
    ]
}

/// Anything that a slice can hold.
fn anything() -> impl Strategy<Value = Vec<f64>> {
    let hostile = prop_oneof![
        4 => -10.0..10.0,
        2 => (0_i8..3).prop_map(f64::from),
        1 => prop::sample::select(vec![
            0.0, -0.0, 1e300, -1e300, 1e-300, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 1e16, 1.0 / 3.0,
        ]),
    ];
    let broken = prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]);
    prop_oneof![
        6 => prop::collection::vec(hostile.clone(), 0..12),
        1 => prop::collection::vec(prop_oneof![3 => hostile, 1 => broken], 0..6),
    ]
}

/// Two samples of the same size.
fn pairs() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (scores(2..30), scores(30..31)).prop_map(|(before, mut after)| {
        after.truncate(before.len());
        (before, after)
    })
}

fn near(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(1.0),
        (left, right) => left == right,
    }
}

/// Asserts that a result has neither NaN nor infinity, which JSON cannot write, and that its p-values are probabilities.
#[track_caller]
fn check<T: serde::Serialize + std::fmt::Debug>(result: Result<T, StatsError>, undefined: &[&str]) {
    let Ok(result) = result else { return };
    let Value::Object(fields) = serde_json::to_value(&result).expect("JSON") else { return };
    for (name, value) in &fields {
        let is_interval = name.starts_with("ci") || name.ends_with("_ci");
        if is_interval && let Some(ends) = value.as_array() {
            assert!(ends[0].as_f64() <= ends[1].as_f64(), "{name} of {result:?}");
            assert!(ends.iter().all(Value::is_number), "{name} of {result:?}");
        }
        if name.starts_with("p_")
            && let Some(p) = value.as_f64()
        {
            assert!((0.0..=1.0).contains(&p), "{name} of {result:?}");
        }
        assert!(!value.is_null() || undefined.contains(&name.as_str()), "{name} of {result:?}");
    }
}

#[track_caller]
fn check_finite<T: serde::Serialize + std::fmt::Debug>(result: Result<T, StatsError>) {
    let Ok(result) = result else { return };
    let text = format!("{result:?}");
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    let Value::Object(fields) = serde_json::to_value(&result).expect("JSON") else { return };
    let optional: Vec<&str> = fields.keys().map(String::as_str).collect();
    check(Ok::<_, StatsError>(result), &optional);
}

proptest! {
    #[test]
    fn hostile_samples_give_an_error_or_finite_numbers(
        (a, b, x, y) in (anything(), anything(), anything(), anything()),
    ) {
        let range = EquivalenceRange::new(-0.5, 0.5).expect("a range");
        check_finite(welch_t(&a, &b, Level::P95));
        check_finite(paired_t(&a, &b, Level::P95));
        check_finite(tost(&a, &b, Pairing::Unpaired, range));
        check_finite(tost(&a, &b, Pairing::Paired, range));
        check_finite(mann_whitney(&a, &b));
        check_finite(brunner_munzel(&a, &b, Level::P95));
        check_finite(wilcoxon_signed_rank(&a));
        check_finite(effect_sizes(&a, &b));
        check_finite(hedges_g(&a, &b));
        check_finite(cliffs_delta(&a, &b));
        check_finite(cuped(Covaried { x: &a, y: &b }, Covaried { x: &x, y: &y }));
        check_finite(chi_square_fit(&a, &b));
        check_finite(chi_square_independence(&[a.clone(), b.clone()]));
        check_finite(permute_signs(&a, None, SAMPLE));
        check_finite(permute_signs(&a, None, Permutations::All));
        check_finite(permute_labels(&a, &b, SAMPLE));
        check_finite(permute_labels(&a, &b, Permutations::All));
        check_finite(e_bh(&a, 0.05));
        for correction in CORRECTIONS {
            check_finite(correct(&a, 0.05, correction));
        }
    }

    #[test]
    fn a_sample_with_a_nan_is_refused(
        mut a in scores(2..10),
        b in scores(2..10),
        at in 0_usize..2,
        broken in prop::sample::select(vec![f64::NAN, f64::INFINITY]),
    ) {
        a[at] = broken;
        let refused = |error: Option<StatsError>| matches!(error, Some(StatsError::NotFinite { index, .. }) if index == at);
        prop_assert!(refused(welch_t(&a, &b, Level::P95).err()));
        prop_assert!(refused(welch_t(&b, &a, Level::P95).err()));
        prop_assert!(refused(mann_whitney(&a, &b).err()));
        prop_assert!(refused(brunner_munzel(&b, &a, Level::P95).err()));
        prop_assert!(refused(permute_labels(&b, &a, SAMPLE).err()));
        prop_assert!(refused(permute_signs(&a, None, SAMPLE).err()));
        prop_assert!(refused(wilcoxon_signed_rank(&a).err()));
        prop_assert!(refused(effect_sizes(&b, &a).err()));
    }

    #[test]
    fn swapped_sides_mirror_the_result((a, b) in (scores(2..12), scores(2..12))) {
        let (one, other) = (welch_t(&a, &b, Level::P95).unwrap(), welch_t(&b, &a, Level::P95).unwrap());
        prop_assert!(near(one.t, other.t.map(|t| -t)));
        prop_assert!(near(one.p_less, other.p_greater));
        prop_assert!(near(one.diff_ci.map(|ci| ci.low), other.diff_ci.map(|ci| -ci.high)));
        let (one, other) = (mann_whitney(&a, &b).unwrap(), mann_whitney(&b, &a).unwrap());
        prop_assert!(near(Some(one.cliffs_delta), Some(-other.cliffs_delta)));
        prop_assert!(near(Some(one.p_less_asymp), Some(other.p_greater_asymp)));
        prop_assert!(near(one.p_less_exact, other.p_greater_exact));
        let (one, other) =
            (brunner_munzel(&a, &b, Level::P95).unwrap(), brunner_munzel(&b, &a, Level::P95).unwrap());
        prop_assert!(near(one.statistic, other.statistic.map(|statistic| -statistic)));
        prop_assert!(near(one.p_two_sided_t, other.p_two_sided_t));
        let (one, other) = (effect_sizes(&a, &b).unwrap(), effect_sizes(&b, &a).unwrap());
        prop_assert!(near(one.hedges_g_exact, other.hedges_g_exact.map(|g| -g)));
        let exact = |a: &[f64], b: &[f64]| permute_labels(a, b, Permutations::All).unwrap();
        let (one, other) = (exact(&a, &b), exact(&b, &a));
        prop_assert!(near(Some(one.p_less), Some(other.p_greater)));
        prop_assert!(near(Some(one.p_abs), Some(other.p_abs)));
    }

    #[test]
    fn swapped_sides_of_pairs_mirror_the_result((before, after) in pairs()) {
        let (one, other) =
            (paired_t(&before, &after, Level::P95).unwrap(), paired_t(&after, &before, Level::P95).unwrap());
        prop_assert!(near(one.t, other.t.map(|t| -t)));
        prop_assert!(near(one.p_less, other.p_greater));
        prop_assert!(near(one.corr, other.corr));
        let differences: Vec<f64> = after.iter().zip(&before).map(|(after, before)| after - before).collect();
        let mirrored: Vec<f64> = differences.iter().map(|difference| -difference).collect();
        let (one, other) =
            (wilcoxon_signed_rank(&differences).unwrap(), wilcoxon_signed_rank(&mirrored).unwrap());
        prop_assert!(near(one.p_two_sided_pratt_cc, other.p_two_sided_pratt_cc));
        prop_assert!(near(one.p_exact_less, other.p_exact_greater));
        let exact = |d: &[f64]| permute_signs(d, None, Permutations::All).unwrap();
        prop_assert!(near(Some(exact(&differences).p_less), Some(exact(&mirrored).p_greater)));
    }

    #[test]
    fn shift_and_scale_change_no_p_value(
        (a, b) in (scores(2..20), scores(2..20)),
        shift in -4_i8..4,
        exponent in -900_i32..900,
    ) {
        // Powers of two and small shifts of thousandths are exact up to rounding.
        let scale = 2.0_f64.powi(exponent);
        let moved = |sample: &[f64]| -> Vec<f64> {
            sample.iter().map(|value| (value + f64::from(shift)) * scale).collect()
        };
        let (c, d) = (moved(&a), moved(&b));
        let near = |left: Option<f64>, right: Option<f64>| match (left, right) {
            (Some(left), Some(right)) => (left - right).abs() <= 1e-7,
            (left, right) => left == right,
        };
        let (one, other) = (welch_t(&a, &b, Level::P95).unwrap(), welch_t(&c, &d, Level::P95).unwrap());
        prop_assert!(near(one.p_two_sided, other.p_two_sided), "{:?} {:?}", one, other);
        prop_assert!(near(Some(one.df), Some(other.df)));
        let (one, other) = (effect_sizes(&a, &b).unwrap(), effect_sizes(&c, &d).unwrap());
        prop_assert!(near(one.cohen_d, other.cohen_d));
        // Ranks are the same but where the shift rounds two values to one.
        if shift == 0 {
            prop_assert_eq!(mann_whitney(&a, &b).unwrap(), mann_whitney(&c, &d).unwrap());
            prop_assert_eq!(one.cliffs_delta.to_bits(), other.cliffs_delta.to_bits());
        }
    }

    #[test]
    fn order_changes_nothing(mut a in scores(2..12), b in scores(2..12)) {
        let (mw, bm) = (mann_whitney(&a, &b).unwrap(), brunner_munzel(&a, &b, Level::P95).unwrap());
        let permuted = permute_labels(&a, &b, Permutations::All).unwrap();
        a.reverse();
        prop_assert_eq!(mw, mann_whitney(&a, &b).unwrap());
        prop_assert_eq!(bm, brunner_munzel(&a, &b, Level::P95).unwrap());
        prop_assert!(near(Some(permuted.p_abs), Some(permute_labels(&a, &b, Permutations::All).unwrap().p_abs)));
    }

    #[test]
    fn an_interval_excludes_0_where_its_p_value_is_small((a, b) in (scores(2..20), scores(2..20))) {
        let test = welch_t(&a, &b, Level::P95).unwrap();
        if let (Some(p), Some(ci)) = (test.p_two_sided, test.diff_ci)
            && (p - 0.05).abs() > 1e-9
        {
            prop_assert_eq!(p < 0.05, !ci.contains(0.0));
        }
    }

    #[test]
    fn all_permutations_are_counted_as_one_by_one(
        a in prop::collection::vec((-20_i32..20).prop_map(|value| f64::from(value) / 10.0), 1..6),
        b in prop::collection::vec((-20_i32..20).prop_map(|value| f64::from(value) / 10.0), 1..6),
    ) {
        let tenths = |value: &f64| (value * 10.0).round();
        let pooled: Vec<f64> = a.iter().chain(&b).map(tenths).collect();
        let (n, k) = (pooled.len(), a.len());
        let size = |length: usize| f64::from(u32::try_from(length).unwrap());
        let total: f64 = pooled.iter().sum();
        let seen: f64 = pooled[..k].iter().sum();
        let (mut less, mut abs, mut all, mut flipped_less) = (0, 0, 0, 0);
        let centered = |sum: f64| sum * size(n) - total * size(k);
        for pattern in 0_u32..1 << n {
            let pick = |(index, value): (usize, &f64)| if pattern >> index & 1 == 1 { *value } else { 0.0 };
            let sum: f64 = pooled.iter().enumerate().map(pick).sum();
            flipped_less += u32::from(2.0 * sum - total <= total);
            if usize::try_from(pattern.count_ones()).unwrap() == k {
                all += 1;
                less += u32::from(sum <= seen);
                abs += u32::from(centered(sum).abs() >= centered(seen).abs());
            }
        }
        let test = permute_labels(&a, &b, Permutations::All).unwrap();
        prop_assert!(near(Some(test.p_less), Some(f64::from(less) / f64::from(all))));
        prop_assert!(near(Some(test.p_abs), Some(f64::from(abs) / f64::from(all))));
        let pooled: Vec<f64> = a.into_iter().chain(b).collect();
        let test = permute_signs(&pooled, None, Permutations::All).unwrap();
        prop_assert!(near(Some(test.p_less), Some(f64::from(flipped_less) / f64::from(1_u32 << n))));
    }

    #[test]
    fn a_sample_of_permutations_is_near_all_of_them(d in scores(4..12), seed in any::<u64>()) {
        let exact = permute_signs(&d, None, Permutations::All).unwrap();
        let sampled = Permutations::Sampled(Resampling { resamples: 4_000, seed });
        let sampled = permute_signs(&d, None, sampled).unwrap();
        // Five standard errors of a share of 4,000.
        prop_assert!((exact.p_abs - sampled.p_abs).abs() < 0.04);
        prop_assert!((exact.p_less - sampled.p_less).abs() < 0.04);
        let (a, b) = d.split_at(d.len() / 2);
        let exact = permute_labels(a, b, Permutations::All).unwrap();
        let how = Permutations::Sampled(Resampling { resamples: 4_000, seed });
        let sampled = permute_labels(a, b, how).unwrap();
        prop_assert!((exact.p_abs - sampled.p_abs).abs() < 0.04);
        prop_assert!((exact.p_less - sampled.p_less).abs() < 0.04);
        prop_assert_eq!(sampled, permute_labels(a, b, how).unwrap());
    }

    #[test]
    fn clusters_of_one_are_no_clusters(d in scores(1..15)) {
        let alone: Vec<usize> = (0..d.len()).rev().collect();
        let p = sign_flip_p(&d, None, 999, 3).unwrap();
        prop_assert!(near(Some(p), Some(sign_flip_p(&d, Some(&alone), 999, 3).unwrap())));
        // One cluster has two permutations, and the one seen is as far from 0 as the other.
        prop_assert_eq!(sign_flip_p(&d, Some(&vec![7; d.len()]), 999, 3), Ok(1.0));
    }

    #[test]
    fn sign_tests_agree_with_mcnemars(improved in 0_u64..200, worsened in 0_u64..200) {
        let sign = sign_test(improved, worsened, 0.5).unwrap();
        let table = PairedTable { both: 5, worsened, improved, neither: 1 };
        let mcnemar = mcnemar(&table, Level::P95).unwrap();
        prop_assert!(near(Some(sign.p_two_sided), Some(mcnemar.p_exact)));
        prop_assert!(near(Some(sign.p_less), Some(mcnemar.p_exact_less)));
        let (one, other) = (mcnemar_mid_p(improved, worsened), mcnemar_mid_p(worsened, improved));
        prop_assert!(near(Some(one.less), Some(other.greater)));
        prop_assert!(near(Some(one.less + one.greater), Some(1.0)));
        check(Ok::<_, StatsError>(mcnemar), &["chi2_cc", "p_chi2_cc", "chi2", "p_chi2"]);
    }

    #[test]
    fn sign_tests_are_probabilities(positive in 0_u64..5_000, negative in 0_u64..5_000, p0 in 0.0..=1.0) {
        let test = sign_test(positive, negative, p0).unwrap();
        for p in [test.p_two_sided, test.p_less, test.p_greater] {
            prop_assert!((0.0..=1.0).contains(&p), "{test:?}");
        }
        prop_assert!(test.p_two_sided >= test.p_less.min(test.p_greater) - 1e-12, "{test:?}");
    }

    #[test]
    fn corrections_keep_order_and_size(p in prop::collection::vec(0.0..=1.0, 1..40)) {
        for correction in CORRECTIONS {
            let adjusted = adjust(&p, correction).unwrap();
            for (index, value) in adjusted.iter().enumerate() {
                prop_assert!(*value >= p[index] * (1.0 - 1e-12) && *value <= 1.0, "{correction:?}");
                for (other, other_value) in adjusted.iter().enumerate() {
                    prop_assert!(p[index] > p[other] || value <= other_value, "{correction:?}");
                }
            }
        }
        let of = |correction| adjust(&p, correction).unwrap();
        let (holm, hochberg, hommel) = (of(Correction::Holm), of(Correction::Hochberg), of(Correction::Hommel));
        for (index, bonferroni) in of(Correction::Bonferroni).into_iter().enumerate() {
            prop_assert!(holm[index] <= bonferroni + 1e-12);
            prop_assert!(hochberg[index] <= holm[index] + 1e-12);
            prop_assert!(hommel[index] <= hochberg[index] + 1e-12);
        }
    }
}

#[test]
fn a_million_ties_are_counted() {
    let (a, b) = (vec![3.0; 500_000], vec![3.0; 500_000]);
    let test = mann_whitney(&a, &b).unwrap();
    assert_eq!((test.auc, test.p_two_sided_asymp, test.p_two_sided_asymp_nocc), (0.5, 1.0, None));
    assert_eq!(cliffs_delta(&a, &b), Ok(0.0));
}

#[test]
fn a_shift_that_rounding_blurs_has_no_variance() {
    // In binary, 0.2 - 0.1 and 0.4 - 0.3 differ in their last bits.
    let test = paired_t(&[0.1, 0.3, 0.7], &[0.2, 0.4, 0.8], Level::P95).unwrap();
    assert_eq!((test.t, test.p_two_sided, test.diff_ci), (None, Some(0.0), None));
    let ties = permute_signs(&[0.1, 0.2, -0.3], None, Permutations::All).unwrap();
    assert!(ties.p_abs >= 1.0, "{ties:?}");
}

#[test]
fn inputs_outside_of_the_domain_are_typed_errors() {
    let empty: &[f64] = &[];
    assert!(matches!(
        welch_t(&[1.0], &[1.0, 2.0], Level::P95),
        Err(StatsError::TooFew { needed: 2, got: 1, .. })
    ));
    assert!(matches!(paired_t(&[1.0, 2.0], &[1.0], Level::P95), Err(StatsError::Unequal { .. })));
    assert!(matches!(mann_whitney(empty, &[1.0]), Err(StatsError::TooFew { .. })));
    assert!(matches!(EquivalenceRange::new(0.3, -0.3), Err(StatsError::OutOfDomain { .. })));
    assert!(matches!(sign_test(1, 1, 1.5), Err(StatsError::OutOfDomain { argument: "p0", .. })));
    assert!(matches!(adjust(&[0.5, 1.5], Correction::Holm), Err(StatsError::OutOfDomain { .. })));
    assert!(matches!(correct(&[0.5], 0.0, Correction::Holm), Err(StatsError::OutOfDomain { .. })));
    assert!(matches!(e_bh(&[-1.0], 0.05), Err(StatsError::OutOfDomain { .. })));
    assert!(matches!(hedges_g(&[5.0, 5.0], &[4.0, 4.0]), Err(StatsError::Degenerate { .. })));
    assert!(matches!(
        chi_square_fit(&[1.0, 2.0], &[1.0, 1.0]),
        Err(StatsError::OutOfDomain { .. })
    ));
    assert!(matches!(
        chi_square_independence(&[vec![0.0, 0.0], vec![0.0, 0.0]]),
        Err(StatsError::TooFew { .. })
    ));
    assert!(matches!(mcnemar(&PairedTable::default(), Level::P95), Err(StatsError::TooFew { .. })));
    let many: Vec<f64> = (0..100).map(|index| f64::from(index).sqrt()).collect();
    assert!(matches!(
        permute_signs(&many, None, Permutations::All),
        Err(StatsError::OutOfDomain { argument: "n", .. })
    ));
}
