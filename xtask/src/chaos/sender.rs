//! A sender: one connection that sends batch after batch, and sends again what it cannot tell about, or leaves it.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use evalward_core::{Clock, Seed, SystemClock};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::ledger::{Batch, Ledger};
use super::material::{self, Message, Repeatable};
use super::stored::is_to_be_sampled;
use crate::monitor::{Answer, Client, SendError};

/// Who sends where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sender {
    /// Tells the senders apart.
    pub(super) number: u32,
    /// Where the monitor listens.
    pub(super) address: SocketAddr,
    /// The seed of the traffic.
    pub(super) seed: Seed,
}

/// The pause before a request is sent again.
const PAUSE: Duration = Duration::from_millis(20);

/// The longest pause between two batches, in milliseconds.
const BETWEEN_MILLIS: u64 = 30;

/// Sends until the ledger is to be closed, and enters what became of each batch.
pub(super) fn send(sender: Sender, ledger: &Ledger) {
    let mut random = ChaCha8Rng::from_seed(sender.seed.bytes());
    let mut client = Client::new(sender.address);
    let mut repeatable = Repeatable::new();
    let mut number = 0_u32;
    while !ledger.is_stopping() {
        number += 1;
        let mut offered = repeatable.clone();
        let message = if random.random_bool(0.5) {
            material::native(&format!("s{}-{number}", sender.number), &mut random, &mut offered)
        } else {
            material::spans(now_nanos(), &mut random)
        };
        let is_acknowledged = deliver(&mut client, &message, &mut random, ledger);
        if is_acknowledged {
            repeatable = offered;
            if random.random_bool(0.1) {
                repeat(&mut client, &message, ledger);
            }
        }
        ledger.enter(Batch { items: message.items, is_acknowledged });
        thread::sleep(Duration::from_millis(random.random_range(0..BETWEEN_MILLIS)));
    }
}

fn now_nanos() -> u64 {
    u64::try_from(SystemClock.now().as_millis()).unwrap_or_default() * 1_000_000
}

/// Sends a batch until it is acknowledged or given up; tells whether it was acknowledged.
fn deliver(
    client: &mut Client,
    message: &Message,
    random: &mut ChaCha8Rng,
    ledger: &Ledger,
) -> bool {
    let mut is_known = true;
    while !ledger.is_abandoned() {
        match client.post(message.path, message.content_type, &message.body) {
            Ok(answer) if answer.is_success() => {
                if let Err(violation) = check(&answer, message, is_known) {
                    ledger.complain(violation);
                }
                return true;
            }
            // Nothing of it was taken: it is sent again.
            Ok(answer) if answer.status == 429 => {}
            // The server goes down or cannot tell; half of such batches are left to themselves.
            Ok(Answer { status: 502..=504, .. }) | Err(SendError::Unknown(_)) => {
                is_known = false;
                if random.random_bool(0.5) {
                    return false;
                }
            }
            Err(SendError::NotSent(_)) => {}
            Ok(answer) => {
                let (status, text) = (answer.status, answer.text());
                ledger.complain(format!("a good batch was refused with {status}: {text}"));
                return false;
            }
        }
        thread::sleep(PAUSE);
    }
    false
}

/// Sends an acknowledged batch once more: nothing of it is new.
fn repeat(client: &mut Client, message: &Message, ledger: &Ledger) {
    let Ok(answer) = client.post(message.path, message.content_type, &message.body) else { return };
    if answer.status == 202 && answer.json()["accepted"] != 0 {
        ledger.complain(format!("a repeated batch was accepted as new: {}", answer.text()));
    }
}

/// Compares an acknowledgement with what it acknowledges.
fn check(answer: &Answer, message: &Message, is_known: bool) -> Result<(), String> {
    if message.path == "/v1/traces" {
        // Protobuf writes nothing for an answer without partial success.
        let is_full = answer.status == 200 && answer.body.is_empty();
        return if is_full { Ok(()) } else { Err(format!("spans were refused: {answer:?}")) };
    }
    let counts = answer.json();
    let count = |name: &str| counts[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let (new, total) = (message.items.len(), message.items.len() + message.repeated);
    let (accepted, duplicate) = (count("accepted").unwrap_or(total + 1), count("duplicate"));
    let is_whole = accepted == new || (!is_known && accepted == 0);
    let chosen = message.items.iter().filter(|item| is_to_be_sampled(item)).count();
    let sampled = if accepted == 0 { 0 } else { chosen };
    let is_right = answer.status == 202
        && is_whole
        && duplicate == Some(total - accepted)
        && count("sampled") == Some(sampled)
        && counts["rejected"].as_array().is_none_or(Vec::is_empty);
    if is_right {
        return Ok(());
    }
    Err(format!(
        "{new} new and {} repeated interactions, {sampled} to be sampled, were acknowledged as {}",
        message.repeated,
        Value::to_string(&counts)
    ))
}
