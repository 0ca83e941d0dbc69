use std::time::Duration;

use evalward_core::{Finite, Measurement, Outcome, Score};
use serde_json::Value;

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
              "errored": 0,
              "hallucination_rate": null,
              "high": null,
              "level": 0.95,
              "low": null,
              "mean": 0.9523809524,
              "method": "hajek",
              "n": 6,
              "p10": null,
              "p50": {
                "estimate": 1.0,
                "high": null,
                "low": null
              },
              "p90": null,
              "pass_rate": {
                "effective_n": 5.444444444,
                "estimate": 0.9523809524,
                "high": 0.9868068384,
                "level": 0.95,
                "low": 0.4952270796,
                "method": "hajek",
                "n": 6
              },
              "skipped": 0
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
async fn a_day_is_the_same_as_its_hours() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    for hour in 0..16 {
        fixture.samples(1, 0.5, &if hour % 4 == 0 { failed() } else { Outcome::Passed }).await;
        fixture.pass(Duration::from_hours(1));
    }
    let hours = server.get("/api/v1/windows?resolution=hour").await;
    let days = server.get("/api/v1/windows?resolution=day").await;
    assert_eq!(
        (&days["resolution"], &days["from"]),
        (&"day".into(), &"2026-10-06T00:00:00Z".into())
    );
    // Ten in the morning and fourteen hours later: the day turned, two hours are of the next.
    let told = |answer: &Value, name: &str| {
        let overall = answer["overall"].as_array().unwrap();
        overall.iter().map(|window| window[name].clone()).collect::<Vec<_>>()
    };
    assert_eq!(told(&days, "start"), ["2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z"]);
    assert_eq!(told(&days, "passed"), [10, 2]);
    assert_eq!(told(&days, "failed"), [4, 0]);
    assert_eq!(told(&hours, "passed").iter().filter_map(Value::as_u64).sum::<u64>(), 12);
    assert_eq!(days["overall"][0]["pass_rate"]["estimate"], 0.714_285_714_3);
}

#[tokio::test]
async fn windows_tell_the_hallucination_rate_and_the_quantiles_of_a_judge() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    let judged = |value: f64| {
        let score = Score::fraction(Finite::new(value).unwrap());
        Measurement::Score(Score { passed: Some(value > 0.9), ..score })
    };
    for value in [1.0, 1.0, 0.5, 1.0, 2.0 / 3.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0] {
        fixture.grounded(0.25, judged(value)).await;
    }
    fixture.grounded(0.25, Measurement::Skipped("no claim".to_owned())).await;
    for _ in 0..39 {
        fixture.arrives("base", 0.25, false).await;
    }
    let overall = &server.get("/api/v1/windows").await["overall"][0];
    assert_eq!((&overall["seen"], &overall["skipped"]), (&52.into(), &1.into()));
    insta::assert_json_snapshot!(overall["scores"], @r#"
    {
      "grounded": {
        "effective_n": 12.0,
        "errored": 0,
        "hallucination_rate": {
          "effective_n": 12.0,
          "estimate": 0.25,
          "high": 0.5362157503,
          "level": 0.95,
          "low": 0.0378276749,
          "method": "hajek",
          "n": 12
        },
        "high": 1.012373929,
        "level": 0.95,
        "low": 0.6820705152,
        "mean": 0.8472222222,
        "method": "hajek",
        "n": 12,
        "p10": {
          "estimate": 0.5,
          "high": 1.0,
          "low": null
        },
        "p50": {
          "estimate": 1.0,
          "high": 1.0,
          "low": 0.667
        },
        "p90": {
          "estimate": 1.0,
          "high": null,
          "low": 1.0
        },
        "pass_rate": {
          "effective_n": 12.0,
          "estimate": 0.75,
          "high": 0.9621723251,
          "level": 0.95,
          "low": 0.4637842497,
          "method": "hajek",
          "n": 12
        },
        "skipped": 1
      }
    }
    "#);
}

#[tokio::test]
async fn a_metric_that_never_had_a_score_tells_why() {
    let fixture = Fixture::new().await;
    let server = Server::new(&fixture, Auth::Off).await;
    fixture.grounded(1.0, Measurement::Skipped("no claim".to_owned())).await;
    let overall = &server.get("/api/v1/windows").await["overall"][0];
    insta::assert_json_snapshot!(overall["scores"], @r#"
    {
      "grounded": {
        "effective_n": 0.0,
        "errored": 0,
        "hallucination_rate": null,
        "high": null,
        "level": 0.95,
        "low": null,
        "mean": null,
        "method": null,
        "n": 0,
        "p10": null,
        "p50": null,
        "p90": null,
        "pass_rate": null,
        "skipped": 1
      }
    }
    "#);
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
        "resolution=week",
        "422 \"resolution\" `resolution` cannot be `week`; write `minute`, `hour` or `day`",
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
        "422 \"from\" from 2026-10-03T09:00:00Z until 2026-11-03T10:01:00Z is more than 1500 windows; ask for a part, or for longer windows").await;
    check("segment=x", "422 \"segment\" the parameter `segment` is unknown; the parameters are resolution, from, until").await;
    check("from=a&from=b", "422 \"from\" `from` is given twice").await;
    // The ends of time do not overflow.
    check("from=-009000-01-01T00:30:00Z&until=9999-12-30T22:00:00Z&resolution=hour",
        "422 \"from\" from -009000-01-01T00:00:00Z until 9999-12-30T22:00:00Z is more than 1500 windows; ask for a part, or for longer windows").await;
}
