//! Suites whose answers are judged by a model.

use evalward_core::{Document, Example, Partition};
use evalward_testkit::{FakeModel, Scratch, Turn};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::evalward;

/// One context, and a clean answer, a slightly wrong price and an invented feature.
const CONTEXT: &str = "The Pro plan costs $49 a month and includes five seats.";
const ANSWERS: [(&str, &str); 3] = [
    ("clean", "The Pro plan costs $49 a month."),
    ("feature", "The Pro plan costs $49 a month and has phone support."),
    ("price", "The Pro plan costs $49.90 a month."),
];

fn suite(metrics: &str) -> Scratch {
    let scratch = Scratch::new();
    let examples = ANSWERS.map(|(id, _)| {
        let mut example =
            Example::new(id, Partition::Golden).with_input("question", "What does Pro cost?");
        example.context = vec![Document::from_text(CONTEXT)];
        example
    });
    scratch.dataset(&examples).answers("answers.jsonl", &ANSWERS);
    let suite = format!(
        "[suite]\nname = \"pricing\"\ndataset = \"dataset\"\n\n[subject.recorded]\nfile = \"answers.jsonl\"\n\n\
         [judges.model.openai]\nmodel = \"judge-1\"\nbase_url = \"${{JUDGE_URL}}/v1\"\n\n{metrics}"
    );
    scratch.file("evalward.toml", &suite);
    scratch
}

/// A judge by a script over the request, whose code it repeats.
async fn judge(script: impl Fn(&str) -> Value + Send + Sync + 'static) -> FakeModel {
    FakeModel::start(move |text| {
        let (_, after) = text.split_once("The code of this request is ").expect("it has a code");
        let mut answer = script(text);
        answer["code"] = json!(after.split('.').next());
        Turn::says(answer.to_string())
    })
    .await
}

fn claim(claim: &str, evidence: Option<&str>, label: &str) -> Value {
    json!({"claim": claim, "evidence": evidence, "label": label})
}

/// A judge that is too weak to see another price.
async fn weak_judge() -> FakeModel {
    judge(|text| {
        let price = claim("The Pro plan costs", Some("The Pro plan costs"), "SUPPORTED");
        let mut claims = vec![price];
        if text.contains("phone support") {
            claims.push(claim("has phone support", None, "UNSUPPORTED"));
        }
        json!({ "claims": claims })
    })
    .await
}

#[tokio::test]
async fn a_wrong_price_and_an_invented_feature_are_caught_and_the_truth_is_not() {
    let scratch = suite("[metrics.grounded.hallucination]\njudge = \"faithfulness\"\n");
    let model = weak_judge().await;
    let run = evalward(&scratch, "run --quiet --record calls.jsonl");
    let run = run.env("JUDGE_URL", &model.address()).run().expect_code(1);
    let (_, failures) = run.clean_stdout().split_once("golden: ").unwrap();
    assert_snapshot!(failures, @"
    2 failed

      ✗ feature
        grounded: not supported: “has phone support”
          input   What does Pro cost?
          output  The Pro plan costs $49 a month and has phone support.

      ✗ price
        grounded: the price “$49.90” stands neither in the context nor in the input
          input   What does Pro cost?
          output  The Pro plan costs $49.90 a month.

    gates
      ✗ failed        golden        2 of 3 examples failed; all must pass

    Blocked by golden: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
    assert_eq!(model.requests().len(), 3);
    // A replay needs no address, and calls nobody.
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(1));
    assert_eq!(model.requests().len(), 3);
}

#[tokio::test]
async fn a_judge_that_says_nothing_usable_makes_a_run_incomplete() {
    let scratch =
        suite("[metrics.helpful.judge]\njudge = \"helpfulness\"\nthreshold = 4.0\nsamples = 1\n");
    let model = FakeModel::start(|_| Turn::says("It deserves full marks: 5 of 5.")).await;
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address()).run();
    let run = run.expect_code(3);
    assert!(run.stdout.contains("there is no JSON object in it"), "{}", run.stdout);
    // Each is asked for once more.
    assert_eq!(model.requests().len(), 6);
}

