//! From due notifications to their deliveries.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use evalward_core::{Clock, Timestamp};
use evalward_store::{Delivery, Store, StoreError};
use futures::{StreamExt, stream};
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
                Ok(sent) if sent >= usize::try_from(ROUND).unwrap_or(usize::MAX) => continue,
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
        let count = due.len();
        // What is told of one alert is told in its order.
        let mut alerts: BTreeMap<_, Vec<Delivery>> = BTreeMap::new();
        for delivery in due {
            alerts
                .entry((delivery.destination.clone(), delivery.alert.id))
                .or_default()
                .push(delivery);
        }
        let sending = alerts.into_values().map(|deliveries| self.deliver_in_order(deliveries));
        let mut sending = stream::iter(sending).buffer_unordered(count.max(1));
        let mut outcome = Ok(count);
        while let Some(result) = sending.next().await {
            if let Err(error) = result {
                outcome = Err(error);
            }
        }
        outcome
    }

    /// Sends the notifications of one alert; after one that was not taken the others wait for it.
    async fn deliver_in_order(&self, mut deliveries: Vec<Delivery>) -> Result<(), StoreError> {
        deliveries.sort_by_key(|delivery| delivery.id);
        let mut retry_at = None;
        for delivery in deliveries {
            if retry_at.is_some() {
                let problem = "waits for an earlier notification of its alert";
                self.store.undelivered(delivery.id, problem, retry_at).await?;
            } else {
                retry_at = self.deliver_one(&delivery).await?;
            }
        }
        Ok(())
    }

    /// Sends a notification, and returns when it is tried again, where it was not taken and not given up.
    async fn deliver_one(&self, delivery: &Delivery) -> Result<Option<Timestamp>, StoreError> {
        let webhook =
            self.options.webhooks.iter().find(|webhook| webhook.name() == delivery.destination);
        let Some(webhook) = webhook else {
            let problem = "no webhook of this name is configured";
            events::given_up(delivery, problem);
            self.store.undelivered(delivery.id, problem, None).await?;
            return Ok(None);
        };
        let sent = webhook.send(delivery, self.options.clock.now()).await;
        let now = self.options.clock.now();
        match sent {
            Ok(()) => {
                self.store.delivered(delivery.id, now).await?;
                events::delivered(delivery);
                Ok(None)
            }
            Err(refusal) => self.postpone(delivery, &refusal, now).await,
        }
    }

    async fn postpone(
        &self,
        delivery: &Delivery,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Refusal { problem, asked } = refusal;
        let pause = self.options.patience.pause_after(delivery.attempt, delivery.id, *asked);
        match pause {
            Some(pause) => events::postponed(delivery, problem, pause),
            None => events::given_up(delivery, problem),
        }
        let retry_at = pause.map(|pause| later(now, pause));
        self.store.undelivered(delivery.id, problem, retry_at).await?;
        Ok(retry_at)
    }
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.as_millis().saturating_add(pause))
}

#[cfg(test)]
mod tests;
