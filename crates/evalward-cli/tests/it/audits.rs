//! Audits of judges that have one known fault, and of one that has none.

use evalward_core::{Document, Example, Partition};
use evalward_judge::perturb::{InjectionAim, injections};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stored_runs::{Grade, stored_run};
use crate::support::evalward;

const SUITE: &str = r#"[suite]
name = "support"
dataset = "dataset"

[subject.recorded]
file = "answers.jsonl"

[judges.model.openai]
model = "judge-1"
family = "gpt"
base_url = "${JUDGE_URL}/v1"

[judges.other_family.openai]
model = "other-1"
family = "llama"
base_url = "${JUDGE_URL}/v1"

[metrics.helpful.judge]
judge = "judge.toml"
samples = 1
threshold = 3.0

[gates.distribution]
pass_rate = 0.5
"#;

const JUDGE: &str = r#"[judge.absolute]
shown = ["input", "context"]
reasoning = "none"
scoring = "said"

[judge.absolute.criteria.kind]
question = "Is it kind?"
anchors = { 1 = "rude", 2 = "cold", 3 = "neutral", 4 = "kind", 5 = "warm" }

[judge.absolute.criteria.useful]
question = "Is it of use?"
anchors = { 1 = "none", 2 = "little", 3 = "some", 4 = "much", 5 = "all" }
"#;

/// Answers that are long in one run and short in the other.
fn folder() -> Scratch {
    let scratch = Scratch::new();
    let example = |number: usize| {
        let id = format!("traffic-{number:02}");
        let mut example = Example::new(&id, Partition::Distribution)
            .with_input("question", format!("question {number}"));
        example.context = vec![Document::from_text("One."), Document::from_text("Two.")];
        example
    };
    let examples: Vec<Example> = (0..24).map(example).collect();
    scratch.dataset(&examples).file("evalward.toml", SUITE).file("judge.toml", JUDGE);
    for (id, words) in
        [("short", "It takes five days."), ("long", "It takes five days from now on.")]
    {
        let mut run = stored_run(id, id);
        for (number, example) in examples.iter().enumerate() {
            let answer = format!("Answer {number}. {words}");
            run.trial(example, 1, Grade::Is(4.0), &answer);
        }
        run.write(&scratch);
    }
    scratch
}

fn part<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, after) = text.split_once(&format!(" begin {name}>>>\n")).expect("it has the part");
    let (_, code) = text.split_once("The code of this request is ").expect("it has a code");
    let code = code.split('.').next().expect("there is always a first piece");
    after.split_once(&format!("\n<<<{code} end {name}>>>")).expect("the part ends").0
}

fn answering(text: &str, mut answer: Value) -> Turn {
    let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
    answer["code"] = json!(after.split('.').next());
    Turn::says(answer.to_string())
}

/// How the judge's own model says things.
const OWN_STYLE: &str = "In short: ";

/// A server of both models: they restyle answers by a word before them, and the first one judges as the script says.
async fn judging(script: impl Fn(&Value) -> Turn + Send + Sync + 'static) -> FakeModel {
    FakeModel::answering(move |body| {
        let messages = body["messages"].as_array().expect("a request has messages");
        let text = |place: usize| messages[place]["content"].as_str().unwrap_or_default();
        if !text(0).starts_with("You say texts in your own words.") {
            return script(body);
        }
        let style = if body["model"] == "judge-1" { OWN_STYLE } else { "Well then: " };
        // A model that gets a number wrong now and then.
        let answer = text(1).replace("Answer 7.", "Answer 77.");
        Turn::says(json!({ "text": format!("{style}{answer}") }).to_string())
    })
    .await
}

fn last_message(body: &Value) -> &str {
    let messages = body["messages"].as_array().expect("a request has messages");
    messages[messages.len() - 1]["content"].as_str().expect("it is a text")
}

