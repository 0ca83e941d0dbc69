//! The service from start to drain.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use evalward_config::{AuthMode, MonitorConfig, SpanSelection};
use evalward_core::{ReasonKind, SystemClock};
use evalward_store::{Store, StoreOptions};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::alarm::{AlarmRules, WatchOptions, Watcher};
use crate::evaluate::{self, Evaluator};
use crate::http::{self, Auth};
use crate::notify::{Outbox, OutboxOptions, Patience, Webhook};
use crate::otlp::SpanChoice;
use crate::sampling::SamplingPolicy;
use crate::state::{AppState, Limits, Waiting};
use crate::tasks::Tasks;
use crate::{backlog, telemetry};

/// The longest wait for requests that are under way when the service stops.
const FINISH_REQUESTS: Duration = Duration::from_secs(10);

/// The longest wait for the deliveries that are due at the end.
const FLUSH_OUTBOX: Duration = Duration::from_secs(5);

/// How often windows and open alerts are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often due notifications are asked for, beside those that are told of at once.
const SEND_EVERY: Duration = Duration::from_secs(1);

/// The longest wait for a webhook's answer.
const NOTIFY_WITHIN: Duration = Duration::from_secs(10);

/// How often the recorder is tidied up.
const UPKEEP: Duration = Duration::from_secs(5);

/// What keeps the monitor from serving.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("listen on `{address}`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A metric cannot be computed.
    #[error("prepare metric `{id}`: {message}")]
    Metric {
        /// The metric's id in the suite.
        id: String,
        /// What is missing and what to do.
        message: String,
    },
    /// The store cannot be used.
    #[error("open the store")]
    Store(#[source] evalward_store::StoreError),
    /// A webhook cannot be set up.
    #[error("set up the webhooks")]
    Webhook(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What was handed over could not be written at the end.
    #[error("close the store")]
    Close(#[source] evalward_store::StoreError),
    /// The server ended by itself.
    #[error("serve requests")]
    Server(#[source] std::io::Error),
    /// A task that must run as long as the service has ended.
    #[error("keep the task `{task}` running")]
    Task {
        /// What it does.
        task: &'static str,
    },
}

impl ServeError {
    /// Returns the way out, where one is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse => {
                Some("another program has this port; choose another `server.listen`")
            }
            Self::Store(_) => {
                Some("check `store.url`, or `EVALWARD_DATABASE_URL` where that is set")
            }
            _ => None,
        }
    }
}

/// Serves until `cancelled`, then stops taking requests, finishes what it holds, and closes the store.
///
/// `ready` is told the address once requests are taken.
pub async fn serve(
    config: MonitorConfig,
    cancelled: CancellationToken,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    check_metrics(&config)?;
    let asked = config.server.listen;
    let listen = |source| ServeError::Listen { address: asked, source };
    let listener = TcpListener::bind(asked).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let store = Store::open(config.store_url.expose_secret(), StoreOptions::default())
        .await
        .map_err(ServeError::Store)?;
    let state = assemble(&config, store.clone());
    let rules = Arc::new(AlarmRules::from(config.alarms.as_slice()));
    let evaluator = Arc::new(Evaluator::new(&config, Arc::clone(&rules)));
    let outbox = outbox(&state, &config)?;
    backlog::refresh(&state).await;
    warn_without_keys(&config, &store).await;

    let mut tasks = Tasks::new(cancelled.child_token());
    let token = tasks.stopped.clone();
    tasks.spawn("evaluate", evaluate::run(state.clone(), evaluator, token.clone()));
    tasks.spawn("alarms", watcher(&state, rules).run(token.clone()));
    tasks.spawn("notifications", outbox.run(token.clone()));
    tasks.spawn("backlog", backlog::watch(state.clone(), token.clone()));
    tasks.spawn("upkeep", upkeep(state.clone(), token.clone()));
    ready(address);
    tracing::info!(%address, "the monitor takes requests");

    let served = answer_requests(listener, state.clone(), &mut tasks).await;
    let finished = tasks.finish().await;
    flush(&state, &config).await;
    let closed = store.close().await.map_err(ServeError::Close);
    tracing::info!("the monitor has stopped");
    served.and(finished).and(closed)
}

/// Asks each metric whether it has what it needs, so that no sample is evaluated in vain.
fn check_metrics(config: &MonitorConfig) -> Result<(), ServeError> {
    config.evaluation.metrics.iter().try_for_each(|metric| {
        let missing = |message| ServeError::Metric { id: metric.id.clone(), message };
        metric.metric.preflight().map_err(missing)
    })
}

