//! The laws that comparisons obey.

use evalward_stats::verdict::{
    Comparison, Design, Direction, ScoreRange, Verdict, companions_paired, companions_unpaired,
    compare_paired, compare_unpaired, needed_each, needed_pairs,
};
use evalward_stats::{Interval, StatsError};
use proptest::prelude::*;

const GRADES: ScoreRange = ScoreRange::Ordinal { low: 1.0, high: 5.0 };

fn design(range: ScoreRange, margin: f64) -> Design {
    let direction = Direction::HigherIsBetter;
    Design { alpha: 0.05, margin, range, direction, target_power: 0.8 }
}

/// Scores of both sides, with clusters in half of the cases.
#[derive(Clone, Debug)]
struct Sample {
    baseline: Vec<f64>,
    candidate: Vec<f64>,
    clusters: Option<Vec<usize>>,
    design: Design,
}

impl Sample {
    fn compare(&self) -> Comparison {
        self.try_compare().expect("a comparison")
    }

    fn try_compare(&self) -> Result<Comparison, StatsError> {
        compare_paired(&self.baseline, &self.candidate, self.clusters.as_deref(), &self.design)
    }

    fn map(mut self, change: impl Fn(f64) -> f64) -> Self {
        for score in self.baseline.iter_mut().chain(&mut self.candidate) {
            *score = change(*score);
        }
        self
    }
}

fn scores(range: ScoreRange) -> BoxedStrategy<f64> {
    match range {
        ScoreRange::Binary => prop_oneof![Just(0.0), Just(1.0)].boxed(),
        ScoreRange::Ordinal { .. } => (1..=5_u8).prop_map(f64::from).boxed(),
        ScoreRange::Bounded { .. } => (0.0..=1.0).boxed(),
        ScoreRange::Real => (-1e3..1e3).boxed(),
    }
}

fn sample() -> impl Strategy<Value = Sample> {
    let ranges = prop_oneof![
        Just((ScoreRange::Binary, 0.05)),
        Just((GRADES, 0.3)),
        Just((ScoreRange::Bounded { low: 0.0, high: 1.0 }, 0.05)),
        Just((ScoreRange::Real, 20.0)),
    ];
    (ranges, 2..40_usize).prop_flat_map(|((range, margin), n)| {
        let pairs = prop::collection::vec((scores(range), scores(range), any::<bool>()), n);
        let clusters = prop::option::of(prop::collection::vec(0..5_usize, n));
        (pairs, clusters).prop_map(move |(pairs, clusters)| {
            // Half of the examples do not change, as in real comparisons.
            let candidate = pairs.iter().map(|(a, b, same)| if *same { *a } else { *b });
            let clusters = clusters.map(|mut labels| {
                labels[0] = 7;
                labels
            });
            Sample {
                candidate: candidate.collect(),
                baseline: pairs.iter().map(|(a, _, _)| *a).collect(),
                clusters: clusters.filter(|labels| labels.iter().any(|label| *label != 7)),
                design: design(range, margin),
            }
        })
    })
}

/// Compares, and leaves out constant differences of scores without a range.
fn comparable() -> impl Strategy<Value = (Sample, Comparison)> {
    sample().prop_filter_map("no variance and no range", |sample| {
        sample.try_compare().ok().map(|comparison| (sample, comparison))
    })
}

