//! Serving: logs, signals, and the line that says where.

use std::io::{self, Write};
use std::net::SocketAddr;

use evalward_config::MonitorConfig;
use evalward_monitor::serve;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::error::ProgramError;

/// What is logged where `EVALWARD_LOG` says nothing.
const LOGGED: &str = "info";

/// Serves until SIGTERM or SIGINT; the second signal ends the process at once.
pub(super) fn run(config: MonitorConfig, filter: Option<&str>) -> Result<(), ProgramError> {
    start_logs(filter);
    for warning in &config.warnings {
        tracing::warn!(warning, "the configuration is allowed but unwise");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let cancelled = CancellationToken::new();
        let heed = tokio::spawn(heed(Signals::new()?, cancelled.clone()));
        let served = serve(config, cancelled, announce).await;
        heed.abort();
        Ok::<_, io::Error>(served)
    })?;
    // Whatever still runs on other threads has nothing left to write.
    runtime.shutdown_background();
    Ok(served?)
}

fn start_logs(filter: Option<&str>) {
    let filter = EnvFilter::builder().parse_lossy(filter.unwrap_or(LOGGED));
    tracing_subscriber::fmt().json().with_writer(io::stderr).with_env_filter(filter).init();
}

/// Says where the monitor listens, for people and for programs that start it on port 0.
fn announce(address: SocketAddr) {
    let mut out = io::stdout();
    // A reader that has gone is no reason not to serve.
    drop(writeln!(out, "listening on http://{address}").and_then(|()| out.flush()));
}

/// The signals that ask the process to stop; from here on they no longer end it.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn heed(mut signals: Signals, cancelled: CancellationToken) {
    signals.next().await;
    tracing::info!("the monitor was told to stop; it finishes what it holds");
    cancelled.cancel();
    signals.next().await;
    tracing::warn!("the monitor was told again to stop; it ends at once");
    #[expect(clippy::exit, reason = "whoever asks twice wants no drain; the store is crash-safe")]
    std::process::exit(3);
}
