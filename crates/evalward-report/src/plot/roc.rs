//! How the shares of good and of bad answers that pass depend on the threshold.

use crate::svg::{Anchor, Axis, Svg};

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 436.0;
const TOP: f64 = 60.0;
const BOTTOM: f64 = 432.0;

/// A threshold on a ROC curve.
#[derive(Clone, Debug, PartialEq)]
pub struct RocMark {
    /// The share of bad answers that pass.
    pub bad: f64,
    /// The share of good answers that pass.
    pub good: f64,
    /// What stands beside it.
    pub label: String,
}

/// What a ROC plot shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RocPlot<'a> {
    /// The title, such as `overlap: 200 labels`.
    pub title: &'a str,
    /// A line below the title, such as the area with its interval.
    pub summary: &'a str,
    /// The shares of bad and of good answers that pass, from the strictest threshold to the most lenient.
    pub points: &'a [(f64, f64)],
    /// Thresholds to point out.
    pub marks: &'a [RocMark],
}

/// Draws a ROC curve.
pub fn roc_plot(plot: &RocPlot<'_>) -> String {
    let mut svg = Svg::new(WIDTH, HEIGHT, plot.title, &description(plot));
    svg.text((16.0, 26.0), Anchor::Start, "title", plot.title);
    svg.text((16.0, 46.0), Anchor::Start, "muted small", plot.summary);
    let x = Axis::new([0.0, 1.0], [LEFT, RIGHT]);
    let y = Axis::new([0.0, 1.0], [BOTTOM, TOP]);
    draw_frame(&mut svg, &x, &y);
    let line: Vec<(f64, f64)> =
        plot.points.iter().map(|(bad, good)| (x.at(*bad), y.at(*good))).collect();
    svg.polyline(&line, "plain thick open");
    for mark in plot.marks {
        let place = (x.at(mark.bad), y.at(mark.good));
        svg.dot(place, 4.5, "plain");
        svg.text((place.0 + 8.0, place.1 + 16.0), Anchor::Start, "small", &mark.label);
    }
    svg.finish()
}

fn draw_frame(svg: &mut Svg, x: &Axis, y: &Axis) {
    for (value, _) in y.ticks(5) {
        let text = format!("{:.0} %", value * 100.0);
        svg.line((LEFT, y.at(value)), (RIGHT, y.at(value)), "rule");
        svg.text((LEFT - 8.0, y.at(value) + 4.0), Anchor::End, "muted small", &text);
        svg.text((x.at(value), BOTTOM + 18.0), Anchor::Middle, "muted small", &text);
    }
    svg.line((x.at(0.0), y.at(0.0)), (x.at(1.0), y.at(1.0)), "axis dash");
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
    let caption = "bad answers that pass; upwards, good answers that pass";
    svg.text((f64::midpoint(LEFT, RIGHT), BOTTOM + 38.0), Anchor::Middle, "muted small", caption);
}

fn description(plot: &RocPlot<'_>) -> String {
    let marks: Vec<String> = plot
        .marks
        .iter()
        .map(|mark| {
            let (bad, good) = (mark.bad * 100.0, mark.good * 100.0);
            format!("{}: {good:.1} % of good and {bad:.1} % of bad answers pass", mark.label)
        })
        .collect();
    format!("{}. {}", plot.summary, marks.join("; "))
}
