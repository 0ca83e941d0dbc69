//! What repeats say about how steady the answers are.

use evalward_core::Partition;
use evalward_gate::{Estimate, RepeatSummary, Summary};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::support::{repeated, summarize};

fn rates(summary: &Summary) -> Option<&RepeatSummary> {
    summary.partitions[&Partition::Distribution].repeats.as_ref()
}

fn shown(estimate: &Estimate) -> String {
    let Estimate { value, n, low, high, method, .. } = estimate;
    format!("{:.4} [{:.4}, {:.4}] n {n} {method}", value.get(), low.get(), high.get())
}

/// Writes the rates for each number of trials, a line each.
fn table(repeats: &RepeatSummary) -> String {
    let fewer = repeats.fewer.iter().map(|it| (it.k, &it.pass_at_k, &it.pass_hat_k));
    let all = fewer.chain([(repeats.k, &repeats.pass_at_k, &repeats.pass_hat_k)]);
    let lines = all.map(|(k, at, hat)| format!("{k}: {} | {}", shown(at), shown(hat)));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn fewer_trials_are_estimated_from_all_of_them() {
    // Of five trials, the examples passed 5, 5, 3, 1 and 0 times.
    let (all, plan) = repeated(&["ppppf", "pppff", "pppff", "ppfff", "ppfff"]);
    let summary = summarize(&all, &plan);
    // pass@2: (1 + 1 + 0.9 + 0.4 + 0) / 5, pass^2: (1 + 1 + 0.3 + 0 + 0) / 5.
    assert_snapshot!(table(rates(&summary).unwrap()), @"
    1: 0.5600 [0.1245, 0.9319] n 5 clopper-pearson | 0.5600 [0.1245, 0.9319] n 5 clopper-pearson
    2: 0.6600 [0.1830, 0.9668] n 5 clopper-pearson | 0.4600 [0.0764, 0.8860] n 5 clopper-pearson
    4: 0.7600 [0.2524, 0.9896] n 5 clopper-pearson | 0.4000 [0.1176, 0.7693] n 5 wilson
    5: 0.8000 [0.3755, 0.9638] n 5 wilson | 0.4000 [0.1176, 0.7693] n 5 wilson
    ");
    assert_snapshot!(shown(&rates(&summary).unwrap().flaky), @"0.4000 [0.1176, 0.7693] n 5 wilson");
}

#[test]
fn one_trial_is_the_pass_rate() {
    let (all, plan) = repeated(&["pppppppppp", "ppppppppff", "pppppppppf"]);
    let summary = summarize(&all, &plan);
    let first = &rates(&summary).unwrap().fewer[0];
    let pass_rate = summary.partitions[&Partition::Distribution].pass_rate.as_ref();
    assert_eq!((Some(&first.pass_at_k), Some(&first.pass_hat_k)), (pass_rate, pass_rate));
}

#[test]
fn an_errored_trial_is_no_pass_and_its_example_is_counted_as_left_out() {
    let (all, plan) = repeated(&["ppes", "pfps"]);
    let summary = summarize(&all, &plan);
    let found = rates(&summary).unwrap();
    assert_eq!((found.pass_at_k.n, found.left_out), (2, 1));
    assert_eq!((found.pass_at_k.value.get(), found.pass_hat_k.value.get()), (1.0, 0.5));
    let stopped = summarize(&all[..7], &plan);
    assert_eq!(rates(&stopped).unwrap().left_out, 1, "nothing applies to the last example");
    let stopped = summarize(&all[..5], &plan);
    assert_eq!(rates(&stopped).unwrap().left_out, 2, "the second example has one trial only");
    let (all, plan) = repeated(&["pe", "ep"]);
    assert_eq!(rates(&summarize(&all, &plan)), None);
}

#[test]
fn clusters_make_them_worth_less() {
    let (mut all, plan) = repeated(&["pppppppppf", "pppppppppp"]);
    let alone = summarize(&all, &plan);
    for row in &mut all {
        row.cluster = Some("one case".to_owned());
    }
    let together = summarize(&all, &plan);
    let width = |it: &Estimate| it.high.get() - it.low.get();
    let (alone, together) = (rates(&alone).unwrap(), rates(&together).unwrap());
    for pick in [
        |it: &RepeatSummary| it.pass_at_k.clone(),
        |it: &RepeatSummary| it.fewer[0].pass_hat_k.clone(),
    ] {
        let (alone, together) = (pick(alone), pick(together));
        assert_eq!(alone.value, together.value);
        assert!(width(&together) > width(&alone));
        assert_eq!(together.effective_n.map(evalward_core::Finite::get), Some(1.0));
    }
}

proptest! {
    #[test]
    fn more_trials_find_more_and_bear_less(words in prop::collection::vec("[pfes]{6}", 2..9)) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (all, plan) = repeated(&words);
        let summary = summarize(&all, &plan);
        if let Some(found) = rates(&summary) {
            let mut at: Vec<f64> = found.fewer.iter().map(|it| it.pass_at_k.value.get()).collect();
            let mut hat: Vec<f64> = found.fewer.iter().map(|it| it.pass_hat_k.value.get()).collect();
            at.push(found.pass_at_k.value.get());
            hat.push(found.pass_hat_k.value.get());
            prop_assert!(at.windows(2).all(|it| it[1] >= it[0] - 1e-12), "{at:?}");
            prop_assert!(hat.windows(2).all(|it| it[1] <= it[0] + 1e-12), "{hat:?}");
            let last = at.last().unwrap() - hat.last().unwrap();
            prop_assert!((last - found.flaky.value.get()).abs() < 1e-12);
            prop_assert!(found.pass_at_k.n + found.left_out <= 6);
        }
    }
}
