//! Bringing the schema up to date.

use evalward_core::Digest;

use crate::database::{Database, in_transaction};
use crate::dialect::Lock;
use crate::value::values;
use crate::{Engine, StoreError, sql};

/// A step of the schema in both dialects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// All steps in order; the first is version 1.
const MIGRATIONS: &[Migration] = migrations![
    "0001_traffic",
    "0002_feedback",
    "0003_alerts",
    "0004_keys_and_runs",
    "0005_calibrations",
    "0006_window_details",
    "0007_run_scores",
];

const OPERATION: &str = "bring the schema of the store up to date";

impl Migration {
    const fn text(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }

    fn checksum(&self, engine: Engine) -> String {
        Digest::of(self.text(engine).as_bytes()).to_string()
    }
}

/// Applies the steps that are missing, each in its own transaction; several processes may do so at once.
pub(crate) async fn migrate(database: &Database) -> Result<(), StoreError> {
    // A schema that is up to date needs no lock, so that a reader does not wait for a writer.
    let applied = {
        let mut connection = database.read(OPERATION).await?;
        read_applied(&mut connection).await?
    };
    for index in check(&applied, database.engine())?..MIGRATIONS.len() {
        in_transaction!(database, OPERATION, transaction => {
            apply(&mut transaction, index).await
        })?;
    }
    Ok(())
}

/// Applies a step, unless somebody else did so by now.
async fn apply(
    transaction: &mut crate::database::Connection,
    index: usize,
) -> Result<(), StoreError> {
    transaction.lock(Lock::Schema).await?;
    let engine = transaction.engine();
    transaction.execute(sql::migrate::CREATE_TABLE, Vec::new()).await?;
    let applied = read_applied(transaction).await?;
    if check(&applied, engine)? > index {
        return Ok(());
    }
    let migration = MIGRATIONS[index];
    transaction.script(migration.text(engine)).await?;
    let values = values![version(index), migration.name, migration.checksum(engine)];
    transaction.execute(sql::migrate::RECORD, values).await?;
    Ok(())
}

fn version(index: usize) -> i64 {
    i64::try_from(index + 1).expect("there are few steps")
}

async fn read_applied(
    connection: &mut crate::database::Connection,
) -> Result<Vec<(i64, String)>, StoreError> {
    if !connection.has_table("schema_migrations").await? {
        return Ok(Vec::new());
    }
    let rows = connection.rows(sql::migrate::APPLIED, Vec::new()).await?;
    rows.iter().map(|row| Ok((row.integer("version")?, row.text("checksum")?))).collect()
}

/// Returns how many steps were applied, where they are the ones that this program knows.
fn check(applied: &[(i64, String)], engine: Engine) -> Result<usize, StoreError> {
    for (index, (number, checksum)) in applied.iter().enumerate() {
        let problem = match MIGRATIONS.get(index) {
            None => format!(
                "it has version {number}, this program knows versions up to {}; use a newer evalward",
                MIGRATIONS.len()
            ),
            Some(_) if *number != version(index) => {
                format!("version {} is missing, version {number} is there", version(index))
            }
            Some(step) if *checksum != step.checksum(engine) => {
                format!("version {number} (`{}`) is not what this program would apply", step.name)
            }
            Some(_) => continue,
        };
        return Err(StoreError::Schema { problem });
    }
    Ok(applied.len())
}
