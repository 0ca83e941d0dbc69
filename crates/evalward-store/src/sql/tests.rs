//! Every statement is prepared on both engines, so that a slip in one cannot wait for its first use.

use evalward_testkit::Postgres;

use super::{
    alert, calibration, candidate, feedback, ingest, key, migrate, pattern, queue, run, run_score,
    window,
};
use crate::database::Connection;
use crate::{Engine, Store, StoreOptions, dialect};

const SHARED: &[&[(&str, &str)]] = &[
    alert::ALL,
    calibration::ALL,
    candidate::ALL,
    feedback::ALL,
    ingest::ALL,
    key::ALL,
    migrate::ALL,
    pattern::ALL,
    queue::ALL,
    run::ALL,
    run_score::ALL,
    window::ALL,
];

fn several_rows(engine: Engine) -> impl Iterator<Item = &'static str> {
    let statements = [
        &*alert::NOTIFY,
        &*ingest::INSERT,
        &*ingest::INSERT_JOBS,
        &*pattern::INSERT_FAILURES,
        &*queue::RECORD,
        &*run_score::INSERT,
        &*window::ADD,
        &*window::ADD_SCORES,
        &*window::ADD_VALUES,
    ];
    statements.into_iter().flat_map(move |statement| statement.texts(engine)).map(String::as_str)
}

async fn prepare_all(url: &str) {
    let store = Store::open(url, StoreOptions::default()).await.unwrap();
    let mut transaction = store.database().begin("prepare all statements").await.unwrap();
    let own = match store.engine() {
        Engine::Sqlite => dialect::SQLITE,
        Engine::Postgres => dialect::POSTGRES,
    };
    let named = SHARED.iter().copied().flatten().chain(own);
    for (name, sql) in
        named.copied().chain(several_rows(store.engine()).map(|sql| ("several rows", sql)))
    {
        check(&mut transaction, name, sql).await;
    }
    let wrong = transaction.prepare("SELECT missing FROM interactions").await;
    assert!(wrong.is_err(), "the engine refuses a wrong statement");
}

async fn check(transaction: &mut Connection, name: &str, sql: &'static str) {
    if let Err(error) = transaction.prepare(sql).await {
        panic!("`{name}` is refused: {error}\n{sql}");
    }
}

#[tokio::test]
async fn sqlite_understands_every_statement() {
    let folder = tempfile::tempdir().unwrap();
    prepare_all(&Store::url_of_file(&folder.path().join("store.db"))).await;
}

#[tokio::test]
async fn postgres_understands_every_statement() {
    prepare_all(&Postgres::database().await).await;
}
