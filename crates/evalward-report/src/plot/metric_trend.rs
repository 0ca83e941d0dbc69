//! Means of a metric over the runs.

use evalward_core::{Finite, Partition};
use evalward_gate::MetricSummary;

use super::trend::{MOST_TOLD, count, draw_line};
use crate::history::{Point, Trend};
use crate::number::{self, NONE};
use crate::svg::{Anchor, Axis, Svg};
use crate::text::one_line;

const SIZE: (f64, f64) = (340.0, 170.0);
const LEFT: f64 = 48.0;
const RIGHT: f64 = 328.0;
const TOP: f64 = 46.0;
const BOTTOM: f64 = 140.0;

/// Draws the means of a metric in a partition over the runs; nothing where no run has one.
pub(crate) fn metric_plot(trend: &Trend<'_>, metric: &str, partition: Partition) -> Option<String> {
    let of = |point: &Point<'_>| point.run.partition(partition)?.metrics.get(metric).cloned();
    let found: Vec<Option<MetricSummary>> = trend.points.iter().map(of).collect();
    let (mean, scored) = found.iter().rev().flatten().find_map(|it| Some((it.mean?, it.scored)))?;
    let title = format!("{}, {partition}", one_line(metric));
    let latest =
        format!("latest mean: {} of {}", number::amount(mean), number::count(scored, "score"));
    let mut svg = Svg::new(SIZE.0, SIZE.1, &title, &description(trend, &found));
    svg.text((0.0, 16.0), Anchor::Start, "title", &title);
    svg.text((0.0, 34.0), Anchor::Start, "muted small", &latest);
    let y = axis(&found);
    draw_frame(&mut svg, &y);
    draw_runs(&mut svg, (trend, partition), &found, &y);
    Some(svg.finish())
}

/// Returns an axis that holds the scales of all runs, and their means, where a scale has no end.
fn axis(found: &[Option<MetricSummary>]) -> Axis {
    let known = || found.iter().flatten();
    let means = || known().filter_map(|it| it.mean);
    let lowest = known().filter_map(|it| it.scale?.min).chain(means());
    let highest = known().filter_map(|it| it.scale?.max).chain(means());
    let low = lowest.map(Finite::get).fold(f64::INFINITY, f64::min);
    let high = highest.map(Finite::get).fold(f64::NEG_INFINITY, f64::max);
    Axis::new([low, high], [BOTTOM, TOP])
}

fn draw_frame(svg: &mut Svg, y: &Axis) {
    for (value, text) in y.ticks(3) {
        svg.line((LEFT, y.at(value)), (RIGHT, y.at(value)), "rule");
        svg.text((LEFT - 6.0, y.at(value) + 4.0), Anchor::End, "muted small", &text);
    }
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
    let middle = f64::midpoint(LEFT, RIGHT);
    svg.text((middle, BOTTOM + 20.0), Anchor::Middle, "muted small", "runs, in the order of time");
}

fn draw_runs(
    svg: &mut Svg,
    (trend, partition): (&Trend<'_>, Partition),
    found: &[Option<MetricSummary>],
    y: &Axis,
) {
    let step = (RIGHT - LEFT) / count(trend.points.len()).max(1.0);
    let x = |index: usize| LEFT + step * (count(index) + 0.5);
    let mean = |index: usize| found.get(index)?.as_ref()?.mean;
    for (index, point) in trend.points.iter().enumerate() {
        if !point.changes.is_empty() {
            let place = LEFT + step * count(index);
            svg.line((place, TOP), (place, BOTTOM), "unsure dash open");
        }
    }
    for line in trend.lines() {
        let mut places: Vec<(f64, f64)> = Vec::new();
        for index in line {
            match mean(index) {
                Some(mean) => places.push((x(index), y.at(mean.get()))),
                // No line joins runs over one that has no mean.
                None => draw_line(svg, &std::mem::take(&mut places)),
            }
        }
        draw_line(svg, &places);
    }
    for (index, point) in trend.points.iter().enumerate() {
        let Some(mean) = mean(index) else {
            if point.run.counts.contains_key(&partition) {
                svg.text((x(index), BOTTOM - 5.0), Anchor::Middle, "muted small", "–");
            }
            continue;
        };
        let class = if point.part.is_some() { "plain hollow" } else { "plain" };
        let tip = format!("run {}: {}", point.run.manifest.run_id, number::amount(mean));
        svg.spot((x(index), y.at(mean.get())), 3.0, class, &tip);
    }
}

fn description(trend: &Trend<'_>, found: &[Option<MetricSummary>]) -> String {
    let lines = trend.points.iter().zip(found).filter_map(|(point, metric)| {
        let metric = metric.as_ref()?;
        let mean = metric.mean.map_or_else(|| NONE.to_owned(), number::amount);
        Some(format!("run {}: {mean} of {}", point.run.manifest.run_id, metric.scored))
    });
    let lines: Vec<String> = lines.collect();
    let skipped = lines.len().saturating_sub(MOST_TOLD);
    lines.into_iter().skip(skipped).collect::<Vec<_>>().join(", ")
}
