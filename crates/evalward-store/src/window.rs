//! Aggregates by period, segment and stratum.

use std::collections::BTreeMap;

use evalward_core::Timestamp;
use evalward_stats::WeightedSums;
use evalward_stats::weighting::WeightedValue;

use crate::value::{Row, values};
use crate::{Store, StoreError, sql};

/// The length of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resolution {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day, from midnight to midnight in UTC.
    Day,
}

impl Resolution {
    /// All lengths; an interaction is counted once in a window of each.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// Returns the length in milliseconds.
    pub const fn millis(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// Returns the name, such as `minute`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// Returns the start of the window that a moment falls into.
    pub fn start_of(self, moment: Timestamp) -> Timestamp {
        let millis = moment.as_millis();
        Timestamp::from_millis(millis - millis.rem_euclid(self.millis()))
    }
}

/// Which window.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WindowKey {
    /// The project.
    pub project: String,
    /// The length.
    pub resolution: Resolution,
    /// The start.
    pub start: Timestamp,
    /// The segment.
    pub segment: String,
    /// The stratum.
    pub stratum: String,
}

/// What is known of the interactions of a window: every one is counted once in `seen`, every sample once in `sampled` and, when
/// it is evaluated, in one of the four outcomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Which.
    pub key: WindowKey,
    /// The interactions.
    pub seen: u64,
    /// The samples.
    pub sampled: u64,
    /// Samples that passed.
    pub passed: u64,
    /// Samples that failed.
    pub failed: u64,
    /// Samples that could not be evaluated.
    pub errored: u64,
    /// Samples to which nothing applied.
    pub skipped: u64,
    /// The sums of the pass rate, over passed (1) and failed (0).
    pub pass: WeightedSums,
    /// What is known of each metric, by its id in the suite.
    pub metrics: BTreeMap<String, MetricWindow>,
}

/// What is known of a metric's results in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MetricWindow {
    /// The sums of its scores.
    pub scores: WeightedSums,
    /// The sums of its pass rate, over scores that passed (1) and failed (0); scores without a verdict are in neither.
    pub pass: WeightedSums,
    /// Scores that passed.
    pub passed: u64,
    /// Samples to which it did not apply.
    pub skipped: u64,
    /// Samples for which it could not be computed.
    pub errored: u64,
    /// The scores of which windows have the verdict and the value too. Evaluations by versions of this program before windows
    /// had these are in the sums of scores alone.
    pub detailed: u64,
}

impl MetricWindow {
    /// Returns whether verdicts, values and counts are of all samples whose scores are in the sums.
    pub const fn is_complete(&self) -> bool {
        self.detailed == self.scores.n
    }
}

/// How often each score of each metric occurred, by the start of the window and the metric's id, from the smallest score on.
pub type ScoreValues = BTreeMap<Timestamp, BTreeMap<String, Vec<WeightedValue>>>;

/// Which windows to read.
#[derive(Clone, Debug)]
pub struct WindowQuery {
    /// The project.
    pub project: String,
    /// The length.
    pub resolution: Resolution,
    /// The start of the first.
    pub from: Timestamp,
    /// Windows that start at this moment or later are left out.
    pub until: Timestamp,
}

impl Store {
    /// Reads windows, by start, segment and stratum; never summed over strata.
    pub async fn windows(&self, query: &WindowQuery) -> Result<Vec<Window>, StoreError> {
        let mut connection = self.database().read("read windows").await?;
        let span = values![&query.project, query.resolution.name(), query.from, query.until];
        let rows = connection.rows(sql::window::READ, span.clone()).await?;
        let windows: Vec<Window> =
            rows.iter().map(|row| window(query, row)).collect::<Result<_, _>>()?;
        let mut windows: IndexedWindows =
            windows.into_iter().map(|window| (place_of(&window.key), window)).collect();
        for row in connection.rows(sql::window::READ_SCORES, span).await? {
            let place = (row.moment("start_at")?, row.text("segment")?, row.text("stratum")?);
            if let Some(window) = windows.get_mut(&place) {
                window.metrics.insert(row.text("metric")?, metric(&row)?);
            }
        }
        Ok(windows.into_values().collect())
    }

