//! How the scores of a metric are spread.

use std::collections::BTreeMap;

use super::markup::inline_svg;
use super::values::{AllValues, Values};
use crate::number;
use crate::svg::{Anchor, Axis, Svg};
use crate::text::append;

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 328.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 152.0;
const BINS: u32 = 20;
/// A metric with fewer different scores says all of it by its mean.
const LEAST_DIFFERENT: usize = 3;

/// The scores of a bar: reported, passed, failed.
type Bin = [u32; 3];

/// Draws a histogram of each metric whose scores are more than yes and no; nothing where there is none.
pub(super) fn spreads(all: &AllValues) -> String {
    let mut by_metric: BTreeMap<&str, Vec<&Values>> = BTreeMap::new();
    for ((id, _), values) in &all.metrics {
        by_metric.entry(id).or_default().push(values);
    }
    let mut out = String::new();
    for (index, (id, values)) in by_metric.into_iter().enumerate() {
        if differ(&values) {
            let svg = inline_svg(&spread(id, &values), &format!("spread-{index}"));
            append(&mut out, format_args!("<figure>{svg}</figure>\n"));
        }
    }
    out
}

fn differ(values: &[&Values]) -> bool {
    let mut seen: Vec<f64> = Vec::new();
    for score in values.iter().flat_map(|values| &values.scores) {
        if !seen.iter().any(|it| (it - score).abs() < 1e-12) {
            seen.push(*score);
            if seen.len() == LEAST_DIFFERENT {
                return true;
            }
        }
    }
    false
}

fn spread(id: &str, values: &[&Values]) -> String {
    let scores = || values.iter().flat_map(|values| values.scores.iter().copied());
    let scale = values.iter().find_map(|values| values.scale);
    let least = scale.and_then(|it| it.min).map(evalward_core::Finite::get);
    let most = scale.and_then(|it| it.max).map(evalward_core::Finite::get);
    let low = least.unwrap_or_else(|| scores().fold(f64::INFINITY, f64::min));
    let high = most.unwrap_or_else(|| scores().fold(f64::NEG_INFINITY, f64::max));
    let bins = bins(values, [low, high]);
    let n = u64::try_from(scores().count()).unwrap_or(u64::MAX);
    let title = format!("{id}: {}", number::count(n, "score"));
    let mut svg = Svg::new(WIDTH, HEIGHT, &title, &description(&bins, [low, high]));
    svg.text((0.0, 18.0), Anchor::Start, "title", &title);
    let tallest = bins.iter().map(|bin| bin.iter().sum::<u32>()).max().unwrap_or(1);
    let x = Axis::new([low, high], [LEFT, RIGHT]);
    let y = Axis::new([0.0, f64::from(tallest) * 1.05], [BOTTOM, TOP]);
    draw_frame(&mut svg, &x, &y);
    let width = (RIGHT - LEFT) / f64::from(BINS);
    let mut left = LEFT;
    for bin in &bins {
        let mut base = 0;
        for (count, (class, word)) in
            bin.iter().zip([("plain", "reported"), ("good", "passed"), ("bad", "failed")])
        {
            if *count > 0 {
                let (from, to) = (y.at(f64::from(base)), y.at(f64::from(base + count)));
                let tip = format!("{count} {word}");
                svg.rect([left + 0.5, to, width - 1.0, from - to], class, &tip);
                base += count;
            }
        }
        left += width;
    }
    if let Some(threshold) = values.first().and_then(|first| first.threshold) {
        let place = x.at(threshold.get());
        svg.line((place, TOP - 8.0), (place, BOTTOM), "axis dash");
        let text = format!("threshold {}", number::score(threshold));
        let is_right = place > f64::midpoint(LEFT, RIGHT);
        let anchor = if is_right { Anchor::End } else { Anchor::Start };
        let shift = if is_right { -4.0 } else { 4.0 };
        svg.text((place + shift, TOP - 8.0), anchor, "muted small", &text);
    }
    svg.finish()
}

fn draw_frame(svg: &mut Svg, x: &Axis, y: &Axis) {
    for (value, text) in y.ticks(3) {
        if value.fract().abs() < 1e-9 {
            svg.line((LEFT, y.at(value)), (RIGHT, y.at(value)), "rule");
            svg.text((LEFT - 6.0, y.at(value) + 4.0), Anchor::End, "muted small", &text);
        }
    }
    for (value, text) in x.ticks(5) {
        svg.line((x.at(value), BOTTOM), (x.at(value), BOTTOM + 4.0), "axis");
        svg.text((x.at(value), BOTTOM + 18.0), Anchor::Middle, "muted small", &text);
    }
    svg.line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis");
}

/// Counts the scores; what lies on an edge counts above it, and the largest in the last bin.
fn bins(values: &[&Values], [low, high]: [f64; 2]) -> Vec<Bin> {
    let width = (high - low) / f64::from(BINS);
    let mut bins = Vec::new();
    let mut edge = low;
    for index in 0..BINS {
        let is_last = index + 1 == BINS;
        let next = low + width * f64::from(index + 1);
        let mut bin = [0; 3];
        for values in values {
            for (score, passed) in values.scores.iter().zip(&values.passed) {
                let is_in = *score >= edge - 1e-12 && (*score < next - 1e-12 || is_last);
                let [reported, good, bad] = &mut bin;
                let count = match passed {
                    None => reported,
                    Some(true) => good,
                    Some(false) => bad,
                };
                *count += u32::from(is_in || (index == 0 && *score < low));
            }
        }
        bins.push(bin);
        edge = next;
    }
    bins
}

fn description(bins: &[Bin], [low, high]: [f64; 2]) -> String {
    let width = (high - low) / f64::from(BINS);
    let mut edge = low;
    let mut lines = Vec::new();
    for [reported, passed, failed] in bins {
        let next = edge + width;
        let counts = [(reported, "reported"), (passed, "passed"), (failed, "failed")];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| **count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if !counts.is_empty() {
            lines.push(format!("{edge:.2} to {next:.2}: {}", counts.join(", ")));
        }
        edge = next;
    }
    lines.join("; ")
}
