//! `semantic_similarity` with the real model on this machine, with a small one, and offline.

use std::fs;

use evalward_core::{Example, Partition};
use evalward_testkit::{Finished, Scratch, models_dir, write_tiny_model};
use serde_json::{Value, json};

use crate::support::{evalward, example};

/// A suite in which nothing but similarity decides.
const SUITE: &str = "[suite]\nname = \"plans\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n[metrics.meaning.semantic_similarity]\n";

/// Pairs of texts and the cosine of the vectors that sentence-transformers gives them: `reference.jsonl` of `evalward-embedder`.
const PAIRS: [(&str, &str, f64); 3] = [
    ("pets are not allowed", "pets are allowed", 0.920_546),
    ("The plan costs $59.", "The plan costs $49.", 0.855_436),
    (
        "Open the settings, choose Security, and press \"Reset password\".",
        "How do I reset my password?",
        0.666_083,
    ),
];

fn scratch(examples: &[Example], answers: &[(&str, &str)], keys: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.dataset(examples).answers("answers.jsonl", answers);
    scratch.file("evalward.toml", &format!("{SUITE}{keys}"));
    scratch
}

/// The pairs as examples, and the answers to them.
fn pairs(partitions: &[Partition]) -> Scratch {
    let cases =
        || partitions.iter().flat_map(|partition| PAIRS.iter().map(move |it| (partition, it)));
    let ids: Vec<String> = (0..cases().count()).map(|index| format!("pair-{index}")).collect();
    let examples: Vec<Example> = ids
        .iter()
        .zip(cases())
        .map(|(id, (partition, (_, right, _)))| example(id, *partition, "Which?", right))
        .collect();
    let answers: Vec<(&str, &str)> =
        ids.iter().zip(cases()).map(|(id, (_, (output, _, _)))| (id.as_str(), *output)).collect();
    scratch(&examples, &answers, "")
}

fn run(scratch: &Scratch, arguments: &str, models: &str) -> Finished {
    evalward(scratch, &format!("run {arguments}")).env("EVALWARD_MODELS_DIR", models).run()
}

fn real() -> String {
    models_dir().display().to_string()
}

