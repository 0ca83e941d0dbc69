//! The tasks behind the scenes: each has a name, sees the token and is joined.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{ServeError, telemetry};

/// The longest wait for all tasks to end.
const FINISH_TASKS: Duration = Duration::from_secs(15);

/// The tasks behind the scenes; each must run until it is told to stop.
pub(crate) struct Tasks {
    /// Tells the tasks to stop.
    pub(crate) stopped: CancellationToken,
    running: JoinSet<&'static str>,
}

impl Tasks {
    /// Makes an empty set.
    pub(crate) fn new(stopped: CancellationToken) -> Self {
        Self { stopped, running: JoinSet::new() }
    }

    /// Starts a task.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.running.spawn(async move {
            task.await;
            name
        });
    }

    /// Waits for a task to end, which none should before it is told to.
    pub(crate) async fn ended(&mut self) -> &'static str {
        match self.running.join_next().await {
            Some(Ok(name)) => name,
            Some(Err(error)) => {
                telemetry::task_lost(&error);
                "unknown"
            }
            None => std::future::pending().await,
        }
    }

    /// Tells all tasks to stop and waits for them.
    pub(crate) async fn finish(mut self) -> Result<(), ServeError> {
        self.stopped.cancel();
        let join = async {
            let mut finished = Ok(());
            while let Some(joined) = self.running.join_next().await {
                if let Err(error) = joined {
                    telemetry::task_lost(&error);
                    finished = Err(ServeError::Task { task: "unknown" });
                }
            }
            finished
        };
        if let Ok(finished) = tokio::time::timeout(FINISH_TASKS, join).await {
            return finished;
        }
        tracing::warn!("some tasks were cut off: they took too long to finish");
        self.running.shutdown().await;
        Ok(())
    }
}
