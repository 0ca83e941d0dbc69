//! The differences of all metrics with their intervals, one line each.

use evalward_gate::GateStatus;
use evalward_gate::compare::{ComparisonVerdict, MetricComparison, RunComparison};

use crate::comparison::{interval_text, interval_title};
use crate::svg::{Anchor, Axis, Svg, text_width};
use crate::words;

const ROW: f64 = 26.0;
const TOP: f64 = 74.0;
const PLOT: f64 = 380.0;
const MARGIN: f64 = 16.0;
/// The axis shows at most this many margins each way; longer intervals end in an arrow.
const MOST_MARGINS: f64 = 6.0;

/// Draws each difference with its interval, in units of the metric's margin, so that all share one axis.
///
/// Metrics without a margin or an interval are left out.
pub fn interval_forest(comparison: &RunComparison) -> String {
    let rows: Vec<Row> = comparison.metrics.iter().filter_map(Row::new).collect();
    let label_width = rows.iter().map(|row| text_width(&row.label)).fold(60.0, f64::max);
    let value_width = rows.iter().map(|row| text_width(&row.value)).fold(60.0, f64::max);
    let left = MARGIN + label_width + 12.0;
    let right = left + PLOT;
    let bottom = rows.iter().fold(TOP, |bottom, _| bottom + ROW);
    let width = right + 12.0 + value_width + MARGIN;
    let title = format!(
        "{}: differences with their {}s",
        comparison.candidate.suite,
        interval_title(comparison)
    );
    let mut svg = Svg::new(width, bottom + 58.0, &title, &description(&rows));
    svg.text((MARGIN, 28.0), Anchor::Start, "title", &title);
    let subtitle = format!(
        "candidate {} against baseline {}",
        comparison.candidate.run_id, comparison.baseline.run_id
    );
    svg.text((MARGIN, 48.0), Anchor::Start, "muted small", &subtitle);
    let reach = rows
        .iter()
        .flat_map(|row| [row.low.abs(), row.high.abs()])
        .fold(2.0, f64::max)
        .min(MOST_MARGINS);
    let axis = Axis::new([-reach * 1.05, reach * 1.05], [left, right]);
    draw_frame(&mut svg, &axis, bottom);
    let mut y = TOP + ROW / 2.0;
    for row in &rows {
        draw_row(&mut svg, &axis, row, y, (left, right));
        y += ROW;
    }
    svg.finish()
}

struct Row {
    label: String,
    value: String,
    class: &'static str,
    low: f64,
    middle: f64,
    high: f64,
}

impl Row {
    fn new(it: &MetricComparison) -> Option<Self> {
        let margin = it.margin?.get();
        Some(Self {
            label: format!("{} in {}", it.what, it.partition),
            value: format!("{}, {}", interval_text(it)?, words::verdict(it)),
            class: class(it),
            low: it.low?.get() / margin,
            middle: it.difference?.get() / margin,
            high: it.high?.get() / margin,
        })
    }
}

/// Returns the colour of a verdict; the word beside the line says the same.
const fn class(it: &MetricComparison) -> &'static str {
    match (it.status, it.verdict) {
        (GateStatus::Failed | GateStatus::Incomplete, _) | (_, ComparisonVerdict::Regression) => {
            "bad"
        }
        (
            _,
            ComparisonVerdict::Improvement
            | ComparisonVerdict::Equivalent
            | ComparisonVerdict::Trivial,
        ) => "good",
        (_, ComparisonVerdict::Inconclusive) if it.non_inferior => "good",
        (_, ComparisonVerdict::Inconclusive) => "unsure",
        _ => "plain",
    }
}

fn description(rows: &[Row]) -> String {
    let lines: Vec<String> =
        rows.iter().map(|row| format!("{}: {}", row.label, row.value)).collect();
    lines.join("; ")
}

fn draw_frame(svg: &mut Svg, axis: &Axis, bottom: f64) {
    svg.rect([axis.at(-1.0), TOP, axis.at(1.0) - axis.at(-1.0), bottom - TOP], "band", "");
    for (value, text) in axis.ticks(8) {
        let x = axis.at(value);
        svg.line((x, bottom), (x, bottom + 5.0), "axis");
        svg.text((x, bottom + 20.0), Anchor::Middle, "muted small", &text);
    }
    for margin in [-1.0, 1.0] {
        svg.line((axis.at(margin), TOP), (axis.at(margin), bottom), "axis dash");
    }
    svg.line((axis.at(0.0), TOP), (axis.at(0.0), bottom), "axis");
    svg.line((axis.at(f64::MIN), bottom), (axis.at(f64::MAX), bottom), "axis");
    svg.text((axis.at(f64::MIN), TOP - 8.0), Anchor::Start, "muted small", "← worse");
    svg.text((axis.at(f64::MAX), TOP - 8.0), Anchor::End, "muted small", "better →");
    svg.text(
        (axis.at(0.0), bottom + 42.0),
        Anchor::Middle,
        "muted small",
        "difference in margins; the band is the margin",
    );
}

fn draw_row(svg: &mut Svg, axis: &Axis, row: &Row, y: f64, (left, right): (f64, f64)) {
    let (low, high) = (axis.at(row.low), axis.at(row.high));
    svg.text((left - 12.0, y + 4.5), Anchor::End, "", &row.label);
    svg.text((right + 12.0, y + 4.5), Anchor::Start, row.class, &row.value);
    let thick = format!("{} thick", row.class);
    svg.line((low, y), (high, y), &thick);
    for (value, place, tip) in [(row.low, low, -1.0), (row.high, high, 1.0)] {
        if axis.shows(value) {
            svg.line((place, y - 4.0), (place, y + 4.0), &thick);
        } else if (low - high).abs() > 0.5 || tip * value > 0.0 {
            // Of an interval that lies off the axis as a whole, one arrow tells where.
            let back = place - tip * 7.0;
            svg.polygon(&[(place, y), (back, y - 5.0), (back, y + 5.0)], row.class);
        }
    }
    if axis.shows(row.middle) {
        svg.dot((axis.at(row.middle), y), 4.0, row.class);
    }
}
