//! `evalward metric calibrate`: a threshold from what people say of answers.

use evalward_core::{Example, Partition};
use evalward_testkit::Scratch;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{evalward, example, recorded_with};

pub(crate) const WORDS: [&str; 10] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// The metrics of these tests; `away` is the share of words that are missing, the smaller the better.
const METRICS: &str = r#"[metrics.overlap.token_f1]
threshold = 0.3

[metrics.away.command]
command = ["python3", "away.py"]
threshold = 0.5
scale = { min = 0.0, max = 1.0, lower_is_better = true }
"#;

const AWAY: &str = r#"import json, sys
for line in sys.stdin:
    request = json.loads(line)
    output = request["output"].split()
    if not output:
        print(json.dumps({"id": request["id"], "error": "there is no word"}), flush=True)
        continue
    missing = [word for word in output if word == "no"]
    print(json.dumps({"id": request["id"], "score": len(missing) / len(output)}), flush=True)
"#;

/// A subject that gives the answers of [`answer`] anew each time.
const COUNT: &str = r#"import json, sys
words = "one two three four five six seven eight nine ten".split()
for line in sys.stdin:
    request = json.loads(line)
    right = int(request["id"].split("-")[1]) * 3 % 11
    output = " ".join(word if place < right else "no" for place, word in enumerate(words))
    print(json.dumps({"id": request["id"], "output": output}), flush=True)
"#;

