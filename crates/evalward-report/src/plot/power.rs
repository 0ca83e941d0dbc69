//! How the chance to find a loss grows with the number of examples.

use crate::number;
use crate::svg::{Anchor, Axis, Svg};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 612.0;
const TOP: f64 = 72.0;
const BOTTOM: f64 = 296.0;

/// What a power curve shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerPlot<'a> {
    /// The title, such as `a loss of 0.05 of the pass rate`.
    pub title: &'a str,
    /// Numbers of examples, ascending, with the probability that the loss is found.
    pub points: &'a [(u64, f64)],
    /// The power that is wanted, such as 0.8.
    pub target: f64,
    /// The number of examples that the dataset has.
    pub now: Option<u64>,
    /// The number of examples at which the wanted power is reached.
    pub needed: Option<u64>,
}

/// Draws the probability to find a loss by the number of examples.
pub fn power_curve(plot: &PowerPlot<'_>) -> String {
    let summary = summary(plot);
    let mut svg = Svg::new(WIDTH, HEIGHT, plot.title, &description(plot, &summary));
    svg.text((16.0, 28.0), Anchor::Start, "title", plot.title);
    svg.text((16.0, 48.0), Anchor::Start, "muted small", &summary);
    let marks = [plot.now, plot.needed].into_iter().flatten();
    let numbers: Vec<f64> = plot.points.iter().map(|(n, _)| *n).chain(marks).map(float).collect();
    let low = numbers.iter().copied().fold(f64::MAX, f64::min).clamp(1.0, 1e15);
    let high = numbers.iter().copied().fold(1.0, f64::max);
    let x = if high > 20.0 * low {
        Axis::logarithmic([low, high], [LEFT, RIGHT])
    } else {
        Axis::new([low, high], [LEFT, RIGHT])
    };
    let y = Axis::new([0.0, 1.0], [BOTTOM, TOP]);
    draw_frame(&mut svg, &x, &y);
    let target = y.at(plot.target);
    svg.line((LEFT, target), (RIGHT, target), "unsure dash open");
    let wanted = format!("{:.0} % wanted", plot.target * 100.0);
    svg.text((RIGHT, target - 6.0), Anchor::End, "unsure small", &wanted);
    let line: Vec<(f64, f64)> =
        plot.points.iter().map(|(n, power)| (x.at(float(*n)), y.at(*power))).collect();
    svg.polyline(&line, "plain thick open");
    draw_mark(&mut svg, &x, &y, plot, plot.now, "now");
    draw_mark(&mut svg, &x, &y, plot, plot.needed.filter(|_| plot.needed != plot.now), "needed");
    svg.finish()
}

fn draw_frame(svg: &mut Svg, x: &Axis, y: &Axis) {
    for (value, _) in y.ticks(5) {
        svg.line((LEFT, y.at(value)), (RIGHT, y.at(value)), "rule");
        let text = format!("{:.0} %", value * 100.0);
        svg.text((LEFT - 8.0, y.at(value) + 4.0), Anchor::End, "muted small", &text);
    }
    for (value, text) in x.ticks(8) {
        svg.line((x.at(value), BOTTOM), (x.at(value), BOTTOM + 5.0), "axis");
        svg.text((x.at(value), BOTTOM + 20.0), Anchor::Middle, "muted small", &text);
    }
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
    let middle = f64::midpoint(LEFT, RIGHT);
    svg.text((middle, BOTTOM + 44.0), Anchor::Middle, "muted small", "examples");
}

/// Marks a number of examples on the curve; the text stands on the side that has more room.
fn draw_mark(svg: &mut Svg, x: &Axis, y: &Axis, plot: &PowerPlot<'_>, n: Option<u64>, word: &str) {
    let Some(n) = n else { return };
    let Some(power) = power_at(plot.points, n) else { return };
    let (place, height) = (x.at(float(n)), y.at(power));
    svg.line((place, height), (place, BOTTOM), "axis dash");
    svg.dot((place, height), 4.5, "plain");
    let (anchor, shift) =
        if place > f64::midpoint(LEFT, RIGHT) { (Anchor::End, -8.0) } else { (Anchor::Start, 8.0) };
    svg.text((place + shift, BOTTOM - 8.0), anchor, "small", &format!("{n} {word}"));
}

/// Reads the curve between its points.
fn power_at(points: &[(u64, f64)], n: u64) -> Option<f64> {
    points.windows(2).find_map(|pair| match pair {
        [(a, low), (b, high)] if (*a..=*b).contains(&n) && a < b => {
            let share = (float(n) - float(*a)) / (float(*b) - float(*a));
            Some(low + share * (high - low))
        }
        _ => None,
    })
}

fn summary(plot: &PowerPlot<'_>) -> String {
    let percent = plot.target * 100.0;
    match (plot.needed, plot.now) {
        (Some(needed), Some(now)) if needed <= now => {
            format!("{now} examples find it in at least {percent:.0} % of cases; {needed} would do")
        }
        (Some(needed), Some(now)) => format!(
            "it takes {} to find it in {percent:.0} % of cases; there are {now}",
            number::count(needed, "example")
        ),
        (Some(needed), None) => {
            format!(
                "it takes {} to find it in {percent:.0} % of cases",
                number::count(needed, "example")
            )
        }
        (None, _) => format!("no feasible number of examples finds it in {percent:.0} % of cases"),
    }
}

fn description(plot: &PowerPlot<'_>, summary: &str) -> String {
    let points: Vec<String> =
        plot.points.iter().map(|(n, power)| format!("{n}: {:.0} %", power * 100.0)).collect();
    format!("{summary}. Probability by number of examples: {}", points.join(", "))
}

/// Returns a number of examples as a place on an axis; beyond 2^32 all are off the picture alike.
fn float(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
