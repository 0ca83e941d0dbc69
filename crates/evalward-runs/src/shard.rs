//! Where the examples of a shard stand among all that were asked for.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use evalward_core::TrialPosition;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{RunError, write_atomically};

/// The name of the file in the folder of a shard.
const FILE: &str = "shard.json";

/// The places of a shard's examples, which a merge puts them back into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardOrder {
    /// The version of this format.
    pub format: u32,
    /// For each example of the shard, in the order of its rows: its place among all that were asked for, from 0.
    pub places: Vec<u64>,
}

impl ShardOrder {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;

    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a TrialPosition>) -> Self {
        let mut places: Vec<u64> = rows.map(|row| row.index).collect();
        places.dedup();
        Self { format: Self::FORMAT, places }
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), RunError> {
        let text = serde_json::to_string(self).expect("it has only string keys");
        write_atomically(&folder.join(FILE), text.as_bytes())
    }

    /// Reads the file of a run's folder; nothing where the run is no shard.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, RunError> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RunError::io("read", &path)(error)),
        };
        let order: Self = serde_json::from_str(&text).map_err(|source| RunError::Malformed {
            path: path.clone(),
            line: 1,
            source,
        })?;
        if order.format == Self::FORMAT {
            return Ok(Some(order));
        }
        Err(RunError::Format { path, found: order.format, known: Self::FORMAT })
    }
}
