//! stdout is data, whatever its format; and every file fits its schema.

use std::path::PathBuf;

use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{RIGHT, evalward, recorded};

fn mixed() -> Scratch {
    recorded(&[("france", "It is Paris."), ("japan", "It is Kyoto.")])
}

#[test]
fn json_is_one_document_with_a_version() {
    let scratch = mixed();
    let run = evalward(&scratch, "run --quiet --format json").run().expect_code(3);
    assert_eq!(run.stderr, "");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["format"], 1);
    let mut keys: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_snapshot!(keys.join(", "), @"examples, format, manifest, summary");
}

#[test]
fn a_quiet_success_says_nothing_on_stderr() {
    let scratch = recorded(&RIGHT);
    for format in ["terminal", "json", "junit", "markdown"] {
        let run =
            evalward(&scratch, &format!("run --quiet --format {format}")).run().expect_code(0);
        assert_eq!(run.stderr, "", "{format}");
        assert!(run.stdout.ends_with('\n'), "{format}");
    }
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let scratch = mixed();
    let plain = |arguments: &str| {
        let run = evalward(&scratch, arguments).without_env("NO_COLOR").without_env("CI").run();
        format!("{}{}", run.stdout, run.stderr)
    };
    assert!(!plain("run").contains('\u{1b}'));
    assert!(!plain("report latest").contains('\u{1b}'));
    assert!(!plain("run --set suite.nmae=x").contains('\u{1b}'));
    assert!(plain("report latest --color always").contains('\u{1b}'));
}

/// Checks an instance against the schema that the tool prints for its format.
#[track_caller]
fn check_schema(scratch: &Scratch, format: &str, instances: &[Value]) {
    let schema = evalward(scratch, &format!("schema {format}")).run().expect_code(0);
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!instances.is_empty(), "{format}");
    for instance in instances {
        let errors: Vec<_> = validator.iter_errors(instance).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{format}: {errors:?} in {instance:#}");
    }
    let foreign = serde_json::json!({"surely": "not"});
    assert!(!validator.is_valid(&foreign), "the schema of {format} allows anything");
}

#[test]
fn every_file_fits_its_schema() {
    let scratch = mixed();
    drop(evalward(&scratch, "run --quiet").run().expect_code(3));
    let run = scratch.only_run();
    let json = |path: PathBuf| vec![serde_json::from_str(&scratch.read(path)).unwrap()];
    let lines = |path: PathBuf| -> Vec<Value> {
        scratch.read(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let toml = |name: &str| {
        let table: toml::Value = toml::from_str(&scratch.read(name)).unwrap();
        vec![serde_json::to_value(table).unwrap()]
    };
    check_schema(&scratch, "manifest", &json(run.join("manifest.json")));
    check_schema(&scratch, "summary", &json(run.join("summary.json")));
    check_schema(&scratch, "result", &lines(run.join("results.jsonl")));
    check_schema(&scratch, "example", &lines(PathBuf::from("dataset/golden.jsonl")));
    check_schema(&scratch, "review", &lines(PathBuf::from("dataset/reviews.jsonl")));
    check_schema(&scratch, "suite", &toml("evalward.toml"));
    check_schema(&scratch, "dataset", &toml("dataset/dataset.toml"));
}

#[test]
fn the_template_of_init_fits_its_schemas() {
    let scratch = Scratch::new();
    drop(evalward(&scratch, "init .").run().expect_code(0));
    let toml = |name: &str| {
        let table: toml::Value = toml::from_str(&scratch.read(name)).unwrap();
        vec![serde_json::to_value(table).unwrap()]
    };
    check_schema(&scratch, "suite", &toml("evalward.toml"));
    check_schema(&scratch, "dataset", &toml("dataset/dataset.toml"));
}
