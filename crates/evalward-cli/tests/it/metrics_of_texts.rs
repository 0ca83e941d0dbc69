//! Suites that compare texts, as a user runs them.

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::metrics_of_values::suite;
use crate::support::{evalward, example};

fn translated(id: &str, question: &str, right: &[&str], given: &str) -> (Example, Value) {
    let mut example = example(id, Partition::Golden, question, right[0]);
    example.acceptable_outputs = right.iter().skip(1).map(|&text| text.to_owned()).collect();
    (example, json!({"output": given}))
}

fn translations(metrics: &str) -> Scratch {
    let cases = vec![
        translated(
            "t-1",
            "Das Schiff legt um neun Uhr ab.",
            &["The ship leaves at nine o'clock.", "The ship departs at nine."],
            "The ship leaves at nine.",
        ),
        translated(
            "t-2",
            "Bitte schließen Sie die Tür.",
            &["Please close the door."],
            "Please shut the doors.",
        ),
        translated(
            "t-3",
            "Der Zug hat zehn Minuten Verspätung.",
            &["The train is ten minutes late."],
            "The train is ten minutes late.",
        ),
        translated("t-4", "Es regnet.", &["It is raining."], "Cats and dogs"),
    ];
    suite(cases, metrics)
}

const OVERLAPS: &str = r#"[metrics.bleu.bleu]

[metrics.chrf.chrf]
word_order = 2

[metrics.rouge.rouge]
variant = "rougeL"
stemming = true

[metrics.edits.levenshtein]
measure = "distance"
threshold = 12

[metrics.overlap.token_f1]
threshold = 0.5
"#;

fn summary(scratch: &Scratch) -> Value {
    serde_json::from_str(&scratch.read(scratch.only_run().join("summary.json"))).unwrap()
}

#[track_caller]
fn assert_near(value: &Value, expected: f64) {
    let value = value.as_f64().unwrap();
    assert!((value - expected).abs() < 1e-9, "{value}, expected {expected}");
}

#[test]
fn means_stand_beside_the_figures_of_the_whole_corpus() {
    let scratch = translations(OVERLAPS);
    let run = evalward(&scratch, "run").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, tables) = page.split_once("Wilson interval\n\n").expect("metrics follow the rates");
    let (tables, _) = tables.split_once("\ngates").expect("gates follow");
    assert_snapshot!(tables, @"
    metric   partition    mean  n  failed  errored  skipped
    ───────────────────────────────────────────────────────
    bleu     golden     51.105  4       -        0        0
    chrf     golden     55.722  4       -        0        0
    edits    golden      5.250  4       0        0        0
    overlap  golden      0.556  4       2        0        0
    rouge    golden      0.646  4       -        0        0

    bleu
    partition  figure       n              score
    ────────────────────────────────────────────
    golden     corpus BLEU  4  65.9 [0.0, 100.0]
    intervals at 95 %, by 500 draws of a Poisson bootstrap, seed 1

    chrf
    partition  figure       n              score
    ────────────────────────────────────────────
    golden     corpus chrF  4  65.9 [5.3, 100.0]
    intervals at 95 %, by 500 draws of a Poisson bootstrap, seed 1

    golden: 2 failed

      ✗ t-2
        overlap: score 0.333 is below 0.5
          input   Bitte schließen Sie die Tür.
          diff    Please [-close-]{+shut+} the [-door.-]{+doors.+}

      ✗ t-4
        overlap: score 0.000 is below 0.5
          input   Es regnet.
          diff    [-It is raining.-]{+Cats and dogs+}
    ");
}

#[test]
fn scores_are_those_of_the_reference_implementations() {
    let scratch = translations(OVERLAPS);
    drop(evalward(&scratch, "run --quiet").run().expect_code(1));
    let metrics = &summary(&scratch)["partitions"]["golden"]["metrics"];
    // sacrebleu 2.5.1: BLEU().corpus_score and CHRF(word_order=2).corpus_score, with both references of the first.
    let corpus = |id: &str, kind: &str| metrics[id]["overall"][kind]["score"]["value"].clone();
    assert_near(&corpus("bleu", "corpus_bleu"), 65.854_036_164_751_28);
    assert_near(&corpus("chrf", "corpus_chrf"), 65.931_593_076_770_84);
    // sacrebleu 2.5.1: BLEU(effective_order=True).sentence_score and CHRF(word_order=2).sentence_score; rouge-score 0.1.2:
    // RougeScorer(["rougeL"], use_stemmer=True), the largest fmeasure; rapidfuzz: Levenshtein.distance, the smallest.
    let expected = [
        [90.360_200_360_984_54, 73.653_753_267_790_9, 0.833_333_333_333_333_3, 4.0],
        [14.058_533_129_758_727, 43.938_945_095_582_1, 0.75, 6.0],
        [100.0, 100.0, 1.0, 0.0],
        [0.0, 5.296_610_169_491_525, 0.0, 11.0],
    ];
    for (row, expected) in scratch.rows().iter().zip(expected) {
        for (id, expected) in ["bleu", "chrf", "rouge", "edits"].into_iter().zip(expected) {
            assert_near(&row["scores"][id]["score"]["value"], expected);
        }
    }
}

