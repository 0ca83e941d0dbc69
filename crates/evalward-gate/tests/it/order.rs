//! The verdict is a pure fold: it depends on the rows alone, in any order.

use evalward_core::{Finite, GatePolicy, Measurement, Partition, Score, Trial};
use evalward_gate::Plan;
use proptest::prelude::*;

use crate::support::{at_least, numbered, plan_for, row, summarize};

fn any_row() -> impl Strategy<Value = Trial> {
    let partition = prop::sample::select(&Partition::ALL[..]);
    let letter = prop::sample::select(&['p', 'p', 'p', 'f', 'e', 's'][..]);
    (partition, letter, 0_u32..2000, 0_u8..3).prop_map(|(partition, letter, millis, score)| {
        let mut trial = row(partition, letter);
        trial.latency_millis = Some(millis.into());
        let value = Finite::new(f64::from(score) / 2.0).unwrap();
        let measured = match score {
            0 => Measurement::Errored("no".to_owned()),
            _ => Score::fraction(value).judged_by_threshold(Some(Finite::ONE)).into(),
        };
        trial.scores.insert("right".to_owned(), measured);
        trial
    })
}

fn any_rows(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Trial>> {
    prop::collection::vec(any_row(), count).prop_map(numbered)
}

fn gates(plan_of: &[Trial]) -> Plan {
    let gates = [(Partition::Golden, GatePolicy::STRICT), (Partition::Distribution, at_least(0.6))];
    plan_for(plan_of, gates)
}

proptest! {
    #[test]
    fn any_order_gives_the_same_summary(
        (rows, shuffled) in any_rows(0..60)
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let plan = gates(&rows);
        let (left, right) = (summarize(&rows, &plan), summarize(&shuffled, &plan));
        prop_assert_eq!(left.decision, right.decision);
        prop_assert_eq!(left.counts, right.counts);
        prop_assert_eq!(left.gates, right.gates);
        prop_assert_eq!(left.advice, right.advice);
        for (partition, summary) in &left.partitions {
            let other = &right.partitions[partition];
            prop_assert_eq!(&summary.latency_millis, &other.latency_millis);
            prop_assert_eq!(&summary.pass_rate, &other.pass_rate);
            prop_assert_eq!(summary.counts, other.counts);
            let mean = |summary: &evalward_gate::PartitionSummary| summary.metrics["right"].mean.map(Finite::get);
            match (mean(summary), mean(other)) {
                (Some(left), Some(right)) => prop_assert!((left - right).abs() < 1e-12),
                (left, right) => prop_assert_eq!(left, right),
            }
        }
    }

    #[test]
    fn counts_add_up_and_a_missing_row_is_never_a_verdict(
        rows in any_rows(1..40),
        lost in any::<prop::sample::Index>(),
    ) {
        let plan = gates(&rows);
        let whole = summarize(&rows, &plan);
        let counts = whole.counts;
        prop_assert_eq!(counts.total, u64::try_from(rows.len()).unwrap());
        prop_assert_eq!(counts.total, counts.passed + counts.failed + counts.errored + counts.skipped);
        let mut rest = rows;
        rest.remove(lost.index(rest.len()));
        prop_assert_eq!(summarize(&rest, &plan).exit_code, 3);
    }

    #[test]
    fn a_failure_more_never_helps(passed in 0_usize..60, failed in 0_usize..60, bound in 0.05_f64..0.99) {
        let better = |failed: usize| {
            let letters = "p".repeat(passed) + &"f".repeat(failed) + "p";
            crate::support::verdict(&letters, at_least(bound))
        };
        let rank = |verdict: &str| match verdict.split(',').next() {
            Some("holds") => 2,
            Some("inconclusive") => 1,
            _ => 0,
        };
        prop_assert!(rank(&better(failed)) >= rank(&better(failed + 1)));
    }
}
