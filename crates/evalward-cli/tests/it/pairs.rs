//! Runs whose answers are compared by a judge.

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Finished, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::stored_runs::{Grade, stored_run};
use crate::support::evalward;

const SUITE: &str = "[suite]\nname = \"support\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
     [metrics.short.constraints]\nlength = { words = { max = 80 } }\n\n\
     [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${JUDGE_URL}/v1\"\n";

fn example(number: usize) -> Example {
    Example::new(&format!("traffic-{number:02}"), Partition::Distribution)
        .with_input("question", format!("question {number}"))
}

/// What a run answers to an example of this number.
type Answers = fn(usize) -> String;

/// A folder with runs of 20 examples each, by what they answer.
fn folder(runs: &[(&str, Answers)]) -> Scratch {
    let scratch = Scratch::new();
    let examples: Vec<Example> = (0..20).map(example).collect();
    scratch.dataset(&examples).file("evalward.toml", SUITE);
    for (id, answer) in runs {
        let mut run = stored_run(id, id);
        for (number, example) in examples.iter().enumerate() {
            run.trial(example, 1, Grade::Is(4.0), &answer(number));
        }
        run.write(&scratch);
    }
    scratch
}

fn short(number: usize) -> String {
    format!("Answer {number}.")
}

fn long(number: usize) -> String {
    format!("This is the whole of answer {number}.")
}

fn longest(number: usize) -> String {
    format!("This, with all that belongs to it and a little more, is the whole of answer {number}.")
}

fn usually_long(number: usize) -> String {
    if number.is_multiple_of(5) { short(number) } else { long(number) }
}

/// What stands in a part of the last message.
fn part<'a>(text: &'a str, name: &str) -> &'a str {
    let (_, after) = text.split_once(&format!(" begin {name}>>>\n")).expect("it has the part");
    after.split_once("\n<<<").expect("the part ends").0
}

/// A judge that prefers what a function of both answers says.
async fn preferring(
    prefers: impl Fn(&str, &str) -> &'static str + Send + Sync + 'static,
) -> FakeModel {
    FakeModel::start(move |text| {
        let Some((_, after)) = text.split_once("The code of this request is ") else {
            return Turn::says("I cannot tell.");
        };
        let preferred = prefers(part(text, "first"), part(text, "second"));
        let answer = json!({"code": after.split('.').next(), "reasoning": "It is so.", "preferred": preferred});
        Turn::says(answer.to_string())
    })
    .await
}

fn compare(scratch: &Scratch, model: &FakeModel, arguments: &str, code: i32) -> Finished {
    let command = format!("judge compare --suite evalward.toml --quiet {arguments}");
    evalward(scratch, &command).env("JUDGE_URL", &model.address()).run().expect_code(code)
}

fn longer(first: &str, second: &str) -> &'static str {
    match first.len().cmp(&second.len()) {
        std::cmp::Ordering::Greater => "first",
        std::cmp::Ordering::Less => "second",
        std::cmp::Ordering::Equal => "tie",
    }
}

#[tokio::test]
async fn a_judge_that_always_prefers_the_first_answer_reports_ties_and_its_bias() {
    let scratch = folder(&[("one", short), ("two", long)]);
    let model = preferring(|_, _| "first").await;
    let compared = compare(&scratch, &model, "one two", 0);
    assert_snapshot!(compared.clean_stdout());
    assert_eq!(model.requests().len(), 40);
}

#[tokio::test]
async fn an_answer_of_the_judge_is_kept_unless_the_cache_is_left_alone() {
    let scratch = folder(&[("one", short), ("two", long)]);
    let model = preferring(longer).await;
    let asked = |arguments: &str| {
        drop(compare(&scratch, &model, arguments, 0));
        model.requests().len()
    };
    assert_eq!(asked("one two --no-cache"), 40);
    assert_eq!(asked("one two"), 80);
    assert_eq!(asked("one two"), 80);
    assert_eq!(asked("one two --no-cache"), 120);
}

#[tokio::test]
async fn the_better_run_wins_and_ratings_order_several() {
    let scratch = folder(&[("one", short), ("three", longest), ("two", usually_long)]);
    let model = preferring(longer).await;
    let compared = compare(&scratch, &model, "one two three --record pairs.jsonl", 0);
    assert_snapshot!(compared.clean_stdout());
    // Four answers of two runs are the same: nobody was asked for these pairs, and both of their pairs with the third are one.
    assert_eq!(model.requests().len(), 2 * (16 + 20 + 16));
    let again = compare(&scratch, &model, "one two three --replay pairs.jsonl --format json", 0);
    assert_eq!(model.requests().len(), 2 * (16 + 20 + 16));
    let report: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(report["pairs"][0]["tally"]["same"], 4);
    assert_eq!(report["pairs"][0]["tally"]["second_wins"], 16);
    assert_eq!(report["comparisons"].as_array().unwrap().len(), 60);
    let ratings = &report["ratings"]["bradley_terry"]["estimate"]["ratings"];
    let rating = |place: usize| ratings[place].as_f64().unwrap();
    assert!(rating(0) < rating(1) && rating(1) < rating(2), "{ratings}");
}

