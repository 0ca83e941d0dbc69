//! The history at a terminal: a line for each run, and one that shows the trend.

use evalward_core::Partition;
use evalward_gate::Counts;

use super::sparkline::{MISSING, sparkline};
use super::trend::{Point, Trend};
use crate::Options;
use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::paint::Paint;
use crate::text::{append, one_line, wrap};

/// Fewer runs than this have no trend.
const LEAST_RUNS: usize = 2;

/// Rates that are no further apart are all one: they are written to a tenth of a percent.
const LEAST_SPREAD: f64 = 0.001;

/// Writes recorded runs as a table for each suite and variant, each with a line of its pass rates.
pub fn history_table(trends: &[Trend<'_>], options: &Options) -> String {
    let paint = Paint { color: options.color };
    let mut out = String::new();
    for (index, trend) in trends.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        append(&mut out, format_args!("{}\n", paint.bold(&one_line(&trend.label))));
        out.push_str(&drawn(&history_grid(trend), options));
        out.push_str(&sparklines(trend));
        out.push_str(&notes(trend));
    }
    out
}

/// Draws a table that has only words; where it does not fit the terminal, each row as its first columns and what the others say.
pub(super) fn drawn(grid: &Grid, options: &Options) -> String {
    const FIRST: usize = 3;
    let limit = options.width.filter(|width| grid.width() > usize::from(*width));
    if limit.is_none() {
        return grid.draw(Paint { color: options.color });
    }
    let mut text = String::new();
    for row in &grid.rows {
        let (first, others) = row.split_at(FIRST.min(row.len()));
        append(&mut text, format_args!("{}\n", wrap(&first.join("  "), limit, 2)));
        let names = grid.header.iter().skip(FIRST);
        let told = names.zip(others).filter(|(_, cell)| !cell.is_empty() && *cell != NONE);
        let told: Vec<String> = told.map(|(name, cell)| format!("{name}: {cell}")).collect();
        append(&mut text, format_args!("{}\n", wrap(&format!("  {}", told.join(", ")), limit, 2)));
    }
    text
}

/// Makes the table of a trend's runs.
pub(crate) fn history_grid(trend: &Trend<'_>) -> Grid {
    let partitions = trend.partitions();
    let has_notes = trend.points.iter().any(|point| !told(point).is_empty());
    let mut header = vec!["time", "run", "decision"];
    header.extend(partitions.iter().map(|it| it.name()));
    header.extend(["subject", "prompt"]);
    if has_notes {
        header.push("what is new");
    }
    let row = |point: &Point<'_>| {
        let manifest = &point.run.manifest;
        let mut row = vec![
            seconds(&manifest.started_at.to_string()),
            manifest.run_id.to_string(),
            point.run.decision.clone(),
        ];
        row.extend(partitions.iter().map(|it| rate_text(point, *it)));
        row.push(one_line(&manifest.subject.name));
        let prompt = manifest.subject.prompt_version.as_ref();
        row.push(prompt.map_or_else(|| NONE.to_owned(), |it| one_line(it)));
        if has_notes {
            row.push(told(point));
        }
        row
    };
    Grid::new(header.len(), &header, trend.points.iter().map(row).collect())
}

/// Cuts a moment off after its seconds.
pub(crate) fn seconds(moment: &str) -> String {
    moment.split_once('.').map_or_else(|| moment.to_owned(), |(seconds, _)| format!("{seconds}Z"))
}

/// Writes `96.7 % [88.6, 99.1] of 60`, and what could not be evaluated beside it.
pub(crate) fn rate_text(point: &Point<'_>, partition: Partition) -> String {
    let Some(counts) = point.run.counts.get(&partition) else { return NONE.to_owned() };
    let Counts { errored, .. } = counts;
    let evaluated = counts.evaluated();
    let more = if *errored > 0 { format!(", {errored} errored") } else { String::new() };
    if evaluated == 0 {
        return format!("none evaluated{more}");
    }
    match point.run.pass_rate(partition) {
        Some(rate) => format!("{} of {evaluated}{more}", number::rate(rate)),
        None => format!("{}/{evaluated} passed{more}", counts.passed),
    }
}

