use evalward_core::Outcome;
use reqwest::Method;

use crate::fixture::{Fixture, Server, failed};
use crate::http::Auth;

#[tokio::test]
async fn an_interaction_comes_with_its_sample_and_evaluation() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let id = fixture.arrives("base", 0.25, true).await;
    fixture.evaluate(&failed(), &[]).await;
    insta::assert_json_snapshot!(server.get(&format!("/api/v1/interactions/{id}")).await, @r#"
    {
      "evaluation": {
        "cause": null,
        "evaluated_at": "2026-11-03T10:00:00Z",
        "evaluator": "e1",
        "outcome": "failed",
        "reasons": [
          {
            "kind": "constraint",
            "message": "no_competitors: has `CompetitorA` at byte 4",
            "metric": "rules"
          }
        ],
        "scores": {
          "rules": {
            "score": {
              "passed": false,
              "problems": [
                "no_competitors: has `CompetitorA` at byte 4"
              ],
              "scale": {
                "max": 1.0,
                "min": 0.0
              },
              "value": 0.0
            }
          }
        }
      },
      "interaction": {
        "attributes": {},
        "environment": null,
        "error": null,
        "id": "i-1",
        "input": {
          "question": "What does the Team plan cost?"
        },
        "latency_millis": null,
        "lineage": {},
        "response": null,
        "service": null,
        "session": null,
        "started_at": "2026-11-03T10:00:00Z",
        "trace_id": null,
        "version": "1.4.0",
        "withheld": null
      },
      "probability": 0.25,
      "received_at": "2026-11-03T10:00:00Z",
      "sampled": true,
      "segment": "hour=10",
      "stratum": "base",
      "thumbs": []
    }
    "#);
}

#[tokio::test]
async fn what_was_not_evaluated_says_why() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let counted = fixture.arrives("base", 0.25, false).await;
    let answer = server.get(&format!("/api/v1/interactions/{counted}")).await;
    assert_eq!(answer["sampled"], false);
    assert!(answer["evaluation"].is_null());
    let errored = fixture.arrives("base", 0.25, true).await;
    fixture.evaluate(&Outcome::Errored("the application gave no answer".to_owned()), &[]).await;
    let answer = server.get(&format!("/api/v1/interactions/{errored}")).await;
    assert_eq!(answer["evaluation"]["outcome"], "errored");
    assert_eq!(answer["evaluation"]["cause"], "the application gave no answer");
}

#[tokio::test]
async fn an_unknown_interaction_is_not_found() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let (status, answer) = server.send(Method::GET, "/api/v1/interactions/a%20b", None).await;
    assert_eq!((status, &answer["detail"]), (404, &"there is no interaction `a b`".into()));
    let refused = server.refused("/api/v1/interactions/%0A").await;
    assert!(refused.starts_with("422 \"id\""), "{refused}");
}
