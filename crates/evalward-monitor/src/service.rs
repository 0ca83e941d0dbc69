//! The service from start to drain.

use evalward_config::MonitorConfig;
use tokio_util::sync::CancellationToken;

/// What keeps the monitor from serving.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store cannot be used.
    #[error("open the store")]
    Store(#[source] evalward_store::StoreError),
}

/// Serves until `cancelled`, then stops taking requests, finishes what it holds, and closes the store.
pub async fn serve(config: MonitorConfig, cancelled: CancellationToken) -> Result<(), ServeError> {
    let _ = (config, cancelled);
    todo!()
}
