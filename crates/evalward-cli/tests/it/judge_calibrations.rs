//! `evalward judge calibrate`: what a judge is worth, measured against people.

use std::fmt::Write as _;

use evalward_core::{Document, Example, Partition};
use evalward_testkit::{FakeModel, Invocation, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

/// A judge that tells its mind as a score from 1 to 5.
const JUDGE: &str = r#"[judge.absolute]
samples = 1
[judge.absolute.criteria.worth]
question = "Is it any good?"
[judge.absolute.criteria.worth.anchors]
1 = "It is useless."
2 = "It helps little."
3 = "It helps."
4 = "It helps much."
5 = "It could not be better."
"#;

const PEOPLE: [&str; 3] = ["ann", "bob", "cleo"];

/// A folder with a suite whose answers are judged from 1 to 5.
pub(crate) fn judged(gate: &str) -> Scratch {
    let scratch = Scratch::new();
    let examples = [4, 5].map(|grade| {
        Example::new(format!("example-{grade}").as_str(), Partition::Golden)
            .with_input("question", format!("May I have {grade}?"))
    });
    scratch.dataset(&examples);
    scratch.answers(
        "answers.jsonl",
        &[("example-4", "It is grade-4, item-900."), ("example-5", "It is grade-5, item-901.")],
    );
    scratch.file("own.toml", JUDGE);
    let suite = format!(
        "[suite]\nname = \"graded\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
         [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${{JUDGE_URL}}/v1\"\ncalls = {{ attempts = 1 }}\n\n\
         [metrics.helpful.judge]\njudge = \"./own.toml\"\nthreshold = 3.0\n\n\
         [metrics.short.constraints]\nlength = {{ words = {{ max = 8 }} }}\n\n\
         [gates.golden]\npass_rate = 1.0\n{gate}"
    );
    scratch.file("evalward.toml", &suite);
    scratch
}

/// A number from 0 to below `below` that follows from `item` and looks like chance.
fn noise(item: usize, salt: usize, below: usize) -> usize {
    let mixed = (item + 1).wrapping_mul(2_654_435_761).wrapping_add(salt * 40_503) % 1_000_003;
    mixed.wrapping_mul(48_271) % 65_537 % below
}

/// How good an answer is.
pub(crate) fn grade(item: usize) -> usize {
    noise(item, 0, 5) + 1
}

/// What a person with a mood says of an answer.
fn opinion(item: usize, rater: usize) -> usize {
    let mood = [0, 0, 0, 1, 2][noise(item, rater + 1, 5)];
    (grade(item) + mood).saturating_sub(1).clamp(1, 5)
}

/// Lines of labels of answers of their own, by so many raters.
pub(crate) fn labels(items: usize, raters: usize, label: impl Fn(usize, usize) -> usize) -> String {
    let mut lines = String::new();
    for item in 0..items {
        for (rater, name) in PEOPLE.iter().enumerate().take(raters) {
            let line = json!({
                "input": {"question": format!("Question {item}")},
                "output": format!("It is grade-{}, item-{item:03}.", grade(item)),
                "annotator": name,
                "label": label(item, rater),
            });
            writeln!(lines, "{line}").unwrap();
        }
    }
    lines
}

/// A judge by a script over grade and item of the answer.
pub(crate) async fn grader(
    script: impl Fn(usize, usize) -> usize + Send + Sync + 'static,
) -> FakeModel {
    FakeModel::start(move |text| {
        let number = |word: &str| -> usize {
            let (_, after) = text.rsplit_once(word).expect("the answer tells it");
            let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap()
        };
        let score = script(number("grade-"), number("item-"));
        let (_, after) = text.split_once("The code of this request is ").unwrap();
        Turn::says(
            json!({
                "code": after.split('.').next(),
                "criteria": {"worth": {"reasoning": "So it is.", "score": score}},
            })
            .to_string(),
        )
    })
    .await
}

pub(crate) const CALIBRATE: &str =
    "judge calibrate evalward.toml --labels labels.jsonl --positive-from 3.5";

fn calibrate<'a>(scratch: &'a Scratch, model: &FakeModel, more: &str) -> Invocation<'a> {
    evalward(scratch, &format!("{CALIBRATE}{more}")).env("JUDGE_URL", &model.address())
}

