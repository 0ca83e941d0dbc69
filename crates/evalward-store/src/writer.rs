//! The one task that stores interactions: it commits all batches that wait as one group.

use std::error::Error;
use std::num::NonZeroU32;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::arrival::{Arrival, store_batches};
use crate::database::{Database, in_transaction};
use crate::{Ingested, StoreError};

/// A group is not made larger than this many interactions, so that the first of it need not wait long.
const GROUP: usize = 2048;

const OPERATION: &str = "store a batch of interactions";

type Answer = Result<Vec<Ingested>, StoreError>;

/// A batch that waits for its commit.
#[derive(Debug)]
struct Batch {
    arrivals: Vec<Arrival>,
    answer: oneshot::Sender<Answer>,
}

/// The way to the task that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    batches: mpsc::Sender<Batch>,
    closing: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(database: Database, waiting: NonZeroU32) -> Self {
        let capacity = usize::try_from(waiting.get()).unwrap_or(usize::MAX >> 4);
        let (batches, receiver) = mpsc::channel(capacity);
        let closing = CancellationToken::new();
        let task = tokio::spawn(write_all(database, receiver, closing.clone()));
        Self { batches, closing, task: Mutex::new(Some(task)) }
    }

    /// Hands a batch over and waits for its commit.
    pub(crate) async fn store(&self, arrivals: Vec<Arrival>) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.batches.try_send(Batch { arrivals, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        // The task drops an answer only when it ends early, so nothing is known of the batch.
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Refuses further batches and waits until those that were handed over are written.
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        let mut task = self.task.lock().await;
        if let Some(handle) = task.as_mut() {
            if let Err(error) = handle.await {
                let error: &dyn Error = &error;
                tracing::error!(error, "the writer failed");
            }
            task.take();
        }
    }
}

async fn write_all(
    database: Database,
    mut receiver: mpsc::Receiver<Batch>,
    closing: CancellationToken,
) {
    loop {
        let first = tokio::select! {
            first = receiver.recv() => first,
            () = closing.cancelled(), if !receiver.is_closed() => {
                receiver.close();
                continue;
            }
        };
        let Some(first) = first else { return };
        let mut size = first.arrivals.len();
        let mut group = vec![first];
        while size < GROUP
            && let Ok(batch) = receiver.try_recv()
        {
            size += batch.arrivals.len();
            group.push(batch);
        }
        write_group(&database, group).await;
    }
}

/// Writes a group in one transaction. Where the database refuses it, each batch gets its own, so that one cannot take down the
/// others; where the database cannot be reached, none is tried again.
async fn write_group(database: &Database, group: Vec<Batch>) {
    let batches: Vec<&[Arrival]> = group.iter().map(|batch| batch.arrivals.as_slice()).collect();
    match write(database, &batches).await {
        Ok(answers) => {
            for (batch, answer) in group.into_iter().zip(answers) {
                reply(batch, Ok(answer));
            }
        }
        Err(error) if group.len() > 1 && error.is_about_content() => {
            for batch in group {
                let answer = write(database, &[&batch.arrivals]).await;
                let answer = answer.map(|answers| answers.into_iter().flatten().collect());
                reply(batch, answer);
            }
        }
        Err(error) => {
            let mut batches = group.into_iter();
            let first = batches.next();
            for batch in batches {
                reply(batch, Err(again(&error)));
            }
            if let Some(first) = first {
                reply(first, Err(error));
            }
        }
    }
}

async fn write(
    database: &Database,
    batches: &[&[Arrival]],
) -> Result<Vec<Vec<Ingested>>, StoreError> {
    in_transaction!(database, OPERATION, transaction => {
        store_batches(&mut transaction, batches).await
    })
}

fn reply(batch: Batch, answer: Answer) {
    // A sender that went away sends its batch again, and is told then that it is a duplicate.
    drop(batch.answer.send(answer));
}

/// Makes the same error for another batch of the group.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Query { operation, source } => {
            StoreError::Query { operation, source: sqlx::Error::Protocol(source.to_string()) }
        }
        StoreError::Corrupt { what, problem } => {
            StoreError::Corrupt { what, problem: problem.clone() }
        }
        _ => StoreError::Closed,
    }
}
