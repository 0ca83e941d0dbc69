//! What one example came to over the runs.

use std::collections::BTreeSet;

use evalward_core::{Finite, KeptScore, MetricStamp, OutcomeKind, TrialScores};
use evalward_gate::Confirming;

use super::sparkline::{MISSING, sparkline};
use super::table::{drawn, seconds};
use super::trend::{Point, Trend};
use crate::Options;
use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::paint::Paint;
use crate::text::{append, one_line};

/// An example in the runs of a suite, or of a variant of it.
#[derive(Debug)]
pub struct ExampleTrend<'a> {
    /// The suite's name, with its variant.
    pub label: &'a str,
    /// Each run that has scores of the example, the oldest first.
    pub points: Vec<ExamplePoint<'a>>,
}

/// An example in a run.
#[derive(Debug)]
pub struct ExamplePoint<'a> {
    /// The run, with what changed since the run before.
    pub point: &'a Point<'a>,
    /// Its trials.
    pub trials: Vec<&'a TrialScores>,
    /// Whether the example's own content is another one than in the run before that has scores of it.
    pub is_changed: bool,
}

/// Finds an example's trials in the runs of each trend; a trend without any is left out.
pub fn example_trends<'a>(
    trends: &'a [Trend<'a>],
    trials: &'a [TrialScores],
) -> Vec<ExampleTrend<'a>> {
    let of_trend = |trend: &'a Trend<'a>| {
        let mut points: Vec<ExamplePoint<'a>> = Vec::new();
        for point in &trend.points {
            let run = &point.run.manifest.run_id;
            let trials: Vec<&TrialScores> = trials.iter().filter(|it| it.run == *run).collect();
            let Some(first) = trials.first() else { continue };
            let before = points.last().and_then(|before| before.trials.first());
            let is_changed = before.is_some_and(|before| before.content != first.content);
            points.push(ExamplePoint { point, trials, is_changed });
        }
        ExampleTrend { label: &trend.label, points }
    };
    trends.iter().map(of_trend).filter(|trend| !trend.points.is_empty()).collect()
}

impl ExamplePoint<'_> {
    /// Returns the number of trials of an outcome.
    fn count(&self, outcome: OutcomeKind) -> usize {
        self.trials.iter().filter(|it| it.outcome == outcome).count()
    }

    /// Returns what became of the example, as the gate of the run counts it; nothing where the run never came to all of its
    /// trials.
    pub fn outcome(&self) -> Option<OutcomeKind> {
        let manifest = &self.point.run.manifest;
        let planned = self.trials.iter().filter(|it| !it.confirms).count();
        if u32::try_from(planned).unwrap_or(u32::MAX) < manifest.repeats.get() {
            return None;
        }
        let gate = manifest.gates.get(&self.trials.first()?.partition);
        let mut tally = Confirming::default();
        for trial in &self.trials {
            tally.push_outcome(trial.outcome, self.broke_a_rule(trial), trial.confirms);
        }
        Some(tally.kind(gate.and_then(|gate| gate.confirm), manifest.repeats))
    }

    /// Returns whether the example passed or failed; nothing where it was not evaluated.
    fn passed(&self) -> Option<bool> {
        match self.outcome()? {
            OutcomeKind::Passed => Some(true),
            OutcomeKind::Failed => Some(false),
            OutcomeKind::Errored | OutcomeKind::Skipped => None,
        }
    }

    /// Returns whether a trial failed of a rule, whose word is final; a model's may change.
    fn broke_a_rule(&self, trial: &TrialScores) -> bool {
        let is_rule = |metric: &str| match self.point.run.manifest.metrics.get(metric) {
            Some(stamp) if stamp.kind == "command" => {
                // A program may be either. Fresh trials are made only of what broke no rule.
                !self.trials.iter().any(|it| it.confirms)
            }
            Some(stamp) => !asks_model(stamp),
            None => true,
        };
        trial.outcome == OutcomeKind::Failed
            && trial.scores.iter().any(|(metric, score)| {
                matches!(score, KeptScore::Score { passed: Some(false), .. }) && is_rule(metric)
            })
    }

    /// Writes `passed`, or `passed: 2 of 3 trials passed` where there are several.
    fn told_outcome(&self) -> String {
        let outcome = self.outcome().map_or("unfinished", word);
        match self.trials.as_slice() {
            [_] => outcome.to_owned(),
            trials => {
                let errored = self.count(OutcomeKind::Errored);
                let more = if errored > 0 { format!(", {errored} errored") } else { String::new() };
                let fresh = trials.iter().filter(|it| it.confirms).count();
                let fresh =
                    if fresh > 0 { format!(" ({fresh} to confirm)") } else { String::new() };
                let passed = self.count(OutcomeKind::Passed);
                format!("{outcome}: {passed} of {} trials passed{more}{fresh}", trials.len())
            }
        }
    }

    /// Writes the mean of a metric's scores with a mark, or why there is none.
    fn score(&self, metric: &str) -> String {
        // Only failures are confirmed, so the scores of fresh trials would bend the mean.
        let planned = self.trials.iter().filter(|it| !it.confirms);
        let found: Vec<KeptScore> =
            planned.filter_map(|it| it.scores.get(metric).copied()).collect();
        let mut values = Vec::new();
        let mut marks: BTreeSet<bool> = BTreeSet::new();
        for score in &found {
            match score {
                KeptScore::Score { value, passed } => {
                    values.push(value.get());
                    marks.extend(passed);
                }
                KeptScore::Errored => return "errored".to_owned(),
                KeptScore::Skipped => {}
            }
        }
        let count = u32::try_from(values.len()).unwrap_or(u32::MAX);
        if count == 0 {
            return if found.is_empty() { NONE } else { "skipped" }.to_owned();
        }
        let mean = Finite::new(values.iter().sum::<f64>() / f64::from(count));
        let mean = mean.map_or_else(|_| NONE.to_owned(), number::score);
        match (marks.contains(&true), marks.contains(&false)) {
            (_, true) => format!("{mean} ✗"),
            (true, false) => format!("{mean} ✓"),
            (false, false) => mean,
        }
    }
}