#[tokio::test]
async fn a_judge_that_agrees_with_people_is_calibrated() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(60, 3, opinion));
    let model = grader(|grade, _| grade).await;
    let run = calibrate(&scratch, &model, "").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    helpful (judge): 180 labels of labels.jsonl, a rating of at least 3.5 is good
    180 labels by 3 annotators on 60 answers: the mean rating of each counts
    60 with a score: 18 good, 42 not

    labels: Krippendorff's alpha 0.726 [0.623, 0.783] (ordinal) over 60 answers with several raters; at least 0.2 is asked for

    agreement with people judge                     one rater with the others
    n                     60                        180
    accuracy              65.0 % [51.6, 76.9]       32.8 % [21.2, 46.1]
    weighted kappa        0.909 [0.864, 0.943]      0.741 [0.655, 0.800]
    Krippendorff's alpha  0.908 [0.851, 0.942]      0.736 [0.629, 0.785]
    Spearman              0.951 [0.911, 0.974]      0.771 [0.622, 0.867]
    Kendall's tau-b       0.874 [0.819, 0.918]      0.632 [0.546, 0.679]
    AUC                   0.972 [0.929, 0.989]      0.889 [0.787, 0.945]
    mean bias             +0.322 [+0.215, +0.430]   -
    compared as ratings on the judge's scale, rounded; bias is judge less people; [95 % interval]

    what costs nothing    AUC                       judge less it             Spearman                  judge less it
    length                0.500 [0.500, 0.500]      +0.472 [+0.436, +0.494]   -                         -

    the judge gave nothing usable for 0.0 % of 60 [0.0, 6.0], had to be asked again for 0.0 % of 60 [0.0, 6.0]

         threshold     pass  precision               recall                  F1
                 5   18.3 %  100.0 % [71.5, 100.0]    61.1 % [35.7, 82.7]     75.9 % [52.7, 90.5]
                 4   40.0 %   75.0 % [53.3, 90.2]    100.0 % [81.5, 100.0]    85.7 % [69.5, 94.9]
                 3   63.3 %   47.4 % [31.0, 64.2]    100.0 % [81.5, 100.0]    64.3 % [47.3, 78.2]
                 2   83.3 %   36.0 % [22.9, 50.8]    100.0 % [81.5, 100.0]    52.9 % [37.3, 67.4]
                 1  100.0 %   30.0 % [18.8, 43.2]    100.0 % [81.5, 100.0]    46.2 % [31.7, 60.3]
         suite's 3   63.3 %   47.4 % [31.0, 64.2]    100.0 % [81.5, 100.0]    64.3 % [47.3, 78.2]

    precision: the good among those that pass; recall: those that pass among the good; [95 % interval]

    recommended threshold: 4, the best F1
                       pass  precision               recall                  F1
      these labels   40.0 %   75.0 % [53.3, 90.2]    100.0 % [81.5, 100.0]    85.7 % [69.5, 94.9]
    unseen answers   40.0 %   75.0 % [53.3, 90.2]    100.0 % [81.5, 100.0]    85.7 % [69.5, 94.9]
    The threshold was chosen on these labels, so their figures are too good. Those of unseen answers come from
    cross-validation (10 folds, seed 0; thresholds all 4).

    [metrics.helpful.judge]
    threshold = 4.0

    Calibrated: a score of at least 4 passes.
    ");
    assert_eq!(run.stderr, "");
    assert_eq!(model.requests().len(), 60);
}

#[tokio::test]
async fn a_judge_that_guesses_is_weak_and_the_record_says_so() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(60, 2, opinion));
    let model = grader(|_, item| noise(item, 77, 5) + 1).await;
    let run = calibrate(&scratch, &model, " --write").run().expect_code(4);
    assert_snapshot!(run.stdout.lines().last().unwrap(), @"
    Weak: the scores do not tell good answers from others: AUC 0.533 [0.387, 0.674], and 0.5 is chance; it agrees with people no more than chance may: kappa 0.209 [-0.019, 0.431]. (exit 4)
    ");
    let record: Value = serde_json::from_str(&scratch.read("calibrations/helpful.json")).unwrap();
    assert_eq!(record["judge"]["verdict"], "weak");
    let low = |figure: &str| record["judge"]["agreement"][figure]["low"].as_f64().unwrap();
    assert!(low("kappa") < 0.0 && low("spearman") < 0.0, "{record}");
}