fn mirrored(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Regression => Verdict::Improvement,
        Verdict::Improvement => Verdict::Regression,
        other => other,
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

fn nearly(a: Interval, b: Interval) -> bool {
    near(a.low, b.low) && near(a.high, b.high)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn swapping_the_sides_mirrors_the_verdict((sample, there) in comparable()) {
        let swapped = Sample {
            baseline: sample.candidate.clone(), candidate: sample.baseline.clone(), ..sample.clone()
        };
        let back = swapped.compare();
        prop_assert_eq!(back.verdict, mirrored(there.verdict));
        let mirrored = Interval { low: -back.ci.high, high: -back.ci.low };
        prop_assert!(nearly(there.ci, mirrored), "{:?} {:?}", there.ci, back.ci);
        // Turning the better direction does the same.
        let turned = Design { direction: Direction::LowerIsBetter, ..sample.design };
        let turned = Sample { design: turned, baseline: swapped.candidate, candidate: swapped.baseline, ..sample }.compare();
        prop_assert!(nearly(turned.ci, back.ci));
    }

    #[test]
    fn order_and_scale_change_nothing((sample, plain) in comparable(), factor in 0.01..100.0) {
        let mut reversed = sample.clone();
        reversed.baseline.reverse();
        reversed.candidate.reverse();
        reversed.clusters.iter_mut().for_each(|labels| labels.reverse());
        let reversed = reversed.compare();
        prop_assert!(nearly(plain.ci, reversed.ci));
        prop_assert_eq!(plain.verdict, reversed.verdict);
        let range = match sample.design.range {
            // Rates are 0 or 1 by definition.
            ScoreRange::Binary => return Ok(()),
            ScoreRange::Ordinal { low, high } => ScoreRange::Ordinal { low: low * factor, high: high * factor },
            ScoreRange::Bounded { low, high } => ScoreRange::Bounded { low: low * factor, high: high * factor },
            ScoreRange::Real => ScoreRange::Real,
        };
        let design = Design { range, margin: sample.design.margin * factor, ..sample.design };
        let scaled = Sample { design, ..sample }.map(|score| score * factor).compare();
        let wanted = Interval { low: plain.ci.low * factor, high: plain.ci.high * factor };
        prop_assert!(nearly(scaled.ci, wanted), "{:?} {wanted:?}", scaled.ci);
        prop_assert!(near(scaled.p_regression, plain.p_regression));
    }

    #[test]
    fn a_number_that_is_none_gives_only_an_error(
        (sample, _) in comparable(), at in any::<prop::sample::Index>(), left in any::<bool>(),
        bad in prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ) {
        let mut sample = sample;
        let side = if left { &mut sample.baseline } else { &mut sample.candidate };
        let index = at.index(side.len());
        side[index] = bad;
        let refused = matches!(sample.try_compare(), Err(StatsError::NotFinite { .. }));
        prop_assert!(refused);
        let unpaired = compare_unpaired(&sample.baseline, &sample.candidate, &sample.design);
        let refused = matches!(unpaired, Err(StatsError::NotFinite { .. }));
        prop_assert!(refused);
    }

    #[test]
    fn intervals_nest_and_hold_the_estimate((sample, wide) in comparable(), alpha in 0.05..0.45) {
        let design = Design { alpha, ..sample.design };
        let narrow = Sample { design, ..sample }.compare();
        prop_assert!(wide.ci.low <= narrow.ci.low + 1e-9 && narrow.ci.high <= wide.ci.high + 1e-9);
        prop_assert!(narrow.ci.low <= narrow.estimate + 1e-9);
        prop_assert!(narrow.estimate <= narrow.ci.high + 1e-9);
    }

    #[test]
    fn verdict_and_p_value_agree_with_the_interval((sample, got) in comparable(), unpaired in any::<bool>()) {
        let got = if unpaired {
            match compare_unpaired(&sample.baseline, &sample.candidate, &sample.design) {
                Ok(got) => got,
                Err(_) => return Ok(()),
            }
        } else {
            got
        };
        let Comparison { ci, verdict, p_regression, non_inferior, confirmed, .. } = got;
        let (alpha, margin) = (sample.design.alpha, sample.design.margin);
        prop_assert_eq!(verdict, Verdict::of(ci, margin));
        prop_assert_eq!(non_inferior, ci.low > -margin);
        prop_assert_eq!(confirmed, verdict == Verdict::Regression && ci.high <= -margin);
        if ci.high.abs() > 1e-12 {
            prop_assert_eq!(ci.high < 0.0, p_regression < alpha, "{:?} {}", ci, p_regression);
        }
        prop_assert!((0.0..=1.0).contains(&p_regression));
        prop_assert!(got.power.is_none_or(|power| (0.0..=1.0).contains(&power)));
        // More examples are asked for where these have too little power, and only there.
        if let Some((power, needed)) = got.power.zip(got.n_required) {
            let suffices = usize::try_from(needed).unwrap_or(usize::MAX) <= got.n;
            prop_assert_eq!(power >= sample.design.target_power, suffices);
        }
    }
}

proptest! {
    #[test]
    fn hostile_scores_give_an_error_or_finite_numbers(
        pairs in prop::collection::vec((hostile(), hostile()), 0..12), range in prop::sample::select(vec![
            ScoreRange::Real,
            ScoreRange::Bounded { low: -1e308, high: 1e307 },
            ScoreRange::Bounded { low: -f64::MIN_POSITIVE, high: f64::MAX },
        ]), clustered in any::<bool>(),
    ) {
        let (baseline, candidate): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let labels: Vec<usize> = (0..baseline.len()).map(|index| index / 2).collect();
        let clusters = clustered.then_some(labels.as_slice());
        let design = design(range, 1.0);
        let outcomes = [
            compare_paired(&baseline, &candidate, clusters, &design),
            compare_unpaired(&baseline, &candidate, &design),
        ];
        for got in outcomes.into_iter().flatten() {
            let numbers = [got.baseline_mean, got.candidate_mean, got.estimate, got.ci.low, got.ci.high, got.p_regression];
            prop_assert!(numbers.iter().all(|number| number.is_finite()), "{got:?}");
            prop_assert!(got.power.is_none_or(f64::is_finite), "{got:?}");
            prop_assert!(got.ci.low <= got.ci.high, "{got:?}");
        }
    }
}

fn hostile() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        -0.0,
        1.0,
        1.0 + f64::EPSILON,
        1e-300,
        1e300,
        -1e300,
        1.7e308,
        5e-324,
        1e16,
        3.0,
    ])
}

