//! The examples of a run, written one after the other as the page's JSON.

use std::error::Error;
use std::io::{self, Write};

use evalward_core::{OutcomeKind, RunManifest, Trial};
use evalward_gate::{Confirmed, Confirming};

use super::budget::Budget;
use super::example::ExampleLine;
use crate::ReportError;

/// An element ends after about this many bytes, so that a browser can show examples before it has read all.
const CHUNK: usize = 1_000_000;

/// The trials of one example with what became of it.
pub(super) struct Told<'a> {
    pub(super) trials: &'a [Trial],
    pub(super) outcome: OutcomeKind,
    pub(super) settled: Option<&'static str>,
}

/// Writes the examples of one side; each is handed to `look` as well, and leaves memory before the next one is read.
pub(super) fn write_rows<E>(
    (manifest, side): (&RunManifest, &str),
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    budget: &mut Budget,
    look: &mut dyn FnMut(&Told<'_>),
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut writer = RowWriter { side, chunk: None, out };
    let mut group: Vec<Trial> = Vec::new();
    for trial in trials {
        let trial = trial.map_err(|source| ReportError::Row {
            run_id: manifest.run_id.to_string(),
            source: source.into(),
        })?;
        if group.first().is_some_and(|first| first.example_id != trial.example_id) {
            writer.example(&told(manifest, &group), budget, look)?;
            group.clear();
        }
        group.push(trial);
    }
    if !group.is_empty() {
        writer.example(&told(manifest, &group), budget, look)?;
    }
    writer.end_chunk()
}

/// Decides what became of an example, as its gate does.
fn told<'a>(manifest: &RunManifest, trials: &'a [Trial]) -> Told<'a> {
    let mut tally = Confirming::default();
    for trial in trials {
        tally.push(trial);
    }
    let gate = trials.first().and_then(|first| manifest.gates.get(&first.partition));
    let confirm = gate.and_then(|gate| gate.confirm);
    let repeats = manifest.repeats;
    let settled = confirm.and_then(|confirm| tally.verdict(confirm, repeats));
    Told {
        trials,
        outcome: tally.kind(confirm, repeats),
        settled: settled.map(|it| match it {
            Confirmed::Overturned => "overturned",
            Confirmed::Confirmed => "confirmed",
        }),
    }
}

struct RowWriter<'a> {
    side: &'a str,
    /// The size of the element that is open.
    chunk: Option<usize>,
    out: &'a mut dyn Write,
}

impl RowWriter<'_> {
    fn example(
        &mut self,
        told: &Told<'_>,
        budget: &mut Budget,
        look: &mut dyn FnMut(&Told<'_>),
    ) -> Result<(), ReportError> {
        let limits = budget.limits(told.outcome);
        let Some(line) = ExampleLine::new(told.trials, (told.outcome, told.settled), limits) else {
            return Ok(());
        };
        if self.chunk.is_none() {
            writeln!(
                self.out,
                "<script type=\"application/jsonl\" class=\"rows\" data-side=\"{}\">",
                self.side
            )?;
        }
        let mut safe = ScriptSafe { out: &mut *self.out, bytes: 0 };
        serde_json::to_writer(&mut safe, &line).map_err(ReportError::json("examples"))?;
        let bytes = safe.bytes;
        self.out.write_all(b"\n")?;
        budget.take(told.outcome, bytes, line.shortened);
        look(told);
        let size = self.chunk.unwrap_or(0) + bytes;
        self.chunk = Some(size);
        if size > CHUNK { self.end_chunk() } else { Ok(()) }
    }

    fn end_chunk(&mut self) -> Result<(), ReportError> {
        if self.chunk.take().is_some() {
            self.out.write_all(b"</script>\n")?;
        }
        Ok(())
    }
}

/// Writes JSON so that no text in it can end the element that holds it.
#[derive(Debug)]
pub(super) struct ScriptSafe<W> {
    pub(super) out: W,
    pub(super) bytes: usize,
}

impl<W: Write> Write for ScriptSafe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // In JSON, `<` stands in texts alone, where it may be escaped.
        for (index, part) in bytes.split(|byte| *byte == b'<').enumerate() {
            if index > 0 {
                self.out.write_all(b"\\u003c")?;
            }
            self.out.write_all(part)?;
        }
        self.bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