fn rows(scratch: &Scratch, run: usize) -> Vec<Value> {
    let text = scratch.read(scratch.runs()[run].join("results.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn scores(scratch: &Scratch, run: usize) -> Vec<Value> {
    rows(scratch, run).iter().map(|row| row["scores"]["meaning"]["score"].clone()).collect()
}

fn version(scratch: &Scratch, run: usize) -> Value {
    let text = scratch.read(scratch.runs()[run].join("manifest.json"));
    serde_json::from_str::<Value>(&text).unwrap()["metrics"]["meaning"]["version"].clone()
}

#[test]
fn the_real_model_scores_as_the_reference_does_and_the_defaults_decide() {
    let scratch = pairs(&[Partition::Golden, Partition::Distribution]);
    let finished = run(&scratch, "", &real()).expect_code(1);
    let warning = "warning: semantic similarity alone decides";
    assert!(finished.stderr.contains(warning), "{}", finished.stderr);
    assert_eq!(
        rows(&scratch, 0)[1]["reasons"],
        json!([
            {"kind": "semantic_similarity", "metric": "meaning", "message": "score 0.855 is below 0.88"},
            {"kind": "semantic_similarity", "metric": "meaning", "message": "price differs: `59 USD` in place of `49 USD`"},
        ])
    );
    let scores = scores(&scratch, 0);
    let (golden, others) = scores.split_at(3);
    for (scores, threshold, passed) in
        [(golden, 0.88, [true, false, false]), (others, 0.85, [true, true, false])]
    {
        for ((score, (output, _, expected)), passed) in scores.iter().zip(PAIRS).zip(passed) {
            let value = score["value"].as_f64().unwrap();
            assert!((value - expected).abs() < 1e-4, "{output}: {value}");
            assert_eq!(score["threshold"], threshold, "{output}");
            assert_eq!(score["passed"], passed, "{output}");
        }
    }
}

#[test]
fn a_second_metric_that_decides_ends_the_warning() {
    let scratch = pairs(&[Partition::Golden]);
    let rule = "[metrics.rules.constraints]\nlength = { words = { max = 50 } }\n";
    scratch.file("evalward.toml", &format!("{SUITE}\n{rule}"));
    let finished = run(&scratch, "", &real()).expect_code(1);
    assert!(!finished.stderr.contains("alone decides"), "{}", finished.stderr);
}

#[test]
fn a_recorded_run_is_replayed_without_the_model() {
    let scratch = pairs(&[Partition::Golden]);
    drop(run(&scratch, "--quiet --record calls.jsonl", &real()).expect_code(1));
    let recording = scratch.read("calls.jsonl");
    // Recording again computes nothing and changes no byte.
    drop(run(&scratch, "--quiet --record calls.jsonl", &real()).expect_code(1));
    assert_eq!(scratch.read("calls.jsonl"), recording);
    fs::remove_dir_all(scratch.path(".evalward/cache")).unwrap();
    drop(run(&scratch, "--quiet --replay calls.jsonl -j 1", "/no/such/folder").expect_code(1));
    for replay in [1, 2] {
        assert_eq!(scores(&scratch, replay), scores(&scratch, 0));
        assert_eq!(version(&scratch, replay), version(&scratch, 0));
    }
    assert!(!scratch.path(".evalward/cache").exists(), "a replay needs no cache");
    // What was never recorded is not made up.
    scratch.answers("answers.jsonl", &[("pair-0", "dogs"), ("pair-1", PAIRS[1].0), ("pair-2", "")]);
    let finished = run(&scratch, "--replay calls.jsonl", &real()).expect_code(3);
    let unrecorded = "the embeddings call is not in recording `calls.jsonl`";
    assert!(finished.stdout.contains(unrecorded), "{}", finished.stdout);
}

#[test]
fn a_recording_from_before_the_metric_takes_the_model_of_this_machine() {
    let scratch = pairs(&[Partition::Golden]);
    scratch.file("calls.jsonl", "{\"evalward_recording\":1}\n");
    drop(run(&scratch, "--quiet --replay calls.jsonl", &real()).expect_code(1));
    assert_eq!(scores(&scratch, 0).len(), 3);
    let finished = run(&scratch, "--replay calls.jsonl", "/no/such/folder").expect_code(2);
    let advice = "evalward models pull all-minilm-l6-v2";
    assert!(finished.stderr.contains(advice), "{}", finished.stderr);
}

/// A folder with a model `mine` that looks at so many tokens, and a suite that uses it.
fn with_small_models() -> Scratch {
    let examples = [
        example("a", Partition::Golden, "Which?", "hello world good"),
        example("b", Partition::Golden, "Which?", "good bye hello worlds ."),
    ];
    let answers = [("a", "good bye . hello world"), ("b", "hello good")];
    let scratch = scratch(&examples, &answers, "model = \"mine\"\nthreshold = -0.99\n");
    for (folder, tokens) in [("long", 16), ("short", 4)] {
        let model = scratch.path(format!("origin-{folder}"));
        write_tiny_model(&model);
        let limits = json!({"max_seq_length": tokens}).to_string();
        fs::write(model.join("sentence_bert_config.json"), limits).unwrap();
        let added = evalward(&scratch, &format!("models add {} --name mine", model.display()))
            .env("EVALWARD_MODELS_DIR", &models(&scratch, folder))
            .run();
        drop(added.expect_code(0));
    }
    scratch
}

fn models(scratch: &Scratch, folder: &str) -> String {
    scratch.path(format!("models-{folder}")).display().to_string()
}

#[test]
fn another_model_under_the_same_name_is_neither_compared_nor_mixed() {
    let scratch = with_small_models();
    let (long, short) = (models(&scratch, "long"), models(&scratch, "short"));
    for models in [&long, &short, &long] {
        drop(run(&scratch, "--quiet", models).expect_code(0));
    }
    assert_ne!(scores(&scratch, 0), scores(&scratch, 1), "the cache tells the models apart");
    assert_eq!(scores(&scratch, 0), scores(&scratch, 2));
    assert_eq!(version(&scratch, 0), version(&scratch, 2));
    let name = |run: usize| scratch.runs()[run].file_name().unwrap().to_string_lossy().into_owned();
    let compare = |one: usize, two: usize| {
        evalward(&scratch, &format!("compare {} {}", name(one), name(two))).run()
    };
    let refused = compare(0, 1).expect_code(2);
    let why = "metric `meaning` (semantic_similarity) has another version than in the baseline";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
    assert_ne!(compare(0, 2).code, Some(2));
}

#[test]
fn a_recording_is_not_continued_with_another_model() {
    let scratch = with_small_models();
    let (long, short) = (models(&scratch, "long"), models(&scratch, "short"));
    drop(run(&scratch, "--quiet --record calls.jsonl", &long).expect_code(0));
    let before = scratch.read("calls.jsonl");
    let refused = run(&scratch, "--record calls.jsonl", &short).expect_code(2);
    let why = "the recording knows another model under the name `mine`";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
    assert_eq!(scratch.read("calls.jsonl"), before);
    // The model of this machine does not matter to a replay.
    drop(run(&scratch, "--quiet --replay calls.jsonl", &short).expect_code(0));
    assert_eq!(scores(&scratch, 1), scores(&scratch, 0));
}

#[test]
fn a_threshold_is_calibrated_on_scores_of_the_same_model_only() {
    let scratch = with_small_models();
    let (long, short) = (models(&scratch, "long"), models(&scratch, "short"));
    drop(run(&scratch, "--quiet", &long).expect_code(0));
    let labels = "{\"id\": \"a\", \"label\": true}\n{\"id\": \"b\", \"label\": false}\n";
    scratch.file("labels.jsonl", labels);
    let calibrate = |models: &str| {
        let arguments =
            "metric calibrate evalward.toml --metric meaning --labels labels.jsonl --run latest";
        evalward(&scratch, arguments).env("EVALWARD_MODELS_DIR", models).run()
    };
    let accepted = calibrate(&long);
    assert!(matches!(accepted.code, Some(0 | 4)), "{}", accepted.stderr);
    let refused = calibrate(&short).expect_code(2);
    let why = "was scored with another version of metric `meaning`";
    assert!(refused.stderr.contains(why), "{}", refused.stderr);
}

#[test]
fn texts_that_nobody_would_write_have_a_score() {
    let odd = ["!", "\u{301}", "\u{0}", "שלום עולם", "   ", "", "Lima"];
    let ids: Vec<String> = (0..odd.len()).map(|index| format!("odd-{index}")).collect();
    let right = |id: &str| if id == "odd-6" { " " } else { "It is Paris." };
    let examples: Vec<Example> =
        ids.iter().map(|id| example(id, Partition::Golden, "Which?", right(id))).collect();
    let answers: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(odd).collect();
    let scratch = scratch(&examples, &answers, "");
    drop(run(&scratch, "--quiet", &real()).expect_code(1));
    for (score, output) in scores(&scratch, 0).iter().zip(odd) {
        assert_eq!(score["passed"], false, "{output:?}");
    }
}