fn asks_model(stamp: &MetricStamp) -> bool {
    stamp.asks_judge() || stamp.kind == "semantic_similarity"
}

const fn word(outcome: OutcomeKind) -> &'static str {
    match outcome {
        OutcomeKind::Passed => "passed",
        OutcomeKind::Failed => "failed",
        OutcomeKind::Errored => "errored",
        OutcomeKind::Skipped => "skipped",
    }
}

/// Writes what an example came to in each run, since when it fails, and what changed between.
pub fn example_history(example: &str, trends: &[ExampleTrend<'_>], options: &Options) -> String {
    let paint = Paint { color: options.color };
    let mut out = String::new();
    for (index, trend) in trends.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let title = format!("{} of {}", one_line(example), one_line(trend.label));
        append(&mut out, format_args!("{}\n", paint.bold(&title)));
        out.push_str(&drawn(&grid(trend), options));
        let height = |point: &ExamplePoint<'_>| Some(if point.passed()? { 1.0 } else { 0.0 });
        let passed: Vec<Option<f64>> = trend.points.iter().map(height).collect();
        if passed.len() > 1 {
            let line = sparkline(&passed, [0.0, 1.0]);
            let gap = if passed.contains(&None) {
                format!(", {MISSING} not evaluated")
            } else {
                String::new()
            };
            append(
                &mut out,
                format_args!("\n  {line}  the oldest run first: █ passed, ▁ failed{gap}\n"),
            );
        }
        append(&mut out, format_args!("  {}\n", since(trend)));
    }
    out
}

fn grid(trend: &ExampleTrend<'_>) -> Grid {
    let metrics: BTreeSet<&str> = trend
        .points
        .iter()
        .flat_map(|point| &point.trials)
        .flat_map(|trial| trial.scores.keys().map(String::as_str))
        .collect();
    let has_notes = trend.points.iter().any(|point| !told(point).is_empty());
    let names: Vec<String> = metrics.iter().map(|it| one_line(it)).collect();
    let mut header = vec!["time", "run", "outcome"];
    header.extend(names.iter().map(String::as_str));
    if has_notes {
        header.push("what is new");
    }
    let row = |it: &ExamplePoint<'_>| {
        let manifest = &it.point.run.manifest;
        let time = seconds(&manifest.started_at.to_string());
        let mut row = vec![time, manifest.run_id.to_string(), it.told_outcome()];
        row.extend(metrics.iter().map(|metric| it.score(metric)));
        if has_notes {
            row.push(told(it));
        }
        row
    };
    Grid::new(header.len(), &header, trend.points.iter().map(row).collect())
}

fn told(it: &ExamplePoint<'_>) -> String {
    let example = it.is_changed.then(|| "the example itself".to_owned());
    let changes = it.point.changes.iter().map(|change| change.text.clone());
    example.into_iter().chain(changes).collect::<Vec<_>>().join("; ")
}

/// Says since when the example fails, or that it does not.
fn since(trend: &ExampleTrend<'_>) -> String {
    let evaluated: Vec<(&ExamplePoint<'_>, bool)> =
        trend.points.iter().filter_map(|it| Some((it, it.passed()?))).collect();
    let count = |runs: usize| number::count(u64::try_from(runs).unwrap_or(u64::MAX), "run");
    let Some((_, is_passing)) = evaluated.last() else {
        return "no run evaluated it".to_owned();
    };
    let failed = evaluated.iter().filter(|(_, passed)| !passed).count();
    let streak = evaluated.iter().rev().take_while(|(_, passed)| passed == is_passing).count();
    let since = evaluated.iter().rev().nth(streak - 1).map(|(it, _)| {
        let manifest = &it.point.run.manifest;
        format!("{} ({})", manifest.run_id, seconds(&manifest.started_at.to_string()))
    });
    let since = since.unwrap_or_default();
    let row = if streak > 1 { format!(", {} in a row", count(streak)) } else { String::new() };
    match (is_passing, streak == evaluated.len()) {
        (true, true) => format!("it passed in each of {} that evaluated it", count(streak)),
        (false, true) => format!("it failed in each of {} that evaluated it", count(streak)),
        (true, false) => format!(
            "it passes since run {since}{row}; it failed in {failed} of {} before",
            count(evaluated.len() - streak)
        ),
        (false, false) => format!("it fails since run {since}{row}"),
    }
}
