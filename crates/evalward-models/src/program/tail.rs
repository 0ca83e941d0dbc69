//! The end of what a program wrote for people.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinSet;

/// The bytes that are kept.
const KEPT: usize = 8 * 1024;

/// The lines that are shown.
const LINES: usize = 20;

/// How long the rest of a stream is waited for once its program ended; a process that it left behind may hold it open.
const PATIENCE: Duration = Duration::from_millis(500);

/// Reads a stream to its end, so that its writer never blocks, and keeps the last lines.
#[derive(Debug)]
pub(super) struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    reader: JoinSet<()>,
}

impl Tail {
    pub(super) fn of(stream: impl AsyncRead + Send + Unpin + 'static) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let mut reader = JoinSet::new();
        reader.spawn(drain(stream, Arc::clone(&kept)));
        Self { kept, reader }
    }

    /// Waits for the end of the stream, but not for long.
    pub(super) async fn settle(&mut self) {
        // Whether it ended or not, what is there is what can be shown.
        drop(tokio::time::timeout(PATIENCE, self.reader.join_next()).await);
    }

    /// Returns the last lines; empty where nothing was written.
    pub(super) fn text(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        let lines: Vec<_> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

async fn drain(mut stream: impl AsyncRead + Unpin, kept: Arc<Mutex<Vec<u8>>>) {
    let mut chunk = vec![0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&chunk[..length]);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }
}
