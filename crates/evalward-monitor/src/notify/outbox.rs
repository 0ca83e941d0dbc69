//! From due notifications to their deliveries. The store hands out those of one alert one after the other, so that no receiver learns
//! of an end before the start.

use std::sync::Arc;
use std::time::Duration;

use evalward_core::{Clock, Timestamp};
use evalward_store::{Delivery, Store, StoreError};
use futures::future::join_all;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::events;
use super::pause::Patience;
use super::webhook::{Refusal, Webhook};

/// The most notifications of a round; they are sent side by side.
const ROUND: u32 = 16;

/// How long a round holds its notifications: longer than any delivery takes, so that nobody else sends them meanwhile.
const HOLD: Duration = Duration::from_mins(2);

/// What an outbox needs.
#[derive(Debug)]
pub(crate) struct OutboxOptions {
    /// The webhooks.
    pub(crate) webhooks: Vec<Webhook>,
    /// How often and how fast to try.
    pub(crate) patience: Patience,
    /// The clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// Tells that a delivery was written.
    pub(crate) deliveries: Arc<Notify>,
    /// The time after which the store is asked for due notifications even if nobody tells.
    pub(crate) interval: Duration,
}

/// Sends due notifications.
#[derive(Debug)]
pub(crate) struct Outbox {
    store: Store,
    options: OutboxOptions,
}

impl Outbox {
    /// Makes an outbox; nothing is sent yet.
    pub(crate) const fn new(store: Store, options: OutboxOptions) -> Self {
        Self { store, options }
    }

    /// Sends until `cancelled`; a round that is under way then is finished.
    pub(crate) async fn run(self, cancelled: CancellationToken) {
        while !cancelled.is_cancelled() {
            match self.deliver().await {
                // What follows on a notification is due once it was taken.
                Ok(sent) if sent > 0 => continue,
                Ok(_) => {}
                Err(error) => events::store_failed(&error),
            }
            tokio::select! {
                () = cancelled.cancelled() => {}
                () = self.options.deliveries.notified() => {}
                () = tokio::time::sleep(self.options.interval) => {}
            }
        }
    }

    /// Sends what is due now, up to one round, and returns how many notifications that were.
    pub(crate) async fn deliver(&self) -> Result<usize, StoreError> {
        let now = self.options.clock.now();
        let due = self.store.due_deliveries(ROUND, HOLD, now).await?;
        let sent = due.len();
        let outcomes = join_all(due.iter().map(|delivery| self.deliver_one(delivery))).await;
        outcomes.into_iter().collect::<Result<(), _>>()?;
        Ok(sent)
    }

    async fn deliver_one(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let webhook =
            self.options.webhooks.iter().find(|webhook| webhook.name() == delivery.destination);
        let Some(webhook) = webhook else {
            let problem = "no webhook of this name is configured";
            events::given_up(delivery, problem);
            return self.store.undelivered(delivery.id, problem, None).await;
        };
        let sent = webhook.send(delivery, self.options.clock.now()).await;
        let now = self.options.clock.now();
        match sent {
            Ok(()) => {
                self.store.delivered(delivery.id, now).await?;
                events::delivered(delivery);
                Ok(())
            }
            Err(refusal) => self.postpone(delivery, &refusal, now).await,
        }
    }

    async fn postpone(
        &self,
        delivery: &Delivery,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Refusal { problem, asked } = refusal;
        let pause = self.options.patience.pause_after(delivery.attempt, delivery.id, *asked);
        match pause {
            Some(pause) => events::postponed(delivery, problem, pause),
            None => events::given_up(delivery, problem),
        }
        let retry_at = pause.map(|pause| later(now, pause));
        self.store.undelivered(delivery.id, problem, retry_at).await
    }
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_add(pause))
}

#[cfg(test)]
mod tests;
