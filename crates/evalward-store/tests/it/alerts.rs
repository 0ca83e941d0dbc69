//! Alerts and their deliveries.

use std::time::Duration;

use evalward_store::{
    Alert, AlertSignal, AlertState, Delivery, Evaluation, Severity, Store, StoreError,
};

use crate::support::{PROJECT, at, failed, finish, lease, on_both_engines, sample};

on_both_engines!(
    an_alert_fires_once_and_is_counted,
    a_resolved_alert_may_fire_again,
    an_alert_that_was_signalled_meanwhile_is_not_resolved,
    a_person_acknowledges_an_alert,
    deliveries_are_tried_until_they_are_taken,
    an_end_is_not_told_before_its_start,
    evaluations_set_alerts_off,
    alerts_raised_at_the_same_time_are_one,
);

fn signal(key: &str) -> AlertSignal {
    AlertSignal {
        project: PROJECT.to_owned(),
        rule: "failed_constraint".to_owned(),
        key: key.to_owned(),
        severity: Severity::Medium,
        title: format!("{key} fails"),
        detail: serde_json::json!({"interaction": "a"}),
    }
}

fn webhooks() -> [String; 2] {
    ["ops".to_owned(), "chat".to_owned()]
}

async fn raise(store: &Store, keys: &[&str], seconds: i64) -> u64 {
    let signals: Vec<_> = keys.iter().map(|key| signal(key)).collect();
    store.raise(&signals, &webhooks(), at(seconds)).await.unwrap()
}

async fn resolve(store: &Store, key: &str, seconds: i64) -> bool {
    let open = store.open_alerts().await.unwrap();
    let Some(alert) = open.iter().find(|alert| alert.signal.key == key) else { return false };
    store.resolve(alert, &webhooks(), at(seconds)).await.unwrap()
}

async fn due(store: &Store, seconds: i64) -> Vec<Delivery> {
    store.due_deliveries(100, Duration::from_secs(30), at(seconds)).await.unwrap()
}

/// Webhook, event, key and number of the attempt.
fn shown(deliveries: &[Delivery]) -> Vec<String> {
    let shown = deliveries.iter().map(|delivery| {
        let key = &delivery.alert.signal.key;
        format!("{} {:?} {key} {}", delivery.destination, delivery.event, delivery.attempt)
    });
    shown.collect()
}

async fn only_alert(store: &Store) -> Alert {
    let mut alerts = store.alerts(PROJECT, 10).await.unwrap();
    assert_eq!(alerts.len(), 1);
    alerts.remove(0)
}

async fn an_alert_fires_once_and_is_counted(store: Store) {
    assert_eq!(raise(&store, &[], 0).await, 0);
    assert_eq!(raise(&store, &["a"], 0).await, 1);
    let mut louder = signal("a");
    louder.title = "louder".to_owned();
    assert_eq!(store.raise(&[louder], &webhooks(), at(5)).await.unwrap(), 0);
    assert_eq!(raise(&store, &["a", "a"], 9).await, 0);
    let alert = only_alert(&store).await;
    assert_eq!(alert.signal, signal("a"));
    assert_eq!((alert.state, alert.count), (AlertState::Firing, 4));
    assert_eq!((alert.first_at, alert.last_at), (at(0), at(9)));
    assert_eq!(shown(&due(&store, 9).await), ["ops Firing a 1", "chat Firing a 1"]);
    assert_eq!(raise(&store, &["b", "c", "b"], 10).await, 2);
    assert_eq!(store.open_alerts().await.unwrap().len(), 3);
}

async fn a_resolved_alert_may_fire_again(store: Store) {
    assert!(!resolve(&store, "a", 0).await);
    raise(&store, &["a"], 0).await;
    assert!(!resolve(&store, "b", 1).await);
    assert!(resolve(&store, "a", 60).await);
    assert!(!resolve(&store, "a", 61).await);
    let alert = only_alert(&store).await;
    assert_eq!((alert.state, alert.resolved_at), (AlertState::Resolved, Some(at(60))));
    assert!(store.open_alerts().await.unwrap().is_empty());
    assert!(store.alerts(PROJECT, 0).await.unwrap().is_empty());

    assert_eq!(raise(&store, &["a"], 70).await, 1);
    let alerts = store.alerts(PROJECT, 1).await.unwrap();
    let states: Vec<_> = alerts.iter().map(|alert| (alert.state, alert.count)).collect();
    assert_eq!(states, [(AlertState::Firing, 1), (AlertState::Resolved, 1)]);
    assert!(store.alerts("another", 9).await.unwrap().is_empty());
}

async fn an_alert_that_was_signalled_meanwhile_is_not_resolved(store: Store) {
    raise(&store, &["a"], 0).await;
    let read = only_alert(&store).await;
    raise(&store, &["a"], 1).await;
    assert!(!store.resolve(&read, &webhooks(), at(2)).await.unwrap());
    assert_eq!(only_alert(&store).await.state, AlertState::Firing);
    let read = only_alert(&store).await;
    assert!(store.resolve(&read, &webhooks(), at(3)).await.unwrap());
    assert!(!store.resolve(&read, &webhooks(), at(4)).await.unwrap());
}