#[tokio::test]
async fn a_judge_that_is_too_kind_shows_its_bias() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(60, 3, opinion));
    let model = grader(|grade, _| (grade + 1).min(5)).await;
    let run = calibrate(&scratch, &model, " --format json").run().expect_code(0);
    let record: Value = serde_json::from_str(&run.stdout).unwrap();
    let agreement = &record["judge"]["agreement"];
    let figure = |name: &str, end: &str| agreement[name][end].as_f64().unwrap();
    assert!(figure("bias", "low") > 0.3 && figure("bias", "value") < 1.5, "{agreement}");
    assert!(figure("spearman", "low") > 0.6, "ranks do not see it: {agreement}");
    let ceiling = &record["judge"]["ceiling"];
    let kappa = ceiling["kappa"]["value"].as_f64().unwrap();
    assert!(figure("kappa", "value") < kappa, "the raters agree better: {ceiling}");
    assert_eq!(ceiling["bias"], Value::Null);
}

#[tokio::test]
async fn labels_of_raters_who_do_not_agree_calibrate_nothing() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(60, 3, |item, rater| noise(item, rater + 9, 5) + 1));
    let model = grader(|grade, _| grade).await;
    let run = calibrate(&scratch, &model, " --write --plot roc.svg").run().expect_code(4);
    assert_snapshot!(run.clean_stdout(), @"
    helpful (judge): 180 labels of labels.jsonl, a rating of at least 3.5 is good
    180 labels by 3 annotators on 60 answers: the mean rating of each counts

    labels: Krippendorff's alpha -0.150 [-0.263, -0.041] (ordinal) over 60 answers with several raters; at least 0.2 is asked for

    Not calibratable: nothing can be calibrated on these labels: their raters do not agree (alpha -0.15 [-0.263, -0.041], and at least 0.2 is asked for): say more clearly what is good, and label anew. (exit 4)
    ");
    assert_snapshot!(run.clean_stderr(), @"
    nothing was drawn, since a curve takes good answers and bad ones
    nothing was written, since nothing was calibrated
    ");
    assert!(!scratch.path("calibrations").exists() && !scratch.path("roc.svg").exists());
    assert!(model.requests().is_empty(), "nobody is asked what could not count");
    // A suite may be content with less.
    let suite = scratch.read("evalward.toml");
    let lenient = suite.replace("[judges.model", "[judges]\nmin_label_alpha = -1\n\n[judges.model");
    scratch.file("evalward.toml", &lenient);
    let run = calibrate(&scratch, &model, "").run().expect_code(4);
    assert!(run.stdout.lines().last().unwrap().starts_with("Weak: "), "{}", run.stdout);
}

#[tokio::test]
async fn one_rater_leaves_reliability_unknown_and_few_labels_calibrate_nothing() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(60, 1, opinion));
    let model = grader(|grade, _| grade).await;
    let run = calibrate(&scratch, &model, "").run().expect_code(0);
    assert!(run.stdout.contains("labels: one rater, so that nobody knows"), "{}", run.stdout);
    assert!(!run.stdout.contains("one rater with the others"), "{}", run.stdout);
    scratch.file("labels.jsonl", &labels(12, 3, opinion));
    let few = calibrate(&scratch, &model, " --write").run().expect_code(4);
    assert_snapshot!(few.stdout.lines().last().unwrap(), @"
    Not calibratable: of 12 labels with a score 4 are good and 8 not, and a threshold takes at least 10 of each: label 6 more good answers and 2 more bad answers. (exit 4)
    ");
    assert!(!scratch.path("calibrations").exists());
}

#[tokio::test]
async fn a_free_score_that_does_as_well_makes_a_judge_weak() {
    let scratch = judged("");
    // The better, the longer.
    let padded = labels(60, 2, opinion).lines().fold(String::new(), |mut all, line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let output = line["output"].as_str().unwrap().to_owned();
        let (_, after) = output.split_once("grade-").unwrap();
        let grade: usize = after.split(',').next().unwrap().parse().unwrap();
        line["output"] = json!(format!("{output}{}", " Indeed.".repeat(grade)));
        writeln!(all, "{line}").unwrap();
        all
    });
    scratch.file("labels.jsonl", &padded);
    let model = grader(|grade, item| (grade + noise(item, 5, 2)).min(5)).await;
    let run = calibrate(&scratch, &model, "").run().expect_code(4);
    assert_snapshot!(run.stdout.lines().last().unwrap(), @"Weak: `length` alone, which costs nothing, is at least as good (the judge's AUC less its: -0.032 [-0.081, 0.013]). (exit 4)");
    let table: Vec<&str> =
        run.stdout.lines().skip_while(|line| !line.starts_with("what costs")).take(3).collect();
    assert_snapshot!(table.join("\n"), @"
    what costs nothing    AUC                       judge less it             Spearman                  judge less it
    length                0.922 [0.854, 0.972]      -0.032 [-0.081, +0.013]   0.913 [0.864, 0.941]      -0.060 [-0.104, -0.023]
    The judge is no better than length on these 60 answers.
    ");
}

