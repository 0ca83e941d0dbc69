//! From failures in traffic to a candidate, its review, and a pattern that comes back.

use evalward_feedback::{
    Access, AccessError, ApproveBody, CandidateState, PatternState, RejectBody,
};
use serde_json::{Value, json};

use crate::support::{MONITOR, Monitor, SUITE, files, interaction, program};

/// Sends answers that break the rule, from one version of the application, and waits until they are evaluated.
fn fail(monitor: &Monitor<'_>, version: &str, ids: &[&str]) {
    let batch: Value = ids
        .iter()
        .map(|id| {
            let mut sent = interaction(id, "Why is that?", "That is a stupid question.");
            sent["version"] = version.into();
            sent
        })
        .collect();
    monitor.send(&batch);
    for id in ids {
        monitor.evaluation_of(id);
    }
}

/// Posts a body and returns status, field and detail of the problem, or the answer.
fn post(monitor: &Monitor<'_>, path: &str, body: &Value) -> (u16, Value) {
    let (status, answer) = monitor.request("POST", path, &body.to_string());
    (status, serde_json::from_str(&answer).unwrap())
}

fn approval() -> Value {
    json!({
        "reviewer": "support-lead",
        "root_cause": "The prompt allows the word.",
        "expected_output": "Because it is so.",
    })
}

/// Returns the path of the only candidate.
fn candidate_path(monitor: &Monitor<'_>) -> String {
    let list = monitor.get("/api/v1/candidates?state=waiting");
    assert_eq!(list["candidates"].as_array().unwrap().len(), 1, "{list}");
    format!("/api/v1/candidates/{}", list["candidates"][0]["id"].as_str().unwrap())
}

#[test]
fn a_pattern_is_reviewed_covered_and_recognised_when_it_comes_back() {
    let scratch = files(MONITOR, SUITE);
    let monitor = Monitor::start(&scratch);
    fail(&monitor, "1.0", &["int-1", "int-2"]);
    let patterns = monitor.get("/api/v1/patterns?state=open");
    let pattern = &patterns["patterns"][0];
    assert_eq!((&pattern["rule"], &pattern["size"]), (&json!("tone"), &json!(2)), "{patterns}");
    let candidate = candidate_path(&monitor);
    assert!(candidate.ends_with(pattern["candidate"].as_str().unwrap()));
    let (status, approved) = post(&monitor, &format!("{candidate}/approve"), &approval());
    assert_eq!((status, &approved["state"]), (200, &json!("approved")), "{approved}");
    assert_eq!(monitor.get(&candidate)["example"]["expected_output"], "Because it is so.");

    let promoted = json!({"example": approved["example"]["id"]});
    let (status, covered) = post(&monitor, &format!("{candidate}/promoted"), &promoted);
    assert_eq!((status, &covered["state"]), (200, &json!("covered")), "{covered}");
    // Whoever tells it again is told the same.
    assert_eq!(post(&monitor, &format!("{candidate}/promoted"), &promoted).0, 200);
    let path = format!("/api/v1/patterns/{}", pattern["id"].as_str().unwrap());
    // What fails in a version from before the example is no recurrence.
    fail(&monitor, "1.0", &["int-3"]);
    assert_eq!(monitor.get(&path)["state"], "covered");
    fail(&monitor, "1.1", &["int-4"]);
    let recurred = monitor.get(&path);
    assert_eq!((&recurred["state"], &recurred["recurred_in"]), (&json!("recurred"), &json!("1.1")));
    let alerts = monitor.get("/api/v1/alerts").to_string();
    assert!(alerts.contains(approved["example"]["id"].as_str().unwrap()), "{alerts}");
    drop(monitor.stop().expect_code(0));
}

