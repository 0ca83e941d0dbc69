//! Settings of metrics that make no sense, each told at its own place.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

/// The sound suite with another metric.
fn with(table: &str) -> Folder {
    Folder::with(&SOUND.replace("[gates.golden]", &format!("[metrics.m.{table}\n\n[gates.golden]")))
}

fn told(table: &str) -> String {
    with(table).diagnostics()
}

#[test]
fn a_setting_without_meaning_is_told_at_its_key() {
    assert_snapshot!(told("bleu]\ngating = false\nsmoothing = \"floor\"\nsmoothing_value = 1.5"), @r#"
     × metric `m`: failed to compile `smoothing_value`: for `floor` it must be at most 1: more would be worth more than a match
       ╭─[suite.toml:18:19]
    17 │ smoothing = "floor"
    18 │ smoothing_value = 1.5
       ·                   ───
    19 │
       ╰────
    "#);
    assert_snapshot!(told("bleu]\ngating = false\nsmoothing_value = 1"), @"
     × metric `m`: failed to compile `smoothing_value`: only the smoothing `floor` and `add-k` have a value
       ╭─[suite.toml:17:19]
    16 │ gating = false
    17 │ smoothing_value = 1
       ·                   ─
    18 │
       ╰────
    ");
    assert_snapshot!(told("tool_calls]\nexpected = \"tool_calls\""), @r#"
     × metric `m`: failed to compile `expected`: a JSON Pointer into the example starts with `/`, as in `/metadata/key`
       ╭─[suite.toml:16:12]
    15 │ [metrics.m.tool_calls]
    16 │ expected = "tool_calls"
       ·            ────────────
    17 │
       ╰────
    "#);
    assert_snapshot!(told("classification]\nlabels = [\"a\", \"A\"]"), @r#"
     × metric `m`: failed to compile `labels`: a label stands in it twice
       ╭─[suite.toml:16:10]
    15 │ [metrics.m.classification]
    16 │ labels = ["a", "A"]
       ·          ──────────
    17 │
       ╰────
    "#);
    assert_snapshot!(told("chrf]\nbeta = 300"), @"
     × invalid value: integer `300`, expected a whole number from 0 to 255
       ╭─[suite.toml:16:8]
    15 │ [metrics.m.chrf]
    16 │ beta = 300
       ·        ───
    17 │
       ╰────
    ");
}

#[test]
fn a_setting_that_a_variant_changes_is_told_at_the_metric() {
    let folder =
        with("numeric]\ntolerance = 0.1\n\n[variants.strict]\nmetrics.m.numeric.tolerance = -1");
    assert_snapshot!(folder.diagnostics(), @"
     × metric `m`: failed to compile `tolerance`, which could never hold: no distance is below 0
       ╭─[suite.toml:19:9]
    18 │ [variants.strict]
    19 │ metrics.m.numeric.tolerance = -1
       ·         ─
    20 │
       ╰────
    ");
}

#[test]
fn a_setting_of_the_command_line_is_told_there() {
    let folder = with("numeric]\ntolerance = 0.1").set("metrics.m.numeric.tolerance=-1");
    assert_snapshot!(folder.diagnostics(), @"
     × metric `m`: failed to compile `tolerance`, which could never hold: no distance is below 0
      ╭─[--set metrics.m.numeric.tolerance:1:31]
    1 │ metrics.m.numeric.tolerance = -1
      ·                               ──
      ╰────
    ");
}

#[test]
fn a_scale_has_no_key_of_its_own_making_and_two_ends() {
    assert_snapshot!(told("command]\ncommand = [\"cat\"]\nscale = { min = 0, maximum = 5 }"), @r#"
     × unknown key `maximum`
       ╭─[suite.toml:17:20]
    16 │ command = ["cat"]
    17 │ scale = { min = 0, maximum = 5 }
       ·                    ───────
    18 │
       ╰────
     help: known here: min, max, lower_is_better
    "#);
    assert_snapshot!(told("command]\ncommand = [\"cat\"]\nscale = { min = 5, max = 1 }"), @r#"
     × the scale from 5 to 1 has no two scores
       ╭─[suite.toml:17:9]
    16 │ command = ["cat"]
    17 │ scale = { min = 5, max = 1 }
       ·         ────────────────────
    18 │
       ╰────
     help: give `min` the smaller number
    "#);
}

#[test]
fn a_threshold_beyond_the_scale_is_told_with_the_way_back() {
    assert_snapshot!(told("cost]\nthreshold = -1"), @"
     × `m` can never pass: no score stays within -1
       ╭─[suite.toml:16:13]
    15 │ [metrics.m.cost]
    16 │ threshold = -1
       ·             ──
    17 │
       ╰────
     help: raise the threshold
    ");
    assert_snapshot!(told("bleu]\nthreshold = 101"), @"
     × `m` can never pass: no score reaches 101
       ╭─[suite.toml:16:13]
    15 │ [metrics.m.bleu]
    16 │ threshold = 101
       ·             ───
    17 │
       ╰────
     help: lower the threshold
    ");
    assert!(with("tokens]\nthreshold = 5000000000").load().is_ok());
    let suite = with("chrf]\nthreshold = 0.4").load().unwrap();
    assert_snapshot!(suite.warnings.join("\n"), @"`m` has the threshold 0.4, and its scores go from 0 to 100, not to 1");
}