/// Says what a run was limited to, and what changed since the one before.
fn told(point: &Point<'_>) -> String {
    let changes = point.changes.iter().map(|change| change.text.clone());
    point.part.iter().cloned().chain(changes).collect::<Vec<_>>().join("; ")
}

/// Draws the pass rates of whole runs, a line for each partition, all on one scale.
fn sparklines(trend: &Trend<'_>) -> String {
    let partitions = trend.partitions();
    let values = |partition: Partition| -> Vec<Option<f64>> {
        let whole = |point: &Point<'_>| point.part.is_none().then(|| point.run.rate(partition));
        trend.points.iter().map(|point| whole(point).flatten()).collect()
    };
    let all: Vec<Vec<Option<f64>>> = partitions.iter().map(|it| values(*it)).collect();
    let known = || all.iter().flatten().flatten().copied();
    if trend.points.len() < LEAST_RUNS || known().next().is_none() {
        return String::new();
    }
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    // Differences that no number shows are not drawn either.
    let is_flat = high - low < LEAST_SPREAD;
    let width = partitions.iter().map(|it| it.name().len()).max().unwrap_or(0);
    let mut out = String::from("\n");
    for (partition, values) in partitions.iter().zip(&all) {
        let line = if is_flat {
            let flat: Vec<Option<f64>> = values.iter().map(|value| value.and(Some(high))).collect();
            sparkline(&flat, [high, high])
        } else {
            sparkline(values, [low, high])
        };
        append(&mut out, format_args!("  {:width$}  {line}\n", partition.name()));
    }
    let [low, high] = [low, high].map(percent);
    let scale = if is_flat && low == high {
        format!("pass rates, the oldest run first: █ is {high}")
    } else if is_flat {
        format!("pass rates, the oldest run first: █ is {low} to {high}")
    } else {
        format!("pass rates, the oldest run first, from ▁ {low} to █ {high}")
    };
    let has_gap = all.iter().flatten().any(Option::is_none);
    let gap = if has_gap {
        format!("; {MISSING} stands for a run that evaluated none, or only a part, of the examples")
    } else {
        String::new()
    };
    append(&mut out, format_args!("  {scale}{gap}\n"));
    out
}

fn percent(share: f64) -> String {
    evalward_core::Finite::new(share).map_or_else(|_| NONE.to_owned(), number::percent)
}

/// Says what the intervals are, and what is not known of older runs.
fn notes(trend: &Trend<'_>) -> String {
    let mut out = String::new();
    if let Some(methods) = methods(trend) {
        append(&mut out, format_args!("  in brackets: the {methods}\n"));
    }
    let [absent, unreadable] = trend.unknown();
    if absent {
        out.push_str("  rates without an interval are of runs that an older evalward recorded\n");
    }
    if unreadable {
        out.push_str(
            "  rates without an interval are of runs whose summary this evalward cannot read; a newer one may have recorded them\n",
        );
    }
    out
}

/// Says by which methods the runs made their intervals.
pub(crate) fn methods(trend: &Trend<'_>) -> Option<String> {
    let mut methods: Vec<String> = Vec::new();
    for point in &trend.points {
        for partition in trend.partitions() {
            let Some(rate) = point.run.pass_rate(partition) else { continue };
            let level = rate.level.get() * 100.0;
            let name = match rate.method.as_str() {
                "wilson" => "Wilson",
                "clopper-pearson" => "Clopper-Pearson",
                other => other,
            };
            let method = format!("{level:.0} % {name}");
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
    }
    let several = if methods.len() > 1 { ", each as its run states it" } else { "" };
    (!methods.is_empty()).then(|| format!("{} interval{several}", methods.join(" or ")))
}
