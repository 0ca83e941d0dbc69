//! Stores on both engines, and things to put into them.

use std::collections::BTreeMap;
use std::time::Duration;

use evalward_core::{
    Finite, Interaction, InteractionId, Measurement, Outcome, Rate, Reason, ReasonKind, Response,
    Score, Timestamp,
};
use evalward_store::{
    AlertSignal, Evaluation, FinishBatch, Finished, FinishedJob, LeasedJob, NewInteraction,
    Pattern, Resolution, Severity, Store, StoreOptions, Window, WindowQuery,
};
use evalward_testkit::Postgres;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use tempfile::TempDir;

/// Runs the same tests on a fresh store of each engine.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let (_folder, store) = $crate::support::sqlite().await;
                super::$name(store).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::postgres().await).await;
            })*
        }
    };
}
pub(crate) use on_both_engines;

/// Runs the same tests on the URL of an empty database of each engine.
macro_rules! on_both_urls {
    ($($name:ident),* $(,)?) => {
        mod sqlite_url {
            $(#[tokio::test]
            async fn $name() {
                let (_folder, url) = $crate::support::sqlite_url();
                super::$name(url).await;
            })*
        }

        mod postgres_url {
            $(#[tokio::test]
            async fn $name() {
                super::$name(evalward_testkit::Postgres::database().await).await;
            })*
        }
    };
}
pub(crate) use on_both_urls;

pub(crate) const PROJECT: &str = "support";

pub(crate) fn sqlite_url() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = Store::url_of_file(&folder.path().join("store.db"));
    (folder, url)
}

pub(crate) async fn sqlite() -> (TempDir, Store) {
    let (folder, url) = sqlite_url();
    let store = open(&url).await;
    (folder, store)
}

pub(crate) async fn postgres() -> Store {
    open(&Postgres::database().await).await
}

pub(crate) async fn open(url: &str) -> Store {
    Store::open(url, StoreOptions::default()).await.unwrap()
}

/// Takes a schema back to the version before runs had scores.
pub(crate) const WITHOUT_SCORES: &str = "\
    DROP TABLE run_scores; ALTER TABLE runs DROP COLUMN summary; ALTER TABLE runs DROP COLUMN score_rows; \
    DELETE FROM schema_migrations WHERE version = 7;";

/// Takes that one back to the version before windows had details and days.
pub(crate) const WITHOUT_DETAILS: &str = "\
    DROP TABLE window_values; DELETE FROM windows WHERE resolution = 'day'; \
    DELETE FROM window_scores WHERE resolution = 'day'; \
    ALTER TABLE samples DROP COLUMN is_detailed; \
    ALTER TABLE window_scores DROP COLUMN passed; ALTER TABLE window_scores DROP COLUMN skipped; \
    ALTER TABLE window_scores DROP COLUMN errored; ALTER TABLE window_scores DROP COLUMN detailed; \
    ALTER TABLE window_scores DROP COLUMN pass_n; ALTER TABLE window_scores DROP COLUMN pass_w; \
    ALTER TABLE window_scores DROP COLUMN pass_ww; ALTER TABLE window_scores DROP COLUMN pass_wy; \
    ALTER TABLE window_scores DROP COLUMN pass_v; ALTER TABLE window_scores DROP COLUMN pass_vy; \
    ALTER TABLE window_scores DROP COLUMN pass_vyy; \
    DELETE FROM schema_migrations WHERE version = 6;";

/// Changes a database behind the store's back: the text for SQLite, and the one for PostgreSQL.
pub(crate) async fn tamper(url: &str, sqlite: &'static str, postgres: &'static str) {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(sqlite).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(postgres).execute(&mut connection).await.unwrap();
    }
}

/// A moment of one day, by seconds.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let day: Timestamp = "2026-11-25T12:00:00Z".parse().unwrap();
    Timestamp::from_millis(day.as_millis() + seconds * 1000)
}

pub(crate) fn id(text: &str) -> InteractionId {
    InteractionId::new(text).unwrap()
}

pub(crate) fn rate(value: f64) -> Rate {
    Rate::new(value).unwrap()
}

