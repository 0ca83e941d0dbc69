//! Opening: URLs, migrations, stored values that cannot be read.

use evalward_core::Outcome;
use evalward_store::{
    Engine, Evaluation, Finished, NewFailure, RunFilter, Store, StoreError, StoreOptions,
};

use crate::support::{
    PROJECT, WITHOUT_DETAILS, WITHOUT_SCORES, counted, failed, finish, id, lease, lease_one,
    on_both_urls, open, passed, sample, sqlite_url, tamper,
};

on_both_urls!(
    a_store_keeps_what_it_has,
    many_may_open_a_new_store_at_once,
    a_newer_schema_is_refused,
    a_changed_migration_is_refused,
    an_interrupted_migration_goes_on,
    a_sample_that_cannot_be_read_is_parked,
    an_evaluation_that_cannot_be_stored_is_parked,
);

async fn try_open(url: &str) -> Result<Store, StoreError> {
    Store::open(url, StoreOptions::default()).await
}

async fn a_store_keeps_what_it_has(url: String) {
    let store = open(&url).await;
    store.ping().await.unwrap();
    store.ingest(vec![sample("a", 0)]).await.unwrap();
    store.close().await.unwrap();
    assert!(matches!(store.ping().await, Err(StoreError::Closed)));

    let store = open(&url).await;
    let engine = if url.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres };
    assert_eq!(store.engine(), engine);
    assert!(store.interaction(PROJECT, &id("a")).await.is_ok());
    // Two processes may have one store open.
    let other = open(&url).await;
    other.ingest(vec![counted("b", 0)]).await.unwrap();
    let job = lease_one(&store, 10).await;
    assert!(lease(&other, 1, 10).await.is_empty());
    assert_eq!(finish(&other, &[(&job, passed())], 11).await, [Finished::Recorded]);
    assert!(store.interaction(PROJECT, &id("b")).await.is_ok());
}

async fn many_may_open_a_new_store_at_once(url: String) {
    let opened = futures::future::join_all((0..6).map(|_| try_open(&url))).await;
    for (number, store) in opened.into_iter().enumerate() {
        let store = store.unwrap();
        store.ingest(vec![counted(&format!("i{number}"), 0)]).await.unwrap();
    }
}

async fn a_newer_schema_is_refused(url: String) {
    open(&url).await.close().await.unwrap();
    let newer = "INSERT INTO schema_migrations (version, name, checksum) VALUES (8, '0008_x', 'y')";
    tamper(&url, newer, newer).await;
    let error = try_open(&url).await.unwrap_err();
    insta::assert_snapshot!(error, @"use the schema of the store: it has version 8, this program knows versions up to 7; use a newer evalward");
}

async fn a_changed_migration_is_refused(url: String) {
    open(&url).await.close().await.unwrap();
    let change = "UPDATE schema_migrations SET checksum = 'other' WHERE version = 2";
    tamper(&url, change, change).await;
    let error = try_open(&url).await.unwrap_err();
    insta::assert_snapshot!(error, @"use the schema of the store: version 2 (`0002_feedback`) is not what this program would apply");
}

async fn an_interrupted_migration_goes_on(url: String) {
    open(&url).await.close().await.unwrap();
    tamper(&url, WITHOUT_SCORES, WITHOUT_SCORES).await;
    tamper(&url, WITHOUT_DETAILS, WITHOUT_DETAILS).await;
    let back = "DROP TABLE calibrations; DELETE FROM schema_migrations WHERE version = 5";
    tamper(&url, back, back).await;
    let store = open(&url).await;
    assert!(store.runs(RunFilter::default(), 1).await.unwrap().is_empty());
}

