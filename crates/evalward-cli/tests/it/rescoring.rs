//! Scoring the answers of a stored run anew.

use std::path::Path;

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

fn example(id: &str, question: &str) -> Example {
    Example::new(id, Partition::Golden).with_input("question", question)
}

fn own(anchor: &str) -> String {
    format!(
        "[judge.absolute.criteria.brevity]\nquestion = \"Is it short?\"\n\
         [judge.absolute.criteria.brevity.anchors]\n1 = \"{anchor}\"\n2 = \"It is short.\"\n"
    )
}

const SUITE: &str = r#"[suite]
name = "capitals"
dataset = "dataset"

[subject.openai]
model = "claude-3"
base_url = "${SUBJECT_URL}/v1"
prompt = "prompt.j2"

[judges.model.openai]
model = "gpt-5"
base_url = "${JUDGE_URL}/v1"

[metrics.short.judge]
judge = "judges/brevity.toml"
threshold = 2
samples = 1

[metrics.rules.constraints]
length = { words = { max = 5 } }
"#;

/// A suite whose subject and judge are servers that count what they are asked.
struct Stage {
    scratch: Scratch,
    subject: FakeModel,
    judge: FakeModel,
}

impl Stage {
    async fn new() -> Self {
        let scratch = Scratch::new();
        scratch.dataset(&[example("one", "Capital of France?"), example("two", "Of Peru?")]);
        scratch.file("evalward.toml", SUITE).file("prompt.j2", "{{ input.question }}");
        scratch.file("judges/brevity.toml", &own("It is long."));
        let subject = FakeModel::start(|question| {
            Turn::says(if question.contains("Peru") { "Lima" } else { "Paris" })
        })
        .await;
        let judge = FakeModel::start(|text| {
            let (_, after) =
                text.split_once("The code of this request is ").expect("it has a code");
            let criteria = json!({"brevity": {"reasoning": "Short.", "score": 2}});
            Turn::says(json!({"code": after.split('.').next(), "criteria": criteria}).to_string())
        })
        .await;
        Self { scratch, subject, judge }
    }

    fn run(&self, arguments: &str, code: i32) -> evalward_testkit::Finished {
        evalward(&self.scratch, arguments)
            .env("SUBJECT_URL", &self.subject.address())
            .env("JUDGE_URL", &self.judge.address())
            .run()
            .expect_code(code)
    }

    /// The name of the run that was made last.
    fn latest(&self) -> String {
        let runs = self.scratch.runs();
        let name = runs.last().and_then(|run| run.file_name()).expect("there is a run");
        name.to_string_lossy().into_owned()
    }

    fn manifest(&self, run: &str) -> Value {
        let path = Path::new(".evalward/runs").join(run).join("manifest.json");
        serde_json::from_str(&self.scratch.read(path)).unwrap()
    }

    fn asked(&self) -> [usize; 2] {
        [self.subject.requests().len(), self.judge.requests().len()]
    }
}

#[tokio::test]
async fn after_another_anchor_a_rescored_run_can_be_compared_and_the_subject_is_not_called() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet --no-cache", 0));
    let before = stage.latest();
    stage.scratch.file("judges/brevity.toml", &own("It is long!"));
    drop(stage.run("run --quiet --no-cache", 0));
    let after = stage.latest();
    assert_eq!(stage.asked(), [4, 4]);
    let versions = [&before, &after].map(|run| stage.manifest(run)["metrics"]["short"].clone());
    assert_ne!(versions[0]["version"], versions[1]["version"]);
    let refused = stage.run(&format!("compare {before} {after}"), 2);
    let command = format!("evalward rescore {before} --suite SUITE");
    assert!(refused.stderr.contains(&command), "{}", refused.stderr);

    let rescored = stage.run(&format!("rescore {before} --suite evalward.toml"), 0);
    assert_snapshot!(rescored.clean_stdout().split_once("\n\n").unwrap().0, @"
    capitals (unit)
      run      [run]
      subject  openai claude-3, prompt 8d7c4b81c1d5, answers of run [run]
      dataset  capitals, 2 examples
    ");
    let rescored = stage.latest();
    // Each answer is judged, and nothing is answered again.
    assert_eq!(stage.asked(), [4, 6]);
    let (old, new) = (stage.manifest(&before), stage.manifest(&rescored));
    assert_eq!(new["rescored_from"], json!(before));
    assert_eq!(new["subject"], old["subject"]);
    assert_eq!(new["metrics"], stage.manifest(&after)["metrics"]);
    drop(stage.run(&format!("compare {rescored} {after} --on-inconclusive warn"), 0));
    drop(stage.run(&format!("compare {before} {rescored}"), 2));
    assert_eq!(stage.asked(), [4, 6]);
}

