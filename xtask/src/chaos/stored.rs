//! What the monitor's interface tells of an interaction, and the rule by which it must have been sampled.

use anyhow::{Context, Result, bail};
use evalward_core::Timestamp;
use serde_json::Value;

use super::ledger::Item;
use super::stage::BASE_RATE;
use crate::monitor::Client;

/// An interaction as the monitor shows it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// When it came in.
    pub(super) received_at: Timestamp,
    /// Its segment.
    pub(super) segment: String,
    /// Its stratum.
    pub(super) stratum: String,
    /// Whether it is a sample.
    pub(super) is_sampled: bool,
    /// What its evaluation came to.
    pub(super) outcome: Option<String>,
}

/// Asks for an interaction; `None` where none of this id is stored.
pub(super) fn read(client: &mut Client, id: &str) -> Result<Option<Row>> {
    let answer = client.get(&format!("/api/v1/interactions/{id}"))?;
    match answer.status {
        200 => parse(&answer.json())
            .with_context(|| format!("failed to read {}", answer.text()))
            .map(Some),
        404 => Ok(None),
        status => bail!("asking for `{id}` was answered with {status}: {}", answer.text()),
    }
}

fn parse(value: &Value) -> Option<Row> {
    let text = |name: &str| value[name].as_str().map(str::to_owned);
    Some(Row {
        received_at: text("received_at")?.parse().ok()?,
        segment: text("segment")?,
        stratum: text("stratum")?,
        is_sampled: value["sampled"].as_bool()?,
        outcome: value["evaluation"]["outcome"].as_str().map(str::to_owned),
    })
}

/// Decides by the published rule whether an interaction becomes a sample.
pub(super) fn is_to_be_sampled(item: &Item) -> bool {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"evalward-sampling-v1\0").update(item.key.to_ascii_lowercase().as_bytes());
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    item.stratum != "base" || fraction(u64::from_be_bytes(first)) < BASE_RATE
}

/// Maps all 64 bits onto 0 to 1.
fn fraction(bits: u64) -> f64 {
    let (high, low) = (bits >> 32, bits & u64::from(u32::MAX));
    let half = |part: u64| u32::try_from(part).map_or(0.0, f64::from);
    (half(high) + half(low) / 4_294_967_296.0) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_chooses_its_share() {
        let item = |number: u32| Item {
            id: String::new(),
            key: format!("k{number}"),
            stratum: "base",
            outcome: "passed",
        };
        let chosen = (0..10_000).filter(|number| is_to_be_sampled(&item(*number))).count();
        assert!((1_900..2_100).contains(&chosen), "{chosen}");
        assert!(is_to_be_sampled(&Item { stratum: "error", ..item(0) }));
    }
}
