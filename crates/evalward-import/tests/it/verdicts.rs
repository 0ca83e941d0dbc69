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
    assertion: Value,
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

/// Imports a configuration with one assertion; `None` where it has no counterpart.
fn imported(assertion: &Value) -> Option<(Suite, Example)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.json");
    let test = json!({"vars": {"question": "?"}, "assert": [assertion]});
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

/// Compares the verdicts on the assertions of some types, of which there must be so many.
fn check(types: &[&str], expected: usize) {
    let (cases, theirs): (Cases, Verdicts) = (read("cases.json"), read("verdicts.json"));
    assert_eq!(cases.cases.len(), theirs.verdicts.len(), "run `cargo xtask compat promptfoo`");
    let (mut compared, mut different) = (0, Vec::new());
    for (case, theirs) in cases.cases.iter().zip(&theirs.verdicts) {
        let kind = case.assertion["type"].as_str().unwrap();
        if !types.contains(&kind.strip_prefix("not-").unwrap_or(kind)) {
            continue;
        }
        let (suite, example) = imported(&case.assertion).expect("each case has a counterpart");
        let ours = evaluated(&suite, &example, &case.outputs);
        assert_eq!(ours.len(), theirs.len());
        compared += ours.len();
        for ((output, ours), theirs) in case.outputs.iter().zip(ours.chars()).zip(theirs.chars()) {
            if ours != theirs {
                let assertion = &case.assertion;
                different.push(format!("{assertion} on {output:?}: {ours}, promptfoo {theirs}"));
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
    check(&["is-json", "word-count"], 384);
}

#[test]
fn distances() {
    check(&["levenshtein"], 66);
}
