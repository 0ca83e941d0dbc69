use evalward_core::{Outcome, Rate};
use evalward_store::{AlertState, Severity};

use super::super::{AlarmRule, FailedConstraint};
use super::*;
use crate::fixture::{Fixture, PROJECT, failed, signal};

fn rules() -> AlarmRules {
    let failed = AlarmKind::FailedConstraint(FailedConstraint {
        metrics: ["rules".to_owned()].into(),
        severity: Severity::Medium,
        resolve_after: Duration::from_mins(15),
    });
    let rate = AlarmKind::PassRate(PassRate {
        below: Rate::new(0.9).unwrap(),
        over: Duration::from_mins(30),
        severity: Severity::High,
    });
    let kinds = [("constraints", failed), ("quality", rate)];
    let rules = kinds.map(|(id, kind)| AlarmRule { id: id.to_owned(), kind });
    AlarmRules { rules: rules.into() }
}

fn watcher(fixture: &Fixture, rules: AlarmRules) -> Watcher {
    let options = WatchOptions {
        rules: Arc::new(rules),
        destinations: Arc::from(["ops".to_owned()]),
        clock: Arc::<crate::fixture::SetClock>::clone(&fixture.clock),
        deliveries: Arc::new(Notify::new()),
        interval: Duration::from_secs(5),
    };
    Watcher::new(fixture.store.clone(), options)
}

async fn check(watcher: &Watcher, fired: u64, resolved: u64) {
    assert_eq!(watcher.look().await.unwrap(), Changes { fired, resolved });
}

/// Returns rule, state and count of each alert.
async fn alerts(fixture: &Fixture) -> Vec<(String, AlertState, u64)> {
    let alerts = fixture.store.alerts(PROJECT, 10).await.unwrap();
    alerts.into_iter().map(|alert| (alert.signal.rule, alert.state, alert.count)).collect()
}

#[tokio::test]
async fn a_low_pass_rate_fires_once_and_is_resolved_when_it_is_back() {
    let fixture = Fixture::new().await;
    let watcher = watcher(&fixture, rules());
    check(&watcher, 0, 0).await;
    fixture.samples(20, 0.5, &failed()).await;
    check(&watcher, 1, 0).await;
    check(&watcher, 0, 0).await;
    assert_eq!(alerts(&fixture).await, [("quality".to_owned(), AlertState::Firing, 1)]);
    fixture.pass(Duration::from_mins(1));
    check(&watcher, 0, 0).await;
    assert_eq!(alerts(&fixture).await[0].2, 2, "it is counted again in another minute");
    fixture.samples(200, 0.5, &Outcome::Passed).await;
    check(&watcher, 0, 1).await;
    check(&watcher, 0, 0).await;
    assert_eq!(alerts(&fixture).await, [("quality".to_owned(), AlertState::Resolved, 2)]);
}

#[tokio::test]
async fn an_outage_of_the_evaluation_neither_fires_nor_resolves() {
    let fixture = Fixture::new().await;
    let watcher = watcher(&fixture, rules());
    fixture.samples(20, 0.5, &failed()).await;
    check(&watcher, 1, 0).await;
    // The period slides away from all evaluated samples; those that came since then wait.
    for _ in 0..3 {
        fixture.pass(Duration::from_mins(20));
        fixture.arrives("base", 0.5, true).await;
        check(&watcher, 0, 0).await;
    }
    assert_eq!(alerts(&fixture).await[0].1, AlertState::Firing);
}

#[tokio::test]
async fn a_broken_constraint_is_resolved_when_it_did_not_break_for_a_while() {
    let fixture = Fixture::new().await;
    let mut rules = rules();
    rules.rules.truncate(1);
    let watcher = watcher(&fixture, rules);
    fixture.arrives("base", 0.5, true).await;
    fixture.evaluate(&failed(), &[signal()]).await;
    fixture.pass(Duration::from_mins(14));
    check(&watcher, 0, 0).await;
    // What waits may break it again.
    fixture.arrives("base", 0.5, true).await;
    fixture.pass(Duration::from_mins(2));
    check(&watcher, 0, 0).await;
    fixture.evaluate(&Outcome::Passed, &[]).await;
    check(&watcher, 0, 1).await;
    assert_eq!(alerts(&fixture).await, [("constraints".to_owned(), AlertState::Resolved, 1)]);
}

#[tokio::test]
async fn an_alarm_that_is_no_longer_configured_is_resolved() {
    let fixture = Fixture::new().await;
    fixture.store.raise(&[signal()], &[], fixture.now()).await.unwrap();
    check(&watcher(&fixture, rules()), 0, 0).await;
    check(&watcher(&fixture, AlarmRules::default()), 0, 1).await;
}

#[tokio::test]
async fn a_person_who_knows_does_not_end_an_alert() {
    let fixture = Fixture::new().await;
    let watcher = watcher(&fixture, rules());
    fixture.samples(20, 0.5, &failed()).await;
    check(&watcher, 1, 0).await;
    let alert = fixture.store.alerts(PROJECT, 0).await.unwrap().remove(0);
    fixture.store.acknowledge(PROJECT, alert.id, "ann").await.unwrap();
    fixture.pass(Duration::from_mins(1));
    check(&watcher, 0, 0).await;
    assert_eq!(alerts(&fixture).await, [("quality".to_owned(), AlertState::Acknowledged, 2)]);
    fixture.samples(200, 0.5, &Outcome::Passed).await;
    check(&watcher, 0, 1).await;
}

#[tokio::test]
async fn each_change_is_told_to_every_webhook() {
    let fixture = Fixture::new().await;
    let watcher = watcher(&fixture, rules());
    fixture.samples(20, 0.5, &failed()).await;
    watcher.look().await.unwrap();
    fixture.samples(200, 0.5, &Outcome::Passed).await;
    watcher.look().await.unwrap();
    let mut events = Vec::new();
    for _ in 0..3 {
        let hold = Duration::from_mins(1);
        for due in fixture.store.due_deliveries(10, hold, fixture.now()).await.unwrap() {
            fixture.store.delivered(due.id, fixture.now()).await.unwrap();
            events.push((due.destination, due.event));
        }
    }
    let event = |event| ("ops".to_owned(), event);
    assert_eq!(events, [event(AlertState::Firing), event(AlertState::Resolved)]);
}

#[tokio::test]
async fn a_watcher_looks_until_it_is_cancelled() {
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    let fixture = Fixture::new().await;
    watcher(&fixture, rules()).run(cancelled).await;
}
