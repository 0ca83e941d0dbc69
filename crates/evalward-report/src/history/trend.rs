//! Runs of one suite, or of one variant of it, in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::Partition;

use super::changes::{Change, changes};
use super::part::part;
use super::run::{HistoryRun, RecordedSummary};

/// The runs of a suite, or of a variant of it, the oldest first.
#[derive(Debug)]
pub struct Trend<'a> {
    /// The suite's name, with its variant.
    pub label: String,
    /// The runs.
    pub points: Vec<Point<'a>>,
}

/// A run among those of its suite.
#[derive(Debug)]
pub struct Point<'a> {
    /// The run.
    pub run: &'a HistoryRun,
    /// What it was limited to, in words; absent where it evaluated all examples of its partitions.
    pub part: Option<String>,
    /// What changed since the run before.
    pub changes: Vec<Change>,
}

impl Trend<'_> {
    /// Returns the partitions of which any run tells something.
    pub fn partitions(&self) -> BTreeSet<Partition> {
        self.points.iter().flat_map(|point| point.run.counts.keys().copied()).collect()
    }

    /// Returns whether the summaries of any runs were not recorded, and whether any cannot be read.
    pub(crate) fn unknown(&self) -> [bool; 2] {
        let any = |is: fn(&RecordedSummary) -> bool| {
            self.points.iter().any(|point| is(&point.run.summary))
        };
        [
            any(|it| matches!(it, RecordedSummary::Absent)),
            any(|it| matches!(it, RecordedSummary::Unreadable)),
        ]
    }

    /// Returns whether any run was over a part of the examples.
    pub(crate) fn has_parts(&self) -> bool {
        self.points.iter().any(|point| point.part.is_some())
    }

    /// Returns the points that belong together on one line: whole runs, until one measured something else.
    pub(crate) fn lines(&self) -> Vec<Vec<usize>> {
        let mut lines: Vec<Vec<usize>> = vec![Vec::new()];
        for (index, point) in self.points.iter().enumerate() {
            if point.changes.iter().any(|change| change.kind.breaks_line()) {
                lines.push(Vec::new());
            }
            if point.part.is_none()
                && let Some(line) = lines.last_mut()
            {
                line.push(index);
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// Puts recorded runs, the oldest first, into one trend for each suite and variant: by suite, the suite itself first.
pub fn trends(runs: &[HistoryRun]) -> Vec<Trend<'_>> {
    let mut by_label: BTreeMap<(&str, Option<&str>), Vec<Point<'_>>> = BTreeMap::new();
    for run in runs {
        let suite = &run.manifest.suite;
        let points = by_label.entry((&suite.name, suite.variant.as_deref())).or_default();
        let changes = points
            .last()
            .map(|before| changes(&before.run.manifest, &run.manifest))
            .unwrap_or_default();
        points.push(Point { run, part: part(run), changes });
    }
    let mut trends = Vec::new();
    for points in by_label.into_values() {
        let label = points.first().map(|it| it.run.manifest.suite.label()).unwrap_or_default();
        trends.push(Trend { label, points });
    }
    trends
}
