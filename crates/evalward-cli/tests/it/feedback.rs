//! `evalward feedback` on a store in a file, as reviewers use it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use evalward_core::{
    Interaction, InteractionId, Outcome, Rate, Reason, ReasonKind, Response, Timestamp,
};
use evalward_feedback::failures_of;
use evalward_store::{
    AlertSignal, Evaluation, FinishBatch, FinishedJob, NewInteraction, Pattern, Severity, Store,
    StoreOptions,
};
use evalward_testkit::{Finished, Scratch};
use insta::assert_snapshot;
use serde_json::Value;
use tokio::runtime::Builder;

use crate::support::evalward;

/// The candidate of the largest pattern.
const CANDIDATE: &str = "c1-ab4010088c72";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_793_700_000_000 + seconds * 1000)
}

fn interaction(name: &str, question: &str, output: &str, seconds: i64) -> NewInteraction {
    let mut interaction = Interaction::new(InteractionId::new(name).unwrap(), at(seconds));
    interaction.input.insert("question".to_owned(), question.into());
    interaction.response = Some(Response::from_text(output));
    interaction.version = Some("2.1.0".to_owned());
    NewInteraction {
        project: "default".to_owned(),
        interaction,
        received_at: at(seconds),
        segment: String::new(),
        stratum: "base".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    }
}

fn recurred(pattern: &Pattern, version: &str) -> AlertSignal {
    AlertSignal {
        project: pattern.project.clone(),
        rule: "recurrence".to_owned(),
        key: pattern.id.clone(),
        severity: Severity::High,
        title: format!("recurred in {version}"),
        detail: Value::Null,
    }
}

/// Stores three answers: two without a name, one with an address.
async fn fill(url: &str) {
    let store = Store::open(url, StoreOptions::default()).await.unwrap();
    let batch = vec![
        interaction("int-1", "How do I export my notes?", "Press export.", 0),
        interaction("int-2", "How do I import my notes?", "Press import.", 60),
        interaction("int-3", "Who signs off refunds?", "Ask [EMAIL].", 120),
    ];
    store.ingest(batch).await.unwrap();
    let leased = store.lease(10, Duration::from_mins(1), at(180)).await.unwrap();
    let jobs = leased.into_iter().map(|job| {
        let message = match job.sample.interaction.id.as_str() {
            "int-3" => "no_leaks: has an e-mail address at byte 4",
            _ => "persona: lacks `Wren from Cobblenote`",
        };
        let (kind, metric) = (ReasonKind::Constraint, "rules".to_owned());
        let reason = Reason { kind, metric, message: message.to_owned() };
        let outcome = Outcome::Failed(vec![reason]);
        let evaluation = Evaluation {
            evaluator: "v1".to_owned(),
            failures: failures_of(&job.sample, &outcome),
            outcome,
            scores: std::collections::BTreeMap::new(),
            alerts: Vec::new(),
        };
        FinishedJob { job: job.job, token: job.token, evaluation }
    });
    let batch = FinishBatch { jobs: jobs.collect(), now: at(180), destinations: &[], recurred };
    store.finish(batch).await.unwrap();
    store.close().await.unwrap();
}

/// Does something with the store of a scratch folder.
fn with_store<T>(scratch: &Scratch, work: impl AsyncFnOnce(String) -> T) -> T {
    let url = Store::url_of_file(&scratch.path("evalward.db"));
    Builder::new_current_thread().enable_all().build().unwrap().block_on(work(url))
}

fn filled() -> Scratch {
    let scratch = Scratch::new();
    with_store(&scratch, async |url| fill(&url).await);
    scratch
}

fn feedback(scratch: &Scratch, arguments: &str, texts: &[&str]) -> Finished {
    let invocation =
        evalward(scratch, &format!("feedback {arguments} --store sqlite://evalward.db"));
    texts.iter().fold(invocation, |invocation, text| invocation.arg(text)).run()
}

const ROOT_CAUSE: &str = "The patch replaced the persona.";
const RIGHT: &str = "Hi, this is Wren from Cobblenote. Press export.";

fn approve(scratch: &Scratch, reviewer: &str) -> Finished {
    let arguments = format!("approve {CANDIDATE} --reviewer {reviewer}");
    let texts = ["--root-cause", ROOT_CAUSE, "--expected-output", RIGHT];
    feedback(scratch, &arguments, &texts)
}

