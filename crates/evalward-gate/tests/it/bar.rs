//! Gates that compare with a baseline.

use std::collections::BTreeMap;

use evalward_core::{
    BaselineStamp, Digest, GatePolicy, Margin, NoWorseThan, Partition, RunId, ScoreRow, Trial,
};
use evalward_gate::{Baseline, Fold, Plan, RunScores, Summary};
use insta::assert_snapshot;

use crate::baseline::baseline_of;
use crate::support::{line, plan_for, rows, share};

const FILE: &str = "baselines/b.json";

/// A gate that allows a loss of this much, and one errored example in five.
fn bar(margin: f64) -> GatePolicy {
    GatePolicy {
        pass_rate: None,
        no_worse_than: Some(NoWorseThan {
            baseline: FILE.to_owned(),
            margin: Margin::new(margin).unwrap(),
            metric: None,
        }),
        max_errored: share(0.2),
        ..GatePolicy::STRICT
    }
}

fn scores(all: &[Trial]) -> RunScores {
    let mut scores = RunScores::default();
    for row in all {
        scores.push(&ScoreRow::from(row)).unwrap();
    }
    scores
}

/// Judges rows by the baseline that other rows make.
fn judged(before: &[Trial], now: &[Trial], margin: f64) -> Summary {
    let baseline = baseline_of(scores(before));
    let mut plan = plan_for(now, [(Partition::Distribution, bar(margin))]);
    let run_id: RunId = baseline.run_id.clone();
    let stamp = BaselineStamp { run_id, hash: Digest::of(b"") };
    plan.stamps.insert(FILE.to_owned(), stamp);
    fold(now, &plan.with_baselines(BTreeMap::from([(FILE.to_owned(), baseline)])))
}

fn fold(all: &[Trial], plan: &Plan) -> Summary {
    let mut fold = Fold::for_plan(plan);
    for row in all {
        fold.push(row).unwrap();
    }
    fold.finish(plan).unwrap()
}

/// Judges letters by letters.
fn verdict(before: &str, now: &str, margin: f64) -> String {
    let of = |letters: &str| rows(Partition::Distribution, letters);
    line(&judged(&of(before), &of(now), margin))
}

fn word(parts: &[(&str, usize)]) -> String {
    parts.iter().map(|(letter, count)| letter.repeat(*count)).collect()
}

#[test]
fn the_same_answers_hold() {
    let all = word(&[("p", 96), ("f", 4)]);
    assert_snapshot!(verdict(&all, &all, 0.05), @"holds, exit 0: pass rate 0.96 against 0.96 in run `r1` (100 pairs), 90 % interval of the difference -0.026 to +0.026, must lie above -0.05");
}

#[test]
fn errors_that_could_hide_a_loss_are_no_pass() {
    let before = word(&[("p", 100)]);
    assert_snapshot!(verdict(&before, &word(&[("p", 85), ("e", 15)]), 0.05), @"incomplete, exit 3: pass rate 1 against 1 in run `r1` (85 pairs), 90 % interval of the difference -0.031 to +0.031, must lie above -0.05: 15 errored pairs could hide a loss of as much");
    assert_snapshot!(verdict(&before, &word(&[("p", 99), ("e", 1)]), 0.05), @"holds, exit 0: pass rate 1 against 1 in run `r1` (99 pairs), 90 % interval of the difference -0.027 to +0.027, must lie above -0.05");
}

#[test]
fn what_one_side_skips_is_no_evidence() {
    let before = word(&[("p", 100)]);
    assert_snapshot!(verdict(&before, &word(&[("p", 70), ("s", 30)]), 0.05), @"incomplete, exit 3: only 70 of 100 pairs were scored on both sides");
    assert_snapshot!(verdict(&before, &word(&[("p", 90), ("s", 10)]), 0.05), @"holds, exit 0: pass rate 1 against 1 in run `r1` (90 pairs), 90 % interval of the difference -0.029 to +0.029, must lie above -0.05");
    assert_snapshot!(verdict(&word(&[("s", 100)]), &before, 0.05), @"incomplete, exit 3: pass rate cannot be compared with run `r1`: 100 examples left out: the metric did not apply to one of the two answers; no example has a score on both sides");
    assert_snapshot!(verdict(&before, &word(&[("s", 100)]), 0.05), @"inconclusive, exit 4: none of 100 examples was evaluated, 100 skipped");
}

#[test]
fn few_pairs_prove_nothing() {
    assert_snapshot!(verdict("p", "p", 0.05), @"inconclusive, exit 4: pass rate cannot be compared with run `r1`: too few examples to tell anything: 1, of at least 2");
    assert_snapshot!(verdict("ppp", "ppp", 0.05), @"inconclusive, exit 4: pass rate 1 against 1 in run `r1` (3 pairs), 90 % interval of the difference -0.474 to +0.474, must lie above -0.05: too few examples to tell; it would take 493");
}

#[test]
fn variations_of_few_cases_prove_less() {
    let clustered = |letters: &str| {
        let mut all = rows(Partition::Distribution, letters);
        for (index, row) in all.iter_mut().enumerate() {
            row.cluster = Some(format!("case {}", index / 20));
        }
        all
    };
    let (before, now) = (word(&[("p", 100)]), word(&[("p", 98), ("f", 2)]));
    assert_snapshot!(verdict(&before, &now, 0.1), @"holds, exit 0: pass rate 0.98 against 1 in run `r1` (100 pairs), 90 % interval of the difference -0.059 to +0.007, must lie above -0.1");
    assert_snapshot!(line(&judged(&clustered(&before), &clustered(&now), 0.1)), @"inconclusive, exit 4: pass rate 0.98 against 1 in run `r1` (100 pairs), 90 % interval of the difference -0.345 to +0.319, must lie above -0.1: too few examples to tell; it would take 10840");
}

#[test]
fn hand_picked_examples_are_not_compared() {
    let all = rows(Partition::Distribution, "ppf");
    let mut plan = plan_for(&all, [(Partition::Distribution, bar(0.05))]);
    plan.whole = false;
    assert_snapshot!(line(&fold(&all, &plan)), @"failed, exit 1: 1 of 3 selected examples failed");
}

#[test]
fn a_baseline_that_is_not_at_hand_is_no_pass() {
    let all = rows(Partition::Distribution, "ppp");
    let mut plan = plan_for(&all, [(Partition::Distribution, bar(0.05))]);
    assert_snapshot!(line(&fold(&all, &plan)), @"skipped, exit 3: not compared: there is no baseline `baselines/b.json` yet");
    let run_id = Baseline::from_text(&baseline_of(scores(&all)).to_text()).unwrap().run_id;
    plan.stamps.insert(FILE.to_owned(), BaselineStamp { run_id, hash: Digest::of(b"") });
    assert_snapshot!(line(&fold(&all, &plan)), @"incomplete, exit 3: the baseline of run `r1` is not at hand");
}

#[test]
fn fresh_trials_move_no_comparison() {
    let before = rows(Partition::Distribution, &word(&[("p", 96), ("f", 4)]));
    let mut now = before.clone();
    for index in 96..100 {
        let failed = &before[index];
        now.push(Trial {
            trial: 2,
            confirms: true,
            outcome: before[0].outcome.clone(),
            ..failed.clone()
        });
    }
    let mut plan = plan_for(&before, [(Partition::Distribution, bar(0.05))]);
    plan.baselines.insert(FILE.to_owned(), baseline_of(scores(&before)));
    assert_eq!(line(&fold(&now, &plan)), line(&fold(&before, &plan)));
}
