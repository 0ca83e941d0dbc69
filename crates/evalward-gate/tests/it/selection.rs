//! A hand-picked selection is judged example by example.

use evalward_core::Partition;
use insta::assert_snapshot;

use crate::support::{at_least, line, plan_for, rows, summarize};

/// Judges hand-picked rows under a gate on a rate, which must not matter.
fn verdict(letters: &str) -> String {
    let all = rows(Partition::Golden, letters);
    let mut plan = plan_for(&all, [(Partition::Golden, at_least(0.5))]);
    plan.whole = false;
    line(&summarize(&all, &plan))
}

#[test]
fn each_selected_example_must_pass() {
    assert_snapshot!(verdict("p"), @"holds, exit 0: every selected example passed (1)");
    assert_snapshot!(verdict("ppppppppppf"), @"failed, exit 1: 1 of 11 selected examples failed");
    assert_snapshot!(verdict("ps"), @"holds, exit 0: every selected example passed (1), 1 skipped");
    assert_snapshot!(verdict("ss"), @"inconclusive, exit 4: nothing was evaluated: every selected example was skipped");
    assert_snapshot!(verdict("pe"), @"incomplete, exit 3: 1 of 2 examples could not be evaluated; none is allowed");
}

#[test]
fn partitions_that_were_not_selected_are_not_asked_for() {
    let all = rows(Partition::Distribution, "p");
    let gates = [(Partition::Golden, at_least(0.9)), (Partition::Distribution, at_least(0.9))];
    let mut plan = plan_for(&all, gates);
    plan.whole = false;
    assert_snapshot!(line(&summarize(&all, &plan)), @"holds, exit 0: every selected example passed (1)");
}
