//! Changing the rows of a run that came to its end.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use evalward_core::{RunManifest, Trial};

use crate::{RunError, StoredRun, write_atomically};

/// Replaces every row of a run that came to its end, and then its manifest; one row at a time is in memory.
///
/// # Errors
/// [`RunError`] if rows cannot be read or written; the old ones are then still there.
pub fn rewrite(
    stored: &StoredRun,
    manifest: &RunManifest,
    change: impl Fn(Trial) -> Trial,
) -> Result<StoredRun, RunError> {
    let temporary = stored.folder().join("results.jsonl.tmp");
    let file = File::create(&temporary).map_err(RunError::io("create", &temporary))?;
    let mut writer = BufWriter::with_capacity(1 << 16, file);
    for trial in stored.trials()? {
        let mut line = serde_json::to_vec(&change(trial?))
            .expect("a row has only string keys and finite numbers");
        line.push(b'\n');
        writer.write_all(&line).map_err(RunError::io("write", &temporary))?;
    }
    let file = writer
        .into_inner()
        .map_err(|error| RunError::io("write", &temporary)(error.into_error()))?;
    file.sync_all().map_err(RunError::io("write", &temporary))?;
    let results = stored.folder().join("results.jsonl");
    fs::rename(&temporary, &results).map_err(RunError::io("write", &results))?;
    let text = serde_json::to_string_pretty(manifest).expect("a manifest has only string keys");
    write_atomically(&stored.folder().join("manifest.json"), text.as_bytes())?;
    StoredRun::open(stored.folder())
}
