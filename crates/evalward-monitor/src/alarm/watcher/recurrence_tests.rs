//! The alarm that a covered pattern failed again, from the failure in the store to its end.

use evalward_core::{Example, Interaction, InteractionId, Outcome, Partition, Rate};
use evalward_store::{
    Alert, AlertState, CandidateEdit, CandidateReview, CandidateState, Evaluation, FinishBatch,
    FinishedJob, NewCandidate, NewFailure, NewInteraction,
};

use super::*;
use crate::alarm::recurred;
use crate::fixture::{Fixture, PROJECT, SetClock, failed};

const PATTERN: &str = "p1-3f2a9c01b7de";
const CANDIDATE: &str = "c1-3f2a9c01b7de";

fn failure() -> NewFailure {
    NewFailure {
        pattern: PATTERN.to_owned(),
        metric: "rules".to_owned(),
        rule: Some("no_competitors".to_owned()),
        title: "has `CompetitorA`".to_owned(),
        message: "no_competitors: has `CompetitorA` at byte 4".to_owned(),
        candidate: Some(NewCandidate {
            id: CANDIDATE.to_owned(),
            example: Example::new("competitor", Partition::Regression)
                .with_input("question", "What else is there?"),
            warnings: Vec::new(),
        }),
    }
}

/// Lets an answer of this version fail with the pattern.
async fn fails(fixture: &Fixture, id: &str, version: &str) {
    let now = fixture.now();
    let mut interaction = Interaction::new(InteractionId::new(id).unwrap(), now);
    interaction.version = Some(version.to_owned());
    let new = NewInteraction {
        project: PROJECT.to_owned(),
        interaction,
        received_at: now,
        segment: String::new(),
        stratum: "base".to_owned(),
        probability: Rate::ONE,
        is_sampled: true,
    };
    fixture.store.ingest(vec![new]).await.unwrap();
    let leased = fixture.store.lease(1, Duration::from_mins(1), now).await.unwrap();
    let evaluation = Evaluation {
        evaluator: "e1".to_owned(),
        outcome: failed(),
        scores: BTreeMap::new(),
        failures: vec![failure()],
        alerts: Vec::new(),
    };
    let jobs = vec![FinishedJob { job: leased[0].job, token: leased[0].token, evaluation }];
    let batch = FinishBatch { jobs, now, destinations: &[], recurred };
    fixture.store.finish(batch).await.unwrap();
}

async fn promote(fixture: &Fixture) {
    let found = fixture.store.candidate(PROJECT, CANDIDATE).await.unwrap();
    let review = CandidateReview {
        reviewer: "ann".to_owned(),
        at: fixture.now(),
        approves: true,
        note: String::new(),
        content: "hash".to_owned(),
    };
    let (revision, example) = (found.revision, found.example);
    let edit = CandidateEdit { revision, example, state: CandidateState::Approved, review };
    fixture.store.review_candidate(PROJECT, CANDIDATE, edit).await.unwrap();
    let example = "regression-competitor";
    fixture.store.cover(PROJECT, CANDIDATE, example, fixture.now()).await.unwrap();
}

fn watcher(fixture: &Fixture) -> Watcher {
    let options = WatchOptions {
        rules: Arc::new(AlarmRules::default()),
        destinations: Arc::from([]),
        clock: Arc::<SetClock>::clone(&fixture.clock),
        deliveries: Arc::new(Notify::new()),
        interval: Duration::from_secs(5),
    };
    Watcher::new(fixture.store.clone(), options)
}

async fn only_alert(fixture: &Fixture) -> Alert {
    let mut alerts = fixture.store.alerts(PROJECT, 10).await.unwrap();
    assert_eq!(alerts.len(), 1);
    alerts.remove(0)
}

#[tokio::test]
async fn a_recurrence_fires_with_its_example_and_ends_after_a_day_of_silence() {
    let fixture = Fixture::new().await;
    let watcher = watcher(&fixture);
    fails(&fixture, "r-1", "1.4.0").await;
    promote(&fixture).await;
    fixture.pass(Duration::from_mins(1));
    fails(&fixture, "r-2", "1.4.0").await;
    assert!(fixture.store.alerts(PROJECT, 10).await.unwrap().is_empty(), "it is not fixed yet");
    fixture.pass(Duration::from_mins(1));
    fails(&fixture, "r-3", "1.6.0").await;
    let alert = only_alert(&fixture).await;
    insta::assert_snapshot!(alert.signal.title, @"`regression-competitor` guards against this, and it is back in version `1.6.0`: has `CompetitorA`");
    fixture.pass(Duration::from_hours(23));
    assert_eq!(watcher.look().await.unwrap(), Changes::default());
    fixture.pass(Duration::from_hours(1));
    assert_eq!(watcher.look().await.unwrap(), Changes { fired: 0, resolved: 1 });
    assert_eq!(only_alert(&fixture).await.state, AlertState::Resolved);
    // It is still broken, and the next failure says so.
    fails(&fixture, "r-4", "1.6.0").await;
    assert_eq!(fixture.store.open_alerts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn other_samples_do_not_end_a_recurrence() {
    let fixture = Fixture::new().await;
    fails(&fixture, "r-1", "1.4.0").await;
    promote(&fixture).await;
    fixture.pass(Duration::from_mins(1));
    fails(&fixture, "r-2", "1.6.0").await;
    fixture.samples(50, 1.0, &Outcome::Passed).await;
    assert_eq!(watcher(&fixture).look().await.unwrap(), Changes::default());
}