    /// Reads how often each score occurred, summed over segments and strata. Scores have three significant digits.
    pub async fn window_values(&self, query: &WindowQuery) -> Result<ScoreValues, StoreError> {
        let mut connection = self.database().read("read the scores of windows").await?;
        let span = values![&query.project, query.resolution.name(), query.from, query.until];
        let mut values = ScoreValues::new();
        for row in connection.rows(sql::window::READ_VALUES, span).await? {
            let metrics = values.entry(row.moment("start_at")?).or_default();
            metrics.entry(row.text("metric")?).or_default().push(WeightedValue {
                value: row.real("value")?,
                n: row.count("n")?,
                w: row.real("w")?,
                ww: row.real("ww")?,
            });
        }
        Ok(values)
    }

    /// Lists the projects that have windows.
    pub async fn projects(&self) -> Result<Vec<String>, StoreError> {
        let mut connection = self.database().read("list projects").await?;
        let rows = connection.rows(sql::window::PROJECTS, Vec::new()).await?;
        rows.iter().map(|row| row.text("project")).collect()
    }
}

type IndexedWindows = BTreeMap<(Timestamp, String, String), Window>;

fn place_of(key: &WindowKey) -> (Timestamp, String, String) {
    (key.start, key.segment.clone(), key.stratum.clone())
}

fn window(query: &WindowQuery, row: &Row) -> Result<Window, StoreError> {
    let (passed, failed) = (row.count("passed")?, row.count("failed")?);
    Ok(Window {
        key: WindowKey {
            project: query.project.clone(),
            resolution: query.resolution,
            start: row.moment("start_at")?,
            segment: row.text("segment")?,
            stratum: row.text("stratum")?,
        },
        seen: row.count("seen")?,
        sampled: row.count("sampled")?,
        passed,
        failed,
        errored: row.count("errored")?,
        skipped: row.count("skipped")?,
        pass: of_rate(sums(row)?, passed, failed),
        metrics: BTreeMap::new(),
    })
}

/// Returns the sums of a rate without what rounding left of samples that were taken back: where all have one value, the sums
/// follow from the weights.
fn of_rate(sums: WeightedSums, passed: u64, failed: u64) -> WeightedSums {
    let WeightedSums { w, v, .. } = sums;
    match (passed, failed) {
        (0, _) => WeightedSums { wy: 0.0, vy: 0.0, vyy: 0.0, ..sums },
        (_, 0) => WeightedSums { wy: w, vy: v, vyy: v, ..sums },
        _ => sums,
    }
}

fn metric(row: &Row) -> Result<MetricWindow, StoreError> {
    let pass = WeightedSums {
        n: row.count("pass_n")?,
        w: row.real("pass_w")?,
        ww: row.real("pass_ww")?,
        wy: row.real("pass_wy")?,
        v: row.real("pass_v")?,
        vy: row.real("pass_vy")?,
        vyy: row.real("pass_vyy")?,
    };
    let passed = row.count("passed")?;
    Ok(MetricWindow {
        scores: sums(row)?,
        pass: of_rate(pass, passed, pass.n.saturating_sub(passed)),
        passed,
        skipped: row.count("skipped")?,
        errored: row.count("errored")?,
        detailed: row.count("detailed")?,
    })
}

fn sums(row: &Row) -> Result<WeightedSums, StoreError> {
    Ok(WeightedSums {
        n: row.count("n")?,
        w: row.real("w")?,
        ww: row.real("ww")?,
        wy: row.real("wy")?,
        v: row.real("v")?,
        vy: row.real("vy")?,
        vyy: row.real("vyy")?,
    })
}
