//! What is wrong with gates, their baselines and margins.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND, broken};

/// The gate of the sound suite, replaced.
fn gate(lines: &str) -> String {
    broken("pass_rate = 1.0", lines)
}

#[test]
fn a_gate_asks_for_something_that_can_fail() {
    assert_snapshot!(gate("max_errored = 0.1"), @r#"
     × the gate of `golden` asks for nothing
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── neither `pass_rate` nor `no_worse_than`
    16 │ max_errored = 0.1
       ╰────
     help: add `pass_rate = 1.0`, or `no_worse_than = { baseline = "baselines/NAME.json", margin =
           0.05 }`
    "#);
    assert_snapshot!(gate("no_worse_than = { baseline = \"b.json\", margin = 5 }"), @r#"
     × the gate of `golden` can never fail by its baseline
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── a pass rate cannot fall by more than 1
    16 │ no_worse_than = { baseline = "b.json", margin = 5 }
       ╰────
     help: choose a margin below 1, such as 0.05
    "#);
    assert_snapshot!(gate("no_worse_than = { baseline = \"b.json\", margin = 1.0, metric = \"overlap\" }"), @r#"
     × the gate of `golden` can never fail by its baseline
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── the margin is as wide as the scale of `overlap`
    16 │ no_worse_than = { baseline = "b.json", margin = 1.0, metric = "overlap" }
       ╰────
     help: choose a smaller margin
    "#);
    assert_snapshot!(gate("no_worse_than = { baseline = \"b.json\", margin = 0.0 }"), @r#"
     × `0` is no margin: write a number above 0
       ╭─[suite.toml:16:49]
    15 │ [gates.golden]
    16 │ no_worse_than = { baseline = "b.json", margin = 0.0 }
       ·                                                 ───
       ╰────
    "#);
    assert_snapshot!(gate("no_worse_than = { baseline = \"b.json\" }"), @r#"
     × missing field `margin`
       ╭─[suite.toml:16:17]
    15 │ [gates.golden]
    16 │ no_worse_than = { baseline = "b.json" }
       ·                 ───────────────────────
       ╰────
    "#);
    assert_snapshot!(gate("no_worse_than = { baseline = \"b.json\", margin = 0.1, metric = \"overlp\" }"), @r#"
     × the gate of `golden` compares `overlp`, which is no metric here
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ──────────────
    16 │ no_worse_than = { baseline = "b.json", margin = 0.1, metric = "overlp" }
       ╰────
     help: metrics of this suite: overlap, rules
    "#);
    assert_snapshot!(gate("no_worse_than = { baselin = \"b.json\", margin = 0.1 }"), @r#"
     × unknown key `baselin`
       ╭─[suite.toml:16:19]
    15 │ [gates.golden]
    16 │ no_worse_than = { baselin = "b.json", margin = 0.1 }
       ·                   ───────
       ╰────
     help: did you mean `baseline`?
    "#);
}

#[test]
fn failures_are_confirmed_by_an_odd_number_of_trials() {
    assert_snapshot!(gate("pass_rate = 1.0\nconfirm = 4"), @"
     × `4` trials cannot decide by majority: write an odd number from 3 to 99
       ╭─[suite.toml:17:11]
    16 │ pass_rate = 1.0
    17 │ confirm = 4
       ·           ─
       ╰────
    ");
    assert_snapshot!(gate("pass_rate = 1.0\nconfirm = 1"), @"
     × `1` trials cannot decide by majority: write an odd number from 3 to 99
       ╭─[suite.toml:17:11]
    16 │ pass_rate = 1.0
    17 │ confirm = 1
       ·           ─
       ╰────
    ");
    assert_snapshot!(gate("confirm = 3\nno_worse_than = { baseline = \"b.json\", margin = 0.1 }"), @"
     × the gate of `golden` confirms failures and counts none
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── `confirm` without `pass_rate`
    16 │ confirm = 3
       ╰────
     help: add a `pass_rate`, or remove `confirm`: a comparison with a baseline takes the noise of
           single failures into account
    ");
}

#[test]
fn a_margin_is_smaller_than_the_scale() {
    let margin = |value: &str| {
        broken(
            "threshold = { golden = 0.5 }",
            &format!("threshold = {{ golden = 0.5 }}\nmargin = {value}"),
        )
    };
    assert_snapshot!(margin("1.0"), @"
     × no loss of `overlap` could exceed its margin
       ╭─[suite.toml:14:10]
    13 │ threshold = { golden = 0.5 }
    14 │ margin = 1.0
       ·          ─┬─
       ·           ╰── as wide as the scale
    15 │
       ╰────
     help: choose a smaller margin: the largest loss that does not matter
    ");
    assert_snapshot!(margin("-0.1"), @"
     × `-0.1` is no margin: write a number above 0
       ╭─[suite.toml:14:10]
    13 │ threshold = { golden = 0.5 }
    14 │ margin = -0.1
       ·          ────
    15 │
       ╰────
    ");
    assert_snapshot!(margin("nan"), @"
     × `NaN` is no margin: write a number above 0
       ╭─[suite.toml:14:10]
    13 │ threshold = { golden = 0.5 }
    14 │ margin = nan
       ·          ───
    15 │
       ╰────
    ");
}

#[test]
fn repeats_are_at_least_one() {
    assert_snapshot!(broken("[gates.golden]", "[run]\nrepeats = 0\n\n[gates.golden]"), @"
     × invalid value: integer `0`, expected a whole number from 1
       ╭─[suite.toml:16:11]
    15 │ [run]
    16 │ repeats = 0
       ·           ─
    17 │
       ╰────
    ");
}

#[test]
fn a_minimum_bar_that_compares_only_with_a_baseline_is_told() {
    let suite =
        SOUND.replace("pass_rate = 1.0", "no_worse_than = { baseline = \"b.json\", margin = 0.1 }");
    let suite = Folder::with(&suite).load().unwrap();
    assert_eq!(
        suite.warnings,
        ["the gate of `golden` lets failures through; it is the minimum bar"]
    );
}
