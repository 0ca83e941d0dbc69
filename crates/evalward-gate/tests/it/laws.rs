//! Laws of comparisons of runs, whatever the scores are.

use evalward_core::{Finite, OnInconclusive};
use evalward_gate::compare::{
    ComparePolicy, ComparisonVerdict, MetricRole, Requirement, RunComparison,
};
use evalward_gate::{Decision, GateStatus};
use proptest::prelude::*;

use crate::compare::{Column, compared, grades, metric, scale};

type Pairs = Vec<(u8, u8)>;

fn pairs() -> impl Strategy<Value = Pairs> {
    prop::collection::vec((1_u8..=5, 1_u8..=5), 1..60)
}

/// One metric of which smaller scores are better, one of which larger ones are.
fn columns(pairs: &[(u8, u8)], pick: fn(&(u8, u8)) -> u8, shift: f64) -> Vec<Column> {
    let values: Vec<f64> = pairs.iter().map(|pair| f64::from(pick(pair)) + shift).collect();
    let mut wide = scale(Some(-100.0), Some(100.0));
    wide.lower_is_better = true;
    vec![("cost", wide, values.clone()), ("real", scale(None, None), values)]
}

fn policy() -> ComparePolicy {
    let margin = |id: &str| (id.to_owned(), evalward_core::Margin::new(0.3).unwrap());
    ComparePolicy { margins: [margin("cost"), margin("real")].into(), ..ComparePolicy::default() }
}

/// Returns the code that the statuses of the rows ask for.
fn code(comparison: &RunComparison) -> u8 {
    let has = |status| comparison.metrics.iter().any(|it| it.status == status);
    let decides = comparison.metrics.iter().any(|it| it.status != GateStatus::Reported);
    match () {
        () if !decides || has(GateStatus::Incomplete) => 3,
        () if has(GateStatus::Failed) => 1,
        () if has(GateStatus::Inconclusive) => 4,
        () => 0,
    }
}

/// Checks that no row contradicts itself.
fn check_rows(comparison: &RunComparison, policy: &ComparePolicy) {
    for it in &comparison.metrics {
        let (Some(low), Some(high), Some(difference), Some(p)) =
            (it.low, it.high, it.difference, it.p_regression)
        else {
            assert!(it.status != GateStatus::Holds, "{it:?}");
            continue;
        };
        assert!(low <= difference && difference <= high, "{it:?}");
        assert_eq!(p.get() < policy.alpha, high < Finite::ZERO, "{it:?}");
        assert!(
            it.p_adjusted.is_none_or(|adjusted| it.role != MetricRole::Blocking || adjusted >= p)
        );
        assert_eq!(it.non_inferior, low.get() > -it.margin.unwrap().get(), "{it:?}");
        assert_eq!(it.status == GateStatus::Failed, it.verdict == ComparisonVerdict::Regression);
        if it.status == GateStatus::Holds {
            assert!(it.non_inferior, "{it:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_code_follows_from_the_rows_and_the_rows_from_their_intervals(pairs in pairs(), warn: bool, release: bool) {
        let policy = ComparePolicy {
            on_inconclusive: if warn { OnInconclusive::Warn } else { OnInconclusive::Fail },
            requirement: if release { Requirement::NonInferiority } else { Requirement::NoRegression },
            ..policy()
        };
        let (before, after) = (columns(&pairs, |it| it.0, 0.0), columns(&pairs, |it| it.1, 0.0));
        let comparison = compared(&before, &after, &policy);
        prop_assert_eq!(comparison.exit_code, code(&comparison));
        check_rows(&comparison, &policy);
        if release && comparison.decision == Decision::Holds {
            prop_assert!(comparison.metrics.iter().all(|it| it.status == GateStatus::Holds));
        }
    }

    #[test]
    fn identical_runs_are_never_better_or_worse(pairs in pairs()) {
        let run = [columns(&pairs, |it| it.0, 0.0), vec![grades("grade", pairs.iter().map(|it| f64::from(it.1)).collect::<Vec<_>>())]].concat();
        for it in compared(&run, &run, &policy()).metrics {
            prop_assert!(matches!(it.verdict, ComparisonVerdict::Equivalent | ComparisonVerdict::Inconclusive), "{:?}", it);
        }
    }

    #[test]
    fn what_both_sides_gain_alike_changes_nothing(pairs in pairs(), shift in -90_i8..=90) {
        let shift = f64::from(shift);
        let compared_at = |shift| {
            let (before, after) = (columns(&pairs, |it| it.0, shift), columns(&pairs, |it| it.1, shift));
            compared(&before, &after, &policy())
        };
        let (here, there) = (compared_at(0.0), compared_at(shift));
        for (here, there) in here.metrics.iter().zip(&there.metrics) {
            prop_assert_eq!((here.verdict, here.status), (there.verdict, there.status));
            let (low, other) = (here.low.map_or(0.0, Finite::get), there.low.map_or(0.0, Finite::get));
            prop_assert!((low - other).abs() < 1e-9);
        }
    }

    #[test]
    fn smaller_is_better_mirrors_larger_is_better(pairs in pairs()) {
        let flipped = |columns: Vec<Column>| -> Vec<Column> {
            columns.into_iter().map(|(id, mut scale, values)| {
                scale.lower_is_better = !scale.lower_is_better;
                (id, scale, values)
            }).collect()
        };
        let (before, after) = (columns(&pairs, |it| it.0, 0.0), columns(&pairs, |it| it.1, 0.0));
        let (forth, back) = (compared(&before, &after, &policy()), compared(&flipped(before), &flipped(after), &policy()));
        for id in ["cost", "real"] {
            let (forth, back) = (metric(&forth, id), metric(&back, id));
            let difference = |it: &evalward_gate::compare::MetricComparison| it.difference.map_or(0.0, Finite::get);
            prop_assert!((difference(forth) + difference(back)).abs() < 1e-12);
        }
    }
}
