//! The page of a run.

use std::error::Error;
use std::io::Write;

use evalward_core::Trial;
use serde_json::{Value, json};

use super::budget::Budget;
use super::failing::Shelf;
use super::judges::judges;
use super::metrics::metrics;
use super::rows::{Told, write_rows};
use super::values::AllValues;
use super::{page, summary};
use crate::{Options, ReportError, Run, words};

/// How many failing examples stand on the page for paper and for browsers without scripts.
const MAX_FAILING: usize = 100;
const MAX_FAILING_BYTES: usize = 2_000_000;

/// Writes a run as one page: the summary, plots, and every example to be searched.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the page cannot be written; what was written until then is not a whole page.
pub(crate) fn html<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let (manifest, outcome) = (run.manifest, run.summary);
    let title = format!("{} ({})", manifest.suite.label(), manifest.suite.tier);
    let decided = (outcome.decision, outcome.advice.as_str(), outcome.exit_code);
    page::start(&title, decided, &facts(run), out)?;
    out.write_all(summary::gates(outcome).as_bytes())?;
    out.write_all(summary::partitions(outcome).as_bytes())?;
    page::knowledge(&knowledge(run), out)?;
    let mut budget = Budget::new(options.all);
    let mut values = AllValues::default();
    let mut shelf = Shelf::new(MAX_FAILING, MAX_FAILING_BYTES);
    let mut look = |told: &Told<'_>| {
        values.push(told.trials);
        shelf.push(told);
    };
    write_rows((manifest, "candidate"), trials, &mut budget, &mut look, out)?;
    out.write_all(metrics(run, &values).as_bytes())?;
    out.write_all(judges(run).as_bytes())?;
    page::examples(budget.note(manifest.run_id.as_str()).as_deref(), out)?;
    out.write_all(shelf.finish().as_bytes())?;
    page::end(&manifest.tool_version, out)
}

fn facts(run: Run<'_>) -> Vec<(&'static str, String)> {
    let counts = run.summary.counts;
    vec![
        ("passed", format!("{} of {}", counts.passed, counts.total)),
        ("failed", counts.failed.to_string()),
        ("errored", counts.errored.to_string()),
        ("skipped", counts.skipped.to_string()),
        ("subject", words::subject(run.manifest)),
        ("dataset", words::dataset(run.manifest)),
        ("run", run.manifest.run_id.to_string()),
        ("started", run.manifest.started_at.to_string()),
    ]
}

fn knowledge(run: Run<'_>) -> Value {
    json!({
        "kind": "run",
        "run": run.manifest.run_id,
    })
}
