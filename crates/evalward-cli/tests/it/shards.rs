//! Parts of a run: shards and their merge, samples, and runs that end at the first failure or with their budget.

use std::collections::BTreeSet;

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{evalward, example, recorded_with};

const GATES: &str = "[gates.golden]\npass_rate = 1.0\n\n[gates.distribution]\npass_rate = 0.5\n";

/// Forty examples in two partitions; every seventh answer is wrong, and one is missing.
fn forty() -> Scratch {
    let mut examples: Vec<Example> = Vec::new();
    let mut answers: Vec<(String, &str)> = Vec::new();
    for number in 0..40 {
        let partition = if number < 8 { Partition::Golden } else { Partition::Distribution };
        let id = format!("e-{number:02}");
        let question = format!("What does line {number} of page {} say?", number * 37);
        examples.push(example(&id, partition, &question, "yes"));
        if number != 20 {
            answers.push((id, if number % 7 == 6 { "no" } else { "yes" }));
        }
    }
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), *answer)).collect();
    recorded_with(&examples, &answers, GATES)
}

fn run_folder(scratch: &Scratch, arguments: &str, code: i32) -> std::path::PathBuf {
    let before: BTreeSet<_> = scratch.runs().into_iter().collect();
    drop(evalward(scratch, arguments).run().expect_code(code));
    scratch.runs().into_iter().find(|run| !before.contains(run)).expect("a run was made")
}

/// Reads rows without what differs from run to run.
fn timeless(folder: &std::path::Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("results.jsonl")).unwrap();
    let rows = text.lines().map(|line| {
        let mut row: Value = serde_json::from_str(line).unwrap();
        row.as_object_mut().unwrap().remove("started_at");
        row
    });
    rows.collect()
}

#[test]
fn merged_shards_are_what_one_run_is() {
    let scratch = forty();
    let whole = run_folder(&scratch, "run", 3);
    let shards: Vec<String> = (1..=4)
        .map(|index| {
            let folder = run_folder(&scratch, &format!("run --shard {index}/4"), 0);
            folder.display().to_string()
        })
        .collect();
    let merged = run_folder(&scratch, &format!("merge {}", shards.join(" ")), 3);
    assert_eq!(timeless(&merged), timeless(&whole));
    let summary =
        |folder: &std::path::Path| std::fs::read_to_string(folder.join("summary.json")).unwrap();
    assert_eq!(summary(&merged), summary(&whole));
    let manifest = |folder: &std::path::Path| -> Value {
        let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
        let mut manifest: Value = serde_json::from_str(&text).unwrap();
        for field in ["run_id", "started_at", "merged_from"] {
            manifest.as_object_mut().unwrap().remove(field);
        }
        manifest
    };
    assert_eq!(manifest(&merged), manifest(&whole));
}

#[test]
fn a_shard_decides_nothing_and_says_what_does() {
    let scratch = forty();
    let run = evalward(&scratch, "run --shard 1/4").run().expect_code(0);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      … deferred      golden        decided when the shards are merged
      … deferred      distribution  decided when the shards are merged

    Nothing is decided yet: merge the shards, `evalward merge RUN...`. (exit 0)
    ");
    let history = evalward(&scratch, "history").run();
    assert!(!history.stdout.contains("capitals"), "{}", history.stdout);
}

#[test]
fn what_is_not_all_shards_of_one_run_is_not_merged() {
    let scratch = forty();
    let one = run_folder(&scratch, "run --shard 1/2", 0).display().to_string();
    let two = run_folder(&scratch, "run --shard 2/2", 0).display().to_string();
    let third = run_folder(&scratch, "run --shard 3/3", 0).display().to_string();
    let whole = run_folder(&scratch, "run", 3).display().to_string();
    let refused = |runs: &[&str]| {
        evalward(&scratch, &format!("merge {}", runs.join(" "))).run().expect_code(2).stderr
    };
    assert!(refused(&[&one]).contains("shard 2/2 is missing"));
    assert!(refused(&[&one, &one]).contains("are both shard 1/2"));
    assert!(refused(&[&one, &third]).contains("another number of shards"));
    assert!(refused(&[&one, &whole]).contains("is no shard"));
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace("max = 8", "max = 9"));
    let changed = run_folder(&scratch, "run --shard 2/2", 0).display().to_string();
    assert!(refused(&[&one, &changed]).contains("metric `short`"));
    drop(evalward(&scratch, &format!("merge {two} {one}")).run().expect_code(3));
    let wrong = evalward(&scratch, "run --shard 3/2").run().expect_code(2);
    assert!(wrong.stderr.contains("I from 1 to N"), "{}", wrong.stderr);
}

#[test]
fn more_shards_than_examples_leave_some_empty_and_merge_all_the_same() {
    let scratch = recorded_with(
        &[example("only", Partition::Golden, "Is this the only one?", "yes")],
        &[("only", "yes")],
        "",
    );
    let shards: Vec<String> = (1..=3)
        .map(|index| {
            run_folder(&scratch, &format!("run --shard {index}/3"), 0).display().to_string()
        })
        .collect();
    drop(evalward(&scratch, &format!("merge {}", shards.join(" "))).run().expect_code(0));
}

#[test]
fn a_sample_is_drawn_by_its_seed_from_each_partition() {
    let scratch = forty();
    let ids = |arguments: &str| -> Vec<String> {
        // Whether the gates hold depends on which examples are drawn.
        let before: BTreeSet<_> = scratch.runs().into_iter().collect();
        drop(evalward(&scratch, arguments).run());
        let folder = scratch.runs().into_iter().find(|run| !before.contains(run)).unwrap();
        timeless(&folder).iter().map(|row| row["example_id"].as_str().unwrap().to_owned()).collect()
    };
    let ten = ids("run --sample 10 --seed 1");
    assert_eq!(ten.len(), 10);
    assert_eq!(ten.iter().filter(|id| id.as_str() < "e-08").count(), 2, "{ten:?}");
    assert_eq!(ids("run --sample 10 --seed 1"), ten);
    assert_ne!(ids("run --sample 10 --seed 2"), ten);
    let none = evalward(&scratch, "run --sample 0").run().expect_code(2);
    assert_snapshot!(none.stderr.lines().next().unwrap(), @"error: invalid value '0' for '--sample <N>': it is no whole number from 1; to evaluate all examples, leave `--sample` out");
}