/// An interaction of stratum `base` that is a sample with probability 0.25.
pub(crate) fn sample(name: &str, seconds: i64) -> NewInteraction {
    let mut interaction = Interaction::new(id(name), at(seconds));
    interaction.input.insert("question".to_owned(), "Where is my parcel?".into());
    interaction.response = Some(Response::from_text("It is on its way.\0"));
    interaction.version = Some("1.0".to_owned());
    NewInteraction {
        project: PROJECT.to_owned(),
        interaction,
        received_at: at(seconds),
        segment: "hour=12".to_owned(),
        stratum: "base".to_owned(),
        probability: rate(0.25),
        is_sampled: true,
    }
}

/// The same, which is only counted.
pub(crate) fn counted(name: &str, seconds: i64) -> NewInteraction {
    NewInteraction { is_sampled: false, ..sample(name, seconds) }
}

pub(crate) async fn lease(store: &Store, limit: u32, seconds: i64) -> Vec<LeasedJob> {
    store.lease(limit, Duration::from_mins(1), at(seconds)).await.unwrap()
}

/// Leases exactly one job.
pub(crate) async fn lease_one(store: &Store, seconds: i64) -> LeasedJob {
    let mut jobs = lease(store, 10, seconds).await;
    assert_eq!(jobs.len(), 1);
    jobs.remove(0)
}

pub(crate) fn passed() -> Evaluation {
    evaluation(Outcome::Passed, 1.0)
}

pub(crate) fn failed() -> Evaluation {
    let reason = Reason {
        kind: ReasonKind::Constraint,
        metric: "rules".to_owned(),
        message: "no_promises: found `guaranteed`".to_owned(),
    };
    evaluation(Outcome::Failed(vec![reason]), 0.5)
}

pub(crate) fn evaluation(outcome: Outcome, score: f64) -> Evaluation {
    let score = Score::fraction(Finite::new(score).unwrap());
    Evaluation {
        evaluator: "e1".to_owned(),
        outcome,
        scores: BTreeMap::from([
            ("rules".to_owned(), Measurement::from(score)),
            ("judge".to_owned(), Measurement::Skipped("no context".to_owned())),
        ]),
        failures: Vec::new(),
        alerts: Vec::new(),
    }
}

pub(crate) fn recurrence(pattern: &Pattern, version: &str) -> AlertSignal {
    AlertSignal {
        project: pattern.project.clone(),
        rule: "recurrence".to_owned(),
        key: pattern.id.clone(),
        severity: Severity::High,
        title: format!("{} is back in {version}", pattern.id),
        detail: serde_json::json!({"covered_by": pattern.covered_by}),
    }
}

pub(crate) async fn finish(
    store: &Store,
    jobs: &[(&LeasedJob, Evaluation)],
    seconds: i64,
) -> Vec<Finished> {
    let destinations = ["ops".to_owned()];
    let jobs = jobs.iter().map(|(job, evaluation)| FinishedJob {
        job: job.job,
        token: job.token,
        evaluation: evaluation.clone(),
    });
    let batch = FinishBatch {
        jobs: jobs.collect(),
        now: at(seconds),
        destinations: &destinations,
        recurred: recurrence,
    };
    store.finish(batch).await.unwrap()
}

pub(crate) async fn windows(store: &Store, resolution: Resolution) -> Vec<Window> {
    store.windows(&day_of(resolution)).await.unwrap()
}

/// Asks for the windows of the day and of those beside it.
pub(crate) fn day_of(resolution: Resolution) -> WindowQuery {
    WindowQuery { project: PROJECT.to_owned(), resolution, from: at(-86_400), until: at(86_400) }
}

/// One line for each minute window: start, stratum, counts, members and weight of the pass rate.
pub(crate) async fn shown_windows(store: &Store) -> String {
    let lines = windows(store, Resolution::Minute).await.into_iter().map(|window| {
        format!(
            "{} {}: seen {}, sampled {}, passed {}, failed {}, errored {}, skipped {}; pass {} of {}",
            window.key.start,
            window.key.stratum,
            window.seen,
            window.sampled,
            window.passed,
            window.failed,
            window.errored,
            window.skipped,
            window.pass.wy,
            window.pass.w,
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}
