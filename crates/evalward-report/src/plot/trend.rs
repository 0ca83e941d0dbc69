//! Pass rates over the runs, with their intervals and with marks where something changed.

use evalward_core::Partition;

use crate::history::{Point, Trend, methods, rate_text, seconds};
use crate::number::{self, NONE};
use crate::svg::{Anchor, Axis, Svg, text_width};
use crate::text::{one_line, shorten};

const LEFT: f64 = 60.0;
const MARGIN: f64 = 16.0;
const TOP: f64 = 66.0;
/// The height of a partition's lines, and what stands above them.
const PANEL: f64 = 112.0;
const HEAD: f64 = 34.0;
const LINE: f64 = 18.0;
/// The room of the plot of few runs; more make it wider, up to a limit.
const LEAST_WIDTH: f64 = 800.0;
const MOST_WIDTH: f64 = 4000.0;
const LEAST_STEP: f64 = 10.0;
/// So many changes are told under the plot, the newest; `evalward history` names all of them.
const MOST_CHANGES: usize = 12;
/// So many runs are told to those who cannot see the plot.
pub(super) const MOST_TOLD: usize = 50;

/// Where everything stands.
struct Frame {
    right: f64,
    step: f64,
    y: [f64; 2],
    partitions: Vec<Partition>,
}

impl Frame {
    fn new(trend: &Trend<'_>) -> Self {
        let runs = count(trend.points.len()).max(1.0);
        let width = (runs * LEAST_STEP).clamp(LEAST_WIDTH, MOST_WIDTH);
        Self {
            right: LEFT + width,
            step: width / runs,
            y: ends(trend),
            partitions: trend.partitions().into_iter().collect(),
        }
    }

    /// Returns the middle of a run's place.
    fn x(&self, index: usize) -> f64 {
        LEFT + self.step * (count(index) + 0.5)
    }

    /// Returns the place between a run and the one before.
    fn before(&self, index: usize) -> f64 {
        LEFT + self.step * count(index)
    }

    /// Returns the upper end of a partition's axis.
    fn top(row: usize) -> f64 {
        TOP + count(row) * (HEAD + PANEL) + HEAD
    }

    fn bottom(&self) -> f64 {
        TOP + count(self.partitions.len()) * (HEAD + PANEL)
    }
}

/// Draws the pass rates of a trend, a row for each partition, the runs from left to right.
///
/// Every interval is the one that the run itself states. Runs over a part of the examples are hollow and on no line, and lines
/// break where the runs on both sides measured different things.
pub fn trend_plot(trend: &Trend<'_>) -> String {
    let frame = Frame::new(trend);
    let title = format!("{}: pass rates over {}", one_line(&trend.label), runs(trend));
    let marked: Vec<usize> =
        (0..trend.points.len()).filter(|it| !changes(trend, *it).is_empty()).collect();
    let legend = legend(trend, !marked.is_empty());
    let told = marked.len().min(MOST_CHANGES + 1);
    let height = frame.bottom() + 44.0 + LINE * (count(told) + count(legend.len()) + 1.0);
    let width = frame.right + MARGIN;
    let mut svg = Svg::new(width, height, &title, &description(trend));
    svg.text((MARGIN, 28.0), Anchor::Start, "title", &title);
    let subtitle = methods(trend).map_or_else(
        || "no run states an interval".to_owned(),
        |methods| format!("bars: the {methods}"),
    );
    svg.text((MARGIN, 48.0), Anchor::Start, "muted small", &subtitle);
    draw_marks(&mut svg, &frame, &marked);
    for (index, partition) in frame.partitions.iter().enumerate() {
        let top = Frame::top(index);
        draw_panel(&mut svg, &frame, trend, *partition, top);
    }
    draw_times(&mut svg, &frame, trend);
    let mut y = frame.bottom() + 62.0;
    for text in legend {
        svg.text((MARGIN, y), Anchor::Start, "muted small", &text);
        y += LINE;
    }
    let older = marked.len().saturating_sub(MOST_CHANGES);
    for (number, index) in (1_u32..).zip(&marked).skip(older) {
        let text = format!("{number}  {}", changes(trend, *index));
        svg.text((MARGIN, y), Anchor::Start, "small", &fitted(&text, width - 2.0 * MARGIN));
        y += LINE;
    }
    if older > 0 {
        let text = format!("and {older} older ones, which `evalward history` names");
        svg.text((MARGIN, y), Anchor::Start, "muted small", &text);
    }
    svg.finish()
}

