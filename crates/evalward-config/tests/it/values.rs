//! Values that are of the wrong type or make no sense.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND, broken};

#[test]
fn a_wrong_type_is_told_where() {
    assert_snapshot!(broken("name = \"capitals\"", "name = 7"), @r#"

     × invalid type: integer `7`, expected a text
      ╭─[suite.toml:2:8]
    1 │ [suite]
    2 │ name = 7
      ·        ─
    3 │ dataset = "dataset"
      ╰────
    "#);
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = \"all\""), @r#"

     × invalid type: string "all", expected a number
       ╭─[suite.toml:16:13]
    15 │ [gates.golden]
    16 │ pass_rate = "all"
       ·             ─────
       ╰────
    "#);
    assert_snapshot!(broken("{ golden = 0.5 }", "\"high\""), @r#"

     × invalid type: string "high", expected a number, or a table such as `{ golden = 0.9, default = 0.8 }`
       ╭─[suite.toml:13:13]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = "high"
       ·             ──────
    14 │
       ╰────
    "#);
    assert_snapshot!(broken("{ words = { max = 200 } }", "200"), @"

     × invalid type: integer `200`, expected a table
       ╭─[suite.toml:10:10]
     9 │ [metrics.rules.constraints]
    10 │ length = 200
       ·          ───
    11 │
       ╰────
    ");
    assert_snapshot!(broken("max = 200", "max = -1"), @"

     × invalid value: integer `-1`, expected a whole number from 0
       ╭─[suite.toml:10:28]
     9 │ [metrics.rules.constraints]
    10 │ length = { words = { max = -1 } }
       ·                            ──
    11 │
       ╰────
    ");
    assert_snapshot!(broken("name = \"capitals\"", "name = \" \""), @r#"
     × the suite has no name
      ╭─[suite.toml:2:8]
    1 │ [suite]
    2 │ name = " "
      ·        ─┬─
      ·         ╰── empty
    3 │ dataset = "dataset"
      ╰────
    "#);
}

#[test]
fn a_rate_lies_between_0_and_1() {
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = 95"), @"
     × `95` is not a share: write a number from 0 to 1
       ╭─[suite.toml:16:13]
    15 │ [gates.golden]
    16 │ pass_rate = 95
       ·             ──
       ╰────
    ");
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = -0.1"), @"
     × `-0.1` is not a share: write a number from 0 to 1
       ╭─[suite.toml:16:13]
    15 │ [gates.golden]
    16 │ pass_rate = -0.1
       ·             ────
       ╰────
    ");
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = nan"), @"
     × `NaN` is not a share: write a number from 0 to 1
       ╭─[suite.toml:16:13]
    15 │ [gates.golden]
    16 │ pass_rate = nan
       ·             ───
       ╰────
    ");
    assert_snapshot!(broken("pass_rate = 1.0", "pass_rate = 0.0"), @"
     × the gate of `golden` can never fail
       ╭─[suite.toml:15:1]
    14 │
    15 │ [gates.golden]
       · ───────┬──────
       ·        ╰── a pass rate of 0 lets everything through
    16 │ pass_rate = 0.0
       ╰────
     help: demand more than 0, or remove the gate
    ");
}

#[test]
fn a_threshold_must_be_able_to_fail_and_to_pass() {
    assert_snapshot!(broken("golden = 0.5", "golden = 0.0"), @"
     × `overlap` can never fail: every score reaches 0
       ╭─[suite.toml:13:13]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = { golden = 0.0 }
       ·             ────────────────
    14 │
       ╰────
     help: raise the threshold
    ");
    assert_snapshot!(broken("golden = 0.5", "golden = 1.5"), @"
     × `overlap` can never pass: no score reaches 1.5
       ╭─[suite.toml:13:13]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = { golden = 1.5 }
       ·             ────────────────
    14 │
       ╰────
     help: lower the threshold
    ");
    assert_snapshot!(broken("golden = 0.5", "golden = inf"), @"
     × `inf` is not a finite number
       ╭─[suite.toml:13:24]
    12 │ [metrics.overlap.token_f1]
    13 │ threshold = { golden = inf }
       ·                        ───
    14 │
       ╰────
    ");
    assert_snapshot!(broken("length = {", "threshold = 0.5\nlength = {"), @"
     × constraints take no `threshold`: each rule must hold
       ╭─[suite.toml:9:1]
     8 │
     9 │ [metrics.rules.constraints]
       · ───────────────────────────
    10 │ threshold = 0.5
       ╰────
    ");
}

#[test]
fn a_regular_expression_is_told_with_its_place() {
    let regex = "[metrics.form.regex]\npattern = '(unclosed'\nthreshold = 1.0\n\n[gates.golden]";
    assert_snapshot!(broken("[gates.golden]", regex), @"
     × metric `form`: failed to compile `pattern`: unclosed group
       ╭─[suite.toml:16:11]
    15 │ [metrics.form.regex]
    16 │ pattern = '(unclosed'
       ·           ───────────
    17 │ threshold = 1.0
       ╰────
    ");
    assert_snapshot!(broken("length = {", "form = { regex = '[a-' }\nlength = {"), @"
     × metric `rules`: failed to compile `regex` of constraint `form`: unclosed character class
       ╭─[suite.toml:10:8]
     9 │ [metrics.rules.constraints]
    10 │ form = { regex = '[a-' }
       ·        ─────────────────
    11 │ length = { words = { max = 200 } }
       ╰────
    ");
}

#[test]
fn a_duration_is_told_with_its_form() {
    for (wrong, name) in [("soon", "word"), ("30", "unit"), ("0s", "zero"), ("-5s", "negative")] {
        let calls = format!("model = \"gpt-4o-mini\"\ncalls = {{ timeout = \"{wrong}\" }}");
        let text = broken("model = \"gpt-4o-mini\"", &calls);
        assert!(text.contains(&format!("`{wrong}` is not a duration")), "{name}: {text}");
    }
    let number = "model = \"gpt-4o-mini\"\ncalls = { timeout = 30 }";
    assert_snapshot!(broken("model = \"gpt-4o-mini\"", number), @r#"

     × invalid type: integer `30`, expected a text
      ╭─[suite.toml:7:21]
    6 │ model = "gpt-4o-mini"
    7 │ calls = { timeout = 30 }
      ·                     ──
    8 │ prompt = "prompt.j2"
      ╰────
    "#);
    let soon = "model = \"gpt-4o-mini\"\ncalls = { timeout = \"soon\" }";
    assert_snapshot!(broken("model = \"gpt-4o-mini\"", soon), @r#"
     × `soon` is not a duration: write `30s`, `5m` or `1h 30m`
      ╭─[suite.toml:7:21]
    6 │ model = "gpt-4o-mini"
    7 │ calls = { timeout = "soon" }
      ·                     ──────
    8 │ prompt = "prompt.j2"
      ╰────
    "#);
}

#[test]
fn several_mistakes_are_told_together() {
    let suite = SOUND
        .replace("golden = 0.5", "golden = 0.0, default = 2.0")
        .replace("pass_rate = 1.0", "pass_rate = 0.0")
        .replace("length = {", "form = { regex = '(' }\nlength = {");
    assert_snapshot!(Folder::with(&suite).diagnostics(), @"
     × the gate of `golden` can never fail
       ╭─[suite.toml:16:1]
    15 │
    16 │ [gates.golden]
       · ───────┬──────
       ·        ╰── a pass rate of 0 lets everything through
    17 │ pass_rate = 0.0
       ╰────
     help: demand more than 0, or remove the gate
     × `overlap` can never pass: no score reaches 2
       ╭─[suite.toml:14:13]
    13 │ [metrics.overlap.token_f1]
    14 │ threshold = { golden = 0.0, default = 2.0 }
       ·             ───────────────────────────────
    15 │
       ╰────
     help: lower the threshold
     × `overlap` can never fail: every score reaches 0
       ╭─[suite.toml:14:13]
    13 │ [metrics.overlap.token_f1]
    14 │ threshold = { golden = 0.0, default = 2.0 }
       ·             ───────────────────────────────
    15 │
       ╰────
     help: raise the threshold
     × metric `rules`: failed to compile `regex` of constraint `form`: unclosed group
       ╭─[suite.toml:10:8]
     9 │ [metrics.rules.constraints]
    10 │ form = { regex = '(' }
       ·        ───────────────
    11 │ length = { words = { max = 200 } }
       ╰────
    ");
}
