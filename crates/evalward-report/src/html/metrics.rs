//! The metrics with the intervals of their means, and how their scores are spread.

use std::collections::BTreeMap;

use evalward_core::{Finite, Partition};
use evalward_gate::MetricSummary;
use evalward_stats::Interval;

use super::bar::Bar;
use super::markup::{Table, line, titled};
use super::spread::spreads;
use super::values::{AllValues, Values};
use crate::number::{self, NONE};
use crate::text::append;
use crate::{Run, embedding_calls, overall};

/// Writes the table of all metrics, their plots, and their figures over whole partitions.
pub(super) fn metrics(run: Run<'_>, all: &AllValues) -> String {
    let mut rows: BTreeMap<(&str, Partition), &MetricSummary> = BTreeMap::new();
    for (partition, part) in &run.summary.partitions {
        for (id, metric) in &part.metrics {
            rows.insert((id, *partition), metric);
        }
    }
    if rows.is_empty() {
        return String::new();
    }
    let mut out =
        "<section aria-labelledby=\"metrics-title\">\n<h2 id=\"metrics-title\">Metrics</h2>\n"
            .to_owned();
    let mut table = Table {
        labels: 3,
        header: [
            "metric",
            "partition",
            "role",
            "mean [interval]",
            "",
            "n",
            "failed",
            "errored",
            "skipped",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: Vec::new(),
    };
    let mut methods: Vec<&str> = Vec::new();
    for ((id, partition), metric) in rows {
        let values = all.metrics.get(&(id.to_owned(), partition));
        if let Some((_, method)) = values.and_then(Values::interval)
            && !methods.contains(&method)
        {
            methods.push(method);
        }
        table.rows.push(row(run, (id, partition), metric, values));
    }
    out.push_str(&table.write("Metrics"));
    let methods = methods.join(" or ");
    if !methods.is_empty() {
        append(
            &mut out,
            format_args!(
                "<p class=\"note\">intervals at 95 %: {methods}; the mark in a bar is the threshold of single scores.</p>\n"
            ),
        );
    }
    let plots = spreads(all);
    if !plots.is_empty() {
        append(
            &mut out,
            format_args!(
                "<h3>Scores</h3>\n<div class=\"plots\">\n{plots}</div>\n<p class=\"note\"><span class=\"key good\"></span> passed <span class=\"key bad\"></span> failed <span class=\"key plain\"></span> only reported; over all partitions.</p>\n"
            ),
        );
    }
    for it in overall::tables(run.summary).into_iter().chain(embedding_calls::table(run.summary)) {
        out.push_str(&titled(&it));
    }
    out.push_str("</section>\n");
    out
}

/// Cuts an interval off at the ends of the scale, beyond which no mean can be.
fn within(interval: Interval, metric: &MetricSummary) -> Interval {
    let least = metric.scale.and_then(|scale| scale.min).map_or(f64::NEG_INFINITY, Finite::get);
    let most = metric.scale.and_then(|scale| scale.max).map_or(f64::INFINITY, Finite::get);
    Interval { low: interval.low.max(least), high: interval.high.min(most) }
}

fn row(
    run: Run<'_>,
    (id, partition): (&str, Partition),
    metric: &MetricSummary,
    values: Option<&Values>,
) -> Vec<String> {
    let only_reports = metric.scored > 0 && metric.passed + metric.failed == 0;
    let interval = values.and_then(Values::interval).map(|(interval, _)| within(interval, metric));
    let mean = match (metric.mean, interval) {
        (None, _) => NONE.to_owned(),
        (Some(mean), None) => format!("{} [no interval]", number::amount(mean)),
        (Some(mean), Some(interval)) => {
            let [low, high] = [interval.low, interval.high]
                .map(|end| Finite::new(end).map_or_else(|_| NONE.to_owned(), number::amount));
            format!("{} [{low}, {high}]", number::amount(mean))
        }
    };
    let failed = if only_reports { NONE.to_owned() } else { metric.failed.to_string() };
    let suspended = run.manifest.metrics.get(id).is_some_and(|stamp| stamp.suspended.is_some());
    let role = match (suspended, only_reports || !run.is_gating(id)) {
        (true, _) => "suspended",
        (false, true) => "reports",
        (false, false) => "may fail",
    };
    vec![
        line(id),
        partition.to_string(),
        role.to_owned(),
        mean,
        bar(metric, values, interval.map(|it| [it.low, it.high])).unwrap_or_default(),
        metric.scored.to_string(),
        failed,
        metric.errored.to_string(),
        metric.skipped.to_string(),
    ]
}

/// Draws the mean on the metric's scale; a scale without ends has no place for it.
fn bar(
    metric: &MetricSummary,
    values: Option<&Values>,
    interval: Option<[f64; 2]>,
) -> Option<String> {
    let scale = metric.scale?;
    let bar = Bar {
        ends: [scale.min?.get(), scale.max?.get()],
        value: metric.mean?.get(),
        interval,
        mark: values.and_then(|it| it.threshold).map(Finite::get),
        class: "plain",
    };
    Some(bar.draw())
}
