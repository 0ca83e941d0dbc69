//! What tests of several modules share: a store in a temporary folder, a clock that tests set, and traffic made of outcomes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use evalward_core::{
    Clock, Interaction, InteractionId, Measurement, Outcome, Rate, Reason, ReasonKind, Score,
    Timestamp,
};
use evalward_store::{
    AlertSignal, Evaluation, FinishBatch, Finished, FinishedJob, Ingested, NewInteraction,
    Severity, Store, StoreOptions,
};
use serde_json::json;
use tempfile::TempDir;

/// The moment at which every test starts, a full hour: 2026-11-03T10:00:00Z.
pub(crate) const START: i64 = 1_793_700_000_000;

/// The project of all tests.
pub(crate) const PROJECT: &str = "default";

/// A clock that stands still until it is set.
#[derive(Debug)]
pub(crate) struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A store with its clock.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) clock: Arc<SetClock>,
    _folder: TempDir,
    next: AtomicI64,
}

impl Fixture {
    /// Opens an empty store at [`START`].
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = Store::url_of_file(&folder.path().join("store.db"));
        let store = Store::open(&url, StoreOptions::default()).await.unwrap();
        let clock = Arc::new(SetClock(AtomicI64::new(START)));
        Self { store, clock, _folder: folder, next: AtomicI64::new(1) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        self.clock.0.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Stores an interaction now, and returns its id.
    pub(crate) async fn arrives(
        &self,
        stratum: &str,
        probability: f64,
        is_sampled: bool,
    ) -> String {
        let id = format!("i-{}", self.next.fetch_add(1, Ordering::SeqCst));
        let mut interaction = Interaction::new(InteractionId::new(&*id).unwrap(), self.now());
        interaction.input.insert("question".to_owned(), json!("What does the Team plan cost?"));
        interaction.version = Some("1.4.0".to_owned());
        let new = NewInteraction {
            project: PROJECT.to_owned(),
            interaction,
            received_at: self.now(),
            segment: "hour=10".to_owned(),
            stratum: stratum.to_owned(),
            probability: Rate::new(probability).unwrap(),
            is_sampled,
        };
        let expected = if is_sampled { Ingested::Sampled } else { Ingested::Counted };
        assert_eq!(self.store.ingest(vec![new]).await.unwrap(), [expected]);
        id
    }

    /// Evaluates what waits with this outcome, and sets these alarms off.
    pub(crate) async fn evaluate(&self, outcome: &Outcome, alerts: &[AlertSignal]) {
        let now = self.now();
        let leased = self.store.lease(1_000, Duration::from_mins(1), now).await.unwrap();
        assert!(!leased.is_empty(), "something waits");
        let count = leased.len();
        let jobs = leased.into_iter().map(|job| FinishedJob {
            job: job.job,
            token: job.token,
            evaluation: evaluation(outcome, alerts),
        });
        let batch = FinishBatch {
            jobs: jobs.collect(),
            now,
            destinations: &["ops".to_owned()],
            recurred: crate::alarm::recurred,
        };
        assert_eq!(self.store.finish(batch).await.unwrap(), vec![Finished::Recorded; count]);
    }

    /// Lets samples arrive and evaluates them.
    pub(crate) async fn samples(&self, count: u32, probability: f64, outcome: &Outcome) {
        for _ in 0..count {
            self.arrives("base", probability, true).await;
        }
        self.evaluate(outcome, &[]).await;
    }
}

fn evaluation(outcome: &Outcome, alerts: &[AlertSignal]) -> Evaluation {
    let score = match outcome {
        Outcome::Passed => Some(Score::yes_or_no(true)),
        Outcome::Failed(reasons) => Some(Score::yes_or_no(false).with_problem(&reasons[0].message)),
        Outcome::Errored(_) | Outcome::Skipped(_) => None,
    };
    let scores = score.map(|score| ("rules".to_owned(), Measurement::Score(score)));
    Evaluation {
        evaluator: "e1".to_owned(),
        outcome: outcome.clone(),
        scores: scores.into_iter().collect::<BTreeMap<_, _>>(),
        failures: Vec::new(),
        alerts: alerts.to_vec(),
    }
}

/// The outcome of an answer that names a competitor.
pub(crate) fn failed() -> Outcome {
    Outcome::Failed(vec![Reason {
        kind: ReasonKind::Constraint,
        metric: "rules".to_owned(),
        message: "no_competitors: has `CompetitorA` at byte 4".to_owned(),
    }])
}

/// The alarm of [`failed`].
pub(crate) fn signal() -> AlertSignal {
    AlertSignal {
        project: PROJECT.to_owned(),
        rule: "constraints".to_owned(),
        key: "rules/no_competitors".to_owned(),
        severity: Severity::Medium,
        title: "constraint `no_competitors` of `rules` is broken: has `CompetitorA` at byte 4"
            .to_owned(),
        detail: json!({"metric": "rules", "constraint": "no_competitors"}),
    }
}
