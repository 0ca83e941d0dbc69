//! What one attempt comes to, whatever metrics do.

use std::time::Duration;

use evalward_core::{
    BoxFuture, Example, Interaction, InteractionId, Measurement, Metric, Outcome, OutcomeKind,
    ReasonKind, Reply, Response, Score, SuiteMetric, Timestamp,
};
use evalward_testkit::ScriptedMetric;

use super::attempt::{Attempt, attempt};

const LIMIT: Duration = Duration::from_secs(30);

fn interaction(output: &str) -> Interaction {
    let id = InteractionId::new("int-1").unwrap();
    let mut interaction = Interaction::new(id, Timestamp::from_millis(1_793_700_000_000));
    interaction.response = Some(Response::from_text(output));
    interaction
}

/// A metric that does what the output asks for.
fn obedient(id: &str) -> SuiteMetric {
    let script = |_: &Example, output: &str| match output {
        "panic" => panic!("a metric was asked to panic"),
        "error" => Measurement::Errored("the judge is away".to_owned()),
        "skip" => Measurement::Skipped("not now".to_owned()),
        "bad" => Score::yes_or_no(false).with_problem("tone: it is bad").into(),
        _ => Score::yes_or_no(true).into(),
    };
    SuiteMetric::new(id, ScriptedMetric::new(ReasonKind::Constraint, script))
}

/// A metric that never answers.
#[derive(Debug)]
struct Silent;

impl Metric for Silent {
    fn kind(&self) -> &'static str {
        "silent"
    }

    fn score<'a>(&'a self, _: &'a Example, _: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(std::future::pending())
    }
}

async fn attempted(interaction: &Interaction) -> Attempt {
    attempt(&[obedient("first"), obedient("second")], interaction, LIMIT).await
}

#[track_caller]
fn outcome(attempt: Attempt) -> Outcome {
    match attempt {
        Attempt::Done { outcome, .. } => outcome,
        Attempt::Failed(error) => panic!("the attempt failed: {error}"),
    }
}

#[tokio::test]
async fn metrics_decide_as_in_a_run() {
    let good = attempted(&interaction("good")).await;
    assert!(good.is_success());
    assert_eq!(outcome(good), Outcome::Passed);
    let bad = attempted(&interaction("bad")).await;
    assert!(bad.is_success());
    let Outcome::Failed(reasons) = outcome(bad) else { panic!("it is bad") };
    assert_eq!((reasons.len(), reasons[0].message.as_str()), (2, "tone: it is bad"));
    let skipped = attempted(&interaction("skip")).await;
    assert!(!skipped.is_success(), "a metric that only skips proves nothing");
    assert_eq!(outcome(skipped).kind(), OutcomeKind::Skipped);
}

#[tokio::test(start_paused = true)]
async fn an_evaluator_that_fails_is_no_outcome() {
    let failed = |attempt: Attempt| match attempt {
        Attempt::Failed(error) => error,
        Attempt::Done { outcome, .. } => panic!("the attempt came to {outcome:?}"),
    };
    let error = failed(attempted(&interaction("error")).await);
    let expected = "metric `first`: the judge is away; metric `second`: the judge is away";
    assert_eq!(error, expected);
    assert_eq!(failed(attempted(&interaction("panic")).await), "a metric panicked");
    let silent = [obedient("first"), SuiteMetric::new("silent", Silent)];
    let error = failed(attempt(&silent, &interaction("good"), LIMIT).await);
    assert_eq!(error, "the evaluation did not end within 30s");
}

#[tokio::test]
async fn what_has_no_answer_is_errored_at_once() {
    let errored = async |interaction: Interaction| match attempted(&interaction).await {
        Attempt::Done { outcome: Outcome::Errored(cause), scores } if scores.is_empty() => cause,
        other => panic!("{other:?}"),
    };
    let silent = Interaction { response: None, ..interaction("") };
    assert_eq!(errored(silent.clone()).await, "the application gave no answer");
    let broken = Interaction { error: Some("timeout".to_owned()), ..silent };
    assert_eq!(errored(broken).await, "the application answered with an error: timeout");
    let withheld = Interaction { withheld: Some("masking failed".to_owned()), ..interaction("x") };
    assert_eq!(errored(withheld).await, "the content was withheld: masking failed");
}

#[tokio::test]
async fn an_error_beside_an_answer_does_not_hide_it() {
    let both = Interaction { error: Some("late".to_owned()), ..interaction("bad") };
    assert_eq!(outcome(attempted(&both).await).kind(), OutcomeKind::Failed);
}