#[tokio::test]
async fn a_recording_that_was_cut_short_is_continued_and_replays_the_same() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(40, 2, opinion));
    let model = grader(|grade, _| grade).await;
    let whole = calibrate(&scratch, &model, " --record calls.jsonl").run().expect_code(0);
    assert_eq!(model.requests().len(), 40);
    let recording = scratch.read("calls.jsonl");
    let lines: Vec<&str> = recording.lines().collect();
    let kept = lines.len() - 15;
    let half: String = lines[kept].chars().take(40).collect();
    scratch.file("calls.jsonl", &format!("{}\n{half}", lines[..kept].join("\n")));
    // A cache would answer too.
    drop(std::fs::remove_dir_all(scratch.path(".evalward/cache")));
    let resumed = calibrate(&scratch, &model, " --record calls.jsonl").run().expect_code(0);
    assert_eq!(model.requests().len(), 55);
    assert_eq!(resumed.stdout, whole.stdout);
    drop(model);
    let replayed = evalward(&scratch, &format!("{CALIBRATE} --replay calls.jsonl")).run();
    assert_eq!(replayed.expect_code(0).stdout, whole.stdout);
}

#[tokio::test]
async fn scores_of_a_run_are_measured_without_a_call() {
    let scratch = judged("");
    let ids: Vec<String> = (0..40).map(|item| format!("item-{item:03}")).collect();
    let examples: Vec<Example> = ids
        .iter()
        .enumerate()
        .map(|(item, id)| {
            let mut example = Example::new(id.as_str(), Partition::Golden)
                .with_input("question", format!("Question {item}"));
            example.context = vec![Document::from_text(format!("It is item-{item:03}."))];
            example
        })
        .collect();
    scratch.dataset(&examples);
    let answers: Vec<(String, String)> = ids
        .iter()
        .enumerate()
        .map(|(item, id)| (id.clone(), format!("It is grade-{}, item-{item:03}.", grade(item))))
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), answer.as_str())).collect();
    scratch.answers("answers.jsonl", &answers);
    let mut lines = String::new();
    for (item, id) in ids.iter().enumerate() {
        for (rater, name) in PEOPLE.iter().enumerate() {
            let label = opinion(item, rater);
            writeln!(lines, "{}", json!({"id": id, "annotator": name, "label": label})).unwrap();
        }
    }
    scratch.file("labels.jsonl", &lines);
    let model = grader(|grade, _| grade).await;
    drop(evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run());
    let asked = model.requests().len();
    let run = evalward(&scratch, &format!("{CALIBRATE} --run latest --format json")).run();
    let record: Value = serde_json::from_str(&run.expect_code(0).stdout).unwrap();
    assert_eq!(model.requests().len(), asked);
    assert_eq!(record["figures"]["counts"]["scored"], 40);
    let baselines: Vec<&str> = record["judge"]["baselines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(baselines, ["support", "length"], "the context comes from the dataset");
    let hash = "0".repeat(64);
    let line = json!({"id": "item-000", "label": 4, "output_hash": hash});
    scratch.file("labels.jsonl", &format!("{line}\n"));
    let other = evalward(&scratch, &format!("{CALIBRATE} --run latest")).run().expect_code(2);
    assert!(
        other.stderr.contains("1 of 1 labelled answers are others in the run than were labelled, the first `item-000` at labels.jsonl:1"),
        "{}",
        other.stderr
    );
}