#[test]
fn patterns_are_listed_with_their_candidates() {
    let scratch = filled();
    let list = feedback(&scratch, "list", &[]).expect_code(0);
    assert_snapshot!(list.clean_stdout(), @"
    candidate        review    pattern   failures  last                  what failed
    c1-ab4010088c72  waiting   open             2  [time]  rules/persona: lacks `Wren from Cobblenote`
    c1-925e067cc4ee  waiting   open             1  [time]  rules/no_leaks: has an e-mail address
    ");
    let json = feedback(&scratch, "list --state waiting --format json", &[]).expect_code(0);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["patterns"][0]["size"], 2);
    assert_eq!(json["candidates"].as_array().unwrap().len(), 2);
    let none = feedback(&scratch, "list --state promoted", &[]).expect_code(0);
    assert_eq!(
        (none.stdout.as_str(), none.stderr.as_str()),
        ("", "no pattern of failures is there\n")
    );
}

#[test]
fn a_candidate_is_shown_in_full() {
    let scratch = filled();
    let show = feedback(&scratch, &format!("show {CANDIDATE}"), &[]).expect_code(0);
    assert_snapshot!(show.clean_stdout(), @"
    pattern       p1-ab4010088c72: open
    what failed   rules/persona: lacks `Wren from Cobblenote`
    failures      2, from [time] to [time]
    versions      2.1.0
    seen in       int-2, int-1

    candidate     c1-ab4010088c72: waiting, 0 of 1 approvals, revision 1
    example       regression-rules-persona-ab401008 (regression)
    question      How do I export my notes?
    bad output    Press export.
    expected      -
    root cause    -
    ");
    let pattern = CANDIDATE.replace("c1", "p1");
    let by_pattern = feedback(&scratch, &format!("show {pattern}"), &[]).expect_code(0);
    assert_eq!(by_pattern.stdout, show.stdout);
}

#[test]
fn an_approved_candidate_is_exported() {
    let scratch = filled();
    let approved = approve(&scratch, "support-lead").expect_code(0);
    assert_snapshot!(approved.clean_stdout(), @"c1-ab4010088c72: approved, 1 of 1 approvals");
    let shown = feedback(&scratch, &format!("show {CANDIDATE} --format json"), &[]).expect_code(0);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(shown["candidate"]["state"], "approved");
    assert_eq!(shown["candidate"]["example"]["failure"]["root_cause"], ROOT_CAUSE);
    let exported = feedback(&scratch, "export", &[]).expect_code(0);
    assert_snapshot!(exported.clean_stdout(), @r#"{"id":"regression-rules-persona-ab401008","input":{"question":"How do I export my notes?"},"expected_output":"Hi, this is Wren from Cobblenote. Press export.","metadata":{"pattern":"p1-ab4010088c72"},"tags":["production"],"created_at":"[time]","failure":{"root_cause":"The patch replaced the persona.","observed_output":"Press export.","origin":{"kind":"interaction","id":"int-1"}}}"#);
    drop(feedback(&scratch, "export --output new.jsonl", &[]).expect_code(0));
    assert_eq!(scratch.read("new.jsonl"), exported.stdout);
    let none = feedback(&scratch, "export --partition golden", &[]).expect_code(0);
    assert_eq!(none.stdout, "");
}

#[test]
fn golden_waits_for_a_second_reviewer() {
    let scratch = filled();
    let arguments = format!("approve {CANDIDATE} --reviewer support-lead --partition golden");
    let texts = ["--root-cause", ROOT_CAUSE, "--expected-output", RIGHT];
    let first = feedback(&scratch, &arguments, &texts).expect_code(0);
    assert_eq!(first.stdout, format!("{CANDIDATE}: waiting, 1 of 2 approvals\n"));
    let list = feedback(&scratch, "list", &[]).expect_code(0);
    assert_snapshot!(list.clean_stdout(), @"
    candidate        review       pattern   failures  last                  what failed
    c1-ab4010088c72  waiting 1/2  open             2  [time]  rules/persona: lacks `Wren from Cobblenote`
    c1-925e067cc4ee  waiting      open             1  [time]  rules/no_leaks: has an e-mail address
    ");
    let second = format!("approve {CANDIDATE} --reviewer billing-lead");
    let second = feedback(&scratch, &second, &[]).expect_code(0);
    assert_eq!(second.stdout, format!("{CANDIDATE}: approved, 2 of 2 approvals\n"));
}

#[test]
fn a_review_is_of_the_revision_that_was_looked_at() {
    let scratch = filled();
    drop(approve(&scratch, "support-lead").expect_code(0));
    for review in ["approve", "reject --note Old."] {
        let arguments = format!("{review} {CANDIDATE} --reviewer billing-lead --revision 1");
        let refused = feedback(&scratch, &arguments, &[]).expect_code(2);
        let changed = "was changed since revision 1, it is at 2 now; look at it again";
        assert!(refused.stderr.contains(changed), "{}", refused.stderr);
    }
    let arguments = format!("approve {CANDIDATE} --reviewer billing-lead --revision 2");
    drop(feedback(&scratch, &arguments, &[]).expect_code(0));
}

#[test]
fn a_rejected_candidate_is_not_exported() {
    let scratch = filled();
    let texts = ["--note", "A question of taste."];
    let arguments = format!("reject {CANDIDATE} --reviewer support-lead");
    let rejected = feedback(&scratch, &arguments, &texts).expect_code(0);
    assert_eq!(rejected.stdout, format!("{CANDIDATE}: rejected\n"));
    assert_eq!(feedback(&scratch, "export", &[]).expect_code(0).stdout, "");
    let listed = feedback(&scratch, "list --state rejected", &[]).expect_code(0);
    assert!(listed.stdout.contains("rejected"), "{}", listed.stdout);
}

#[test]
fn checks_can_stand_for_the_expected_output() {
    let scratch = filled();
    let arguments = format!("approve {CANDIDATE} --reviewer support-lead");
    let checks = r#"{"includes_all": ["Wren"]}"#;
    let texts = ["--root-cause", ROOT_CAUSE, "--checks", checks];
    drop(feedback(&scratch, &arguments, &texts).expect_code(0));
    let exported = feedback(&scratch, "export", &[]).expect_code(0).stdout;
    assert!(exported.contains(r#""checks":{"includes_all":["Wren"]}"#), "{exported}");
}

#[test]
fn what_is_wrong_with_a_review_is_said() {
    let scratch = filled();
    let arguments = format!("approve {CANDIDATE} --reviewer support-lead");
    let refused = |texts: &[&str]| feedback(&scratch, &arguments, texts).expect_code(2);
    assert_snapshot!(refused(&[]).clean_stderr(), @"
    error: `root_cause` must not be empty
      hint: `evalward feedback approve --help` lists what a review needs
    ");
    assert_snapshot!(refused(&["--root-cause", ROOT_CAUSE]).clean_stderr(), @"
    error: `expected_output` is needed, or `checks` of the example's own
      hint: `evalward feedback approve --help` lists what a review needs
    ");
    let private = ["--root-cause", ROOT_CAUSE, "--expected-output", "Write to jane@corp-mail.com."];
    assert_snapshot!(refused(&private).clean_stderr(), @"
    error: `expected_output` has personal data or secrets (email)
      hint: `evalward feedback approve --help` lists what a review needs
    ");
    let broken = ["--root-cause", ROOT_CAUSE, "--checks", r#"{"regexp": "x"}"#];
    assert!(refused(&broken).stderr.contains("unknown field `regexp`"));
}

#[test]
fn wrong_sources_are_refused_with_a_way_out() {
    let scratch = Scratch::new();
    let nowhere = evalward(&scratch, "feedback list").run().expect_code(2);
    assert_snapshot!(nowhere.clean_stderr(), @"
    error: say where the candidates are
      hint: pass `--store URL` or `--monitor URL`
    ");
    let missing = feedback(&scratch, "list", &[]).expect_code(2);
    assert_snapshot!(missing.clean_stderr(), @"
    error: failed to open the store `evalward.db`: there is no such file
      hint: name the file that the monitor's `[store] url` names
    ");
    assert!(scratch.all_files().is_empty(), "a look makes no store");
    let unknown = feedback(&filled(), "show c1-0000", &[]).expect_code(2);
    assert_snapshot!(unknown.clean_stderr(), @"error: failed to find candidate `c1-0000`");
    let dead =
        evalward(&scratch, "feedback list --monitor http://127.0.0.1:1").run().expect_code(2);
    assert!(
        dead.stderr.starts_with("error: failed to ask the monitor `http://127.0.0.1:1`\n"),
        "{}",
        dead.stderr
    );
}

#[test]
fn another_server_than_a_monitor_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _: usize = stream.read(&mut [0; 4096]).unwrap();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").unwrap();
    });
    let list = format!("feedback list --monitor {address}");
    let refused = evalward(&Scratch::new(), &list).run().expect_code(2);
    server.join().unwrap();
    assert_snapshot!(refused.stderr.replace(&address, "http://ADDRESS"), @"
    error: failed to ask the monitor `http://ADDRESS`: it answered 404, but not as a monitor does
      hint: write the address that the monitor printed, such as `http://127.0.0.1:4318`
    ");
}

#[test]
fn the_environment_names_the_store() {
    let scratch = filled();
    let list = evalward(&scratch, "feedback list --state waiting")
        .env("EVALWARD_DATABASE_URL", "sqlite://evalward.db")
        .run()
        .expect_code(0);
    assert!(list.stdout.contains(CANDIDATE));
}
