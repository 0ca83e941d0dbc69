//! `extends` and `--set`.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

/// A folder whose suite extends the sound one.
fn extending(suite: &str) -> Folder {
    Folder::with(&format!("extends = \"base/base.toml\"\n{suite}")).file("base/base.toml", SOUND)
}

#[test]
fn paths_are_relative_to_the_file_they_stand_in() {
    let folder = extending("");
    assert_eq!(folder.load().unwrap().dataset, folder.scratch.path("base/dataset"));
    let folder = extending("[suite]\ndataset = \"mine\"\n");
    let suite = folder.load().unwrap();
    assert_eq!((suite.dataset, suite.name.as_str()), (folder.scratch.path("mine"), "capitals"));
}

#[test]
fn a_mistake_in_the_base_points_into_the_base() {
    let folder = extending("").file("base/base.toml", &SOUND.replace("model", "modle"));
    assert_snapshot!(folder.diagnostics(), @r#"
     × unknown key `modle`
      ╭─[base/base.toml:6:1]
    5 │ [subject.openai]
    6 │ modle = "gpt-4o-mini"
      · ─────
    7 │ prompt = "prompt.j2"
      ╰────
     help: did you mean `model`?
    "#);
}

#[test]
fn a_mistake_in_the_extending_file_points_there() {
    assert_snapshot!(extending("[metrics.overlap.token_f1]\ntreshold = 0.5\n").diagnostics(), @"
     × unknown key `treshold`
      ╭─[suite.toml:3:1]
    2 │ [metrics.overlap.token_f1]
    3 │ treshold = 0.5
      · ────────
      ╰────
     help: did you mean `threshold`?
    ");
}

#[test]
fn a_circle_is_told() {
    let folder =
        Folder::with("extends = \"other.toml\"\n").file("other.toml", "extends = \"suite.toml\"\n");
    assert_snapshot!(folder.diagnostics(), @"
    × `suite.toml` extends itself
    help: remove one `extends` of the circle
    ");
}

#[test]
fn a_base_that_is_missing_or_no_name_is_told() {
    assert_snapshot!(Folder::with("extends = \"nowhere.toml\"\n").diagnostics(), @"
    × failed to read `nowhere.toml`: No such file or directory (os error 2)
    help: correct the `extends` of `suite.toml`
    ");
    assert_snapshot!(Folder::with("extends = 7\n").diagnostics(), @"
     × `extends` is not a text
      ╭─[suite.toml:1:11]
    1 │ extends = 7
      ·           ─
      ╰────
     help: name the file that this one builds on
    ");
}

#[test]
fn an_override_replaces_values_and_kinds() {
    let folder = Folder::with(SOUND).set("suite.name=mine").set("gates.golden.pass_rate=0.5");
    let suite = folder.load().unwrap();
    assert_eq!(suite.name, "mine");
    assert!(
        (suite.gates.values().next().unwrap().pass_rate.unwrap().get() - 0.5).abs() < f64::EPSILON
    );
    let folder = Folder::with(SOUND).set("metrics.overlap.exact_match.threshold=1.0");
    let suite = folder.load().unwrap();
    let kinds: Vec<_> = suite.metrics.iter().map(|metric| metric.metric.kind()).collect();
    assert_eq!(kinds, ["checks", "exact_match", "constraints"]);
    let folder = Folder::with(SOUND).set("suite.name=first").set("suite.name=last");
    assert_eq!(folder.load().unwrap().name, "last");
}

#[test]
fn a_mistake_in_an_override_names_the_flag() {
    let with = |entry: &str| Folder::with(SOUND).set(entry).diagnostics();
    assert_snapshot!(with("subject.openai.modle=x"), @r#"
     × unknown key `modle`
      ╭─[--set subject.openai.modle:1:16]
    1 │ subject.openai.modle = "x"
      ·                ─────
      ╰────
     help: did you mean `model`?
    "#);
    assert_snapshot!(with("gates.golden.pass_rate=95"), @"
     × `95` is not a share: write a number from 0 to 1
      ╭─[--set gates.golden.pass_rate:1:26]
    1 │ gates.golden.pass_rate = 95
      ·                          ──
      ╰────
    ");
    assert_snapshot!(with("gates.golden.pass_rate"), @"
    × `--set gates.golden.pass_rate` is not `key=value`
    help: write the path of a key and a TOML value, such as `--set subject.openai.model=gpt-4o`
    ");
    assert_snapshot!(with("=x"), @"
    × `--set ` does not name a key
    help: write the path of a key and a TOML value, such as `--set subject.openai.model=gpt-4o`
    ");
    assert_snapshot!(with("metrics.overlap.token_f1.threshold=0.0"), @"
     × `overlap` can never fail: every score reaches 0
      ╭─[--set metrics.overlap.token_f1.threshold:1:38]
    1 │ metrics.overlap.token_f1.threshold = 0.0
      ·                                      ───
      ╰────
     help: raise the threshold
    ");
    assert_snapshot!(with("suite=x"), @r#"
     × invalid type: string "x", expected a table
      ╭─[--set suite:1:9]
    1 │ suite = "x"
      ·         ───
      ╰────
    "#);
}
