//! The tables of a run, for every format that has tables.

use std::collections::BTreeMap;

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use evalward_core::{Finite, Partition};
use evalward_gate::{MetricSummary, PartitionSummary, Spread, Summary};

use crate::number::{self, NONE};
use crate::paint::Paint;
use crate::text::{append, one_line, wrap};

/// A table: the first `labels` columns are words, the others numbers.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub(crate) labels: usize,
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// Counts and pass rate of each partition.
pub(crate) fn outcomes(summary: &Summary) -> Grid {
    let columns = ["partition", "examples", "passed", "failed", "errored", "skipped", "pass rate"];
    let row = |(partition, part): (&Partition, &PartitionSummary)| {
        let counts = part.counts;
        let mut row = vec![partition.to_string()];
        row.extend(
            [counts.total, counts.passed, counts.failed, counts.errored, counts.skipped]
                .map(|count| count.to_string()),
        );
        row.push(part.pass_rate.as_ref().map_or_else(|| NONE.to_owned(), number::rate));
        row
    };
    Grid::new(1, &columns, summary.partitions.iter().map(row).collect())
}

/// Latency, tokens and cost of each partition: only the columns about which anything is known.
pub(crate) fn usage(summary: &Summary) -> Option<Grid> {
    let column = |name: &'static str, cell: &dyn Fn(&PartitionSummary) -> Option<String>| {
        let cells: Vec<Option<String>> = summary.partitions.values().map(cell).collect();
        cells.iter().any(Option::is_some).then_some((name, cells))
    };
    let quantile = |part: &PartitionSummary, pick: fn(&Spread) -> Finite| {
        part.latency_millis.as_ref().map(|spread| number::duration(pick(spread)))
    };
    let columns: Vec<_> = [
        column("p50", &|part| quantile(part, |spread| spread.p50)),
        column("p95", &|part| quantile(part, |spread| spread.p95)),
        column("tokens in", &|part| part.input_tokens.map(|tokens| tokens.to_string())),
        column("tokens out", &|part| part.output_tokens.map(|tokens| tokens.to_string())),
        column("cost", &|part| part.cost_usd.map(number::dollars)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if columns.is_empty() {
        return None;
    }
    let mut header = vec!["partition"];
    header.extend(columns.iter().map(|(name, _)| *name));
    let mut rows: Vec<Vec<String>> =
        summary.partitions.keys().map(|partition| vec![partition.to_string()]).collect();
    for (_, cells) in columns {
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell.unwrap_or_else(|| NONE.to_owned()));
        }
    }
    Some(Grid::new(1, &header, rows))
}

/// Mean and counts of each metric in each partition.
pub(crate) fn metrics(summary: &Summary) -> Option<Grid> {
    let mut by_metric: BTreeMap<(&str, Partition), &MetricSummary> = BTreeMap::new();
    for (partition, part) in &summary.partitions {
        for (id, metric) in &part.metrics {
            by_metric.insert((id, *partition), metric);
        }
    }
    let row = |((id, partition), metric): ((&str, Partition), &MetricSummary)| {
        let only_reports = metric.scored > 0 && metric.passed + metric.failed == 0;
        let mean = metric.mean.map(|mean| format!("{:.3}", mean.get()));
        vec![
            one_line(id),
            partition.to_string(),
            mean.unwrap_or_else(|| NONE.to_owned()),
            metric.scored.to_string(),
            if only_reports { NONE.to_owned() } else { metric.failed.to_string() },
            metric.errored.to_string(),
            metric.skipped.to_string(),
        ]
    };
    let columns = ["metric", "partition", "mean", "n", "failed", "errored", "skipped"];
    let rows: Vec<_> = by_metric.into_iter().map(row).collect();
    (!rows.is_empty()).then(|| Grid::new(2, &columns, rows))
}

/// Says what the rates are, and how the interval of each was made.
pub(crate) fn rate_note(summary: &Summary) -> Option<String> {
    let rates = || summary.partitions.values().filter_map(|part| part.pass_rate.as_ref());
    let level = rates().next()?.level.get() * 100.0;
    let mut methods: Vec<&str> = Vec::new();
    for rate in rates() {
        let method = match rate.method.as_str() {
            "wilson" => "Wilson",
            "clopper-pearson" => "Clopper-Pearson",
            other => other,
        };
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    let methods = methods.join(" or ");
    Some(format!(
        "pass rate: passed of passed and failed, with its {level:.0} % {methods} interval"
    ))
}

impl Grid {
    pub(crate) fn new(labels: usize, header: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self { labels, header: header.iter().map(|&name| name.to_owned()).collect(), rows }
    }

    /// Adds the number columns of a table with the same rows.
    pub(crate) fn beside(mut self, other: Self) -> Self {
        self.header.extend(other.header.into_iter().skip(other.labels));
        for (row, more) in self.rows.iter_mut().zip(other.rows) {
            row.extend(more.into_iter().skip(other.labels));
        }
        self
    }

    /// Draws the table with one rule under its header, which survives copying into mail and chat.
    pub(crate) fn draw(&self, paint: Paint) -> String {
        let rule = LineStyle::none().fill('─').junction('─');
        let mut table = Table::new();
        table
            .load_style(TableStyle::new().header_separator(rule))
            .set_content_arrangement(ContentArrangement::Disabled)
            .set_header(&self.header)
            .add_rows(&self.rows);
        for (index, column) in table.column_iter_mut().enumerate() {
            // One more space stands between columns, in place of a vertical line.
            column.set_padding((u16::from(index > 0), 0));
            if index >= self.labels {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        for (index, line) in table.lines().enumerate() {
            let line = line.trim_end();
            text.push_str(&if index == 0 { paint.bold(line) } else { line.to_owned() });
            text.push('\n');
        }
        text
    }

    /// Draws the table as [`Grid::draw`] does where it fits the terminal; else each row as its words and, below, its numbers.
    pub(crate) fn draw_within(&self, width: Option<u16>, paint: Paint) -> String {
        let Some(limit) = width.filter(|width| self.width() > usize::from(*width)) else {
            return self.draw(paint);
        };
        let mut text = String::new();
        for row in &self.rows {
            let (words, numbers) = row.split_at(self.labels.min(row.len()));
            append(&mut text, format_args!("{}\n", wrap(&words.join("  "), Some(limit), 2)));
            let named: Vec<String> = self
                .header
                .iter()
                .skip(self.labels)
                .zip(numbers)
                .map(|(name, number)| format!("{name} {number}"))
                .collect();
            if !named.is_empty() {
                let line = format!("  {}", named.join(", "));
                append(&mut text, format_args!("{}\n", wrap(&line, Some(limit), 2)));
            }
        }
        text
    }

    /// Returns the number of columns of the terminal that the drawn table takes.
    pub(crate) fn width(&self) -> usize {
        let plain = self.draw(Paint { color: false });
        // The second line is the rule, whose characters are one column wide.
        plain.lines().nth(1).map_or(0, |rule| rule.chars().count())
    }
}
