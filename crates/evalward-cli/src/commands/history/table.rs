//! The history as a table.

use evalward_core::visible;
use evalward_store::{PartitionCounts, RunRecord};

use super::json::rate;
use crate::context::Context;
use crate::error::CliError;

/// Prints runs, a line each.
pub(super) fn print(runs: &[RunRecord], context: &mut Context) -> Result<(), CliError> {
    let rows: Vec<[String; 7]> = runs.iter().map(cells).collect();
    let heads = ["time", "run", "suite", "decision", "passed", "subject", "prompt"];
    let widths: [usize; 7] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|row| row.get(column).map_or(0, |cell| cell.chars().count()));
        cells.chain(heads.get(column).map(|head| head.len())).max().unwrap_or(0)
    });
    let out = context.out();
    for row in std::iter::once(&heads.map(str::to_owned)).chain(&rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{}{:>2$}", cell, "", width - cell.chars().count()))
            .collect();
        writeln!(out, "{}", visible(cells.join("  ").trim_end()))?;
    }
    Ok(())
}

fn cells(run: &RunRecord) -> [String; 7] {
    let RunRecord { manifest, finished_at, decision, partitions, .. } = run;
    let passed: Vec<String> =
        partitions.iter().map(|(name, counts)| format!("{name} {}", share(*counts))).collect();
    let time = finished_at.to_string();
    let time = time.split_once('.').map_or(time.clone(), |(seconds, _)| format!("{seconds}Z"));
    [
        time,
        manifest.run_id.to_string(),
        manifest.suite.label(),
        decision.clone(),
        passed.join(", "),
        manifest.subject.name.clone(),
        manifest.subject.prompt_version.clone().unwrap_or_else(|| "-".to_owned()),
    ]
}

/// Writes `58/60 (96.7 %)`, and what could not be evaluated beside it.
fn share(counts: PartitionCounts) -> String {
    let PartitionCounts { passed, failed, errored, .. } = counts;
    let errored = if errored > 0 { format!(", {errored} errored") } else { String::new() };
    match rate(counts) {
        Some(rate) => {
            let percent = format!("{:.1}", rate * 100.0);
            let percent = percent.strip_suffix(".0").unwrap_or(&percent);
            format!("{passed}/{} ({percent} %{errored})", passed + failed)
        }
        None => format!("0/0 (none evaluated{errored})"),
    }
}
