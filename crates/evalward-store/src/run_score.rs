//! The scores of offline runs, trial by trial.

use std::error::Error;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use evalward_core::{ExampleId, RunId, RunManifest, ScoreRow, TrialScores};

use crate::codec::{from_json, outcome_from, outcome_name, to_json};
use crate::database::{Connection, in_transaction};
use crate::value::{Row, Value, corrupt, values};
use crate::{Store, StoreError, sql};

/// So many rows are in memory at once.
const BATCH: usize = 512;

const RECORD: &str = "record the scores of a run";

impl Store {
    /// Records the scores of a recorded run, all or none of them, and returns their number. Trials that the run never came to
    /// are left out. Rows are taken one by one, so their number is no matter of memory.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the run itself is not recorded, [`StoreError::Rows`] where a row cannot be had.
    pub async fn record_scores<E>(
        &self,
        run: &RunId,
        rows: impl IntoIterator<Item = Result<ScoreRow, E>>,
    ) -> Result<u64, StoreError>
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut transaction = self.database().begin(RECORD).await?;
        let result = write(&mut transaction, run, rows.into_iter()).await;
        transaction.end(result).await
    }

    /// Returns how many runs of the same suite are newer than a run and have scores.
    pub async fn newer_runs_with_scores(&self, run: &RunManifest) -> Result<u64, StoreError> {
        let mut connection = self.database().read("count newer runs").await?;
        let values = values![&run.suite.name, run.started_at, run.run_id.as_str()];
        let row = connection.row(sql::run_score::NEWER, values).await?;
        row.map_or(Ok(0), |row| row.count("runs"))
    }

    /// Takes the scores from a suite's runs but for the `keep` newest that have some, and takes out up to `most` of their rows,
    /// whose number it returns; the runs stay. Where that is 0, nothing is left to take out.
    pub async fn prune_scores(&self, suite: &str, keep: u32, most: u32) -> Result<u64, StoreError> {
        in_transaction!(self.database(), "take out old scores", transaction => {
            transaction.execute(sql::run_score::FORGET, values![suite, keep, u32::MAX]).await?;
            match transaction.row(sql::run_score::LEFT, values![suite]).await? {
                Some(row) => {
                    let some = values![row.text("id")?, most];
                    transaction.execute(sql::run_score::DELETE_SOME, some).await
                }
                None => Ok(0),
            }
        })
    }

    /// Lists what an example came to in runs, by the run's id and the trial's number; runs without scores are left out.
    pub async fn scores_of_example(
        &self,
        example: &str,
        runs: &[&RunId],
    ) -> Result<Vec<TrialScores>, StoreError> {
        let mut connection = self.database().read("list the scores of an example").await?;
        let names: Vec<&str> = runs.iter().map(|run| run.as_str()).collect();
        let mut found: Vec<TrialScores> = Vec::new();
        for mut values in sql::lists_of_names(&names) {
            values.push(example.into());
            for row in connection.rows(sql::run_score::OF_EXAMPLE, values).await? {
                found.push(read(&row)?);
            }
        }
        found.sort_by(|a, b| (a.run.as_str(), a.trial).cmp(&(b.run.as_str(), b.trial)));
        Ok(found)
    }
}

async fn write<E>(
    transaction: &mut Connection,
    run: &RunId,
    mut rows: impl Iterator<Item = Result<ScoreRow, E>>,
) -> Result<u64, StoreError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    transaction.execute(sql::run_score::DELETE, values![run.as_str()]).await?;
    let mut written = 0_u64;
    let mut batch = next_batch(run, &mut rows)?;
    while !batch.is_empty() {
        written += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let mut insert = pin!(transaction.insert(&sql::run_score::INSERT, batch));
        // The database is at work while the next rows are read.
        let is_done = poll_fn(|context| Poll::Ready(insert.as_mut().poll(context))).await;
        batch = next_batch(run, &mut rows)?;
        match is_done {
            Poll::Ready(inserted) => inserted?,
            Poll::Pending => insert.await?,
        }
    }
    let count = values![run.as_str(), i64::try_from(written).unwrap_or(i64::MAX)];
    if transaction.execute(sql::run_score::COUNT, count).await? == 0 {
        return Err(StoreError::NotFound { what: "run", id: run.to_string() });
    }
    Ok(written)
}

/// Reads as many rows as are written at once.
fn next_batch<E>(
    run: &RunId,
    rows: &mut impl Iterator<Item = Result<ScoreRow, E>>,
) -> Result<Vec<Vec<Value>>, StoreError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH
        && let Some(row) = rows.next()
    {
        let row = row.map_err(|source| StoreError::Rows { source: source.into() })?;
        if !row.unfinished {
            batch.push(columns(TrialScores::new(run, row))?);
        }
    }
    Ok(batch)
}

fn columns(it: TrialScores) -> Result<Vec<Value>, StoreError> {
    Ok(values![
        it.run.as_str(),
        it.example.as_str(),
        it.trial,
        it.partition.name(),
        it.content,
        outcome_name(it.outcome),
        it.confirms,
        to_json("scores", &it.scores)?,
    ])
}

fn read(row: &Row) -> Result<TrialScores, StoreError> {
    let trial = row.integer("trial")?;
    let partition = row.text("partition")?;
    Ok(TrialScores {
        run: RunId::new(row.text("run")?).map_err(|error| corrupt("run", &error))?,
        example: ExampleId::new(row.text("example")?)
            .map_err(|error| corrupt("example", &error))?,
        trial: u32::try_from(trial).map_err(|error| corrupt("trial", &error))?,
        partition: partition.parse().map_err(|error| corrupt("partition", &error))?,
        content: row.text("content")?,
        outcome: outcome_from(&row.text("outcome")?)?,
        confirms: row.flag("confirms")?,
        scores: from_json("scores", &row.text("scores")?)?,
    })
}