/// An answer with so many of the ten words right.
pub(crate) fn answer(right: usize) -> String {
    let words =
        WORDS.iter().enumerate().map(|(place, word)| if place < right { word } else { "no" });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a person finds it good: mostly where six words are right.
pub(crate) fn is_good(right: usize, number: usize) -> bool {
    let mood = [0, 1, -1, 0, 2, -2, 0][number % 7];
    i32::try_from(right).unwrap() + mood >= 6
}

/// Lines with answers of their own.
pub(crate) fn lines(count: usize, label: impl Fn(usize, usize) -> Value) -> String {
    let line = |number: usize| {
        let right = number * 3 % 11;
        let label = label(right, number);
        json!({"output": answer(right), "expected_output": WORDS.join(" "), "label": label})
            .to_string()
    };
    (0..count).map(line).collect::<Vec<_>>().join("\n") + "\n"
}

pub(crate) fn yes_or_no(right: usize, number: usize) -> Value {
    is_good(right, number).into()
}

/// A folder with the suite and a file of labels.
pub(crate) fn labelled(labels: &str) -> Scratch {
    let scratch = recorded_with(&examples(1), &[], METRICS);
    scratch.file("away.py", AWAY);
    scratch.file("labels.jsonl", labels);
    scratch
}

fn examples(count: usize) -> Vec<Example> {
    (0..count)
        .map(|number| {
            let question = format!("Count to ten, please: {number}");
            example(&format!("count-{number:02}"), Partition::Golden, &question, &WORDS.join(" "))
        })
        .collect()
}

pub(crate) const OVERLAP: &str =
    "metric calibrate evalward.toml --metric overlap --labels labels.jsonl";

#[test]
fn the_best_f1_is_recommended_with_what_it_does_on_unseen_answers() {
    let scratch = labelled(&lines(80, yes_or_no));
    let text = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert_snapshot!(text.clean_stdout(), @"
    overlap (token_f1): 80 labels of labels.jsonl
    80 with a score: 35 good, 45 not
    Spearman  0.818 [0.713, 0.888]
    AUC       0.974 [0.932, 0.991]

         threshold     pass  precision               recall                  F1
                 1    8.8 %  100.0 % [59.0, 100.0]    20.0 % [8.4, 36.9]      33.3 % [15.6, 53.9]
               0.9   17.5 %  100.0 % [76.8, 100.0]    40.0 % [23.9, 57.9]     57.1 % [38.5, 73.3]
               0.8   26.2 %  100.0 % [83.9, 100.0]    60.0 % [42.1, 76.1]     75.0 % [59.3, 86.4]
               0.7   35.0 %   96.4 % [81.7, 99.9]     77.1 % [59.9, 89.6]     85.7 % [73.3, 93.5]
               0.6   45.0 %   88.9 % [73.9, 96.9]     91.4 % [76.9, 98.2]     90.1 % [79.9, 96.1]
               0.5   53.8 %   79.1 % [64.0, 90.0]     97.1 % [85.1, 99.9]     87.2 % [76.7, 93.9]
               0.4   62.5 %   70.0 % [55.4, 82.1]    100.0 % [90.0, 100.0]    82.4 % [71.3, 90.2]
               0.3   72.5 %   60.3 % [46.6, 73.0]    100.0 % [90.0, 100.0]    75.3 % [63.6, 84.4]
               0.2   81.2 %   53.8 % [41.0, 66.3]    100.0 % [90.0, 100.0]    70.0 % [58.2, 79.7]
               0.1   90.0 %   48.6 % [36.7, 60.7]    100.0 % [90.0, 100.0]    65.4 % [53.6, 75.5]
                 0  100.0 %   43.8 % [32.7, 55.3]    100.0 % [90.0, 100.0]    60.9 % [49.3, 71.2]
       suite's 0.3   72.5 %   60.3 % [46.6, 73.0]    100.0 % [90.0, 100.0]    75.3 % [63.6, 84.4]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    recommended threshold: 0.6, the best F1
                       pass  precision               recall                  F1
      these labels   45.0 %   88.9 % [73.9, 96.9]     91.4 % [76.9, 98.2]     90.1 % [79.9, 96.1]
    unseen answers   45.0 %   88.9 % [73.9, 96.9]     91.4 % [76.9, 98.2]     90.1 % [79.9, 96.1]
    The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from
    cross-validation (10 folds, seed 0; thresholds all 0.6).

    [metrics.overlap.token_f1]
    threshold = 0.6
    ");
    assert_eq!(text.stderr, "");
    let again = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert_eq!(again.stdout, text.stdout, "the same labels and seed give the same bytes");
}

#[test]
fn a_precision_may_be_asked_for_instead() {
    let scratch = labelled(&lines(200, yes_or_no));
    let text = evalward(&scratch, &format!("{OVERLAP} --precision 0.9")).run().expect_code(0);
    let (_, choice) = text.stdout.split_once("recommended").unwrap();
    assert_snapshot!(choice, @"
     threshold: 0.7, the most lenient one whose precision is at least 90.0 % by its interval
                       pass  precision               recall                  F1
      these labels   36.0 %   97.2 % [90.3, 99.7]     78.7 % [68.7, 86.6]     87.0 % [80.2, 92.0]
    unseen answers   29.5 %   96.6 % [88.3, 99.6]     64.0 % [53.2, 73.9]     77.0 % [68.3, 84.1]
    The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from
    cross-validation (10 folds, seed 0; thresholds from 0.7 to 0.8).

    [metrics.overlap.token_f1]
    threshold = 0.7
    ");
    let beyond = evalward(&scratch, &format!("{OVERLAP} --precision 0.99")).run().expect_code(4);
    assert_snapshot!(beyond.stdout.lines().last().unwrap(), @"
    Inconclusive: no threshold has a precision of which 99 % can be vouched for: the best of the table, 0.8, has 100 % [93.4 %, 100 %] on 54 answers that pass: 368 answers that pass, rather than 54, would do if the precision stayed the same. (exit 4)
    ");
    let wrong = evalward(&scratch, &format!("{OVERLAP} --precision 95")).run().expect_code(2);
    assert!(wrong.stderr.contains("a precision is a share between 0 and 1"), "{}", wrong.stderr);
}

#[test]
fn ratings_need_a_bound_and_smaller_scores_may_be_better() {
    let rating =
        |right: usize, number: usize| json!(1 + right / 3 + usize::from(number.is_multiple_of(5)));
    let scratch = labelled(&lines(60, rating));
    let arguments = "metric calibrate evalward.toml --metric away --labels labels.jsonl";
    let unsaid = evalward(&scratch, arguments).run().expect_code(2);
    assert_snapshot!(unsaid.clean_stderr(), @"
    error: the labels are ratings from 1 to 5, and nothing says which of them are good
      hint: give the first that is, such as `--positive-from 5`
    ");
    let text = evalward(&scratch, &format!("{arguments} --positive-from 3")).run().expect_code(0);
    assert_snapshot!(text.clean_stdout(), @"
    away (command): 60 labels of labels.jsonl, a rating of at least 3 is good
    60 with a score: 30 good, 30 not
    smaller scores are better: those of at most the threshold pass
    Spearman  0.911 [0.842, 0.951]
    AUC       0.979 [0.921, 0.995]

         threshold     pass  precision               recall                  F1
                 0    8.3 %  100.0 % [47.8, 100.0]    16.7 % [5.6, 34.7]      28.6 % [10.7, 51.5]
               0.1   18.3 %  100.0 % [71.5, 100.0]    36.7 % [19.9, 56.1]     53.7 % [33.2, 71.9]
               0.2   26.7 %  100.0 % [79.4, 100.0]    53.3 % [34.3, 71.7]     69.6 % [51.1, 83.5]
               0.3   35.0 %  100.0 % [83.9, 100.0]    70.0 % [50.6, 85.3]     82.4 % [67.2, 92.0]
               0.4   45.0 %  100.0 % [87.2, 100.0]    90.0 % [73.5, 97.9]     94.7 % [84.7, 98.9]
               0.5   53.3 %   87.5 % [71.0, 96.5]     93.3 % [77.9, 99.2]     90.3 % [79.1, 96.5]
               0.6   61.7 %   78.4 % [61.8, 90.2]     96.7 % [82.8, 99.9]     86.6 % [74.8, 93.9]
               0.7   71.7 %   69.8 % [53.9, 82.8]    100.0 % [88.4, 100.0]    82.2 % [70.0, 90.6]
               0.8   80.0 %   62.5 % [47.4, 76.0]    100.0 % [88.4, 100.0]    76.9 % [64.3, 86.4]
               0.9   90.0 %   55.6 % [41.4, 69.1]    100.0 % [88.4, 100.0]    71.4 % [58.6, 81.7]
                 1  100.0 %   50.0 % [36.8, 63.2]    100.0 % [88.4, 100.0]    66.7 % [53.8, 77.4]
       suite's 0.5   53.3 %   87.5 % [71.0, 96.5]     93.3 % [77.9, 99.2]     90.3 % [79.1, 96.5]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    recommended threshold: 0.4, the best F1
                       pass  precision               recall                  F1
      these labels   45.0 %  100.0 % [87.2, 100.0]    90.0 % [73.5, 97.9]     94.7 % [84.7, 98.9]
    unseen answers   45.0 %  100.0 % [87.2, 100.0]    90.0 % [73.5, 97.9]     94.7 % [84.7, 98.9]
    The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from
    cross-validation (10 folds, seed 0; thresholds all 0.4).

    [metrics.away.command]
    threshold = 0.4
    ");
    scratch.file("labels.jsonl", &lines(60, yes_or_no));
    let senseless = evalward(&scratch, &format!("{arguments} --positive-from 3")).run();
    assert_snapshot!(senseless.expect_code(2).clean_stderr(), @"
    error: the labels are `true` and `false`, so `--positive-from` has no meaning
      hint: leave it out
    ");
}

#[test]
fn labels_that_carry_no_threshold_are_inconclusive() {
    let last = |labels: &str| {
        let run = evalward(&labelled(labels), OVERLAP).run().expect_code(4);
        run.stdout.lines().last().unwrap().to_owned()
    };
    assert_snapshot!(last(&lines(9, yes_or_no)), @"
    Inconclusive: of 9 labels with a score 3 are good and 6 not, and a threshold takes at least 10 of each: label 7 more good answers and 4 more bad answers. (exit 4)
    ");
    assert_snapshot!(last(&lines(40, |_, _| true.into())), @"
    Inconclusive: of 40 labels with a score 40 are good and 0 not, and a threshold takes at least 10 of each: label 10 more bad answers. (exit 4)
    ");
    assert_snapshot!(last(&lines(44, |_, number| number.is_multiple_of(2).into())), @"
    Inconclusive: the scores do not tell good answers from others: AUC 0.5 [0.333, 0.667], and 0.5 is chance: more labels will hardly help: choose another metric. (exit 4)
    ");
    assert_snapshot!(last(&lines(44, |right, _| (right < 5).into())), @"
    Inconclusive: good answers score worse than the others: AUC 0 [0, 0.168]: look whether the labels are the right way round; else the metric measures something else here. (exit 4)
    ");
    let weak = |right: usize, number: usize| (right + number % 7 * 5 > 20).into();
    assert_snapshot!(last(&lines(77, weak)), @"
    Inconclusive: the scores do not tell good answers from others: AUC 0.595 [0.464, 0.713], and 0.5 is chance: about 150 labels would do if the AUC stayed at 0.595. (exit 4)
    ");
    let rare = |right: usize, number: usize| (right > 0 || number.is_multiple_of(2)).into();
    assert_snapshot!(last(&lines(220, rare)), @"
    Inconclusive: the best F1 is had by letting every answer pass, and a threshold that nothing fails is none: ask for the precision that you need, such as `--precision 0.95`. (exit 4)
    ");
    let one_input =
        lines(44, yes_or_no).replace("\"label\"", "\"input\":{\"q\":\"same\"},\"label\"");
    assert_snapshot!(last(&one_input), @"
    Inconclusive: 44 labels are answers to 1 input, so that they count as 1, and a threshold takes at least 20: label answers to more inputs. (exit 4)
    ");
    let scratch = labelled(&lines(9, yes_or_no));
    let arguments = format!("{OVERLAP} --format json --write --plot roc.svg");
    let run = evalward(&scratch, &arguments).run().expect_code(4);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["figures"]["threshold"], Value::Null);
    assert!(document["figures"]["hint"].as_str().unwrap().starts_with("label "), "{document}");
    assert!(run.stderr.contains("nothing was written"), "{}", run.stderr);
    assert!(!scratch.path("calibrations").exists());
}

#[test]
fn scores_that_cannot_be_had_are_counted() {
    let labels = lines(60, yes_or_no)
        + "{\"output\":\"\",\"expected_output\":\"x\",\"label\":true}\n"
        + "{\"output\":\"\",\"expected_output\":\"x\",\"label\":false}\n";
    let scratch = labelled(&labels);
    let arguments = "metric calibrate evalward.toml --metric away --labels labels.jsonl";
    let errored = evalward(&scratch, arguments).run().expect_code(0);
    assert_snapshot!(head(&errored.stdout), @"
    away (command): 62 labels of labels.jsonl
    60 with a score: 27 good, 33 not; left out for lack of a score: 0 skipped, 2 errored
      errored, the first at labels.jsonl:61: program `python3 away.py` reports an error: there is no word
    smaller scores are better: those of at most the threshold pass
    Spearman  0.855 [0.749, 0.918]
    AUC       0.994 [0.967, 0.999]
    ");
    scratch.file("labels.jsonl", "{\"output\":\"\",\"label\":true}\n");
    let none = evalward(&scratch, arguments).run().expect_code(3);
    assert_snapshot!(none.clean_stderr(), @"
    error: no score could be had: errored, the first at labels.jsonl:1: program `python3 away.py` reports an error: there is no word
    ");
    scratch.file("labels.jsonl", &(lines(60, yes_or_no) + "{\"output\":\"x\",\"label\":true}\n"));
    let skipped = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert_snapshot!(head(&skipped.stdout), @"
    overlap (token_f1): 61 labels of labels.jsonl
    60 with a score: 27 good, 33 not; left out for lack of a score: 1 skipped, 0 errored
      skipped, the first at labels.jsonl:61: has no expected output
    Spearman  0.855 [0.749, 0.918]
    AUC       0.994 [0.967, 0.999]
    ");
}

pub(crate) fn head(text: &str) -> String {
    text.split_once("\n\n").unwrap().0.to_owned()
}

#[test]
fn labels_of_a_run_take_its_scores_by_trial() {
    let examples = examples(40);
    let answers: Vec<(String, String)> = examples
        .iter()
        .enumerate()
        .map(|(number, example)| (example.id.to_string(), answer(number * 3 % 11)))
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), answer.as_str())).collect();
    let scratch = recorded_with(&examples, &answers, "[metrics.overlap.token_f1]\n");
    let label = |number: usize, trial: &str| {
        let good = is_good(number * 3 % 11, number);
        format!("{{\"id\":\"count-{number:02}\"{trial},\"label\":{good}}}\n")
    };
    scratch.file("labels.jsonl", &(0..40).map(|number| label(number, "")).collect::<String>());
    drop(evalward(&scratch, "run --quiet").run().expect_code(1));
    let arguments = format!("{OVERLAP} --run latest");
    let once = evalward(&scratch, &arguments).run().expect_code(0);
    assert_snapshot!(head(once.clean_stdout()), @"
    overlap (token_f1): 40 labels of labels.jsonl
    scores of run [run]
    40 with a score: 17 good, 23 not
    Spearman  0.853 [0.712, 0.928]
    AUC       0.996 [0.965, 1.000]
    ");
    let recorded = "[subject.recorded]\nfile = \"answers.jsonl\"";
    let counting = "[subject.command]\ncommand = [\"python3\", \"count.py\"]";
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace(recorded, counting));
    scratch.file("count.py", COUNT);
    drop(evalward(&scratch, "run --quiet --repeats 2").run().expect_code(1));
    let vague = evalward(&scratch, &arguments).run().expect_code(2);
    assert_snapshot!(vague.clean_stderr(), @r#"
    error: labels.jsonl:1:1: the run has 2 trials of example `count-00`, and the label does not say which of them it is about
      hint: add it: `"trial": 1`
    "#);
    let both = |number| label(number, ",\"trial\":1") + &label(number, ",\"trial\":2");
    scratch.file("labels.jsonl", &(0..40).map(both).collect::<String>());
    let twice = evalward(&scratch, &arguments).run().expect_code(0);
    assert_snapshot!(head(twice.clean_stdout()), @"
    overlap (token_f1): 80 labels of labels.jsonl
    scores of run [run]
    80 with a score: 34 good, 46 not
    they are answers to 40 inputs, and so worth 40.0 independent ones
    Spearman  0.853 [0.712, 0.928]
    AUC       0.996 [0.966, 1.000]
    ");
    scratch.file("labels.jsonl", &label(0, ",\"trial\":3"));
    let third = evalward(&scratch, &arguments).run().expect_code(2);
    assert_snapshot!(third.clean_stderr(), @"
    error: labels.jsonl:1:1: the run has no trial 3 of example `count-00`
    ");
    scratch.file("labels.jsonl", "{\"id\":\"cuont-07\",\"label\":true}\n");
    let unknown = evalward(&scratch, &arguments).run().expect_code(2);
    assert_snapshot!(unknown.clean_stderr(), @"
    error: labels.jsonl:1:1: run `[run]` has no example `cuont-07`
      hint: did you mean `count-07`?
    ");
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &format!("{suite}normalization = \"raw\"\n"));
    let other = evalward(&scratch, &arguments).run().expect_code(2);
    assert_snapshot!(other.clean_stderr(), @"
    error: run `[run]` was scored with another version of metric `overlap`
      hint: run the suite again, or leave out `--run` and give the answers with their labels
    ");
}

#[test]
fn a_calibration_is_written_drawn_and_fits_its_schema() {
    let scratch = labelled(&lines(80, yes_or_no));
    let arguments = format!("{OVERLAP} --format json --write --plot roc.svg");
    let run = evalward(&scratch, &arguments).run().expect_code(0);
    assert_snapshot!(run.clean_stderr(), @"
    wrote roc.svg
    wrote calibrations/overlap.json
    ");
    let written = scratch.read("calibrations/overlap.json");
    assert_eq!(written, run.stdout, "the file is what is printed");
    let document: Value = serde_json::from_str(&written).unwrap();
    let keys: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_snapshot!(format!("{keys:?}"), @r#"
    ["created_at", "figures", "format", "kind", "labels", "metric", "metric_version", "suite"]
    "#);
    let schema = evalward(&scratch, "schema calibration").run().expect_code(0);
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let svg = scratch.read("roc.svg");
    assert!(svg.starts_with("<svg") && svg.contains("recommended 0."), "{svg}");
    let toml = scratch.read("evalward.toml");
    let threshold = document["figures"]["threshold"].as_f64().unwrap();
    scratch.file(
        "evalward.toml",
        &toml.replace("threshold = 0.3", &format!("threshold = {threshold}")),
    );
    let pasted = evalward(&scratch, &format!("{OVERLAP} --format json")).run().expect_code(0);
    let pasted: Value = serde_json::from_str(&pasted.stdout).unwrap();
    assert_eq!(pasted["figures"]["suite_thresholds"][0], document["figures"]["recommended"]);
}

#[test]
fn ids_that_lead_elsewhere_are_not_written_to() {
    let scratch = labelled(&lines(80, yes_or_no));
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace("metrics.overlap", "metrics.\"../../overlap\""));
    let arguments = OVERLAP.replace("overlap", "../../overlap");
    let refused = evalward(&scratch, &format!("{arguments} --write")).run().expect_code(2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: `../../overlap` makes no name of a file
      hint: leave out `--write`, or rename the metric
    ");
    let printed = evalward(&scratch, &arguments).run().expect_code(0);
    assert!(printed.stdout.contains("[metrics.\"../../overlap\".token_f1]"), "{}", printed.stdout);
}

#[test]
fn hostile_labels_are_refused_with_their_place() {
    let good = "{\"output\":\"a\",\"expected_output\":\"a\",\"label\":true}\n";
    let scratch = labelled(good);
    let refused = |second: &str| {
        scratch.file("labels.jsonl", &format!("{good}{second}\n"));
        evalward(&scratch, OVERLAP).run().expect_code(2).clean_stderr().to_owned()
    };
    let cases = [
        r#"{"output":"a","lable":true}"#,
        r#"{"output":"a"}"#,
        r#"{"output":"a","label":"yes"}"#,
        r#"{"output":"a","label":3}"#,
        r#"{"output":"a","label":1e999}"#,
        r#"{"label":true}"#,
        r#"{"id":"a","output":"a","label":true}"#,
        r#"{"id":"a","context":["x"],"label":true}"#,
        r#"{"output":"a","trial":1,"label":true}"#,
        r#"{"id":"a","trial":-1,"label":true}"#,
        r#"{"id":"a","label":true}"#,
        r#"{"output":"a","context":[{"ref":"../secret"}],"label":true}"#,
        r#"{"output":"a","annotator":" ","label":true}"#,
        r#"{"output":"a","claims":[{"claim":"","label":"SUPPORTED"}]}"#,
        r#"{"output":"a","claims":[{"claim":"b","label":"TRUE"}]}"#,
        r#"{"output":"a","claims":[{"claim":"b","verdict":"SUPPORTED"}]}"#,
        r#"["a", true]"#,
        "{\"output\":\"\u{1b}[2J",
    ];
    let told: Vec<String> = cases.iter().map(|case| refused(case)).collect();
    assert_snapshot!(told.concat(), @r#"
    error: labels.jsonl:2:15: unknown field `lable`; did you mean `label`?
    error: labels.jsonl:2:1: the line says nothing of the answer; it needs a `label`, or `claims`
    error: labels.jsonl:2:23: invalid type: string "yes", expected a number, `true` or `false`
    error: labels.jsonl:2:1: the label is a number, and that of line 1 is `true` or `false`; all must be of one kind
    error: labels.jsonl:2:27: number out of range
    error: labels.jsonl:2:1: the line names no answer; it needs the `id` of an example of a run, or an `output`
    error: labels.jsonl:2:1: the line has an `id`, for an answer of a run, and an `output` of its own; it can be about one answer only
    error: labels.jsonl:2:1: a line with an `id` takes everything but its `label` from the run
    error: labels.jsonl:2:1: `trial` goes with the `id` of an example of a run
    error: labels.jsonl:2:19: invalid value: integer `-1`, expected u32
    error: labels.jsonl:2:1: the label is about an answer of a run, and no run is named
      hint: name it: `--run latest`
    error: labels.jsonl:2: a label cannot refer to the document `../secret`: write its `text`
    error: labels.jsonl:2:1: `annotator` is empty
    error: labels.jsonl:2:1: a claim has no words
    error: labels.jsonl:2:46: unknown variant `TRUE`; known are `SUPPORTED`, `REASONABLE_INFERENCE`, `UNSUPPORTED`, `CONTRADICTED`, `NOT_CHECKABLE`
    error: labels.jsonl:2:38: unknown field `verdict`; known are `claim`, `label`
    error: labels.jsonl:2:1: a line must be a JSON object, starting with `{`
    error: labels.jsonl:2:12: control character (\u0000-\u001F) found while parsing a string
    "#);
    scratch.file("labels.jsonl", "\n");
    assert_snapshot!(evalward(&scratch, OVERLAP).run().expect_code(2).clean_stderr(), @r#"
    error: `labels.jsonl` has no label
      hint: write one JSON object a line, such as `{"output": "...", "expected_output": "...", "label": true}`
    "#);
    let missing = OVERLAP.replace("labels.jsonl", "lables.jsonl");
    assert_snapshot!(evalward(&scratch, &missing).run().expect_code(2).clean_stderr(), @"
    error: failed to open `lables.jsonl`
      cause: No such file or directory (os error 2)
    ");
    let metric = OVERLAP.replace("overlap", "overlapp");
    assert_snapshot!(evalward(&scratch, &metric).run().expect_code(2).clean_stderr(), @"
    error: suite `capitals` has no metric `overlapp`
      hint: did you mean `overlap`?
    ");
}

#[test]
fn texts_of_any_kind_have_a_defined_result() {
    let texts = ["", "...", "\u{301}", "\u{202e}abc", "\u{0}", "{\"a\":", "👩‍👩‍👧"];
    let mut labels = lines(60, yes_or_no);
    for text in texts {
        let line =
            json!({"input": {"q": text}, "output": text, "expected_output": text, "label": true});
        labels = labels + &line.to_string() + "\n";
    }
    let huge = "word ".repeat(400_000);
    labels += &json!({"output": huge, "expected_output": huge, "label": true}).to_string();
    let scratch = labelled(&labels);
    let run = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert!(run.stdout.contains("68 with a score"), "{}", run.stdout);
}