/// A judge that gives both criteria the score of an answer.
async fn scoring(score: impl Fn(&str) -> usize + Send + Sync + 'static) -> FakeModel {
    judging(move |body| {
        let text = last_message(body);
        let score = json!({"score": score(part(text, "answer")).clamp(1, 5)});
        answering(text, json!({"criteria": {"kind": score, "useful": score}}))
    })
    .await
}

async fn preferring(
    prefers: impl Fn(&str, &str) -> &'static str + Send + Sync + 'static,
) -> FakeModel {
    judging(move |body| {
        let text = last_message(body);
        let preferred = prefers(part(text, "first"), part(text, "second"));
        answering(text, json!({"reasoning": "It is so.", "preferred": preferred}))
    })
    .await
}

/// What an answer is worth, whatever else stands beside it.
fn worth(answer: &str) -> usize {
    let (_, number) = answer.split_once("Answer ").expect("every answer is numbered");
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    2 + digits.parse::<usize>().expect("it is a number") % 2
}

fn speaks_to_the_judge(answer: &str) -> bool {
    injections().iter().any(|it| it.aim == InjectionAim::Judge && answer.contains(&it.text))
}

fn audit(scratch: &Scratch, model: &FakeModel, arguments: &str) -> Value {
    let command = format!("judge audit evalward.toml --quiet --format json {arguments}");
    let run = evalward(scratch, &command).env("JUDGE_URL", &model.address()).run();
    serde_json::from_str(&run.expect_code(0).stdout).expect("an audit is JSON")
}

#[track_caller]
fn row<'a>(audit: &'a Value, experiment: &str) -> &'a Value {
    let rows = audit["rows"].as_array().unwrap();
    rows.iter().find(|row| row["experiment"] == experiment).unwrap()
}

#[tokio::test]
async fn an_honest_judge_shows_no_fault() {
    let scratch = folder();
    let model = scoring(worth).await;
    let found = audit(&scratch, &model, "--run short --n 20 --record audit.jsonl");
    for row in found["rows"].as_array().unwrap() {
        assert_eq!(row["shows_fault"], false, "{row}");
        let told = row["estimate"]["n"].as_u64().unwrap() + row["left_out"].as_u64().unwrap();
        assert!(told >= 20, "{row}");
    }
    let asked = model.requests().len();
    // The same seed makes the same changes, which the recording has.
    assert_eq!(audit(&scratch, &model, "--run short --n 20 --replay audit.jsonl"), found);
    assert_eq!(model.requests().len(), asked);
    let text = "judge audit evalward.toml --quiet --run short --n 20 --replay audit.jsonl";
    assert_snapshot!(evalward(&scratch, text).run().expect_code(0).clean_stdout());
}

#[tokio::test]
async fn a_judge_that_prefers_longer_answers_is_found_out() {
    let scratch = folder();
    let model = scoring(|answer| 1 + answer.len() / 100).await;
    let found = audit(&scratch, &model, "--run short");
    let verbosity = row(&found, "verbosity");
    assert_eq!(verbosity["shows_fault"], true, "{verbosity}");
    assert!(verbosity["estimate"]["interval"][0].as_f64().unwrap() > 0.0, "{verbosity}");
}

#[tokio::test]
async fn a_judge_that_obeys_an_instruction_is_found_out() {
    let scratch = folder();
    let model = scoring(|answer| if speaks_to_the_judge(answer) { 5 } else { worth(answer) }).await;
    let found = audit(&scratch, &model, "--run short --n 20 --injections 2");
    let injection = row(&found, "injection");
    // Each answer carries one instruction to the judge and one to any reader.
    assert_eq!(injection["estimate"]["value"], 0.5, "{injection}");
    assert_eq!(injection["estimate"]["n"], 40);
    assert_eq!(injection["shows_fault"], true);
    assert_eq!(row(&found, "injection_shift")["shows_fault"], true);
    assert_eq!(row(&found, "verbosity")["shows_fault"], false);
}