#[track_caller]
fn check(pair: [f64; 2], n: usize, range: ScoreRange, margin: f64, expected: Verdict) {
    let [before, after] = pair.map(|score| vec![score; n]);
    let got = compare_paired(&before, &after, None, &design(range, margin)).expect("valid samples");
    assert_eq!(got.verdict, expected, "{got:?}");
}

#[test]
fn examples_without_variance_prove_as_much_as_their_number() {
    check([5.0, 4.0], 40, GRADES, 0.3, Verdict::Regression);
    check([4.0, 4.0], 3, GRADES, 0.3, Verdict::Inconclusive);
    check([4.0, 4.0], 200, GRADES, 0.3, Verdict::Equivalent);
    check([1.0, 1.0], 50, ScoreRange::Binary, 0.05, Verdict::Inconclusive);
    check([1.0, 1.0], 60, ScoreRange::Binary, 0.05, Verdict::Equivalent);
    check([1.0, 0.0], 10, ScoreRange::Binary, 0.05, Verdict::Regression);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let compare = |before: &[f64], after: &[f64], range| {
        compare_paired(before, after, None, &design(range, 0.3)).unwrap_err()
    };
    assert!(matches!(compare(&[], &[], GRADES), StatsError::TooFew { .. }));
    assert!(matches!(compare(&[3.0], &[3.0], GRADES), StatsError::TooFew { .. }));
    assert!(matches!(compare(&[3.0, 4.0], &[3.0], GRADES), StatsError::Unequal { .. }));
    assert!(matches!(compare(&[3.0, 6.0], &[3.0, 3.0], GRADES), StatsError::OutOfDomain { .. }));
    let constant = compare(&[3.0, 6.0], &[3.0, 6.0], ScoreRange::Real);
    assert!(matches!(constant, StatsError::Degenerate { .. }));
    let huge = compare(&[1e308, -1e308], &[-1e308, 1e308], ScoreRange::Real);
    assert!(matches!(huge, StatsError::OutOfDomain { .. }));
    let one_cluster =
        compare_paired(&[3.0, 4.0], &[3.0, 3.0], Some(&[0, 0]), &design(GRADES, 0.3)).unwrap_err();
    assert!(matches!(one_cluster, StatsError::TooFew { .. }));
    for broken in [
        Design { alpha: 0.5, ..design(GRADES, 0.3) },
        Design { margin: 0.0, ..design(GRADES, 0.3) },
        Design { margin: f64::NAN, ..design(GRADES, 0.3) },
        Design { target_power: 1.0, ..design(GRADES, 0.3) },
        design(ScoreRange::Bounded { low: 1.0, high: 1.0 }, 0.3),
    ] {
        let refused = compare_paired(&[3.0, 4.0], &[3.0, 3.0], None, &broken).unwrap_err();
        assert!(matches!(refused, StatsError::OutOfDomain { .. }));
    }
}

#[test]
fn the_number_of_examples_needed_is_told_where_the_evidence_is_thin() {
    let before: Vec<f64> = (0..20).map(|i| [5.0, 4.0, 3.0, 4.0][i % 4]).collect();
    let after: Vec<f64> = (0..20).map(|i| [4.0, 5.0, 3.0, 4.0][i % 4]).collect();
    let got = compare_paired(&before, &after, None, &design(GRADES, 0.3)).unwrap();
    assert_eq!(got.verdict, Verdict::Inconclusive);
    // (1.645 + 0.842)² 0.725² / 0.3² for a deviation of 0.725, and one or two for t.
    assert_eq!(got.n_required, Some(38));
    let same = compare_paired(&[4.0; 3], &[4.0; 3], None, &design(GRADES, 0.3)).unwrap();
    let needed = usize::try_from(same.n_required.unwrap()).unwrap();
    check([4.0, 4.0], needed - 1, GRADES, 0.3, Verdict::Inconclusive);
    check([4.0, 4.0], needed, GRADES, 0.3, Verdict::Equivalent);
}

