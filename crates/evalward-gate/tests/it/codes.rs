//! Which decision wins, and what makes a run incomplete.

use evalward_core::{GatePolicy, Partition, Trial};
use evalward_gate::{Decision, Fold, Plan};
use insta::assert_snapshot;

use crate::support::{at_least, line, plan_for, row, rows, share, summarize, verdict, warns_below};

/// Judges golden and distribution together and compares the decision and the partitions that the advice names.
#[track_caller]
fn check(golden: &str, distribution: &str, expected: Decision, advice: &str) {
    let mut all = rows(Partition::Golden, golden);
    all.extend(rows(Partition::Distribution, distribution));
    let gates = [(Partition::Golden, GatePolicy::STRICT), (Partition::Distribution, at_least(0.5))];
    let summary = summarize(&all, &plan_for(&all, gates));
    assert_eq!((summary.decision, summary.exit_code), (expected, expected.exit_code()));
    assert!(summary.advice.contains(advice), "{}", summary.advice);
}

#[test]
fn incomplete_before_failed_before_inconclusive() {
    check("pp", "pppppppppp", Decision::Holds, "All gates hold");
    check("pp", "pf", Decision::Inconclusive, "Inconclusive for distribution");
    check("pf", "pf", Decision::Failed, "Blocked by golden");
    check("pe", "ffffffffff", Decision::Incomplete, "1 example could not be evaluated");
    check("pf", "ffffffffff", Decision::Failed, "Blocked by golden, distribution");
    check("e", "pf", Decision::Incomplete, "1 example could not be evaluated");
}

#[test]
fn exit_codes_are_those_of_the_table() {
    let decisions =
        [Decision::Holds, Decision::Failed, Decision::Incomplete, Decision::Inconclusive];
    assert_eq!(decisions.map(Decision::exit_code), [0, 1, 3, 4]);
}

#[test]
fn errored_rows_are_allowed_exactly_up_to_the_share() {
    let allowing = |max: f64| GatePolicy { max_errored: share(max), ..GatePolicy::STRICT };
    assert_snapshot!(verdict("ppp", allowing(0.0)), @"holds, exit 0: all 3 examples passed");
    assert_snapshot!(verdict("ppe", allowing(0.0)), @"incomplete, exit 3: 1 of 3 examples could not be evaluated; none is allowed");
    assert_snapshot!(verdict("pppe", allowing(0.25)), @"holds, exit 0: all 3 examples passed, 1 errored");
    assert_snapshot!(verdict("ppee", allowing(0.25)), @"incomplete, exit 3: 2 of 4 examples could not be evaluated; 25 % is allowed");
    assert_snapshot!(verdict("eee", allowing(1.0)), @"inconclusive, exit 4: none of 3 examples was evaluated, 3 errored");
    let all = rows(Partition::Golden, "ee");
    let advice = summarize(&all, &plan_for(&all, [(Partition::Golden, allowing(1.0))])).advice;
    assert_snapshot!(advice, @"Nothing was evaluated: no gating metric applies to any example.");
    let hundred = |errored: usize| "e".repeat(errored) + &"p".repeat(100 - errored);
    for percent in 0..100 {
        let share = allowing(f64::from(u32::try_from(percent).unwrap()) / 100.0);
        assert!(verdict(&hundred(percent), share.clone()).starts_with("holds"), "{percent} of 100");
        assert!(verdict(&hundred(percent + 1), share).starts_with("incomplete"), "{percent} + 1");
    }
}

#[test]
fn rows_that_are_missing_or_too_many_are_never_a_verdict() {
    let check = |letters: &str, expected: u64| {
        let policy = GatePolicy { max_errored: share(1.0), ..GatePolicy::STRICT };
        let plan = Plan::new([(Partition::Golden, expected)], [(Partition::Golden, policy)]);
        line(&summarize(&rows(Partition::Golden, letters), &plan))
    };
    assert_snapshot!(check("pp", 3), @"incomplete, exit 3: 2 of 3 examples have a result");
    assert_snapshot!(check("pppp", 3), @"incomplete, exit 3: 4 of 3 examples have a result");
    assert_snapshot!(check("", 3), @"incomplete, exit 3: 0 of 3 examples have a result");
    assert_snapshot!(check("fff", 4), @"incomplete, exit 3: 3 of 4 examples have a result");
}

#[test]
fn a_row_that_is_there_twice_is_refused() {
    let mut fold = Fold::default();
    let row = row(Partition::Golden, 'p');
    fold.push(&row).unwrap();
    assert_snapshot!(fold.push(&row).unwrap_err(), @"failed to fold the rows: trial 1 of example `a-1` has two");
    fold.push(&Trial { trial: 2, ..row }).unwrap();
}

#[test]
fn a_run_that_stopped_is_incomplete_whatever_may_be_errored() {
    let mut all = rows(Partition::Golden, "ppe");
    all[2].unfinished = true;
    let policy = GatePolicy { max_errored: share(1.0), ..GatePolicy::STRICT };
    assert_snapshot!(line(&summarize(&all, &plan_for(&all, [(Partition::Golden, policy)]))), @"incomplete, exit 3: the run stopped with 1 example still to evaluate");
}

#[test]
fn a_gate_without_rows_or_expectation_is_no_pass() {
    let plan = Plan::new([], [(Partition::Golden, GatePolicy::STRICT)]);
    assert_eq!(summarize(&[], &plan).decision, Decision::Inconclusive);
    assert_eq!(summarize(&[], &Plan::new([], [])).decision, Decision::Inconclusive);
}

#[test]
fn all_skipped_is_inconclusive_whatever_the_policy() {
    assert_snapshot!(verdict("sss", GatePolicy::STRICT), @"inconclusive, exit 4: none of 3 examples was evaluated, 3 skipped");
    assert_snapshot!(verdict("s", at_least(0.9)), @"inconclusive, exit 4: none of 1 example was evaluated, 1 skipped");
    assert_snapshot!(verdict("sss", warns_below(0.9)), @"inconclusive, exit 4: none of 3 examples was evaluated, 3 skipped");
}

#[test]
fn skipped_rows_stay_outside_the_rate() {
    assert_snapshot!(verdict("psss", GatePolicy::STRICT), @"holds, exit 0: the only example passed, 3 skipped");
    assert_snapshot!(verdict(&("p".repeat(10) + &"s".repeat(90)), at_least(0.5)), @"holds, exit 0: 10 of 10 passed, 95 % interval 69.1 % to 100 %, must reach 50 %");
}

#[test]
fn a_partition_without_a_gate_reports_but_its_errors_count() {
    let all = rows(Partition::Adversarial, "ff");
    assert_snapshot!(line(&summarize(&all, &plan_for(&all, []))), @"reported, exit 3: not gated");
    let all = rows(Partition::Adversarial, "fe");
    assert_snapshot!(line(&summarize(&all, &plan_for(&all, []))), @"incomplete, exit 3: 1 of 2 examples could not be evaluated; none is allowed");
}
