//! Looks at the windows and the open alerts every few seconds.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{Clock, Timestamp};
use evalward_stats::StatsError;
use evalward_store::{Alert, AlertSignal, Resolution, Store, StoreError, WindowQuery};
use tokio::sync::Notify;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::decision::{self, Finding};
use super::rules::{RECURRENCE, WHOLE_PROJECT};
use super::{AlarmKind, AlarmRules, PassRate};

/// What a watcher needs.
#[derive(Clone, Debug)]
pub(crate) struct WatchOptions {
    /// The alarms.
    pub(crate) rules: Arc<AlarmRules>,
    /// The webhooks that alerts go to, by name.
    pub(crate) destinations: Arc<[String]>,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// Tells the outbox that a delivery was written.
    pub(crate) deliveries: Arc<Notify>,
    /// The time from one look to the next.
    pub(crate) interval: Duration,
}

/// Signals pass rates below their bounds, and resolves alerts that are over.
#[derive(Debug)]
pub(crate) struct Watcher {
    store: Store,
    options: WatchOptions,
}

/// What a look changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Alerts that fire from now on.
    pub(crate) fired: u64,
    /// Alerts that no longer fire.
    pub(crate) resolved: u64,
}

/// Why a look could not be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    /// The store failed.
    #[error("read or write alerts")]
    Store(#[from] StoreError),
    /// Stored sums are no sums of weighted samples.
    #[error("estimate the pass rate of `{project}`")]
    Statistic {
        /// The project.
        project: String,
        /// Why.
        #[source]
        source: StatsError,
    },
}

impl Watcher {
    /// Makes a watcher; nothing is looked at yet.
    pub(crate) const fn new(store: Store, options: WatchOptions) -> Self {
        Self { store, options }
    }

    /// Looks again and again until `cancelled`; a look that fails is logged, and the next one makes up for it.
    pub(crate) async fn run(self, cancelled: CancellationToken) {
        let mut ticks = tokio::time::interval(self.options.interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancelled.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.look().await {
                let error: &dyn Error = &error;
                tracing::error!(error, "alarms could not be looked at");
            }
        }
    }

    /// Looks once.
    pub(crate) async fn look(&self) -> Result<Changes, WatchError> {
        let now = self.options.clock.now();
        let open = self.store.open_alerts().await?;
        let mut changes =
            Changes { fired: 0, resolved: self.resolve_what_is_over(&open, now).await? };
        let open = open.iter().map(|alert| (subject(&alert.signal), alert)).collect();
        for project in self.store.projects().await? {
            self.look_at_rates(&project, &open, now, &mut changes).await?;
        }
        if changes != Changes::default() {
            self.options.deliveries.notify_one();
        }
        Ok(changes)
    }

    async fn resolve_what_is_over(
        &self,
        open: &[Alert],
        now: Timestamp,
    ) -> Result<u64, WatchError> {
        // A sample that waits may be the one that breaks the silence: while evaluation is behind, no silence is known.
        let oldest = self.store.backlog().await?.oldest_received_at;
        let evaluated_until = oldest.map_or(now, |oldest| oldest.min(now));
        let mut resolved = 0;
        for alert in open {
            let is_over = if alert.signal.rule == RECURRENCE {
                self.recurrence_is_over(&alert.signal, evaluated_until).await?
            } else {
                decision::is_over(alert, &self.options.rules, evaluated_until)
            };
            if is_over {
                resolved += u64::from(self.resolve(alert, now).await?);
            }
        }
        Ok(resolved)
    }

    async fn recurrence_is_over(
        &self,
        signal: &AlertSignal,
        evaluated_until: Timestamp,
    ) -> Result<bool, WatchError> {
        match self.store.pattern(&signal.project, &signal.key).await {
            Ok(pattern) => Ok(decision::recurrence_is_over(&pattern, evaluated_until)),
            Err(StoreError::NotFound { .. }) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    async fn look_at_rates(
        &self,
        project: &str,
        open: &BTreeMap<Subject<'_>, &Alert>,
        now: Timestamp,
        changes: &mut Changes,
    ) -> Result<(), WatchError> {
        for rule in &self.options.rules.rules {
            let AlarmKind::PassRate(rate) = &rule.kind else { continue };
            let alert = open.get(&(project, rule.id.as_str(), WHOLE_PROJECT)).copied();
            match self.finding(project, rate, now).await? {
                Finding::Below(estimate) if decision::is_due(alert, now) => {
                    let signal = decision::below_bound(project, &rule.id, rate, &estimate);
                    let signals = std::slice::from_ref(&signal);
                    changes.fired +=
                        self.store.raise(signals, &self.options.destinations, now).await?;
                }
                Finding::NotBelow => {
                    if let Some(alert) = alert {
                        changes.resolved += u64::from(self.resolve(alert, now).await?);
                    }
                }
                Finding::Below(_) | Finding::Undecided => {}
            }
        }
        Ok(())
    }

    async fn finding(
        &self,
        project: &str,
        rule: &PassRate,
        now: Timestamp,
    ) -> Result<Finding, WatchError> {
        let (from, until) = decision::period(rule, now);
        let project = project.to_owned();
        let query = WindowQuery { project, resolution: Resolution::Minute, from, until };
        let windows = self.store.windows(&query).await?;
        decision::compare(&windows, rule)
            .map_err(|source| WatchError::Statistic { project: query.project, source })
    }

    async fn resolve(&self, alert: &Alert, now: Timestamp) -> Result<bool, StoreError> {
        self.store.resolve(alert, &self.options.destinations, now).await
    }
}

/// Project, rule and key: at most one open alert has them.
type Subject<'a> = (&'a str, &'a str, &'a str);

fn subject(signal: &AlertSignal) -> Subject<'_> {
    (&signal.project, &signal.rule, &signal.key)
}

#[cfg(test)]
mod recurrence_tests;
#[cfg(test)]
mod tests;
