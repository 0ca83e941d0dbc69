//! One JSON document for programs.

use std::error::Error;
use std::io::Write;

use evalward_core::Trial;

use crate::{ReportError, Run};

/// The version of the JSON report that this code writes.
pub const JSON_FORMAT: u32 = 1;

/// Writes a run as one JSON document: `format`, `manifest`, `summary`, `audits` where there are any, and `examples`, the rows as `results.jsonl` has them.
///
/// Each row stands on a line of its own and leaves memory before the next one is read.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the report cannot be written; what was written until then is not valid JSON.
pub fn json<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    write!(out, "{{\n\"format\": {JSON_FORMAT},\n\"manifest\": ")?;
    serde_json::to_writer(&mut *out, run.manifest).map_err(ReportError::json("manifest"))?;
    out.write_all(b",\n\"summary\": ")?;
    serde_json::to_writer(&mut *out, run.summary).map_err(ReportError::json("summary"))?;
    if !run.audits.is_empty() {
        out.write_all(b",\n\"audits\": ")?;
        serde_json::to_writer(&mut *out, run.audits).map_err(ReportError::json("audits"))?;
    }
    out.write_all(b",\n\"examples\": [")?;
    let mut separator: &[u8] = b"\n";
    for trial in trials {
        let trial = run.row(trial)?;
        out.write_all(separator)?;
        serde_json::to_writer(&mut *out, &trial).map_err(ReportError::json("examples"))?;
        separator = b",\n";
    }
    out.write_all(b"\n]\n}\n")?;
    Ok(())
}