#[test]
fn what_is_wrong_with_a_review_names_its_field() {
    let scratch = files(MONITOR, SUITE);
    let monitor = Monitor::start(&scratch);
    fail(&monitor, "1.0", &["int-1"]);
    let candidate = candidate_path(&monitor);
    let refused = |action: &str, change: &[(&str, Value)]| {
        let mut body = approval();
        for (field, value) in change {
            body[field] = value.clone();
        }
        let (status, problem) = post(&monitor, &format!("{candidate}/{action}"), &body);
        (status, problem["field"].as_str().unwrap_or_default().to_owned())
    };
    let field = |name: &str| (422, name.to_owned());
    assert_eq!(refused("approve", &[("reviewer", json!(" "))]), field("reviewer"));
    assert_eq!(refused("approve", &[("root_cause", Value::Null)]), field("root_cause"));
    assert_eq!(refused("approve", &[("expected_output", Value::Null)]), field("expected_output"));
    assert_eq!(refused("approve", &[("checks", json!({}))]), field("checks"));
    assert_eq!(refused("approve", &[("checks", json!({"regexp": "x"}))]), field("checks"));
    assert_eq!(refused("approve", &[("partition", json!("silver"))]), field("partition"));
    assert_eq!(refused("approve", &[("rootcause", json!("x"))]), field("rootcause"));
    let private = json!("Ask jane@corp-mail.com.");
    assert_eq!(refused("approve", &[("expected_output", private)]), field("expected_output"));
    assert_eq!(refused("approve", &[("revision", json!(77))]), (409, String::new()));
    assert_eq!(refused("promoted", &[]).0, 422);
    let (status, problem) =
        post(&monitor, &format!("{candidate}/reject"), &json!({"reviewer": "ann"}));
    assert_eq!((status, &problem["field"]), (422, &json!("note")));
    assert_eq!(monitor.get(&candidate)["state"], "waiting");
    for path in ["/api/v1/candidates/c1-none", "/api/v1/patterns/p1-none"] {
        assert_eq!(monitor.request("GET", path, "").0, 404);
    }
    assert_eq!(post(&monitor, "/api/v1/candidates/c1-none/approve", &approval()).0, 404);
    assert_eq!(monitor.request("POST", &format!("{candidate}/approve"), "[1]").0, 400);
    for list in ["patterns", "candidates"] {
        let (status, problem) = monitor.request("GET", &format!("/api/v1/{list}?state=new"), "");
        assert_eq!(status, 422);
        assert!(problem.contains(r#""field":"state""#), "{problem}");
    }
    drop(monitor.stop().expect_code(0));
}

#[test]
fn only_keys_for_reviews_review() {
    let scratch = files(&MONITOR.replace("auth = \"off\"\n", ""), SUITE);
    let key = |scopes: &str| {
        let arguments = format!(
            "key create --project default --name {scopes} --scopes {scopes} --config monitor.toml"
        );
        program(&scratch, &arguments).run().expect_code(0).stdout.trim().to_owned()
    };
    let (reads, reviews) = (key("ingest,read"), key("review"));
    let monitor = Monitor::start(&scratch).with_key(&reads);
    fail(&monitor, "1.0", &["int-1"]);
    let candidate = candidate_path(&monitor);
    assert_eq!(post(&monitor, &format!("{candidate}/approve"), &approval()).0, 403);
    let monitor = monitor.with_key(&reviews);
    assert_eq!(post(&monitor, &format!("{candidate}/approve"), &approval()).0, 200);
    assert_eq!(monitor.request("GET", &candidate, "").0, 403);
    drop(monitor.stop().expect_code(0));
}

#[test]
fn the_client_of_the_command_line_speaks_with_the_monitor() {
    let scratch = files(MONITOR, SUITE);
    let monitor = Monitor::start(&scratch);
    fail(&monitor, "1.0", &["int-1"]);
    let client = evalward_feedback::Monitor::new(&monitor.url(), None).unwrap();
    let access = Access::Monitor(client);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let pattern = access.patterns(Some(PatternState::Open)).await.unwrap().remove(0);
        let waiting = access.candidates(Some(CandidateState::Waiting)).await.unwrap().remove(0);
        assert_eq!(pattern.candidate.as_deref(), Some(waiting.id.as_str()));
        let body: ApproveBody = serde_json::from_value(approval()).unwrap();
        let golden =
            ApproveBody { partition: Some(evalward_core::Partition::Golden), ..body.clone() };
        let once = access.approve(&waiting.id, &golden).await.unwrap();
        // The partition is no part of a line, and must come through all the same.
        let content = once.to_example().content_hash();
        assert_eq!((once.content, once.approvals, once.needed_approvals), (content, 1, 2));
        assert_eq!(access.candidate(&waiting.id).await.unwrap(), once);
        let stale = ApproveBody { revision: Some(waiting.revision), ..body };
        let refused = access.approve(&waiting.id, &stale).await.unwrap_err();
        assert!(matches!(refused, AccessError::Refused { status: 409, .. }), "{refused}");
        let without_note = RejectBody { reviewer: "ann".to_owned(), ..RejectBody::default() };
        let refused = access.reject(&waiting.id, &without_note).await.unwrap_err();
        assert!(
            refused.to_string().contains("it answered 422: `note` must not be empty"),
            "{refused}"
        );
        assert!(refused.hint().is_some_and(|hint| hint.contains("--help")));
        let early = access.promoted(&waiting.id, "golden-1").await.unwrap_err();
        assert!(early.to_string().contains("is waiting, not approved"), "{early}");
        let second = ApproveBody { reviewer: "billing-lead".to_owned(), ..ApproveBody::default() };
        let twice = access.approve(&waiting.id, &second).await.unwrap();
        assert_eq!(twice.state, CandidateState::Approved);
        let covered = access.promoted(&waiting.id, "golden-1").await.unwrap();
        assert_eq!(covered.covered_by.as_deref(), Some("golden-1"));
        assert_eq!(access.pattern(&pattern.id).await.unwrap(), covered);
        let unknown = access.pattern("p1-../x").await.unwrap_err();
        assert!(matches!(unknown, AccessError::Refused { status: 404, .. }), "{unknown}");
    });
    drop(monitor.stop().expect_code(0));
}
