//! The monitor's own form of an interaction. Its parser is private to the monitor, whose program would need a database, so the
//! files themselves are compiled here.

#[rustfmt::skip]
#[path = "../../crates/evalward-monitor/src/http/fields.rs"]
mod fields;
#[rustfmt::skip]
#[path = "../../crates/evalward-monitor/src/http/item.rs"]
mod item;

use evalward_core::{Interaction, Timestamp};
use serde_json::Value;

/// Reads an item; what is wrong with one that is refused is shown.
pub(crate) fn read(item: Value) -> Option<Interaction> {
    match item::interaction(item, Timestamp::from_millis(0)) {
        Ok(interaction) => Some(interaction),
        Err(flaw) => {
            assert!(flaw.field.is_empty() || flaw.field.starts_with('/'));
            assert!(!flaw.reason.is_empty());
            None
        }
    }
}
