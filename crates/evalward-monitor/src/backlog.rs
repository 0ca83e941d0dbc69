//! How much waits for its evaluation, counted in the store now and then: senders are answered by the last count.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::state::AppState;
use crate::telemetry;

/// How old the count may be.
const EVERY: Duration = Duration::from_millis(250);

/// Counts until the service stops.
pub(crate) async fn watch(state: AppState, stopped: CancellationToken) {
    while stopped.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        refresh(&state).await;
    }
}

/// Counts once.
pub(crate) async fn refresh(state: &AppState) {
    match state.store.backlog().await {
        Ok(backlog) => {
            state.waiting.set(backlog.waiting);
            telemetry::backlog(backlog, state.clock.now());
        }
        Err(error) => telemetry::store_failed("count the backlog", &error),
    }
}