#[tokio::test]
async fn a_judge_can_be_put_in_the_place_of_another() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet", 0));
    let first = stage.latest();
    stage.scratch.file("elsewhere/brevity.toml", &own("It rambles."));
    drop(stage.run(
        "rescore latest --judge elsewhere/brevity.toml --metric short --record calls.jsonl",
        0,
    ));
    assert_eq!(stage.asked(), [2, 4]);
    let versions =
        [&first, &stage.latest()].map(|run| stage.manifest(run)["metrics"]["short"].clone());
    assert_ne!(versions[0]["version"], versions[1]["version"]);
    // A rescored run can be rescored, by a recording too.
    let again = "rescore latest --judge elsewhere/brevity.toml --metric short --replay calls.jsonl";
    drop(evalward(&stage.scratch, again).run().expect_code(0));
    assert_eq!(stage.asked(), [2, 4]);
    let refused = stage.run("rescore latest --judge elsewhere/brevity.toml", 2);
    assert!(refused.stderr.contains("--metric"), "{}", refused.stderr);
}

#[tokio::test]
async fn a_stricter_rule_fails_the_same_answers() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet", 0));
    let failed = stage
        .run("rescore latest --set metrics.rules.constraints.capital.includes_all=['Paris']", 1);
    assert!(failed.stdout.contains("output  Lima"), "{}", failed.stdout);
    assert_eq!(stage.asked()[0], 2);
}

#[tokio::test]
async fn answers_to_other_inputs_are_left_out_and_told() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet", 0));
    stage.scratch.dataset(&[
        example("one", "Capital of France?").with_expected_output("Paris"),
        example("two", "Of Chile?"),
        example("three", "Of Mali?"),
    ]);
    let told = stage.run("rescore latest --set suite.name=towns", 0);
    let warnings: Vec<&str> =
        told.clean_stderr().lines().filter(|line| line.contains(" example ")).collect();
    assert_snapshot!(warnings.join("\n"), @"
    warning: 1 example of the run left out: the dataset no longer has the same input under the same id
    warning: 1 example of the dataset left out: the run did not answer it
    warning: 1 example scored as the dataset has it now: something beside the input has changed since the run
    ");
    stage.scratch.dataset(&[example("two", "Of Chile?")]);
    let refused = stage.run("rescore latest", 2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: the dataset has no example with the input that the run answered
      hint: name the suite of the run's dataset by `--suite`, or run the suite
    ");
}

#[tokio::test]
async fn stored_answers_have_no_fresh_trials() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet", 0));
    let set = "--set gates.golden.pass_rate=1.0 --set gates.golden.confirm=3";
    let told = stage.run(&format!("rescore latest {set}"), 0);
    assert!(told.stderr.contains("`gates.golden.confirm` does nothing"), "{}", told.stderr);
    drop(stage.run(&format!("rescore latest --strict {set}"), 2));
}

#[tokio::test]
async fn a_suite_that_is_not_here_must_be_named() {
    let stage = Stage::new().await;
    drop(stage.run("run --quiet", 0));
    std::fs::rename(stage.scratch.path("evalward.toml"), stage.scratch.path("moved.toml")).unwrap();
    let refused = stage.run("rescore latest", 2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: the suite `evalward.toml` of the run is not here
      hint: name one by `--suite`
    ");
    drop(stage.run("rescore latest --suite moved.toml", 0));
}
