//! Rates over examples that are not independent: clusters and repeats.

use evalward_core::{Finite, Partition, Trial};
use evalward_gate::{Estimate, Summary};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::support::{at_least, line, plan_for, repeated, rows, summarize};

/// Puts examples into clusters of these sizes; what is left stands alone.
fn clustered(mut all: Vec<Trial>, sizes: &[usize]) -> Vec<Trial> {
    let names = sizes.iter().enumerate().flat_map(|(name, size)| std::iter::repeat_n(name, *size));
    for (row, name) in all.iter_mut().zip(names) {
        row.cluster = Some(format!("case {name}"));
    }
    all
}

fn summary(all: &[Trial], bound: f64) -> Summary {
    summarize(all, &plan_for(all, [(Partition::Distribution, at_least(bound))]))
}

fn interval(summary: &Summary) -> &Estimate {
    summary.gates[0].interval.as_ref().expect("a rate has an interval")
}

#[test]
fn variations_of_few_cases_are_worth_few_examples() {
    let all = rows(Partition::Distribution, &"p".repeat(100));
    assert_snapshot!(line(&summary(&all, 0.9)), @"holds, exit 0: 100 of 100 passed, 95 % interval 96.3 % to 100 %, must reach 90 %");
    let tens = clustered(all.clone(), &[10; 10]);
    assert_snapshot!(line(&summary(&tens, 0.9)), @"inconclusive, exit 4: 100 of 100 passed (worth 10 independent), 95 % interval 69.1 % to 100 %, must reach 90 %: too few examples to tell; at this rate it would take 360");
    assert_snapshot!(line(&summary(&clustered(all, &[100]), 0.9)), @"inconclusive, exit 4: 100 of 100 passed (worth 1 independent), 95 % interval 2.5 % to 100 %, must reach 90 %: too few examples to tell; at this rate it would take 3600");
}

#[test]
fn what_was_made_of_an_example_is_in_one_cluster_with_it() {
    let mut all = rows(Partition::Distribution, &"p".repeat(10));
    let parent = all[0].example_id.to_string();
    for row in &mut all[1..] {
        row.cluster = Some(parent.clone());
    }
    assert_eq!(interval(&summary(&all, 0.5)).effective_n.map(Finite::get), Some(1.0));
}

#[test]
fn clusters_of_one_change_nothing() {
    let all = rows(Partition::Distribution, "ppppppppppppppppppff");
    assert_eq!(summary(&clustered(all.clone(), &[1; 20]), 0.5).gates, summary(&all, 0.5).gates);
}

#[test]
fn repeats_are_averaged_and_a_missing_one_is_no_verdict() {
    let (all, plan) = repeated(&["pppppppppp", "ppppppppff", "pppppppppf"]);
    let summary = summarize(&all, &plan);
    assert_snapshot!(line(&summary), @"holds, exit 0: 90 % of the trials of 10 examples passed, 95 % interval 55.4 % to 99.8 %, must reach 50 %");
    assert_eq!((interval(&summary).n, summary.counts.total), (10, 10));
    assert_snapshot!(line(&summarize(&all[1..], &plan)), @"incomplete, exit 3: 29 of 30 trials have a result");
    assert_snapshot!(line(&summarize(&all[..29], &plan)), @"incomplete, exit 3: 29 of 30 trials have a result");
}

#[test]
fn repeats_that_agree_say_what_one_trial_says() {
    let (thrice, plan) = repeated(&["pppppppppf"; 3]);
    let (once, plan_once) = repeated(&["pppppppppf"]);
    let (thrice, once) = (summarize(&thrice, &plan), summarize(&once, &plan_once));
    assert_eq!(thrice.gates[0].interval, once.gates[0].interval);
}

proptest! {
    #[test]
    fn an_interval_with_clusters_is_never_narrower(
        letters in "[pf]{2,60}",
        sizes in prop::collection::vec(1_usize..12, 1..8),
    ) {
        let all = rows(Partition::Distribution, &letters);
        let plain = summary(&all, 0.5);
        let grouped = summary(&clustered(all, &sizes), 0.5);
        let (plain, grouped) = (interval(&plain), interval(&grouped));
        prop_assert!(grouped.low.get() <= plain.low.get() + 1e-12);
        prop_assert!(grouped.high.get() >= plain.high.get() - 1e-12);
        prop_assert_eq!(grouped.value, plain.value);
    }
}
