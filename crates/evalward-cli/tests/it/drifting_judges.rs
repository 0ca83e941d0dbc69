//! Judges that change under one name: frozen answers tell.

use evalward_core::{Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

const OWN: &str = r#"[judge.absolute]
shown = ["input", "context", "reference"]
reasoning = "short"

[judge.absolute.criteria.quality]
question = "Is the answer right?"
anchors = { 1 = "It is wrong.", 2 = "Hardly.", 3 = "In part.", 4 = "Mostly.", 5 = "It is right." }
"#;

fn suite(tier: &str, judges: &str) -> Scratch {
    let scratch = Scratch::new();
    let mut example = Example::new("one", Partition::Golden)
        .with_input("question", "Capital of France?")
        .with_expected_output("Paris");
    example.context = vec![evalward_core::Document::from_text("Paris is the capital of France.")];
    scratch.dataset(&[example]).answers("answers.jsonl", &[("one", "Paris")]);
    scratch.file("own.toml", OWN).file(
        "evalward.toml",
        &format!(
            "[suite]\nname = \"capitals\"\ntier = \"{tier}\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
             [judges]\n{judges}\nmodel.openai = {{ model = \"judge-1\", base_url = \"${{JUDGE_URL}}/v1\" }}\n\n\
             [metrics.quality.judge]\njudge = \"own.toml\"\nthreshold = 2\nsamples = 1\n"
        ),
    );
    scratch
}

/// A judge that scores by the length of the request.
async fn judge(score: impl Fn(usize) -> u64 + Send + Sync + 'static) -> FakeModel {
    FakeModel::start(move |text| {
        let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
        let verdict = json!({"reasoning": "So.", "score": score(text.len())});
        let code = after.split('.').next();
        Turn::says(json!({"code": code, "criteria": {"quality": verdict}}).to_string())
    })
    .await
}

fn run(scratch: &Scratch, judge: &FakeModel, arguments: &str) -> evalward_testkit::Finished {
    evalward(scratch, arguments).env("JUDGE_URL", &judge.address()).run().expect_code(0)
}

fn canaries(scratch: &Scratch) -> Option<Value> {
    let folder = scratch.runs().pop().expect("there is a run");
    let text = std::fs::read_to_string(folder.join("canaries.json")).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

#[tokio::test]
async fn a_judge_that_changed_under_its_name_makes_runs_incomparable() {
    let scratch = suite("unit", "canaries = true");
    let mild = judge(|length| 4 + u64::try_from(length % 2).unwrap()).await;
    drop(run(&scratch, &mild, "run --quiet"));
    assert_eq!(mild.requests().len(), 21);
    let kept = canaries(&scratch).unwrap();
    let quality = &kept["judges"]["quality"];
    assert_eq!(quality["scores"].as_object().unwrap().len(), 20);
    assert_eq!(quality["models"], json!([{"model": "fake-1", "fingerprint": null}]));
    // The example's judgement is in the cache; the frozen answers are judged afresh.
    drop(run(&scratch, &mild, "run --quiet"));
    assert_eq!(mild.requests().len(), 41);
    let runs = scratch.runs();
    let compare = |one: usize, two: usize| {
        format!("compare {} {} --on-inconclusive warn", runs[one].display(), runs[two].display())
    };
    drop(evalward(&scratch, &compare(0, 1)).run().expect_code(0));

    let strict = judge(|_| 2).await;
    drop(run(&scratch, &strict, "run --quiet --no-cache"));
    let runs = scratch.runs();
    let compare = format!("compare {} {}", runs[0].display(), runs[2].display());
    let refused = evalward(&scratch, &compare).run().expect_code(2);
    assert_snapshot!(refused.clean_stderr(), @"
    error: failed to compare: the judge of `quality` has changed under its name: it scores the same 20 frozen answers 2.000 in the candidate and 4.700 in the baseline (99.0 % interval of the difference -3.001 to -2.399), so that the runs were not measured alike
      hint: score the baseline's answers by the judge as it is now, without a call of the subject: `evalward rescore [run] --no-cache`, and compare with that run
    ");
    // Rescored by the judge as it is now, the runs can be compared again.
    drop(run(&scratch, &strict, &format!("rescore {} --quiet --no-cache", runs[0].display())));
    let rescored = scratch.runs().pop().unwrap();
    let compare =
        format!("compare {} {} --on-inconclusive warn", rescored.display(), runs[2].display());
    drop(evalward(&scratch, &compare).run().expect_code(0));
}

#[tokio::test]
async fn suites_of_the_tier_integration_have_them_by_default() {
    for (tier, judges, asked) in
        [("unit", "", 1), ("integration", "", 21), ("integration", "canaries = false", 1)]
    {
        let scratch = suite(tier, judges);
        let judge = judge(|_| 4).await;
        drop(run(&scratch, &judge, "run --quiet"));
        assert_eq!(judge.requests().len(), asked, "{tier} {judges}");
        assert_eq!(canaries(&scratch).is_some(), asked > 1);
    }
}

#[tokio::test]
async fn recordings_hold_them_and_older_ones_do_without() {
    let scratch = suite("unit", "canaries = true");
    let judge = judge(|_| 4).await;
    drop(run(&scratch, &judge, "run --quiet --set judges.canaries=false --record old.jsonl"));
    drop(run(&scratch, &judge, "run --quiet --record new.jsonl"));
    let before = judge.requests().len();
    drop(evalward(&scratch, "run --quiet --replay new.jsonl").run().expect_code(0));
    assert_eq!(canaries(&scratch).unwrap()["judges"]["quality"]["missing"], 0);
    let old = evalward(&scratch, "run --replay old.jsonl").run().expect_code(0);
    assert!(old.stderr.contains("did not score 20 of the frozen answers"), "{}", old.stderr);
    assert_eq!(canaries(&scratch).unwrap()["judges"]["quality"]["missing"], 20);
    assert_eq!(judge.requests().len(), before);
    // Nothing is known then, and nothing is refused.
    let runs = scratch.runs();
    let [.., replayed, last] = runs.as_slice() else { panic!("{runs:?}") };
    let compare =
        format!("compare {} {} --on-inconclusive warn", replayed.display(), last.display());
    drop(evalward(&scratch, &compare).run().expect_code(0));
    let compare =
        format!("compare {} {} --on-inconclusive warn", runs[0].display(), last.display());
    let told = evalward(&scratch, &compare).run().expect_code(0);
    assert!(told.stderr.contains("scored no frozen answers"), "{}", told.stderr);
}