/// Returns the ends of the axis that all partitions share: whole tenths, a fifth apart or more.
fn ends(trend: &Trend<'_>) -> [f64; 2] {
    let mut low = 1.0_f64;
    let mut high = 0.0_f64;
    for (point, partition) in
        trend.points.iter().flat_map(|point| point.run.counts.keys().map(move |it| (point, *it)))
    {
        let rate = point.run.rate(partition);
        let interval = point.run.pass_rate(partition).map(|it| [it.low.get(), it.high.get()]);
        for value in rate.into_iter().chain(interval.into_iter().flatten()) {
            low = low.min(value);
            high = high.max(value);
        }
    }
    if low > high {
        return [0.0, 1.0];
    }
    let high = ((high - 1e-9) * 10.0).ceil() / 10.0;
    let low = ((low + 1e-9) * 10.0).floor() / 10.0;
    let low = low.min(high - 0.2);
    if low < 0.0 { [0.0, high.max(0.2)] } else { [low, high] }
}

fn draw_marks(svg: &mut Svg, frame: &Frame, marked: &[usize]) {
    let mut last = f64::NEG_INFINITY;
    for (number, index) in (1_u32..).zip(marked) {
        let x = frame.before(*index);
        for row in 0..frame.partitions.len() {
            let top = Frame::top(row);
            svg.line((x, top), (x, top + PANEL - 8.0), "unsure dash open");
        }
        // A number that would stand on another one is left out.
        if x - last >= 16.0 {
            svg.text((x, TOP + 10.0), Anchor::Middle, "unsure small", &number.to_string());
            last = x;
        }
    }
}

fn draw_panel(svg: &mut Svg, frame: &Frame, trend: &Trend<'_>, partition: Partition, top: f64) {
    let bottom = top + PANEL - 8.0;
    let axis = Axis::new(frame.y, [bottom, top]);
    svg.text((LEFT, top - 10.0), Anchor::Start, "", partition.name());
    if let Some(last) = trend.points.last() {
        let text = format!("latest: {}", rate_text(last, partition));
        svg.text((frame.right, top - 10.0), Anchor::End, "muted small", &text);
    }
    for (value, _) in axis.ticks(3) {
        let y = axis.at(value);
        svg.line((LEFT, y), (frame.right, y), "rule");
        let text = format!("{:.0} %", value * 100.0);
        svg.text((LEFT - 8.0, y + 4.0), Anchor::End, "muted small", &text);
    }
    for line in trend.lines() {
        let mut places: Vec<(f64, f64)> = Vec::new();
        for index in line {
            let point = trend.points.get(index);
            match point.and_then(|point| point.run.rate(partition)) {
                Some(rate) => places.push((frame.x(index), axis.at(rate))),
                None => draw_line(svg, &std::mem::take(&mut places)),
            }
        }
        draw_line(svg, &places);
    }
    for (index, point) in trend.points.iter().enumerate() {
        draw_point(svg, frame.x(index), point, partition, &axis);
    }
}

/// Joins runs that are to be compared.
pub(super) fn draw_line(svg: &mut Svg, places: &[(f64, f64)]) {
    if places.len() > 1 {
        svg.polyline(places, "plain open");
    }
}

fn draw_point(svg: &mut Svg, x: f64, point: &Point<'_>, partition: Partition, axis: &Axis) {
    let Some(counts) = point.run.counts.get(&partition) else { return };
    let bottom = axis.at(f64::NEG_INFINITY);
    let Some(rate) = point.run.rate(partition) else {
        svg.text((x, bottom - 5.0), Anchor::Middle, "muted small", "–");
        return;
    };
    let mut top = axis.at(rate);
    if let Some(stated) = point.run.pass_rate(partition) {
        let [low, high] = [stated.low, stated.high].map(|end| axis.at(end.get()));
        svg.line((x, low), (x, high), "plain");
        for end in [low, high] {
            svg.line((x - 3.0, end), (x + 3.0, end), "plain");
        }
        top = high;
    }
    let class = if point.part.is_some() { "plain hollow" } else { "plain" };
    svg.spot((x, axis.at(rate)), 3.5, class, &tip(point, partition));
    if counts.errored > 0 {
        svg.text((x, top - 3.0), Anchor::Middle, "unsure small", "!");
    }
}

fn tip(point: &Point<'_>, partition: Partition) -> String {
    let manifest = &point.run.manifest;
    let time = seconds(&manifest.started_at.to_string());
    let part = point.part.as_ref().map(|part| format!(", {part}")).unwrap_or_default();
    format!("{time}, run {}: {}{part}", manifest.run_id, rate_text(point, partition))
}