fn assemble(config: &MonitorConfig, store: Store) -> AppState {
    let server = &config.server;
    AppState {
        store,
        clock: Arc::new(SystemClock),
        sampling: Arc::new(SamplingPolicy::new(config.sampling.clone())),
        auth: Arc::new(match server.auth {
            AuthMode::Keys => Auth::keys(),
            AuthMode::Off => Auth::Off,
        }),
        limits: Limits {
            body_bytes: server.max_body_bytes,
            decompressed_bytes: server.max_decompressed_bytes,
            backlog: server.max_backlog,
        },
        spans: match config.spans {
            SpanSelection::Generations => SpanChoice::Generations,
            SpanSelection::Roots => SpanChoice::Roots,
        },
        hallucination: Arc::new(hallucination(config)),
        metrics: telemetry::install(),
        waiting: Arc::new(Waiting::default()),
        destinations: config.webhooks.iter().map(|webhook| webhook.name.clone()).collect(),
        jobs: Arc::new(Notify::new()),
        deliveries: Arc::new(Notify::new()),
    }
}

/// Returns the ids of the metrics whose failures are hallucinations.
fn hallucination(config: &MonitorConfig) -> BTreeSet<String> {
    let metrics = config.evaluation.metrics.iter();
    let found = metrics.filter(|it| it.metric.reason_kind() == ReasonKind::Hallucination);
    found.map(|it| it.id.clone()).collect()
}

/// Makes what looks at windows and open alerts.
fn watcher(state: &AppState, rules: Arc<AlarmRules>) -> Watcher {
    let options = WatchOptions {
        rules,
        destinations: Arc::clone(&state.destinations),
        clock: Arc::clone(&state.clock),
        deliveries: Arc::clone(&state.deliveries),
        interval: LOOK_EVERY,
    };
    Watcher::new(state.store.clone(), options)
}

/// Makes what sends notifications.
fn outbox(state: &AppState, config: &MonitorConfig) -> Result<Outbox, ServeError> {
    let webhook = |webhook: &evalward_config::Webhook| {
        Webhook::new(webhook.name.clone(), &webhook.url, NOTIFY_WITHIN)
            .map_err(|source| ServeError::Webhook(Box::new(source)))
    };
    let options = OutboxOptions {
        webhooks: config.webhooks.iter().map(webhook).collect::<Result<_, _>>()?,
        patience: Patience::default(),
        clock: Arc::clone(&state.clock),
        deliveries: Arc::clone(&state.deliveries),
        interval: SEND_EVERY,
    };
    Ok(Outbox::new(state.store.clone(), options))
}

async fn warn_without_keys(config: &MonitorConfig, store: &Store) {
    if config.server.auth == AuthMode::Off {
        return;
    }
    match store.keys().await {
        Ok(keys) if keys.iter().all(|key| key.revoked_at.is_some()) => {
            tracing::warn!("no API key exists; make one with `evalward-monitor key create`");
        }
        Ok(_) => {}
        Err(error) => telemetry::store_failed("list keys", &error),
    }
}

/// Answers requests until the service stops, or a task ends that must not.
async fn answer_requests(
    listener: TcpListener,
    state: AppState,
    tasks: &mut Tasks,
) -> Result<(), ServeError> {
    let stopped = tasks.stopped.clone();
    let drain = stopped.clone();
    let server = axum::serve(listener, http::router(state))
        .with_graceful_shutdown(async move { drain.cancelled().await })
        .into_future();
    tokio::pin!(server);
    let ended = tokio::select! {
        served = &mut server => return served.map_err(ServeError::Server),
        task = tasks.ended() => {
            // Both may come at once: tasks end when they are told to.
            if stopped.is_cancelled() { Ok(()) } else { Err(ServeError::Task { task }) }
        }
        () = stopped.cancelled() => Ok(()),
    };
    stopped.cancel();
    if let Ok(served) = tokio::time::timeout(FINISH_REQUESTS, server).await {
        return ended.and(served.map_err(ServeError::Server));
    }
    tracing::warn!("some requests were cut off: they took too long to finish");
    ended
}

/// Tries to deliver what the last evaluations set off; what is not taken waits in the store for the next start.
async fn flush(state: &AppState, config: &MonitorConfig) {
    let Ok(outbox) = outbox(state, config) else { return };
    match tokio::time::timeout(FLUSH_OUTBOX, outbox.deliver()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => telemetry::store_failed("flush the outbox", &error),
        Err(_) => tracing::warn!("some notifications wait for the next start"),
    }
}

async fn upkeep(state: AppState, stopped: CancellationToken) {
    let tidy = async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            state.metrics.run_upkeep();
        }
    };
    stopped.run_until_cancelled(tidy).await;
}