async fn a_person_acknowledges_an_alert(store: Store) {
    raise(&store, &["a"], 0).await;
    let number = only_alert(&store).await.id;
    let alert = store.acknowledge(PROJECT, number, "ada").await.unwrap();
    assert_eq!(alert.state, AlertState::Acknowledged);
    assert_eq!(alert.acknowledged_by.as_deref(), Some("ada"));
    assert_eq!(raise(&store, &["a"], 1).await, 0);
    let alert = only_alert(&store).await;
    assert_eq!((alert.state, alert.count), (AlertState::Acknowledged, 2));
    assert!(resolve(&store, "a", 2).await);
    let error = store.acknowledge(PROJECT, number, "ben").await.unwrap_err();
    let expected = format!("acknowledge an alert: alert `{number}` is resolved");
    assert_eq!(error.to_string(), expected);
    let error = store.acknowledge("another", number, "ben").await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "alert", .. }));
}

async fn deliveries_are_tried_until_they_are_taken(store: Store) {
    raise(&store, &["a"], 0).await;
    let first = due(&store, 0).await;
    assert_eq!(shown(&first), ["ops Firing a 1", "chat Firing a 1"]);
    // Held for a while, so that no other process sends them too.
    assert!(due(&store, 29).await.is_empty());
    store.delivered(first[0].id, at(1)).await.unwrap();
    store.undelivered(first[1].id, "status 503", Some(at(20))).await.unwrap();
    assert!(due(&store, 19).await.is_empty());
    let second = due(&store, 20).await;
    assert_eq!(shown(&second), ["chat Firing a 2"]);
    assert_eq!(second[0].id, first[1].id);
    // A process that died tells nothing; what it held comes back.
    let third = due(&store, 50).await;
    assert_eq!(shown(&third), ["chat Firing a 3"]);
    store.undelivered(third[0].id, "status 410", None).await.unwrap();
    assert!(due(&store, 500).await.is_empty());
}

async fn an_end_is_not_told_before_its_start(store: Store) {
    raise(&store, &["a", "b"], 0).await;
    resolve(&store, "a", 1).await;
    let first = due(&store, 2).await;
    let expected = ["ops Firing a 1", "chat Firing a 1", "ops Firing b 1", "chat Firing b 1"];
    assert_eq!(shown(&first), expected);
    store.delivered(first[0].id, at(3)).await.unwrap();
    store.undelivered(first[1].id, "status 503", Some(at(20))).await.unwrap();
    let second = due(&store, 4).await;
    assert_eq!(shown(&second), ["ops Resolved a 1"]);
    assert_eq!(second[0].alert.state, AlertState::Resolved);
    let third = due(&store, 20).await;
    assert_eq!(shown(&third), ["chat Firing a 2"]);
    store.undelivered(third[0].id, "status 410", None).await.unwrap();
    assert_eq!(shown(&due(&store, 21).await), ["chat Resolved a 1"]);
}

async fn evaluations_set_alerts_off(store: Store) {
    store.ingest(vec![sample("a", 0), sample("b", 0)]).await.unwrap();
    let jobs = lease(&store, 2, 1).await;
    let alarming = |keys: &[&str]| Evaluation {
        alerts: keys.iter().map(|key| signal(key)).collect(),
        ..failed()
    };
    let evaluations = [(&jobs[0], alarming(&["x"])), (&jobs[1], alarming(&["x", "y"]))];
    finish(&store, &evaluations, 2).await;
    let alerts = store.open_alerts().await.unwrap();
    let counts: Vec<_> =
        alerts.iter().map(|alert| (alert.signal.key.as_str(), alert.count)).collect();
    assert_eq!(counts, [("y", 1), ("x", 2)]);
    assert_eq!(shown(&due(&store, 2).await), ["ops Firing x 1", "ops Firing y 1"]);
    // What came too late sets nothing off.
    finish(&store, &[(&jobs[0], alarming(&["z"]))], 3).await;
    assert_eq!(store.open_alerts().await.unwrap().len(), 2);
}

async fn alerts_raised_at_the_same_time_are_one(store: Store) {
    let raised = (0..8).map(|number| {
        let store = &store;
        async move {
            let keys = if number % 2 == 0 { ["a", "b"] } else { ["b", "a"] };
            raise(store, &keys, number).await
        }
    });
    let new: u64 = futures::future::join_all(raised).await.into_iter().sum();
    assert_eq!(new, 2);
    let alerts = store.open_alerts().await.unwrap();
    assert_eq!(alerts.iter().map(|alert| alert.count).collect::<Vec<_>>(), [8, 8]);
    assert_eq!(due(&store, 100).await.len(), 4);
}
