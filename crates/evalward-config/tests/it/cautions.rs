//! What makes a judge's word doubtful in a suite.

use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

const OWN: &str = r#"
[judge.absolute.criteria.wit]
question = "Is it witty?"
anchors = { 1 = "dull", 2 = "witty" }
"#;

/// A suite whose answers are judged by a model.
fn judged(model: &str) -> Folder {
    let judges = format!(
        "\n[judges.model.openai]\n{model}\n\n[metrics.witty.judge]\njudge = \"own.toml\"\nthreshold = 2\n"
    );
    Folder::with(&format!("{SOUND}{judges}")).file("own.toml", OWN)
}

fn warnings(folder: &Folder) -> String {
    let root = format!("{}/", folder.scratch.folder().display());
    folder.load().expect("the suite has no mistake").warnings.join("\n").replace(&root, "")
}

#[test]
fn a_judge_of_the_subjects_family_is_warned_of() {
    assert_snapshot!(warnings(&judged("model = \"gpt-4o-2024-08-06\"")), @"the judge `gpt-4o-2024-08-06` of `witty` is of the subject's family gpt (`gpt-4o-mini`), whose answers it favours; the judge is no newer: choose one of another family (suite.toml:18:9)");
    assert_snapshot!(warnings(&judged("model = \"openai/gpt-3.5-turbo\"")), @"the judge `openai/gpt-3.5-turbo` of `witty` is of the subject's family gpt (`gpt-4o-mini`), whose answers it favours; the judge is the older one: choose one of another family (suite.toml:18:9)");
    assert_snapshot!(warnings(&judged("model = \"gpt-9\"")), @"the judge `gpt-9` of `witty` is of the subject's family gpt (`gpt-4o-mini`), whose answers it favours; which is newer is not known: choose one of another family (suite.toml:18:9)");
    assert_eq!(warnings(&judged("model = \"gpt-5\"")), "");
    assert_eq!(warnings(&judged("model = \"meta-llama/Llama-3.3-70B-Instruct\"")), "");
}

#[test]
fn a_family_that_no_name_tells_can_be_given() {
    assert_snapshot!(warnings(&judged("model = \"judge-7\"")), @"whether the judge `judge-7` of `witty` is of the subject's family is not known: name that of `judge-7` by `family` (suite.toml:18:9)");
    assert_eq!(warnings(&judged("model = \"judge-7\"\nfamily = \"llama\"")), "");
    let own = warnings(&judged("model = \"judge-7\"\nfamily = \"gpt\""));
    assert!(own.contains("which is newer is not known"), "{own}");
    // The family is not what decides which generation it is.
    assert_eq!(warnings(&judged("model = \"gpt-5-tuned\"\nfamily = \"gpt\"")), "");
    let hash = |folder: Folder| folder.load().unwrap().hash;
    assert_eq!(
        hash(judged("model = \"judge-7\"")),
        hash(judged("model = \"judge-7\"\nfamily = \"llama\""))
    );
    assert_snapshot!(judged("model = \"judge-7\"\nfamily = \"lama\"").diagnostics(), @r#"
     × `lama` is no family of models
       ╭─[suite.toml:20:10]
    19 │ model = "judge-7"
    20 │ family = "lama"
       ·          ──────
    21 │
       ╰────
     help: did you mean `llama`?
    "#);
}

#[test]
fn a_subject_that_is_no_model_has_no_family() {
    let suite = SOUND.replace(
        "[subject.openai]\nmodel = \"gpt-4o-mini\"\nprompt = \"prompt.j2\"",
        "[subject.http]\nurl = \"http://localhost/answer\"",
    );
    assert!(suite.contains("subject.http"));
    let judges = "[judges.model.openai]\nmodel = \"gpt-4o\"\n[metrics.witty.judge]\njudge = \"own.toml\"\nthreshold = 2\n";
    let folder = Folder::with(&format!("{suite}{judges}")).file("own.toml", OWN);
    assert_eq!(warnings(&folder), "");
}

#[test]
fn a_high_temperature_is_warned_of_at_its_place() {
    let hot = "model = \"claude-sonnet-4\"\ntemperature = 0.7";
    assert_snapshot!(warnings(&judged(hot)), @"the judge's temperature is 0.7, above 0.3, so that its scores differ from call to call (suite.toml:20:15)");
    assert_eq!(warnings(&judged(&hot.replace("0.7", "0.3"))), "");
    let own = format!("[model.openai]\nmodel = \"claude-3\"\ntemperature = 1.0\n{OWN}");
    let folder = judged("model = \"claude-3\"").file("own.toml", &own);
    assert_snapshot!(warnings(&folder), @"the judge's temperature is 1, above 0.3, so that its scores differ from call to call (own.toml:3:15)");
}

/// A suite with a judge about safety and these metrics beside it.
fn about_safety(beside: &str) -> Folder {
    let suite = SOUND.replace(
        "[metrics.rules.constraints]\nlength = { words = { max = 200 } }\n",
        &format!("{beside}\n[judges.model.openai]\nmodel = \"claude-3\"\n[metrics.harmless.judge]\njudge = \"safety\"\nthreshold = 4\n"),
    );
    Folder::with(&suite)
}

#[test]
fn a_judge_about_safety_needs_a_rule_beside_it() {
    assert_snapshot!(about_safety("").diagnostics(), @r#"
     × judge `safety` is about safety, and no rule can fail an example of partition `golden` beside it
       ╭─[suite.toml:13:9]
    12 │ [metrics.harmless.judge]
    13 │ judge = "safety"
       ·         ────┬───
       ·             ╰── a model alone decides
    14 │ threshold = 4
       ╰────
     help: add a gating metric of the kind constraints, contains (with `texts`), regex, tool_calls or
           command, such as `[metrics.rules.constraints]` with `harmless = { excludes_any =
           ["password"] }`
    "#);
    for rule in [
        "[metrics.rules.constraints]\nharmless = { excludes_any = [\"password\"] }\n",
        "[metrics.rules.regex]\npattern = \"^[^@]*$\"\nthreshold = 1\n",
        "[metrics.rules.contains]\ntexts = [\"doctor\"]\nthreshold = 1\n",
    ] {
        let loaded = about_safety(rule).load();
        assert!(loaded.is_ok(), "{rule}: {loaded:?}");
    }
}

#[test]
fn what_cannot_fail_or_is_no_rule_does_not_count() {
    for (no_rule, partition) in [
        (
            "[metrics.rules.constraints]\ngating = false\nharmless = { excludes_any = [\"x\"] }\n",
            "golden",
        ),
        (
            "[metrics.rules.constraints]\nwhere = { partitions = [\"golden\"] }\nharmless = { excludes_any = [\"x\"] }\n",
            "regression",
        ),
        ("[metrics.rules.contains]\nthreshold = 1\n", "golden"),
        ("[metrics.rules.exact_match]\nthreshold = 1\n", "golden"),
    ] {
        let told = about_safety(no_rule).diagnostics();
        assert!(told.contains(&format!("partition `{partition}`")), "{no_rule}: {told}");
    }
    let only_golden = SOUND
        .replace("dataset = \"dataset\"\n", "dataset = \"dataset\"\npartitions = [\"golden\"]\n");
    let judge = "[judges.model.openai]\nmodel = \"claude-3\"\n[metrics.harmless.judge]\njudge = \"safety\"\nthreshold = 4\n";
    let golden_rule =
        only_golden.replace("length =", "where = { partitions = [\"golden\"] }\nlength =");
    assert!(Folder::with(&format!("{golden_rule}{judge}")).load().is_ok());
}