async fn a_sample_that_cannot_be_read_is_parked(url: String) {
    let store = open(&url).await;
    store.ingest(vec![sample("bad", 0), sample("good", 1)]).await.unwrap();
    let spoil = "UPDATE interactions SET document = '{' WHERE id = 'bad'";
    tamper(&url, spoil, spoil).await;
    let job = lease_one(&store, 10).await;
    assert_eq!(job.sample.interaction.id, id("good"));
    let backlog = store.backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.parked), (1, 1));
    let error = store.interaction(PROJECT, &id("bad")).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { what: "interaction", .. }), "{error}");
    // The sample is errored with what is wrong with it.
    let mend = "UPDATE interactions SET document = (SELECT REPLACE(document, 'good', 'bad') \
                FROM interactions WHERE id = 'good') WHERE id = 'bad'";
    tamper(&url, mend, mend).await;
    let outcome = store.interaction(PROJECT, &id("bad")).await.unwrap().evaluation.unwrap().outcome;
    let Outcome::Errored(cause) = outcome else { panic!("{outcome:?}") };
    assert!(cause.starts_with("read a stored interaction: "), "{cause}");
}

#[tokio::test]
async fn urls_that_name_no_store_are_explained() {
    let (folder, _) = sqlite_url();
    let no_folder = Store::url_of_file(&folder.path().join("missing").join("store.db"));
    let mut shown = Vec::new();
    for url in ["mysql://db/evalward", "evalward.db", "sqlite://", "sqlite::memory:"] {
        shown.push(try_open(url).await.unwrap_err().to_string());
    }
    let nobody = "postgres://me:secret@127.0.0.1:1/evalward";
    let refused = try_open(nobody).await.unwrap_err();
    assert!(matches!(refused, StoreError::Open { source: sqlx::Error::Io(_), .. }), "{refused:?}");
    shown.push(refused.to_string());
    insta::assert_snapshot!(shown.join("\n"), @r"
    open the store `mysql://db/evalward`: it starts neither with `sqlite://` nor with `postgres://`
    open the store `evalward.db`: it starts neither with `sqlite://` nor with `postgres://`
    open the store `sqlite://`: write the path of a file after `sqlite://`
    open the store `sqlite::memory:`: write the path of a file after `sqlite://`
    open the store `postgres://me:***@127.0.0.1:1/evalward`
    ");
    let error = try_open(&no_folder).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error}");
}

#[tokio::test]
async fn a_path_is_taken_as_it_is() {
    let (folder, _) = sqlite_url();
    let path = folder.path().join("100% of #1? ü.db");
    open(&Store::url_of_file(&path)).await.close().await.unwrap();
    assert!(path.is_file());
}

async fn an_evaluation_that_cannot_be_stored_is_parked(url: String) {
    let store = open(&url).await;
    store.ingest(vec![sample("a", 0), sample("b", 0), sample("c", 0)]).await.unwrap();
    let in_the_way = "INSERT INTO failures (interaction, pattern, project, received_at, message) \
                      SELECT seq, 'p1', project, received_at, '' FROM interactions WHERE id = 'b'";
    tamper(&url, in_the_way, in_the_way).await;
    let jobs = lease(&store, 3, 10).await;
    let failure = NewFailure {
        pattern: "p1".to_owned(),
        metric: "rules".to_owned(),
        rule: None,
        title: "p1".to_owned(),
        message: "p1".to_owned(),
        candidate: None,
    };
    let failing = || Evaluation { failures: vec![failure.clone()], ..failed() };
    let evaluated = [(&jobs[0], failing()), (&jobs[1], failing()), (&jobs[2], passed())];
    let answers = finish(&store, &evaluated, 11).await;
    assert_eq!(answers, [Finished::Recorded, Finished::Refused, Finished::Recorded]);
    let backlog = store.backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.parked), (0, 1));
    let refused = store.interaction(PROJECT, &id("b")).await.unwrap().evaluation.unwrap();
    let Outcome::Errored(cause) = refused.outcome else { panic!("{refused:?}") };
    assert!(cause.starts_with("store evaluations: "), "{cause}");
    assert_eq!(store.pattern(PROJECT, "p1").await.unwrap().size, 1);
}