#[tokio::test]
async fn a_sample_is_the_same_for_its_seed() {
    let scratch = folder(&[("one", short), ("two", long)]);
    let model = preferring(longer).await;
    let ids = |seed: u32| {
        let arguments = format!("one two --sample 5 --seed {seed} --format json");
        let report: Value =
            serde_json::from_str(&compare(&scratch, &model, &arguments, 0).stdout).unwrap();
        let comparisons = report["comparisons"].as_array().unwrap().iter();
        comparisons.map(|it| it["example"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(1).len(), 5);
    assert_eq!(ids(1), ids(1));
    assert_ne!(ids(1), ids(2));
}

#[tokio::test]
async fn what_cannot_be_judged_is_told_by_the_exit_code() {
    let scratch = folder(&[("one", short), ("two", long)]);
    let silent = FakeModel::start(|_| Turn::says("The first one.")).await;
    let errored = compare(&scratch, &silent, "one two --sample 3", 3);
    let tells = "3 of 3 pairs could not be judged";
    assert!(errored.stderr.contains(tells), "{}", errored.stderr);
    let some = preferring(
        |first, second| {
            if [first, second].contains(&"Answer 7.") { "neither" } else { "tie" }
        },
    )
    .await;
    drop(compare(&scratch, &some, "one two", 3));
    let tolerated = compare(&scratch, &some, "one two --max-errored 0.05", 0);
    assert!(tolerated.stdout.contains("1 errored"), "{}", tolerated.stdout);
    let context = "description = \"x\"\n[judge.pairwise]\nshown = [\"context\"]\ncriteria.x = \"Which is better?\"\n";
    scratch.file("context.toml", context);
    let skipped = compare(&scratch, &some, "one two --judge context.toml", 3);
    assert!(skipped.stderr.contains("has no context"), "{}", skipped.stderr);
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_before_any_call() {
    let scratch = folder(&[("one", short), ("two", long)]);
    let mut other = stored_run("other", "other");
    other.trial(&example(0), 1, Grade::Is(4.0), "Hm.");
    other.manifest.dataset.name = "sales".to_owned();
    other.write(&scratch);
    let model = preferring(longer).await;
    let refused = |arguments: &str| {
        let finished = compare(&scratch, &model, arguments, 2);
        finished.clean_stderr().to_owned()
    };
    let lines = [
        refused("one other"),
        refused("one one"),
        refused("one two --judge helpfulness"),
        evalward(&scratch, "judge compare one two").run().expect_code(2).clean_stderr().to_owned(),
    ];
    assert_snapshot!(lines.concat());
    assert_eq!(model.requests().len(), 0);
}

#[tokio::test]
async fn a_judge_of_a_compared_models_family_is_warned_of() {
    let scratch = folder(&[("gpt-4o-mini", short), ("claude-3", long)]);
    let model = preferring(longer).await;
    let told = |arguments: &str, code: i32| {
        let command =
            format!("judge compare gpt-4o-mini claude-3 --suite evalward.toml {arguments}");
        let run = evalward(&scratch, &command).env("JUDGE_URL", &model.address()).run();
        let run = run.expect_code(code);
        let lines = run.clean_stderr().lines().filter(|line| !line.starts_with("compared"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let own = "--set judges.model.openai.model=gpt-4o";
    assert_snapshot!(told(own, 0), @"warning: the judge `gpt-4o` of `preference` is of the subject's family gpt (`gpt-4o-mini`), whose answers it favours; the judge is no newer: choose one of another family (--set judges.model.openai.model:1:8)");
    let asked = model.requests().len();
    assert_snapshot!(told(&format!("{own} --strict --no-cache"), 2), @r#"
    error: `--strict` lets nobody be asked with a warning:
      - the judge `gpt-4o` of `preference` is of the subject's family gpt (`gpt-4o-mini`), whose answers it favours; the judge is no newer: choose one of another family (--set judges.model.openai.model:1:8)
      hint: mend what it tells of, or leave out `--strict`
    "#);
    assert_eq!(model.requests().len(), asked);
    assert_eq!(told("--set judges.model.openai.model=llama-3.1-8b --strict", 0), "");
    assert_snapshot!(told("--set judges.model.openai.model=llama-3.1-8b --set judges.model.openai.temperature=0.8", 0), @"warning: the judge's temperature is 0.8, above 0.3, so that its scores differ from call to call (--set judges.model.openai.temperature:1:35)");
    let unknown = told("", 0);
    assert!(
        unknown.contains("`judge-1` of `preference` is of the subject's family is not known"),
        "{unknown}"
    );
}
