//! Judges that answer what they should not: nothing of it becomes a pass.

use std::collections::BTreeMap;
use std::path::Path;

use evalward_testkit::{HostileAnswer, HostileSuite, Turn, Verdict, hostile_answers};

const BINARY: &str = env!("CARGO_BIN_EXE_evalward");

/// A few answers of each class; `cargo xtask judge-fuzz` plays them all.
fn few(verdict: Verdict) -> Vec<HostileAnswer> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut answers = hostile_answers(verdict);
    answers.retain(|answer| {
        let count = counts.entry(answer.class).or_default();
        *count += 1;
        *count <= if answer.class == "ten megabytes" { 1 } else { 3 }
    });
    answers
}

async fn check(verdict: Verdict) {
    let suite = HostileSuite::new(verdict, few(verdict), 0.5).await;
    drop(suite.run(Path::new(BINARY)).expect_code(3));
    let judged = suite.judged();
    assert_eq!(judged.len(), few(verdict).len());
    for it in judged {
        let (class, said) = (it.answer.class, it.said.chars().take(80).collect::<String>());
        assert_eq!(it.problem(), None, "{class}: {said:?}: {}", it.cause);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_score_becomes_a_pass() {
    check(Verdict::Score).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_claims_become_a_pass() {
    check(Verdict::Claims).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hostile_preference_becomes_a_win() {
    check(Verdict::Preference).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tolerated_share_does_not_stop_a_run() {
    for verdict in Verdict::ALL {
        let good =
            HostileAnswer { class: "good", turn: Turn::says(verdict.good()), may_fail: false };
        let mut answers = vec![good; 19];
        answers.push(HostileAnswer { class: "prose", turn: Turn::says("5"), may_fail: false });
        for (max_errored, code) in [(0.05, 0), (0.04, 3)] {
            let suite = HostileSuite::new(verdict, answers.clone(), max_errored).await;
            drop(suite.run(Path::new(BINARY)).expect_code(code));
            let passed = suite.judged().iter().filter(|it| it.outcome == "passed").count();
            assert_eq!(passed, 19, "{verdict:?}");
        }
    }
}