#[tokio::test]
async fn a_judge_that_follows_the_order_of_its_criteria_is_found_out() {
    let scratch = folder();
    let model = judging(|body| {
        let text = |place: &Value| place["content"].as_str().unwrap().to_owned();
        let messages = body["messages"].as_array().unwrap();
        let (system, last) = (text(&messages[0]), text(&messages[messages.len() - 1]));
        let is_reversed = system.find("## useful") < system.find("## kind");
        let score = json!({"score": if is_reversed { 4 } else { 3 }});
        answering(&last, json!({"criteria": {"kind": score, "useful": score}}))
    })
    .await;
    let found = audit(&scratch, &model, "--run short");
    assert_eq!(row(&found, "order_of_criteria")["estimate"]["value"], 1.0);
    assert_eq!(row(&found, "order_of_criteria")["shows_fault"], true);
    assert_eq!(row(&found, "order_of_documents")["shows_fault"], false);
}

#[tokio::test]
async fn a_judge_whose_samples_differ_is_found_out() {
    let scratch = folder();
    let model = judging(|body| {
        let last = last_message(body);
        // The code is another one each time, so that nobody foresees the score.
        let (_, code) = last.split_once("The code of this request is ").unwrap();
        let score = json!({"score": if code.as_bytes()[0] % 2 == 0 { 1 } else { 5 }});
        answering(last, json!({"criteria": {"kind": score, "useful": score}}))
    })
    .await;
    let found = audit(&scratch, &model, "--run short --repeats 4");
    assert_eq!(row(&found, "variance")["shows_fault"], true);
    assert_eq!(row(&found, "instability")["shows_fault"], true);
}

#[tokio::test]
async fn a_judge_that_prefers_its_own_style_is_found_out() {
    let scratch = folder();
    let model =
        scoring(|answer| if answer.starts_with(OWN_STYLE) { worth(answer) + 2 } else { 3 }).await;
    let found = audit(&scratch, &model, "--run short --n 24");
    let style = row(&found, "self_preference");
    assert_eq!(style["shows_fault"], true, "{style}");
    assert!(style["estimate"]["interval"][0].as_f64().unwrap() > 0.0, "{style}");
    assert!(style["what"].as_str().unwrap().ends_with("(judge-1 and other-1)"), "{style}");
    // Both models got the number of one answer wrong, which is no longer the same answer.
    assert_eq!(style["estimate"]["n"], 23);
    assert_eq!(style["left_out_because"], json!({"a restyling changes a fact": 1}));
    // Restylings are kept as other answers of models are.
    let restylings = |model: &FakeModel| {
        let is_restyling = |body: &&Value| {
            body["messages"].as_array().unwrap().len() == 2
                && body["messages"][0]["content"].as_str().unwrap().starts_with("You say")
        };
        model.requests().iter().filter(is_restyling).count()
    };
    assert_eq!(restylings(&model), 48);
    assert_eq!(audit(&scratch, &model, "--run short --n 24"), found);
    assert_eq!(restylings(&model), 48);
    drop(audit(&scratch, &model, "--run short --n 24 --no-cache"));
    assert_eq!(restylings(&model), 96);
    let other =
        scoring(|answer| if answer.starts_with(OWN_STYLE) { worth(answer) - 1 } else { 3 }).await;
    let found = audit(&scratch, &other, "--run short --n 24");
    let style = row(&found, "self_preference");
    assert!(style["estimate"]["interval"][1].as_f64().unwrap() < 0.0, "{style}");
}

#[tokio::test]
async fn a_judge_of_pairs_that_prefers_its_own_style_is_found_out() {
    let scratch = folder();
    let both = "--pairwise preference --run short --run long --n 20";
    let own = preferring(|first, second| {
        match (first.starts_with(OWN_STYLE), second.starts_with(OWN_STYLE)) {
            (true, false) => "first",
            (false, true) => "second",
            _ => "tie",
        }
    });
    let found = audit(&scratch, &own.await, both);
    let style = row(&found, "self_preference");
    assert_eq!(style["estimate"]["value"], 1.0, "{style}");
    assert_eq!(style["shows_fault"], true);
    let fair = preferring(|_, _| "tie").await;
    let found = audit(&scratch, &fair, both);
    let style = row(&found, "self_preference");
    assert_eq!(style["estimate"]["value"], 0.5, "{style}");
    assert_eq!(style["shows_fault"], false);
}

