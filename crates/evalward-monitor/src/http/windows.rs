//! `GET /api/v1/windows`: what traffic came to, by minute, hour or day.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use evalward_core::Timestamp;
use evalward_stats::StatsError;
use evalward_store::{Resolution, ScoreValues, Window, WindowQuery};
use serde::Serialize;

use super::parameters::{Parameters, refused};
use super::{ApiError, Reads};
use crate::estimate::{MetricEstimate, RateEstimate, Traffic, waiting};
use crate::state::AppState;

/// How many windows of one segment and stratum a request may ask for: a day by minutes, two months by hours, four
/// years by days.
const MAX_WINDOWS: i64 = 1_500;

#[derive(Debug, Serialize)]
struct Answer {
    resolution: &'static str,
    from: Timestamp,
    until: Timestamp,
    windows: Vec<WindowAnswer>,
    overall: Vec<OverallAnswer>,
}

/// One window of one segment and stratum: counts alone, for a rate of a stratum is no rate of the traffic.
#[derive(Debug, Serialize)]
struct WindowAnswer {
    start: Timestamp,
    segment: String,
    stratum: String,
    seen: u64,
    sampled: u64,
    waiting: u64,
    passed: u64,
    failed: u64,
    errored: u64,
    skipped: u64,
}

/// All segments and strata of one period.
#[derive(Debug, Serialize)]
struct OverallAnswer {
    start: Timestamp,
    seen: u64,
    sampled: u64,
    waiting: u64,
    passed: u64,
    failed: u64,
    errored: u64,
    skipped: u64,
    /// Null where nothing was evaluated.
    pass_rate: Option<RateEstimate>,
    /// Shown beside it; it over-represents what is always sampled.
    unweighted_pass_rate: Option<f64>,
    scores: BTreeMap<String, MetricEstimate>,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/windows", get(read))
}

async fn read(
    State(state): State<AppState>,
    Reads(caller): Reads,
    parameters: Parameters,
) -> Result<Json<Answer>, ApiError> {
    let query = query(caller.project, parameters, state.clock.now())?;
    let windows = state.store.windows(&query).await?;
    let values = state.store.window_values(&query).await?;
    let overall = overall(&windows, &values, &state.hallucination);
    Ok(Json(Answer {
        resolution: query.resolution.name(),
        from: query.from,
        until: query.until,
        overall: overall.map_err(|error| unusable(&error))?,
        windows: windows.into_iter().map(WindowAnswer::from).collect(),
    }))
}

fn query(
    project: String,
    mut parameters: Parameters,
    now: Timestamp,
) -> Result<WindowQuery, ApiError> {
    let resolution = match parameters.take("resolution").as_deref() {
        None | Some("minute") => Resolution::Minute,
        Some("hour") => Resolution::Hour,
        Some("day") => Resolution::Day,
        Some(other) => return Err(refused("resolution", other, "`minute`, `hour` or `day`")),
    };
    let moment = "a time such as `2026-11-03T10:00:00Z`";
    let from: Option<Timestamp> = parameters.read("from", moment)?;
    let until: Option<Timestamp> = parameters.read("until", moment)?;
    parameters.finish("resolution, from, until")?;
    let length = resolution.millis();
    let until = until.unwrap_or_else(|| shifted(resolution.start_of(now), length));
    let default = match resolution {
        Resolution::Minute => 60 * length,
        Resolution::Hour => 24 * length,
        Resolution::Day => 30 * length,
    };
    let from = resolution.start_of(from.unwrap_or_else(|| shifted(until, -default)));
    let span = until.as_millis().saturating_sub(from.as_millis());
    if span <= 0 {
        return Err(ApiError::invalid("until", format!("`until` must be later than {from}")));
    }
    if span > MAX_WINDOWS * length {
        let detail = format!(
            "from {from} until {until} is more than {MAX_WINDOWS} windows; ask for a part, or for longer windows"
        );
        return Err(ApiError::invalid("from", detail));
    }
    Ok(WindowQuery { project, resolution, from, until })
}

fn shifted(moment: Timestamp, millis: i64) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_add(millis))
}

impl From<Window> for WindowAnswer {
    fn from(window: Window) -> Self {
        let Window { key, seen, sampled, passed, failed, errored, skipped, .. } = window;
        Self {
            start: key.start,
            segment: key.segment,
            stratum: key.stratum,
            seen,
            sampled,
            waiting: waiting(sampled, [passed, failed, errored, skipped]),
            passed,
            failed,
            errored,
            skipped,
        }
    }
}

/// Merges what belongs to one period.
fn overall(
    windows: &[Window],
    values: &ScoreValues,
    hallucination: &BTreeSet<String>,
) -> Result<Vec<OverallAnswer>, StatsError> {
    let mut periods: BTreeMap<Timestamp, Traffic> = BTreeMap::new();
    for window in windows {
        periods.entry(window.key.start).or_default().add(window);
    }
    for (start, metrics) in values {
        // A window that came up since windows were read has no counts yet.
        let Some(traffic) = periods.get_mut(start) else { continue };
        for (metric, values) in metrics {
            traffic.add_values(metric, values);
        }
    }
    let answer = |(start, traffic)| OverallAnswer::of(start, &traffic, hallucination);
    periods.into_iter().map(answer).collect()
}

impl OverallAnswer {
    fn of(
        start: Timestamp,
        traffic: &Traffic,
        hallucination: &BTreeSet<String>,
    ) -> Result<Self, StatsError> {
        Ok(Self {
            start,
            seen: traffic.seen,
            sampled: traffic.sampled,
            waiting: traffic.waiting(),
            passed: traffic.passed,
            failed: traffic.failed,
            errored: traffic.errored,
            skipped: traffic.skipped,
            pass_rate: traffic.pass_rate()?,
            unweighted_pass_rate: traffic.unweighted_pass_rate(),
            scores: traffic.metrics(hallucination)?,
        })
    }
}

fn unusable(error: &StatsError) -> ApiError {
    let error: &dyn Error = error;
    tracing::error!(error, "stored sums are no sums of weighted samples");
    let detail = "the windows cannot be summed up";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
}

#[cfg(test)]
mod tests;
