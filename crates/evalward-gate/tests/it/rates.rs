//! Gates on rates: the exact interval, and how many examples it would take.
//!
//! Reference values: closed forms where all or none passed (`0.025^(1/n)`) and for one of two (`sqrt(0.975)`); bisection of the
//! binomial tails in 60-digit decimals for 95 of 100.

use evalward_core::{GatePolicy, Partition};
use insta::assert_snapshot;

use crate::support::{at_least, plan_for, rows, summarize, verdict, warns_below};

fn verdict_of(passed: usize, failed: usize, policy: GatePolicy) -> String {
    verdict(&("p".repeat(passed) + &"f".repeat(failed)), policy)
}

#[test]
fn the_interval_decides_and_not_the_rate() {
    assert_snapshot!(verdict_of(100, 0, at_least(0.9)), @"holds, exit 0: 100 of 100 passed, 95 % interval 96.3 % to 100 %, must reach 90 %");
    assert_snapshot!(verdict_of(20, 0, at_least(0.9)), @"inconclusive, exit 4: 20 of 20 passed, 95 % interval 83.1 % to 100 %, must reach 90 %: too few examples to tell; at this rate it would take 36");
    assert_snapshot!(verdict_of(95, 5, at_least(0.9)), @"inconclusive, exit 4: 95 of 100 passed, 95 % interval 88.7 % to 98.4 %, must reach 90 %: too few examples to tell; at this rate it would take 154");
    assert_snapshot!(verdict_of(50, 50, at_least(0.9)), @"failed, exit 1: 50 of 100 passed, 95 % interval 39.8 % to 60.2 %, must reach 90 %");
    assert_snapshot!(verdict_of(0, 5, at_least(0.9)), @"failed, exit 1: 0 of 5 passed, 95 % interval 0 % to 52.2 %, must reach 90 %");
    assert_snapshot!(verdict_of(1, 0, at_least(0.5)), @"inconclusive, exit 4: 1 of 1 passed, 95 % interval 2.5 % to 100 %, must reach 50 %: too few examples to tell; at this rate it would take 6");
}

#[test]
fn the_interval_is_that_of_the_reference() {
    for (passed, failed, low, high) in [
        (95, 5, 0.887_165_088_894_537_2, 0.983_568_120_817_947_8),
        (10, 0, 0.691_502_892_181_239_2, 1.0),
        (0, 10, 0.0, 0.308_497_107_818_760_8),
        (1, 1, 0.012_579_117_093_425_05, 0.987_420_882_906_575),
    ] {
        let all = rows(Partition::Golden, &("p".repeat(passed) + &"f".repeat(failed)));
        let summary = summarize(&all, &plan_for(&all, [(Partition::Golden, at_least(0.5))]));
        let interval = summary.gates[0].interval.clone().unwrap();
        assert!((interval.low.get() - low).abs() < 1e-9, "{passed}/{failed}: {interval:?}");
        assert!((interval.high.get() - high).abs() < 1e-9, "{passed}/{failed}: {interval:?}");
        assert_eq!(interval.method, "clopper-pearson");
        assert_eq!(usize::try_from(interval.n).unwrap(), passed + failed);
    }
}

#[test]
fn a_warning_is_a_warning_and_no_failure() {
    assert_snapshot!(verdict_of(9, 1, warns_below(0.9)), @"warned, exit 0: 9 of 10 passed, 95 % interval 55.4 % to 99.8 %, must reach 90 %: the observed rate is so close to the bound that no feasible number of examples would tell");
    assert_snapshot!(verdict_of(0, 10, warns_below(0.9)), @"failed, exit 1: 0 of 10 passed, 95 % interval 0 % to 30.9 %, must reach 90 %");
    let all = rows(Partition::Golden, "pppppppppf");
    let summary = summarize(&all, &plan_for(&all, [(Partition::Golden, warns_below(0.9))]));
    assert_eq!(summary.warnings.len(), 1);
}

#[test]
fn the_number_of_examples_it_would_take_is_enough_and_no_more() {
    let needed = |passed: usize, failed: usize, bound: f64| {
        let all = rows(Partition::Golden, &("p".repeat(passed) + &"f".repeat(failed)));
        let summary = summarize(&all, &plan_for(&all, [(Partition::Golden, at_least(bound))]));
        summary.gates[0].needed_n
    };
    // 0.025^(1/n) >= 0.9 first holds at n = 36.
    assert_eq!(needed(5, 0, 0.9), Some(36));
    assert!(verdict_of(36, 0, at_least(0.9)).starts_with("holds"));
    assert!(verdict_of(35, 0, at_least(0.9)).starts_with("inconclusive"));
    assert_eq!(needed(9, 1, 0.9), None);
    assert_eq!(needed(100, 0, 0.9), None);
}

#[test]
fn one_is_an_exact_count() {
    assert_snapshot!(verdict_of(1, 0, GatePolicy::STRICT), @"holds, exit 0: the only example passed");
    assert_snapshot!(verdict_of(999, 1, GatePolicy::STRICT), @"failed, exit 1: 1 of 1000 examples failed; all must pass");
    assert!(verdict_of(1000, 0, at_least(0.999)).starts_with("inconclusive"));
}