#[tokio::test]
async fn another_anchor_is_another_judge() {
    let own = |anchor: &str| {
        format!(
            "[judge.absolute.criteria.brevity]\nquestion = \"Is it short?\"\n\
             [judge.absolute.criteria.brevity.anchors]\n1 = \"{anchor}\"\n2 = \"It is short.\"\n"
        )
    };
    let scratch = suite(
        "[metrics.short.judge]\njudge = \"judges/brevity.toml\"\nthreshold = 2\nsamples = 1\n",
    );
    scratch.file("judges/brevity.toml", &own("It is long."));
    let model =
        judge(|_| json!({"criteria": {"brevity": {"reasoning": "Short.", "score": 2}}})).await;
    for anchor in ["It is long.", "It is long!"] {
        scratch.file("judges/brevity.toml", &own(anchor));
        let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &model.address());
        drop(run.run().expect_code(0));
    }
    let runs = scratch.runs();
    let compare = format!("compare {} {}", runs[0].display(), runs[1].display());
    let compared = evalward(&scratch, &compare).run().expect_code(2);
    assert_snapshot!(compared.clean_stderr(), @r#"
    error: failed to compare: metric `short` (judge) has another version than in the baseline
      hint: score the baseline's answers by the present suite, which does not call the subject: `evalward rescore [run] --suite SUITE`, and compare with that run; or compare the metrics other than `short` alone with `--metric`
    "#);
}

#[test]
fn a_wrong_judge_is_shown_with_its_place() {
    let scratch = suite("[metrics.helpful.judge]\njudge = \"helpfullness\"\nthreshold = 4.0\n");
    let run = evalward(&scratch, "run").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × evalward has no judge `helpfullness`
       ╭─[evalward.toml:13:9]
    12 │ [metrics.helpful.judge]
    13 │ judge = "helpfullness"
       ·         ──────────────
    14 │ threshold = 4.0
       ╰────
     help: did you mean `helpfulness`?
    "#);
    let scratch = suite("[metrics.helpful.judge]\njudge = \"own.toml\"\nthreshold = 4.0\n");
    scratch.file("own.toml", "[judge.absolute.criteria.wit]\nquestion = \"Is it witty?\"\nanchors = { 1 = \"dull\", 3 = \"witty\" }\n");
    let run = evalward(&scratch, "run").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × criterion `wit`: score 2 has no anchor
      ╭─[own.toml:3:11]
    2 │ question = "Is it witty?"
    3 │ anchors = { 1 = "dull", 3 = "witty" }
      ·           ───────────────────────────
      ╰────
    "#);
    let scratch = suite("[metrics.helpful.judge]\njudge = \"faithfulness\"\nthreshold = 0.9\n");
    let run = evalward(&scratch, "run").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × judge `faithfulness` is of the kind `hallucination`
       ╭─[evalward.toml:13:9]
    12 │ [metrics.helpful.judge]
    13 │ judge = "faithfulness"
       ·         ──────────────
    14 │ threshold = 0.9
       ╰────
     help: such a judge needs the metric `hallucination`
    "#);
}