#[test]
fn one_example_shows_what_each_score_rests_on() {
    let scratch =
        translations("[metrics.overlap.token_f1]\nthreshold = 0.5\n\n[metrics.rouge.rouge]\n");
    let run = evalward(&scratch, "run --id t-2 -v").run().expect_code(1);
    let page = run.clean_stdout();
    let (_, scores) = page.split_once("\nscores\n").expect("scores have a title");
    let (scores, _) = scores.split_once("\n\nvalues").expect("the run follows");
    assert_snapshot!(scores, @r#"
    overlap  0.333 (at least 0.5)  failed
        {
          "output_tokens": 3,
          "precision": 0.3333333333333333,
          "recall": 0.3333333333333333,
          "reference": 0,
          "reference_tokens": 3,
          "shared": [
            "please"
          ],
          "shared_tokens": 1
        }
    rouge  0.5  reported
        {
          "f1": 0.5,
          "in_output": 4,
          "in_reference": 4,
          "precision": 0.5,
          "recall": 0.5,
          "reference": 0,
          "shared": 2
        }
    "#);
}

#[test]
fn normalisation_decides_what_is_equal_and_the_gate_acts_on_it() {
    let cases = || {
        vec![
            translated("e-1", "Which tower?", &["The Eiffel Tower."], "eiffel  tower"),
            translated("e-2", "Which river?", &["the Seine"], "Seine!"),
        ]
    };
    let squad = suite(cases(), "[metrics.right.exact_match]\nnormalization = \"squad\"\n");
    let page = evalward(&squad, "run").run().expect_code(0).clean_stdout().to_owned();
    assert!(page.ends_with("All gates hold. (exit 0)\n"), "{page}");
    let raw = suite(cases(), "[metrics.right.exact_match]\n");
    let page = evalward(&raw, "run").run().expect_code(1).clean_stdout().to_owned();
    assert!(page.contains("2 of 2 examples failed; all must pass"), "{page}");
    let overlap = |normalization: &str| {
        let table = format!(
            "[metrics.overlap.token_f1]\nthreshold = 1.0\nnormalization = \"{normalization}\"\n"
        );
        evalward(&suite(cases(), &table), "run --quiet").run().code
    };
    assert_eq!((overlap("squad"), overlap("raw")), (Some(0), Some(1)));
}

#[test]
fn a_threshold_by_partition_decides_only_there() {
    let scratch = translations(
        "[metrics.rouge.rouge]\nthreshold = { golden = 0.7, default = 0.1 }\nmeasure = \"recall\"\n",
    );
    let page = evalward(&scratch, "run").run().expect_code(1).clean_stdout().to_owned();
    for line in ["rouge: score 0.500 is below 0.7", "rouge: score 0.000 is below 0.7"] {
        assert!(page.contains(line), "{page}");
    }
    let lenient =
        translations("[metrics.edits.levenshtein]\nmeasure = \"distance\"\nthreshold = 11\n");
    drop(evalward(&lenient, "run --quiet").run().expect_code(0));
    let strict =
        translations("[metrics.edits.levenshtein]\nmeasure = \"distance\"\nthreshold = 10\n");
    let page = evalward(&strict, "run").run().expect_code(1).clean_stdout().to_owned();
    assert!(page.contains("edits: score 11.000 is above 10"), "{page}");
}

fn explained(id: &str, given: &str) -> (Example, Value) {
    let mut example = Example::new(id, Partition::Golden).with_input("question", id);
    example.metadata.insert("most".to_owned(), json!(120));
    (example, json!({"output": given}))
}

#[test]
fn readability_and_expressions_say_what_is_broken_and_what_cannot_be_told() {
    let cases = vec![
        explained(
            "plain",
            "You can send your shoes back to us. We pay you the whole price. It takes five days.",
        ),
        explained(
            "stiff",
            "Notwithstanding the aforementioned contractual stipulations, reimbursement eligibility necessitates comprehensive documentation substantiating irreversibility.",
        ),
        explained("short", "No."),
    ];
    let tables = "[metrics.style.constraints]\nplain = { readability = { flesch = { min = 60 }, grade = { max = 8 } } }\nbrief = { expression = \"output|length <= metadata.most\" }\n";
    let scratch = suite(cases, tables);
    let run = evalward(&scratch, "run").run().expect_code(3);
    let page = run.clean_stdout();
    let (_, told) = page.split_once("golden: 1 failed\n").expect("one example fails");
    let (told, _) = told.split_once("\ngates").expect("gates follow");
    assert_snapshot!(told, @"

      ✗ stiff
        style: brief: `output|length <= metadata.most` is not true
        style: plain: Flesch reading ease -164.9, expected at least 60 and grade 39.2, expected at most 8
          input   stiff
          output  Notwithstanding the aforementioned contractual stipulations, reimbursement eligibility necessitates comprehensive documentation substantiating irreversibility.

    1 errored
      1 × metric `style`: plain: `readability`: the readability of a text with fewer than 10 words cannot be told
          short
    ");
}
