//! Verdicts: what a translated assertion says of an output is what promptfoo says of it.
//!
//! The cases and promptfoo's verdicts on them lie in `fixtures/promptfoo/verdicts`; `cargo xtask compat promptfoo` asks the
//! promptfoo of npm again.

use std::collections::BTreeMap;

use evalward_config::{LoadOptions, Suite, load};
use evalward_core::{Example, Outcome, Partition, Reply, Response, decide_outcome, score_reply};
use evalward_dataset::Dataset;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{fixture, translated, written};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    /// An assertion, or a test with several.
    assertion: Option<Value>,
    test: Option<Value>,
    outputs: Vec<String>,
}

#[derive(Deserialize)]
struct Verdicts {
    verdicts: Vec<String>,
}

fn read<T: for<'de> Deserialize<'de>>(name: &str) -> T {
    let text = std::fs::read_to_string(fixture("verdicts").join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

impl Case {
    /// Returns the type that it is listed under; a test with several assertions has one of its own.
    fn kind(&self) -> &str {
        let kind = self.assertion.as_ref().map_or("test", |it| it["type"].as_str().unwrap());
        kind.strip_prefix("not-").unwrap_or(kind)
    }

    fn test(&self) -> Value {
        let mut test = self.test.clone().unwrap_or_else(|| json!({"assert": [self.assertion]}));
        test["vars"] = json!({"question": "?"});
        test
    }
}

/// Imports a configuration with one test; `None` where it has no counterpart.
fn imported(test: &Value) -> Option<(Suite, Example)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    let configuration =
        json!({"prompts": ["{{question}}"], "providers": ["echo"], "tests": [test]});
    std::fs::write(&path, configuration.to_string()).unwrap();
    let translation = translated(&path);
    if !translation.is_complete() {
        return None;
    }
    let made = written(&translation);
    let suite = load(&made.path().join("evalward.toml"), &LoadOptions::default()).unwrap();
    let dataset = Dataset::open(made.path().join("dataset")).unwrap();
    let example = dataset.examples(Partition::Distribution).next().unwrap().unwrap().value;
    Some((suite, example))
}

/// Evaluates outputs by the imported suite: `+` passed, `-` failed, anything else `?`.
fn evaluated(suite: &Suite, example: &Example, outputs: &[String]) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let verdict = |output: &String| {
        let reply = Reply::from(Response::from_text(output));
        let mut scores = BTreeMap::new();
        runtime.block_on(score_reply(&suite.metrics, example, &reply, &mut scores));
        match decide_outcome(&suite.metrics, &scores) {
            Outcome::Passed => '+',
            Outcome::Failed(_) => '-',
            _ => '?',
        }
    };
    outputs.iter().map(verdict).collect()
}

/// Compares the verdicts on the cases of some types, of which there must be so many.
fn check(types: &[&str], expected: usize) {
    let (cases, theirs): (Cases, Verdicts) = (read("cases.json"), read("verdicts.json"));
    assert_eq!(cases.cases.len(), theirs.verdicts.len(), "run `cargo xtask compat promptfoo`");
    let (mut compared, mut different) = (0, Vec::new());
    for (case, theirs) in cases.cases.iter().zip(&theirs.verdicts) {
        if !types.contains(&case.kind()) {
            continue;
        }
        let test = case.test();
        let (suite, example) =
            imported(&test).unwrap_or_else(|| panic!("{test} has a counterpart"));
        let ours = evaluated(&suite, &example, &case.outputs);
        assert_eq!(ours.len(), theirs.len());
        compared += ours.len();
        for ((output, ours), theirs) in case.outputs.iter().zip(ours.chars()).zip(theirs.chars()) {
            if ours != theirs {
                different.push(format!("{test} on {output:?}: {ours}, promptfoo {theirs}"));
            }
        }
    }
    assert_eq!(different, Vec::<String>::new());
    assert_eq!(compared, expected);
}

#[test]
fn texts() {
    check(&["contains", "icontains", "contains-all", "contains-any"], 520);
}

#[test]
fn texts_in_any_case() {
    check(&["icontains-all", "icontains-any", "equals", "starts-with"], 450);
}

#[test]
fn patterns() {
    check(&["regex"], 1600);
}

#[test]
fn json_and_counts() {
    check(&["is-json", "word-count"], 594);
}

#[test]
fn distances() {
    check(&["levenshtein"], 66);
}

#[test]
fn programs() {
    check(&["javascript"], 468);
}

#[test]
fn shares() {
    check(&["test"], 364);
}
