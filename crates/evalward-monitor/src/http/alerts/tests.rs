use evalward_core::Digest;
use evalward_store::{AlertSignal, ApiKey, Scope};
use reqwest::Method;

use crate::fixture::{Fixture, PROJECT, Server, signal};
use crate::http::Auth;

async fn fixture_with_alerts() -> Fixture {
    let fixture = Fixture::new().await;
    for key in ["a", "b"] {
        let signal = AlertSignal { key: key.to_owned(), ..signal() };
        fixture.store.raise(&[signal], &[], fixture.now()).await.unwrap();
        fixture.pass(std::time::Duration::from_mins(1));
    }
    let open = fixture.store.open_alerts().await.unwrap();
    let alert = open.iter().find(|alert| alert.signal.key == "a").unwrap();
    fixture.store.resolve(alert, &[], fixture.now()).await.unwrap();
    fixture
}

#[tokio::test]
async fn alerts_are_listed_with_the_newest_first() {
    let fixture = fixture_with_alerts().await;
    let server = Server::new(&fixture, Auth::Off).await;
    insta::assert_json_snapshot!(server.get("/api/v1/alerts").await, @r#"
    {
      "alerts": [
        {
          "acknowledged_by": null,
          "count": 1,
          "detail": {
            "constraint": "no_competitors",
            "metric": "rules"
          },
          "first_at": "2026-11-03T10:01:00Z",
          "id": 2,
          "key": "b",
          "last_at": "2026-11-03T10:01:00Z",
          "resolved_at": null,
          "rule": "constraints",
          "severity": "medium",
          "state": "firing",
          "title": "constraint `no_competitors` of `rules` is broken: has `CompetitorA` at byte 4"
        },
        {
          "acknowledged_by": null,
          "count": 1,
          "detail": {
            "constraint": "no_competitors",
            "metric": "rules"
          },
          "first_at": "2026-11-03T10:00:00Z",
          "id": 1,
          "key": "a",
          "last_at": "2026-11-03T10:00:00Z",
          "resolved_at": "2026-11-03T10:02:00Z",
          "rule": "constraints",
          "severity": "medium",
          "state": "resolved",
          "title": "constraint `no_competitors` of `rules` is broken: has `CompetitorA` at byte 4"
        }
      ]
    }
    "#);
    let open = server.get("/api/v1/alerts?resolved=0").await;
    assert_eq!(open["alerts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_can_say_that_an_alert_is_known() {
    let fixture = fixture_with_alerts().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let id = server.get("/api/v1/alerts?resolved=0").await["alerts"][0]["id"].clone();
    let path = format!("/api/v1/alerts/{id}/acknowledge");
    let (status, answer) = server.send(Method::POST, &path, None).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["state"], &answer["acknowledged_by"]),
        (&"acknowledged".into(), &"anybody".into())
    );
}

#[tokio::test]
async fn what_is_no_open_alert_cannot_be_acknowledged() {
    let fixture = fixture_with_alerts().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let status = async |id: &str| {
        let path = format!("/api/v1/alerts/{id}/acknowledge");
        server.send(Method::POST, &path, None).await.0
    };
    assert_eq!(status("77").await, 404);
    assert_eq!(status("seven").await, 422);
    let alerts = server.get("/api/v1/alerts").await;
    let resolved = alerts["alerts"].as_array().unwrap().iter().find(|it| it["state"] == "resolved");
    assert_eq!(status(&resolved.unwrap()["id"].to_string()).await, 409);
}

#[tokio::test]
async fn the_number_of_resolved_alerts_is_bounded() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    for number in ["1001", "-1", "many"] {
        let refused = server.refused(&format!("/api/v1/alerts?resolved={number}")).await;
        let expected =
            format!("422 \"resolved\" `resolved` cannot be `{number}`; write a number up to 1000");
        assert_eq!(refused, expected);
    }
}

#[tokio::test]
async fn a_key_sees_its_own_project_and_needs_the_scope() {
    let fixture = fixture_with_alerts().await;
    let keys = [
        ("own-read", PROJECT, Scope::Read),
        ("own-review", PROJECT, Scope::Review),
        ("other", "another", Scope::Admin),
    ];
    for (name, project, scope) in keys {
        let key = ApiKey {
            id: name.to_owned(),
            project: project.to_owned(),
            name: name.to_owned(),
            scopes: [scope].into(),
            hash: Digest::of(name.as_bytes()),
            created_at: fixture.now(),
            revoked_at: None,
        };
        fixture.store.add_key(&key).await.unwrap();
    }
    let server = Server::new(&fixture, Auth::keys()).await;
    let list = async |key| server.send(Method::GET, "/api/v1/alerts", Some(key)).await;
    let (status, answer) = list("own-read").await;
    assert_eq!((status, answer["alerts"].as_array().unwrap().len()), (200, 2));
    assert_eq!(list("other").await, (200, serde_json::json!({"alerts": []})));
    assert_eq!(list("own-review").await.0, 403);

    let id = answer["alerts"][0]["id"].clone();
    let path = format!("/api/v1/alerts/{id}/acknowledge");
    let acknowledge = async |key| server.send(Method::POST, &path, Some(key)).await;
    assert_eq!(acknowledge("own-read").await.0, 403);
    assert_eq!(acknowledge("other").await.0, 404);
    let (status, answer) = acknowledge("own-review").await;
    assert_eq!((status, &answer["acknowledged_by"]), (200, &"own-review".into()));
}