#[test]
fn companions_tell_what_the_mean_does_not() {
    let before = [5.0, 5.0, 5.0, 5.0, 1.0, 5.0, 5.0, 1.0, 5.0, 1.0];
    let after = [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 5.0, 4.0];
    let got = companions_paired(&before, &after, None, &design(GRADES, 0.3), 1).unwrap();
    assert!(got.ranks_disagree, "{got:?}");
    assert_eq!((got.baseline_low_share, got.candidate_low_share), (Some(0.3), Some(0.0)));
    assert!(got.cliffs_delta.unwrap() < 0.0 && got.hedges_g.unwrap() > 0.0, "{got:?}");
    // Three gains of 3 weigh no more than the six losses of 1 that they outweigh in the mean.
    assert!(got.p_permutation.unwrap() > 0.3, "{got:?}");
    let again = companions_paired(&before, &after, None, &design(GRADES, 0.3), 1).unwrap();
    assert_eq!(got, again);
    let constant = companions_unpaired(&[3.0; 4], &[4.0; 5], &design(GRADES, 0.3), 1).unwrap();
    assert_eq!((constant.hedges_g, constant.cliffs_delta), (None, Some(1.0)));
    assert!(companions_paired(&[], &[], None, &design(GRADES, 0.3), 1).is_err());
    assert!(companions_unpaired(&[f64::NAN], &[1.0], &design(GRADES, 0.3), 1).is_err());
}

#[test]
fn companions_flip_clusters_as_a_whole() {
    // Two of two clusters lost: of four ways to flip them, two are as far from 0.
    let (before, after) = ([5.0; 10], [4.0; 10]);
    let labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
    let p = |clusters: Option<&[usize]>| {
        let got = companions_paired(&before, &after, clusters, &design(GRADES, 0.3), 1).unwrap();
        got.p_permutation.unwrap()
    };
    assert!((p(Some(&labels)) - 0.5).abs() < 1e-12, "{}", p(Some(&labels)));
    assert!(p(None) < 0.01, "{}", p(None));
    let short = companions_paired(&before, &after, Some(&[0; 3]), &design(GRADES, 0.3), 1);
    assert!(matches!(short, Err(StatsError::Unequal { .. })));
}

#[test]
fn companions_of_rates_have_the_mid_p_of_mcnemar() {
    // 1 improved and 8 worsened: 2 (1 + 9) / 512 - 9 / 512.
    let before = [[1.0; 8].as_slice(), &[0.0], &[1.0; 11]].concat();
    let after = [[0.0; 8].as_slice(), &[1.0], &[1.0; 11]].concat();
    let of = |range, clusters: Option<&[usize]>| {
        companions_paired(&before, &after, clusters, &design(range, 0.05), 1).unwrap().p_mcnemar
    };
    let p = of(ScoreRange::Binary, None).unwrap();
    assert!((p - 11.0 / 512.0).abs() < 1e-12, "{p}");
    assert_eq!(of(ScoreRange::Bounded { low: 0.0, high: 1.0 }, None), None);
    let pairs: Vec<usize> = (0..20).map(|index| index / 2).collect();
    assert_eq!(of(ScoreRange::Binary, Some(&pairs)), None);
}

#[test]
fn the_needed_number_of_examples_is_exact_and_ends() {
    // statsmodels 0.15.0: TTestPower 51.01, TTestIndPower 99.95 of each.
    assert_eq!(needed_pairs(0.3, 0.85, 0.05, 0.8).unwrap(), 52);
    assert_eq!(needed_each(0.3, 0.85 * 2.0_f64.sqrt(), 0.05, 0.8).unwrap(), 100);
    for effect in [2.9, 1e3, 1e300] {
        assert!(needed_pairs(effect, 0.1, 0.05, 0.8).unwrap() <= 3);
        assert_eq!(needed_each(effect, 0.1, 0.05, 0.8).unwrap(), 2);
    }
    for (effect, sd) in [(1e-300, 1e300), (1e-7, 1.0), (0.0, 1.0), (f64::NAN, 1.0), (1.0, -1.0)] {
        let refused = needed_pairs(effect, sd, 0.05, 0.8).unwrap_err();
        assert!(matches!(refused, StatsError::OutOfDomain { .. }), "{refused}");
    }
    assert!(needed_pairs(2e-5, 1.0, 0.05, 0.8).unwrap() > 10_000_000_000);
}