#[tokio::test]
async fn the_metric_is_found_or_asked_for() {
    let scratch = judged("");
    scratch.file("labels.jsonl", &labels(2, 1, opinion));
    let refused = |arguments: &str| {
        let arguments = format!("{CALIBRATE}{arguments}");
        evalward(&scratch, &arguments)
            .env("JUDGE_URL", "http://127.0.0.1:9")
            .run()
            .expect_code(2)
            .stderr
    };
    let mut told = refused(" --metric short") + &refused(" --metric helpfull");
    let suite = scratch.read("evalward.toml");
    let second = "\n[metrics.kind.judge]\njudge = \"./own.toml\"\nthreshold = 2.0\n";
    scratch.file("evalward.toml", &(suite.clone() + second));
    told += &refused("");
    scratch.file(
        "evalward.toml",
        &suite.replace(
            "helpful.judge]\njudge = \"./own.toml\"\nthreshold = 3.0",
            "helpful.token_f1]\nthreshold = 0.3",
        ),
    );
    told += &refused("");
    assert_snapshot!(told, @r#"
    error: metric `short` (constraints) asks no judge
      hint: `evalward metric calibrate` chooses thresholds for any metric
    error: suite `graded` has no metric `helpfull`
      hint: did you mean `helpful`?
    error: suite `graded` has several metrics that ask a judge
      hint: name one with `--metric`: helpful, kind
    error: suite `graded` has no metric that asks a judge
      hint: add one, such as `[metrics.helpful.judge]` with `judge = "helpfulness"`
    "#);
}

/// One context for all, and answers of which every second invents something.
const CONTEXT: &str = "The Pro plan costs $49 a month. It includes five seats.";

fn said(item: usize) -> String {
    let second =
        if item.is_multiple_of(2) { "It includes five seats" } else { "It has phone support" };
    format!("The Pro plan costs $49 a month. {second}, says item-{item:03}.")
}

#[tokio::test]
async fn claims_of_people_and_judge_are_laid_side_by_side() {
    let scratch = judged("");
    let suite = scratch.read("evalward.toml");
    let (head, _) = suite.split_once("[metrics.helpful").unwrap();
    let metric = "[metrics.grounded.hallucination]\njudge = \"faithfulness\"\n";
    scratch.file("evalward.toml", &format!("{head}{metric}"));
    let mut lines = String::new();
    for item in 0..40_usize {
        let invented = !item.is_multiple_of(2);
        for name in ["ann", "bob"] {
            let second = if invented { "UNSUPPORTED" } else { "SUPPORTED" };
            let words = if invented { "It has phone support" } else { "It includes five seats" };
            let line = json!({
                "output": said(item),
                "context": [CONTEXT],
                "input": {"question": format!("What says item-{item:03}?")},
                "annotator": name,
                "claims": [
                    {"claim": "The Pro plan costs $49 a month", "label": "SUPPORTED"},
                    {"claim": words, "label": second},
                ],
            });
            writeln!(lines, "{line}").unwrap();
        }
    }
    scratch.file("labels.jsonl", &lines);
    let model = FakeModel::start(|text| {
        let (_, after) = text.split_once("The code of this request is ").unwrap();
        let (_, item) = text.rsplit_once("item-").unwrap();
        let item: usize = item.chars().take(3).collect::<String>().parse().unwrap();
        let price = json!({"claim": "The Pro plan costs $49", "evidence": "The Pro plan costs $49", "label": "SUPPORTED"});
        let mut claims = vec![price];
        // One in four inventions is not seen, and one is not even named.
        match item % 8 {
            1 => {}
            3 => claims.push(json!({"claim": "It has phone support", "evidence": "It includes five seats", "label": "SUPPORTED"})),
            5 | 7 => claims.push(json!({"claim": "has phone support", "evidence": null, "label": "UNSUPPORTED"})),
            _ => claims.push(json!({"claim": "It includes five seats", "evidence": "It includes five seats", "label": "SUPPORTED"})),
        }
        Turn::says(json!({"code": after.split('.').next(), "claims": claims}).to_string())
    })
    .await;
    let run = evalward(&scratch, "judge calibrate evalward.toml --labels labels.jsonl")
        .env("JUDGE_URL", &model.address())
        .run()
        .expect_code(4);
    let claims: Vec<&str> = run
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("claims of"))
        .take_while(|line| !line.is_empty())
        .collect();
    assert_snapshot!(claims.join("\n"), @r#"
    claims of 40 answers: 75 of both, 5 of people alone, 0 of the judge alone
              people \ judge      SUPPORTED      INFERENCE    UNSUPPORTED   CONTRADICTED  NOT_CHECKABLE           none
                   SUPPORTED             60              0              0              0              0              0
                   INFERENCE              0              0              0              0              0              0
                 UNSUPPORTED              5              0             10              0              0              5
                CONTRADICTED              0              0              0              0              0              0
               NOT_CHECKABLE              0              0              0              0              0              0
                        none              0              0              0              0              0              0
    same label: 93.3 % [80.5, 98.8] of 75
    not borne out (UNSUPPORTED or CONTRADICTED): precision 100.0 % [69.2, 100.0] of 10, recall 50.0 % [27.2, 72.8] of 20
    "#);
    assert!(
        run.stdout.contains("compared as good or not, a score of at least 1 being good"),
        "{}",
        run.stdout
    );
}