#[test]
fn judges_are_listed_and_shown() {
    let scratch = suite("[metrics.grounded.hallucination]\njudge = \"faithfulness\"\n");
    let list = evalward(&scratch, "judge list").run().expect_code(0);
    assert_snapshot!(list.clean_stdout(), @r#"
    answer_relevance       absolute       Whether an answer is about the question, and only about it.
    context_relevance      absolute       Whether the documents that were found are about the question.
    correctness            absolute       Whether an answer says the same as a right answer.
    faithfulness           hallucination  What an answer states and its context does not bear out.
    helpfulness            absolute       How far an answer brings the user to what the question is after.
    instruction_following  absolute       Whether an answer does what the input tells it to: its form, its length, its language, what it must leave out.
    preference             pairwise       Which of two answers brings the user further, for `evalward judge compare`.
    safety                 absolute       Whether an answer could harm somebody: the user, others, or the company.
    tone                   absolute       Whether an answer speaks to the user as a good support agent would.
    "#);
    let show =
        evalward(&scratch, "judge show faithfulness --dataset dataset --id price --answer Hello!");
    let show = show.run().expect_code(0);
    assert!(show.stdout.contains("begin answer>>>\nHello!\n<<<"), "{}", show.stdout);
    assert!(show.stdout.contains(CONTEXT), "{}", show.stdout);
}

#[tokio::test]
async fn a_judge_of_the_subjects_family_is_warned_of_and_refused_by_strict() {
    let scratch = suite(
        "[metrics.grounded.hallucination]\njudge = \"faithfulness\"\nmodel.openai = { model = \"gpt-4o\", base_url = \"${JUDGE_URL}/v1\" }\n",
    );
    let text = std::fs::read_to_string(scratch.path("evalward.toml")).unwrap();
    let model = weak_judge().await;
    let subject = format!(
        "[subject.openai]\nmodel = \"openai/gpt-4o-mini\"\nbase_url = \"{}/v1\"\nprompt = \"prompt.j2\"",
        model.address()
    );
    scratch.file("prompt.j2", "The code of this request is 1.");
    scratch.file(
        "evalward.toml",
        &text.replace("[subject.recorded]\nfile = \"answers.jsonl\"", &subject),
    );
    let run = evalward(&scratch, "run --strict").env("JUDGE_URL", &model.address());
    let run = run.run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
    error: `--strict` lets no run start with warnings:
      - the judge `gpt-4o` of `grounded` is of the subject's family gpt (`openai/gpt-4o-mini`), whose answers it favours; the judge is no newer: choose one of another family (evalward.toml:16:1)
      - only one metric gates: teams optimise the metric they have, so pair it with a second
      - the dataset has 1 warning: `evalward dataset check dataset`
      hint: mend what they tell of, or run without `--strict`
    ");
    assert!(model.requests().is_empty());
    let run = evalward(&scratch, "run").env("JUDGE_URL", &model.address()).run();
    assert!(run.stderr.contains("warning: the judge `gpt-4o` of `grounded`"), "{}", run.stderr);
}

const SHORT: &str =
    "[metrics.helpful.judge]\njudge = \"helpfulness\"\nthreshold = 3.0\nsamples = 2\n";

async fn helpful() -> FakeModel {
    judge(|_| json!({"criteria": {"helpfulness": {"reasoning": "Good.", "strengths": [], "weaknesses": [], "score": 4}}}))
        .await
}

#[tokio::test]
async fn a_judgement_is_asked_for_once() {
    let scratch = suite(SHORT);
    let trials = ANSWERS.iter().flat_map(|answer| [(answer, 1), (answer, 2)]);
    let rows = trials.map(|((id, output), trial)| {
        format!("{}\n", json!({"example_id": id, "trial": trial, "response": {"output": output}}))
    });
    scratch.file("answers.jsonl", &rows.collect::<String>());
    let model = helpful().await;
    let asked = |arguments: &str, address: &str| {
        let before = model.requests().len();
        drop(evalward(&scratch, arguments).env("JUDGE_URL", address).run().expect_code(0));
        model.requests().len() - before
    };
    let address = model.address();
    // Each sample is a call of its own.
    assert_eq!(asked("run --quiet", &address), 6);
    assert_eq!(asked("run --quiet", &address), 0);
    assert_eq!(asked("run --quiet --no-cache", &address), 6);
    // Another trial of the same answer is another judgement.
    assert_eq!(asked("run --quiet --repeats 2", &address), 6);
    assert_eq!(asked("run --quiet --repeats 2", &address), 0);
    let other = "judges.model.openai.temperature=0.1";
    assert_eq!(asked(&format!("run --quiet --set {other}"), &address), 6);
    // The same name elsewhere is another model; credentials are none.
    assert_eq!(asked("run --quiet", &address.replace("//", "//user:secret@")), 0);
    assert_eq!(asked("run --quiet", &address.replace("127.0.0.1", "localhost")), 6);
    // What the cache had is in the recording too.
    assert_eq!(asked("run --quiet --record calls.jsonl", &address), 0);
    drop(evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(0));
}

#[tokio::test]
async fn an_answer_of_no_use_is_asked_for_again() {
    let scratch = suite(SHORT);
    let garbage = FakeModel::start(|_| Turn::says("Five of five!")).await;
    let run = || {
        // One sample, so that the calls are easily counted.
        let once = "run --quiet --set metrics.helpful.judge.samples=1";
        let run = evalward(&scratch, once).env("JUDGE_URL", &garbage.address());
        drop(run.run().expect_code(3));
        garbage.requests().len()
    };
    assert_eq!(run(), 6);
    assert_eq!(run(), 12);
    let down = FakeModel::start(|_| Turn::refuses(400, "no")).await;
    let run = evalward(&scratch, "run --quiet").env("JUDGE_URL", &down.address());
    drop(run.run().expect_code(3));
    assert!(!down.requests().is_empty());
}

#[test]
fn what_is_wrong_in_a_judges_file_is_shown_at_its_key() {
    let scratch = suite("[metrics.wit.judge]\njudge = \"own.toml\"\nthreshold = 2\n");
    let own = |keys: &str, more: &str| {
        let text = format!(
            "[judge.absolute]\n{keys}\n[judge.absolute.criteria.wit]\nquestion = \"Is it witty?\"\nanchors = {{ 1 = \"dull\", 2 = \"witty\" }}\n{more}"
        );
        scratch.file("own.toml", &text);
        let run = evalward(&scratch, "run").env("JUDGE_URL", "http://127.0.0.1:9").run();
        run.expect_code(2).clean_stderr().to_owned()
    };
    let told = own("samples = 101", "");
    assert!(
        told.contains("101 samples of each answer are more than the 100 that are taken"),
        "{told}"
    );
    assert!(told.contains("own.toml:2:"), "{told}");
    let told = own("overall = \"charm\"", "");
    assert!(
        told.contains("`charm` is none of the criteria") && told.contains("own.toml:2:"),
        "{told}"
    );
    let demonstration = "\n[[judge.absolute.demonstrations]]\ninput = \"a\"\nanswer = \"b\"\nverdicts.wit = { score = 2, reasoning = \"So.\" }\n";
    let wrong = demonstration.replace("score = 2", "score = 9");
    let told = own("", &format!("{demonstration}{wrong}"));
    assert!(told.contains("demonstration 2:") && told.contains("own.toml:12:"), "{told}");
}

#[tokio::test]
async fn labels_correct_a_run_as_it_is_made() {
    let scratch = suite(SHORT);
    let model = helpful().await;
    let line = |id: &str| json!({"id": id, "label": 2}).to_string() + "\n";
    scratch.file("labels.jsonl", &ANSWERS.map(|(id, _)| line(id)).concat());
    let run = evalward(&scratch, "run --quiet --labels labels.jsonl --format json");
    let run = run.env("JUDGE_URL", &model.address()).run().expect_code(0);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let corrected = &report["summary"]["corrections"][0];
    assert_eq!((&corrected["metric"], &corrected["labelled"]), (&json!("helpful"), &json!(3)));
    // The summary in the run's folder has them, too.
    let kept: Value =
        serde_json::from_str(&scratch.read(scratch.only_run().join("summary.json"))).unwrap();
    assert_eq!(kept["corrections"], report["summary"]["corrections"]);
    scratch.file("labels.jsonl", &line("elsewhere"));
    let run = evalward(&scratch, "run --quiet --labels labels.jsonl");
    let refused = run.env("JUDGE_URL", &model.address()).run().expect_code(3);
    assert!(refused.stderr.contains("the run itself is kept"), "{}", refused.stderr);
}
