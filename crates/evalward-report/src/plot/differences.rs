//! How the differences of single examples are spread.

use evalward_core::Finite;
use evalward_gate::compare::MetricComparison;

use crate::comparison::{interval_text, name};
use crate::svg::{Anchor, Axis, Svg};
use crate::{number, words};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 620.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = 282.0;
/// Up to this many different values each has a bar of its own.
const MAX_BARS: usize = 15;
const BINS: u32 = 24;

/// A bar: from, to, count.
type Bar = (f64, f64, u32);

/// Draws a histogram of the differences of single examples (in the better direction) with their mean and its interval.
pub fn paired_differences(it: &MetricComparison, differences: &[f64]) -> String {
    let bars = bars(differences);
    let title = format!("{}: differences of {}", name(it), number::count(it.n, "example"));
    let interval = interval_text(it).unwrap_or_else(|| "no interval".to_owned());
    let summary = format!("mean {interval}, {}", words::verdict(it));
    let mut svg = Svg::new(WIDTH, HEIGHT, &title, &description(&bars, &summary));
    svg.text((16.0, 28.0), Anchor::Start, "title", &title);
    svg.text((16.0, 48.0), Anchor::Start, "muted small", &summary);
    let margin = it.margin.map_or(0.0, Finite::get);
    let ends = bars.iter().flat_map(|(from, to, _)| [*from, *to]);
    let (low, high) = ends
        .chain([-margin, margin])
        .fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let pad = (high - low) * 0.04;
    let x = Axis::new([low - pad, high + pad], [LEFT, RIGHT]);
    let most = bars.iter().map(|(_, _, count)| *count).max().unwrap_or(1);
    let y = Axis::new([0.0, f64::from(most) * 1.08], [BOTTOM, TOP]);
    draw_frame(&mut svg, &x, &y, margin);
    for (from, to, count) in &bars {
        let class = if *from + *to < -1e-12 {
            "bad"
        } else if *from + *to > 1e-12 {
            "good"
        } else {
            "plain"
        };
        let (left, top) = (x.at(*from), y.at(f64::from(*count)));
        let tip = format!("{}: {count}", range_text(*from, *to));
        svg.rect([left + 0.5, top, x.at(*to) - left - 1.0, BOTTOM - top], class, &tip);
    }
    draw_mean(&mut svg, &x, it);
    svg.finish()
}

fn draw_frame(svg: &mut Svg, x: &Axis, y: &Axis, margin: f64) {
    if margin > 0.0 {
        svg.rect(
            [x.at(-margin), TOP, x.at(margin) - x.at(-margin), BOTTOM - TOP],
            "band",
            "margin",
        );
    }
    for (value, text) in y.ticks(4) {
        if value.fract().abs() < 1e-9 {
            svg.line((LEFT, y.at(value)), (RIGHT, y.at(value)), "rule");
            svg.text((LEFT - 8.0, y.at(value) + 4.0), Anchor::End, "muted small", &text);
        }
    }
    for (value, text) in x.ticks(8) {
        svg.line((x.at(value), BOTTOM), (x.at(value), BOTTOM + 5.0), "axis");
        svg.text((x.at(value), BOTTOM + 20.0), Anchor::Middle, "muted small", &text);
    }
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
    svg.line((x.at(0.0), TOP), (x.at(0.0), BOTTOM), "axis dash");
    let caption =
        "candidate - baseline, positive where the candidate is better; the band is the margin";
    let middle = f64::midpoint(LEFT, RIGHT);
    svg.text((middle, BOTTOM + 42.0), Anchor::Middle, "muted small", caption);
    svg.text((16.0, TOP - 8.0), Anchor::Start, "muted small", "examples");
}

fn draw_mean(svg: &mut Svg, x: &Axis, it: &MetricComparison) {
    let (Some(low), Some(mean), Some(high)) = (it.low, it.difference, it.high) else { return };
    let y = TOP - 12.0;
    svg.line((x.at(low.get()), y), (x.at(high.get()), y), "axis thick");
    for end in [low, high] {
        svg.line((x.at(end.get()), y - 4.0), (x.at(end.get()), y + 4.0), "axis thick");
    }
    svg.dot((x.at(mean.get()), y), 4.0, "ink");
}

/// Counts the differences: each value where there are few, else in bins of equal width.
fn bars(differences: &[f64]) -> Vec<Bar> {
    let mut sorted = differences.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut values: Vec<(f64, u32)> = Vec::new();
    for value in sorted {
        match values.last_mut() {
            Some((last, count)) if (*last - value).abs() < 1e-9 => *count += 1,
            _ => values.push((value, 1)),
        }
    }
    if values.len() <= MAX_BARS {
        return single_values(&values);
    }
    let (Some((low, _)), Some((high, _))) = (values.first(), values.last()) else {
        return Vec::new();
    };
    let width = (high - low) / f64::from(BINS);
    // An edge lies at 0, so that no bar mixes gains and losses.
    let first = (low / width).floor() * width;
    let mut bars: Vec<Bar> = Vec::new();
    for (value, count) in &values {
        let from = first + ((value - first) / width + 1e-9).floor() * width;
        match bars.last_mut() {
            Some((last, _, sum)) if (*last - from).abs() < width / 2.0 => *sum += count,
            _ => bars.push((from, from + width, *count)),
        }
    }
    bars
}

/// Makes bars as wide as the smallest distance of two values leaves room for.
fn single_values(values: &[(f64, u32)]) -> Vec<Bar> {
    let span = match (values.first(), values.last()) {
        (Some((low, _)), Some((high, _))) => (high - low).max(high.abs()).max(low.abs()),
        _ => 0.0,
    };
    let distance = values.windows(2).filter_map(|pair| match pair {
        [(a, _), (b, _)] => Some(b - a),
        _ => None,
    });
    let widest = if span > 0.0 { span / 12.0 } else { 0.05 };
    let half = distance.fold(widest, f64::min).max(widest / 20.0) * 0.45;
    values.iter().map(|(value, count)| (value - half, value + half, *count)).collect()
}

fn range_text(from: f64, to: f64) -> String {
    format!("around {:.3}", f64::midpoint(from, to) + 0.0)
}

fn description(bars: &[Bar], summary: &str) -> String {
    let lines: Vec<String> = bars
        .iter()
        .map(|(from, to, count)| format!("{}: {count}", range_text(*from, *to)))
        .collect();
    format!("{summary}. Number of examples by difference: {}", lines.join("; "))
}