/// Writes the days of some runs under the plot, or their times where all are of one day.
fn draw_times(svg: &mut Svg, frame: &Frame, trend: &Trend<'_>) {
    let moments: Vec<String> =
        trend.points.iter().map(|it| it.run.manifest.started_at.to_string()).collect();
    let days = || moments.iter().filter_map(|it| it.split_once('T'));
    let is_one_day = days().all(|(day, _)| days().next().is_some_and(|(first, _)| first == day));
    let bottom = frame.bottom();
    svg.line((LEFT, bottom), (frame.right, bottom), "axis");
    let mut last = f64::NEG_INFINITY;
    for (index, (day, time)) in days().enumerate() {
        let x = frame.x(index);
        svg.line((x, bottom), (x, bottom + 4.0), "axis");
        let time = time.split('.').next().unwrap_or(time).trim_end_matches('Z');
        let text = if is_one_day { time } else { day };
        let half = text_width(text) / 2.0;
        if x - half > last && x + half < frame.right + MARGIN {
            svg.text((x, bottom + 19.0), Anchor::Middle, "muted small", text);
            last = x + half + 10.0;
        }
    }
    let day = days().next().filter(|_| is_one_day).map(|(day, _)| format!(" of {day}, in UTC"));
    let text = format!("runs{}, in the order of time", day.unwrap_or_default());
    let middle = f64::midpoint(LEFT, frame.right);
    svg.text((middle, bottom + 38.0), Anchor::Middle, "muted small", &text);
}

fn legend(trend: &Trend<'_>, is_marked: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let counts = || trend.points.iter().flat_map(|point| point.run.counts.values());
    if trend.has_parts() {
        lines.push(
            "hollow: a run over a part of the examples, not to be compared with whole runs"
                .to_owned(),
        );
    }
    let [absent, unreadable] = trend.unknown();
    if absent {
        lines.push(
            "without a bar: an older evalward recorded the run, without its interval".to_owned(),
        );
    }
    if unreadable {
        lines.push(
            "without a bar: this evalward cannot read the run's summary; a newer one may have recorded it"
                .to_owned(),
        );
    }
    if counts().any(|counts| counts.errored > 0) {
        lines.push(
            "!  some examples could not be evaluated; the rate is over the others".to_owned(),
        );
    }
    if counts().any(|counts| counts.evaluated() == 0) {
        lines.push("–  no example was evaluated".to_owned());
    }
    if is_marked {
        let text = "dashed: something changed; a line breaks where what is measured changed, such as the dataset or a judge";
        lines.push(text.to_owned());
    }
    lines
}

/// Tells what changed before a run: nothing, where nothing did.
fn changes(trend: &Trend<'_>, index: usize) -> String {
    let Some(point) = trend.points.get(index).filter(|it| !it.changes.is_empty()) else {
        return String::new();
    };
    let changes: Vec<&str> = point.changes.iter().map(|change| change.text.as_str()).collect();
    format!("{}: {}", point.run.manifest.run_id, changes.join("; "))
}

fn fitted(text: &str, width: f64) -> String {
    let mut most = text.chars().count();
    while most > 0 && text_width(&shorten(text, most)) > width {
        most = most.saturating_sub(4);
    }
    shorten(text, most).into_owned()
}

fn runs(trend: &Trend<'_>) -> String {
    number::count(u64::try_from(trend.points.len()).unwrap_or(u64::MAX), "run")
}

fn description(trend: &Trend<'_>) -> String {
    let skipped = trend.points.len().saturating_sub(MOST_TOLD);
    let mut lines: Vec<String> = Vec::new();
    if skipped > 0 {
        lines.push(format!("the newest {MOST_TOLD} of {}", runs(trend)));
    }
    for (index, point) in trend.points.iter().enumerate().skip(skipped) {
        let rates: Vec<String> = point
            .run
            .counts
            .keys()
            .map(|partition| format!("{partition} {}", rate_text(point, *partition)))
            .collect();
        let part = point.part.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
        let changes = changes(trend, index);
        let changes =
            if changes.is_empty() { changes } else { format!("; changed before {changes}") };
        let rates = if rates.is_empty() { NONE.to_owned() } else { rates.join(", ") };
        lines.push(format!("run {}{part}: {rates}{changes}", point.run.manifest.run_id));
    }
    lines.join(". ")
}

/// Returns a count as a place; beyond 2^32 all are off the picture alike.
pub(super) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