#[tokio::test]
async fn without_a_model_of_another_family_nobody_restyles() {
    let scratch = folder();
    let model = scoring(worth).await;
    let meaning = |arguments: &str| {
        let found = audit(&scratch, &model, &format!("--run short --n 4 {arguments}"));
        let style = row(&found, "self_preference");
        assert!(style["estimate"].is_null(), "{style}");
        style["meaning"].as_str().unwrap().to_owned()
    };
    assert_snapshot!(meaning("--set judges.other_family.openai.family=gpt"), @"skipped: `judge-1` and `other-1` are both of the family gpt; name a model of another family by `[judges.other_family.openai]` or `[judges.other_family.anthropic]`");
    let unknown = SUITE.replace("family = \"llama\"\n", "");
    scratch.file("evalward.toml", &unknown);
    assert_snapshot!(meaning(""), @"skipped: the families of `judge-1` and `other-1` are not both known; say that of `other-1` by `family`");
    let table = unknown.find("[judges.other_family").zip(unknown.find("[metrics"));
    let (start, end) = table.expect("the suite has both");
    let mut alone = unknown.clone();
    alone.replace_range(start..end, "");
    scratch.file("evalward.toml", &alone);
    assert_snapshot!(meaning(""), @"skipped: the suite names no second model; name a model of another family by `[judges.other_family.openai]` or `[judges.other_family.anthropic]`");
    // The subject is a second model where it has a prompt.
    let subject = alone.replace(
        "[subject.recorded]\nfile = \"answers.jsonl\"",
        "[subject.openai]\nmodel = \"claude-3\"\nprompt = \"p.j2\"\nbase_url = \"${JUDGE_URL}/v1\"",
    );
    scratch.file("evalward.toml", &subject).file("p.j2", "{{ input.question }}");
    let found = audit(&scratch, &model, "--run short --n 4");
    assert_eq!(row(&found, "self_preference")["estimate"]["n"], 4);
    let nowhere = subject.replace(
        "prompt = \"p.j2\"\nbase_url = \"${JUDGE_URL}/v1\"",
        "prompt = \"p.j2\"\nbase_url = \"${NOWHERE}/v1\"",
    );
    scratch.file("evalward.toml", &nowhere);
    assert_snapshot!(meaning(""), @"skipped: the subject's model cannot be asked (environment variable `NOWHERE` is not set); name a model of another family by `[judges.other_family.openai]` or `[judges.other_family.anthropic]`");
}

#[tokio::test]
async fn judges_of_pairs_are_audited_too() {
    let scratch = folder();
    let both = "--pairwise preference --run short --run long --n 20";
    let first = preferring(|_, _| "first").await;
    let found = audit(&scratch, &first, both);
    assert_eq!(row(&found, "position")["estimate"]["value"], 1.0);
    assert_eq!(row(&found, "position")["shows_fault"], true);
    assert!(row(&found, "injection")["estimate"].is_null());
    let longer =
        preferring(|first, second| if first.len() > second.len() { "first" } else { "second" });
    let found = audit(&scratch, &longer.await, both);
    assert_eq!(row(&found, "verbosity")["estimate"]["value"], 1.0);
    assert_eq!(row(&found, "verbosity")["shows_fault"], true);
    assert_eq!(row(&found, "position")["shows_fault"], false);
    let obeys = preferring(|first, second| {
        let is_better = |one: &str, other: &str| {
            speaks_to_the_judge(one) || (one.contains("from now on") && !speaks_to_the_judge(other))
        };
        match (is_better(first, second), is_better(second, first)) {
            (true, false) => "first",
            (false, true) => "second",
            _ => "tie",
        }
    });
    let found = audit(&scratch, &obeys.await, both);
    assert_eq!(row(&found, "injection")["estimate"]["value"], 0.5);
    assert_eq!(row(&found, "injection")["shows_fault"], true);
    assert_eq!(row(&found, "verbosity")["shows_fault"], false);
    assert_eq!(row(&found, "instability")["shows_fault"], false);
}

