//! Hidden probes of judges.

use evalward_core::{Document, Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use serde_json::{Value, json};

use crate::support::evalward;

fn suite(rule: &str) -> Scratch {
    let scratch = Scratch::new();
    let examples: Vec<Example> = (0..12)
        .map(|number| {
            let mut example = Example::new(&format!("q-{number:02}"), Partition::Golden)
                .with_input("question", format!("What does plan {number} cost?"));
            example.context = vec![
                Document::from_text(format!("Plan {number} costs {number}0 euros.")),
                Document::from_text("Support is free."),
            ];
            example
        })
        .collect();
    scratch.dataset(&examples);
    let answers = (0..12).map(|number| {
        let output = format!("Plan {number} costs {number}0 euros.");
        json!({"id": format!("q-{number:02}"), "output": output}).to_string() + "\n"
    });
    scratch.file("answers.jsonl", &answers.collect::<String>());
    scratch.file(
        "judges/sound.toml",
        "[judge.absolute]\nshown = [\"input\", \"context\"]\nsamples = 1\nreasoning = \"none\"\n\
         [judge.absolute.criteria.sound]\nquestion = \"Is it sound?\"\n\
         anchors = { 1 = \"no\", 2 = \"hardly\", 3 = \"partly\", 4 = \"mostly\", 5 = \"yes\" }\n",
    );
    scratch.file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"prices\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
             [judges]\nprobes = 10\n\n[judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${{JUDGE_URL}}/v1\"\n\n\
             [metrics.sound.judge]\njudge = \"judges/sound.toml\"\nthreshold = 4\n{rule}"
        ),
    );
    scratch
}

/// A judge that gives 4, and 5 to answers of several lines if it obeys, and 1 to what no document says if it reads.
async fn judge(obeys: bool, reads: bool) -> FakeModel {
    FakeModel::start(move |text| {
        let (_, after) = text.rsplit_once("The code of this request is ").expect("it has a code");
        let (before, answer) = text.rsplit_once("begin answer>>>").expect("it has an answer");
        let (answer, _) = answer.split_once("<<<").expect("the answer ends");
        let is_right =
            answer.lines().any(|line| line.starts_with("Plan ") && before.contains(line));
        let score = match (obeys && answer.trim().lines().count() > 1, reads && !is_right) {
            (true, _) => 5,
            (_, true) => 1,
            _ => 4,
        };
        let code = after.split('.').next();
        Turn::says(json!({"code": code, "criteria": {"sound": {"score": score}}}).to_string())
    })
    .await
}

fn probes(scratch: &Scratch) -> Value {
    let file = scratch.only_run().join("probes.json");
    serde_json::from_str(&scratch.read(file)).unwrap()
}

#[tokio::test]
async fn a_judge_that_is_not_swayed_keeps_its_word_and_its_results() {
    let scratch = suite("");
    let model = judge(false, true).await;
    let run = evalward(&scratch, "run --record calls.jsonl").env("JUDGE_URL", &model.address());
    let run = run.run().expect_code(0);
    assert!(run.stdout.contains("hidden probes of judges"), "{}", run.stdout);
    let found = probes(&scratch);
    let kinds = &found["judges"][0]["susceptibility"]["kinds"];
    let mut calls = 12;
    for kind in ["injected", "padded", "reordered", "wrong_fact"] {
        let probes = kinds[kind]["probes"].as_u64().unwrap();
        // Not every number can be made another one that nobody stated.
        assert!(probes == 10 || (kind == "wrong_fact" && probes == 9), "{kind}: {kinds}");
        assert_eq!(kinds[kind]["swayed"]["value"], 0.0, "{kind}: {kinds}");
        calls += usize::try_from(probes).unwrap();
    }
    assert_eq!(scratch.rows().len(), 12);
    // A further call for each probe, and a replay makes none.
    assert_eq!(model.requests().len(), calls);
    let replay = evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(0);
    assert!(replay.stdout.contains("hidden probes of judges"), "{}", replay.stdout);
    assert_eq!(model.requests().len(), calls);
}

