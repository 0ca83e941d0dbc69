use std::time::Duration;

use evalward_core::Outcome;

use crate::fixture::{Fixture, Server, failed};
use crate::http::Auth;

#[tokio::test]
async fn windows_tell_counts_by_stratum_and_rates_over_all() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    for _ in 0..15 {
        fixture.arrives("base", 0.25, false).await;
    }
    fixture.samples(5, 0.25, &Outcome::Passed).await;
    fixture.arrives("error", 1.0, true).await;
    fixture.evaluate(&failed(), &[]).await;
    fixture.arrives("base", 0.25, true).await;
    fixture.evaluate(&Outcome::Errored("metric `rules`: down".to_owned()), &[]).await;
    fixture.arrives("base", 0.25, true).await;
    insta::assert_json_snapshot!(server.get("/api/v1/windows").await, @r#"
    {
      "from": "2026-11-03T09:01:00Z",
      "overall": [
        {
          "errored": 1,
          "failed": 1,
          "pass_rate": {
            "effective_n": 5.444444444,
            "estimate": 0.9523809524,
            "high": 0.9868068384,
            "level": 0.95,
            "low": 0.4952270796,
            "method": "hajek",
            "n": 6
          },
          "passed": 5,
          "sampled": 8,
          "scores": {
            "rules": {
              "effective_n": 5.444444444,
              "high": null,
              "level": 0.95,
              "low": null,
              "mean": 0.9523809524,
              "method": "hajek",
              "n": 6
            }
          },
          "seen": 23,
          "skipped": 0,
          "start": "2026-11-03T10:00:00Z",
          "unweighted_pass_rate": 0.8333333333,
          "waiting": 1
        }
      ],
      "resolution": "minute",
      "until": "2026-11-03T10:01:00Z",
      "windows": [
        {
          "errored": 1,
          "failed": 0,
          "passed": 5,
          "sampled": 7,
          "seen": 22,
          "segment": "hour=10",
          "skipped": 0,
          "start": "2026-11-03T10:00:00Z",
          "stratum": "base",
          "waiting": 1
        },
        {
          "errored": 0,
          "failed": 1,
          "passed": 0,
          "sampled": 1,
          "seen": 1,
          "segment": "hour=10",
          "skipped": 0,
          "start": "2026-11-03T10:00:00Z",
          "stratum": "error",
          "waiting": 0
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn a_window_without_an_evaluated_sample_has_no_rate() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    assert_eq!(server.get("/api/v1/windows").await["overall"], serde_json::json!([]));
    fixture.arrives("base", 0.25, true).await;
    fixture.arrives("base", 0.25, false).await;
    let overall = &server.get("/api/v1/windows").await["overall"][0];
    assert_eq!(overall["waiting"], 1);
    for absent in ["pass_rate", "unweighted_pass_rate"] {
        assert!(overall.as_object().unwrap()[absent].is_null(), "{absent}");
    }
    assert_eq!(overall["scores"], serde_json::json!({}));
}

#[tokio::test]
async fn what_comes_in_over_minutes_is_one_hour() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    for outcome in [Outcome::Passed, failed(), Outcome::Passed] {
        fixture.samples(1, 1.0, &outcome).await;
        fixture.pass(Duration::from_mins(1));
    }
    let minutes = server.get("/api/v1/windows?resolution=minute").await;
    let estimates: Vec<_> = minutes["overall"]
        .as_array()
        .unwrap()
        .iter()
        .map(|window| window["pass_rate"]["estimate"].as_f64().unwrap())
        .collect();
    assert_eq!(estimates, [1.0, 0.0, 1.0]);
    let hours = server.get("/api/v1/windows?resolution=hour").await;
    assert_eq!(hours["overall"].as_array().unwrap().len(), 1);
    assert_eq!(hours["overall"][0]["passed"], 2);
    assert_eq!(hours["overall"][0]["unweighted_pass_rate"], 0.666_666_666_7);
}

#[tokio::test]
async fn the_period_can_be_chosen() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    for _ in 0..4 {
        fixture.arrives("base", 0.25, false).await;
        fixture.pass(Duration::from_mins(30));
    }
    let starts = async |query: &str| {
        let answer = server.get(&format!("/api/v1/windows{query}")).await;
        let windows = answer["windows"].as_array().unwrap().clone();
        windows.iter().map(|it| it["start"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // It is noon: the last hour of minutes includes the running one.
    assert_eq!(starts("").await, ["2026-11-03T11:30:00Z"]);
    assert_eq!(
        starts("?from=2026-11-03T10:30:59Z&until=2026-11-03T11:00:01Z").await,
        ["2026-11-03T10:30:00Z", "2026-11-03T11:00:00Z"]
    );
    assert_eq!(starts("?from=2026-11-03T10:30:00Z&until=2026-11-03T11:00:00Z").await.len(), 1);
    assert_eq!(starts("?resolution=hour").await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_name() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let check = async |query: &str, expected: &str| {
        assert_eq!(server.refused(&format!("/api/v1/windows?{query}")).await, expected);
    };
    check(
        "resolution=day",
        "422 \"resolution\" `resolution` cannot be `day`; write `minute` or `hour`",
    )
    .await;
    check(
        "from=yesterday",
        "422 \"from\" `from` cannot be `yesterday`; write a time such as `2026-11-03T10:00:00Z`",
    )
    .await;
    check(
        "until=2026-11-03T09:00:00Z&from=2026-11-03T09:00:00Z",
        "422 \"until\" `until` must be later than 2026-11-03T09:00:00Z",
    )
    .await;
    check("from=2026-10-03T09:00:00Z",
        "422 \"from\" from 2026-10-03T09:00:00Z until 2026-11-03T10:01:00Z is more than 1500 windows; ask for a part, or for hours").await;
    check("segment=x", "422 \"segment\" the parameter `segment` is unknown; the parameters are resolution, from, until").await;
    check("from=a&from=b", "422 \"from\" `from` is given twice").await;
    // The ends of time do not overflow.
    check("from=-009000-01-01T00:30:00Z&until=9999-12-30T22:00:00Z&resolution=hour",
        "422 \"from\" from -009000-01-01T00:00:00Z until 9999-12-30T22:00:00Z is more than 1500 windows; ask for a part, or for hours").await;
}