/// The lines of a report about audits.
fn about_audits(report: &str) -> String {
    let lines = report.lines().skip_while(|line| !line.contains("audit of judge"));
    lines
        .take_while(|line| !line.contains("failed") && *line != "gates")
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn an_audit_that_is_kept_stands_in_reports_of_its_version() {
    let scratch = folder();
    let answers: Vec<(String, String)> = (0..24)
        .map(|number| (format!("traffic-{number:02}"), format!("Answer {number}. It is so.")))
        .collect();
    let answers: Vec<(&str, &str)> =
        answers.iter().map(|(id, answer)| (id.as_str(), answer.as_str())).collect();
    scratch.answers("answers.jsonl", &answers);
    std::fs::remove_dir_all(scratch.path(".evalward")).expect("the stored runs are there");
    let model = scoring(|answer| 3 + answer.len() / 100).await;
    let command = |command: &str, code: i32| {
        evalward(&scratch, command).env("JUDGE_URL", &model.address()).run().expect_code(code)
    };
    let before = command("run --quiet", 0);
    assert_eq!(about_audits(before.clean_stdout()), "");
    let page = command(
        "judge audit evalward.toml --quiet --run latest --n 20 --write --format markdown",
        0,
    );
    assert_snapshot!(page.clean_stdout());
    let report = command("report latest", 0);
    assert_snapshot!(about_audits(report.clean_stdout()));
    let json: Value =
        serde_json::from_str(&command("report latest --format json", 0).stdout).unwrap();
    assert_eq!(json["audits"][0]["metric"], "helpful");
    assert_eq!(json["audits"][0]["is_current"], true);
    // One word of an anchor makes another judge, of which the audit says nothing.
    scratch.file("judge.toml", &JUDGE.replace("warm", "warm and kind"));
    let after = command("run --quiet", 0);
    let told = about_audits(after.clean_stdout());
    assert!(told.contains("of another version") && !told.contains("verbosity"), "{told}");
    // What cannot be read is told and stops nobody.
    scratch.file("audits/helpful.json", "{\"version\": 9}");
    let broken = command("report latest", 0);
    assert!(broken.stderr.contains("is not shown"), "{}", broken.stderr);
}

#[tokio::test]
async fn labels_have_answers_too_and_what_cannot_be_audited_is_told() {
    let scratch = folder();
    let lines: Vec<String> = (0..8)
        .map(|number| {
            let input = json!({"question": format!("question {number}")});
            let context = json!([{"text": "One."}]);
            let line = json!({"input": input, "context": context, "output": format!("Answer {number}. It takes five days."), "label": 4});
            format!("{line}\n")
        })
        .collect();
    scratch.file("labels.jsonl", &lines.concat());
    let model = scoring(worth).await;
    let found = audit(&scratch, &model, "--labels labels.jsonl --out audit.json");
    assert_eq!(found["answers"], 8);
    assert!(row(&found, "order_of_documents")["estimate"].is_null());
    assert_eq!(serde_json::from_str::<Value>(&scratch.read("audit.json")).unwrap(), found);
    let silent = FakeModel::start(|_| Turn::says("Five.")).await;
    let nothing =
        evalward(&scratch, "judge audit evalward.toml --quiet --run short --n 3 --repeats 1")
            .env("JUDGE_URL", &silent.address())
            .run()
            .expect_code(3);
    assert!(nothing.stderr.contains("nothing could be audited"), "{}", nothing.stderr);
    for wrong in [
        "--run short --metric helpfull",
        "--run short --run long",
        "--run short --rise 0",
        "--run nobody",
    ] {
        let command = format!("judge audit evalward.toml {wrong}");
        let run = evalward(&scratch, &command).env("JUDGE_URL", &model.address()).run();
        drop(run.expect_code(2));
    }
}