#[tokio::test]
async fn a_judge_that_is_swayed_gates_no_more() {
    let scratch = suite("");
    let model = judge(true, false).await;
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run();
    let run = run.expect_code(3);
    assert!(run.stdout.contains("is suspended. Take a stronger judge"), "{}", run.stdout);
    assert!(run.stdout.contains("sound only reports: the judge was swayed by"), "{}", run.stdout);
    let rows = scratch.rows();
    assert!(rows.iter().all(|row| row["outcome"] == "skipped"), "{rows:?}");
    let manifest = scratch.read(scratch.only_run().join("manifest.json"));
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    assert_eq!(manifest["metrics"]["sound"]["gating"], false);
    let reason = manifest["metrics"]["sound"]["suspended"].as_str().unwrap();
    assert!(reason.contains("beyond the bound of 20 %"), "{reason}");
    // The report says the same, and the rule that there is decides alone.
    drop(evalward(&scratch, "report latest").run().expect_code(3));
    let scratch = suite("\n[metrics.short.constraints]\nlength = { words = { max = 8 } }\n");
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run();
    let run = run.expect_code(0);
    assert!(run.stdout.contains("only reports: the judge was swayed by"), "{}", run.stdout);
    // A higher bound is the team's own word.
    let scratch = suite("");
    let run = evalward(&scratch, "run --quiet --set judges.max_swayed=1.0");
    drop(run.env("JUDGE_URL", &model.address()).run().expect_code(0));
}

#[tokio::test]
async fn a_judge_that_lost_its_word_loses_it_again_when_the_run_is_resumed() {
    let scratch = suite("\n[metrics.short.constraints]\nlength = { words = { max = 8 } }\n");
    let model = judge(true, false).await;
    let answers = scratch.read("answers.jsonl");
    let (_, rest) = answers.split_once('\n').unwrap();
    scratch.file("answers.jsonl", rest);
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run();
    assert!(run.expect_code(3).stdout.contains("only reports: the judge was swayed by"));
    scratch.file("answers.jsonl", &answers);
    let run = evalward(&scratch, "run --quiet --resume").env("JUDGE_URL", &model.address()).run();
    let run = run.expect_code(0);
    assert!(run.stdout.contains("only reports: the judge was swayed by"), "{}", run.stdout);
    let rows = scratch.rows();
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|row| row["scores"]["sound"]["passed"].is_null()), "{rows:?}");
    let found = probes(&scratch);
    assert_eq!(found["judges"][0]["susceptibility"]["kinds"]["padded"]["probes"], 10);
}

#[tokio::test]
async fn a_run_whose_probes_were_never_evaluated_decides_nothing() {
    let scratch = suite("");
    let model = judge(false, true).await;
    drop(evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run().expect_code(0));
    let run = scratch.only_run();
    drop(evalward(&scratch, "report latest").run().expect_code(0));
    // As a kill between the last row and the suspension leaves it.
    std::fs::remove_file(run.join("probes.json")).unwrap();
    let report = evalward(&scratch, "report latest").run().expect_code(3);
    let told = "the run ended before its probes were evaluated";
    assert!(report.stdout.contains(told), "{}", report.stdout);
    let compare = format!("compare {0} {0}", run.display());
    let compare = evalward(&scratch, &compare).run().expect_code(3);
    assert!(compare.stderr.contains("were not evaluated"), "{}", compare.stderr);
}

#[test]
fn probes_without_a_judge_are_warned_of() {
    let scratch = suite("");
    let text = scratch.read("evalward.toml");
    let (before, _) = text.split_once("[metrics.sound.judge]").unwrap();
    let rules = "[metrics.short.constraints]\nlength = { words = { max = 80 } }\n";
    scratch.file("evalward.toml", &format!("{before}{rules}"));
    let run = evalward(&scratch, "run").env("JUDGE_URL", "http://127.0.0.1:9").run();
    let told = "`judges.probes` does nothing: no metric asks a judge";
    assert!(run.expect_code(0).stderr.contains(told));
}
