//! The outbox: takes due notifications from the store and sends them to webhooks until they are taken or given up.
//!
//! A notification is written with its alert in one transaction and removed by nothing but its delivery, so that neither a restart
//! nor a receiver that is down for a while loses one. A receiver may get one twice; its number tells.

mod body;
mod events;
mod outbox;
mod pause;
mod webhook;

pub(crate) use outbox::{Outbox, OutboxOptions};
pub(crate) use pause::Patience;
pub(crate) use webhook::Webhook;
