//! `[variants.NAME]`: the same suite with overrides.

use evalward_config::{BuildOptions, ConfigErrors, LoadOptions, Suite, load};
use insta::assert_snapshot;

use crate::support::{Folder, SOUND};

fn folder(variants: &str) -> Folder {
    Folder::with(&format!("{SOUND}\n{variants}")).file("shorter.j2", "Short: {{ input.question }}")
}

fn variant(folder: &Folder, name: &str) -> Result<Suite, ConfigErrors> {
    let options = LoadOptions { variant: Some(name.to_owned()), ..LoadOptions::default() };
    load(&folder.scratch.path("suite.toml"), &options)
}

#[test]
fn a_variant_is_the_suite_with_its_tables_over_it() {
    let folder = folder(
        "[variants.shorter]\nsubject.prompt = \"shorter.j2\"\ngates.golden.pass_rate = 0.5\n\n[variants.other.subject.anthropic]\nmodel = \"claude\"\nprompt = \"prompt.j2\"\n",
    );
    let suite = folder.load().unwrap();
    assert_eq!((suite.variant.clone(), suite.variants.join(" ")), (None, "other shorter".into()));
    let shorter = variant(&folder, "shorter").unwrap();
    assert_eq!(shorter.variant.as_deref(), Some("shorter"));
    assert!(
        (shorter.gates.values().next().unwrap().pass_rate.unwrap().get() - 0.5).abs()
            < f64::EPSILON
    );
    let stamp = |suite: &Suite| suite.build_subject(&BuildOptions::default()).unwrap().stamp;
    let (base, short) = (stamp(&suite), stamp(&shorter));
    assert_eq!((base.kind.as_str(), short.kind.as_str()), ("openai", "openai"));
    assert_eq!(base.name, short.name, "what is not overridden stays");
    assert_ne!(base.prompt_version, short.prompt_version);
    assert_ne!(suite.hash, shorter.hash);
    assert_eq!(stamp(&variant(&folder, "other").unwrap()).kind, "anthropic");
}

#[test]
fn variants_move_no_hash_of_the_suite() {
    let with = folder("[variants.shorter]\nsubject.prompt = \"shorter.j2\"\n");
    assert_eq!(with.load().unwrap().hash, Folder::with(SOUND).load().unwrap().hash);
}

#[test]
fn an_override_of_the_suite_reaches_its_variants_and_one_of_a_variant_only_that() {
    let folder = folder("[variants.shorter]\nsubject.prompt = \"shorter.j2\"\n");
    let name = |variant: Option<&str>, set: &str| {
        let options = LoadOptions {
            overrides: vec![set.to_owned()],
            variant: variant.map(str::to_owned),
            ..LoadOptions::default()
        };
        let suite = load(&folder.scratch.path("suite.toml"), &options).unwrap();
        suite.build_subject(&BuildOptions::default()).unwrap().stamp.name
    };
    assert_eq!(name(Some("shorter"), "subject.openai.model=big"), "big");
    let one = "variants.shorter.subject.model=small";
    assert_eq!(
        (name(None, one), name(Some("shorter"), one)),
        ("gpt-4o-mini".into(), "small".into())
    );
}

#[test]
fn a_variant_of_a_base_file_can_be_refined() {
    let folder =
        Folder::with("extends = \"base.toml\"\n[variants.shorter]\nsubject.model = \"small\"\n")
            .file(
                "base.toml",
                &format!("{SOUND}\n[variants.shorter]\nsubject.prompt = \"shorter.j2\"\n"),
            )
            .file("shorter.j2", "Short: {{ input.question }}");
    let shorter = variant(&folder, "shorter").unwrap();
    let stamp = shorter.build_subject(&BuildOptions::default()).unwrap().stamp;
    let base = folder.load().unwrap().build_subject(&BuildOptions::default()).unwrap().stamp;
    assert_eq!((stamp.name.as_str(), base.name.as_str()), ("small", "gpt-4o-mini"));
    assert_ne!(stamp.prompt_version, base.prompt_version);
}

#[test]
fn mistakes_in_variants_are_found_at_their_place_before_anything_runs() {
    assert_snapshot!(folder("[variants.shorter]\nsubjct.prompt = \"shorter.j2\"\n").diagnostics(), @r#"
     × unknown key `subjct`
       ╭─[suite.toml:19:1]
    18 │ [variants.shorter]
    19 │ subjct.prompt = "shorter.j2"
       · ──────
       ╰────
     help: did you mean `subject`?
    "#);
    assert_snapshot!(folder("[variants.shorter]\nsubject.promt = \"shorter.j2\"\n").diagnostics(), @r#"
     × unknown key `promt`
       ╭─[suite.toml:19:9]
    18 │ [variants.shorter]
    19 │ subject.promt = "shorter.j2"
       ·         ─────
       ╰────
     help: did you mean `prompt`?
    "#);
    assert_snapshot!(folder("[variants.shorter.suite]\ndataset = \"other\"\n").diagnostics(), @r#"
     × unknown key `dataset`
       ╭─[suite.toml:19:1]
    18 │ [variants.shorter.suite]
    19 │ dataset = "other"
       · ───────
       ╰────
     help: known here: prompt_version
    "#);
    assert_snapshot!(folder("[variants.lax.metrics.overlap.token_f1]\nthreshold = 0.0\n").diagnostics(), @"
     × `overlap` can never fail: every score reaches 0
       ╭─[suite.toml:19:13]
    18 │ [variants.lax.metrics.overlap.token_f1]
    19 │ threshold = 0.0
       ·             ───
       ╰────
     help: raise the threshold
    ");
    assert_snapshot!(
        folder("[variants.base]\nrun.concurrency = 1\n[variants.\"a b\"]\nrun.concurrency = 1\n[variants.idle]\n").diagnostics(),
        @r#"
     × `a b` is not the name of a variant
       ╭─[suite.toml:20:11]
    19 │ run.concurrency = 1
    20 │ [variants."a b"]
       ·           ─────
    21 │ run.concurrency = 1
       ╰────
     help: write letters, digits, `-`, `_` and `.`, a letter or digit first, 40 at most
     × the name `base` is taken
       ╭─[suite.toml:18:11]
    17 │
    18 │ [variants.base]
       ·           ────
    19 │ run.concurrency = 1
       ╰────
     help: it stands for the suite itself; choose another name
     × the variant `idle` overrides nothing
       ╭─[suite.toml:22:1]
    21 │ run.concurrency = 1
    22 │ [variants.idle]
       · ───────────────
       ╰────
     help: override a key, such as `subject.prompt = "other.j2"`, or remove it
    "#
    );
    let unknown = |name: &str| {
        let folder = folder("[variants.shorter]\nsubject.prompt = \"shorter.j2\"\n");
        variant(&folder, name).expect_err("there is no such variant").render(false)
    };
    assert_snapshot!(unknown("shortr"), @"
    × the suite has no variant `shortr`
    help: did you mean `shorter`?
    ");
    assert_snapshot!(unknown("zebra"), @"
    × the suite has no variant `zebra`
    help: it has shorter and `base`
    ");
}
