//! Detectors of a change in a stream.

use evalward_stats::StatsError;
use evalward_stats::sequential::{
    Adwin, AdwinOptions, Cusum, CusumOptions, Direction, EDetector, EDetectorKind,
    EDetectorOptions, Ewma, EwmaOptions, PageHinkley, PageHinkleyOptions,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pick;
use crate::failure::Failure;
use crate::input::{Numbers, number, read, whole, write};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamInput {
    detector: Detector,
    #[serde(default = "no_params")]
    params: Value,
    stream: Numbers,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Detector {
    PageHinkley,
    Adwin,
    Cusum,
    Ewma,
}

fn no_params() -> Value {
    Value::Object(serde_json::Map::new())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PageHinkleyParams {
    min_instances: Option<f64>,
    #[serde(deserialize_with = "number")]
    delta: f64,
    #[serde(deserialize_with = "number")]
    threshold: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    mode: Mode,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Up,
    Down,
    Both,
}

impl Default for PageHinkleyParams {
    fn default() -> Self {
        let PageHinkleyOptions { delta, threshold, alpha, .. } = PageHinkleyOptions::default();
        Self { min_instances: None, delta, threshold, alpha, mode: Mode::Both }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AdwinParams {
    #[serde(deserialize_with = "number")]
    delta: f64,
    clock: Option<f64>,
    max_buckets: Option<f64>,
    min_window_length: Option<f64>,
    grace_period: Option<f64>,
}

impl Default for AdwinParams {
    fn default() -> Self {
        let (clock, max_buckets, min_window_length, grace_period) = (None, None, None, None);
        let delta = AdwinOptions::default().delta;
        Self { delta, clock, max_buckets, min_window_length, grace_period }
    }
}

/// Takes a number for a count; none stands for `usual`.
fn count(argument: &'static str, number: Option<f64>, usual: u64) -> Result<u64, Failure> {
    number.map_or(Ok(usual), |number| whole(argument, number))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CusumParams {
    #[serde(deserialize_with = "number")]
    mu0: f64,
    #[serde(deserialize_with = "number")]
    k: f64,
    #[serde(deserialize_with = "number")]
    h: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EwmaParams {
    #[serde(deserialize_with = "number")]
    mu0: f64,
    #[serde(deserialize_with = "number")]
    sigma: f64,
    #[serde(deserialize_with = "number")]
    lambda: f64,
    #[serde(rename = "L", deserialize_with = "number")]
    width: f64,
}

#[derive(Serialize)]
struct Detections {
    detections: Vec<usize>,
}

#[derive(Serialize)]
struct AdwinResult {
    detections: Vec<usize>,
    width: f64,
    estimation: Option<f64>,
}

#[derive(Serialize)]
struct ChartResult<F> {
    detections: Vec<usize>,
    #[serde(rename = "final")]
    last: F,
}

pub(super) fn stream_detectors(input: Value) -> Result<Value, Failure> {
    let StreamInput { detector, params, stream: Numbers(stream) } = read(input)?;
    match detector {
        Detector::PageHinkley => page_hinkley(read(params)?, &stream),
        Detector::Adwin => adwin(&read(params)?, &stream),
        Detector::Cusum => {
            let CusumParams { mu0, k, h } = read(params)?;
            let mut chart = Cusum::new(CusumOptions { mean: mu0, slack: k, threshold: h })?;
            let detections = detections(&stream, |x| chart.push(x))?;
            write(&ChartResult { detections, last: chart.sums() })
        }
        Detector::Ewma => {
            let EwmaParams { mu0, sigma, lambda, width } = read(params)?;
            let options = EwmaOptions { mean: mu0, deviation: sigma, weight: lambda, width };
            let mut chart = Ewma::new(options)?;
            let detections = detections(&stream, |x| chart.push(x))?;
            write(&ChartResult { detections, last: chart.average() })
        }
    }
}

fn page_hinkley(params: PageHinkleyParams, stream: &[f64]) -> Result<Value, Failure> {
    let PageHinkleyParams { min_instances, delta, threshold, alpha, mode } = params;
    let usual = PageHinkleyOptions::default();
    let min_instances = count("min_instances", min_instances, usual.min_instances)?;
    let direction = match mode {
        Mode::Up => Direction::Up,
        Mode::Down => Direction::Down,
        Mode::Both => Direction::Both,
    };
    let options = PageHinkleyOptions { min_instances, delta, threshold, alpha, direction };
    let mut detector = PageHinkley::new(options)?;
    write(&Detections { detections: detections(stream, |x| detector.push(x))? })
}

fn adwin(params: &AdwinParams, stream: &[f64]) -> Result<Value, Failure> {
    let usual = AdwinOptions::default();
    let shortest = params.min_window_length;
    let options = AdwinOptions {
        delta: params.delta,
        clock: count("clock", params.clock, usual.clock)?,
        max_buckets: match params.max_buckets {
            Some(number) => usize::try_from(whole("max_buckets", number)?).unwrap_or(usize::MAX),
            None => usual.max_buckets,
        },
        min_window_length: count("min_window_length", shortest, usual.min_window_length)?,
        grace_period: count("grace_period", params.grace_period, usual.grace_period)?,
    };
    let mut detector = Adwin::new(options)?;
    let detections = detections(stream, |x| detector.push(x))?;
    let (width, estimation) = (detector.width(), detector.estimation());
    write(&AdwinResult { detections, width, estimation })
}

fn detections(
    stream: &[f64],
    mut push: impl FnMut(f64) -> Result<bool, StatsError>,
) -> Result<Vec<usize>, StatsError> {
    let mut found = Vec::new();
    for (index, x) in stream.iter().enumerate() {
        if push(*x)? {
            found.push(index);
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EDetectorInput {
    x: Numbers,
    #[serde(deserialize_with = "number")]
    m0: f64,
    /// Without it the bets of the detector.
    lambda_grid: Option<Numbers>,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    at: Numbers,
}

#[derive(Serialize)]
struct EDetectorResult {
    log_sr: Vec<f64>,
    log_cusum: Vec<f64>,
    /// From 0, and -1 when there is none.
    first_alarm_sr: i64,
    first_alarm_cusum: i64,
}

pub(super) fn e_detector(input: Value) -> Result<Value, Failure> {
    let EDetectorInput { x: Numbers(x), m0, lambda_grid, alpha, at } = read(input)?;
    if !(alpha > 0.0 && alpha < 1.0) {
        let expected = "strictly between 0 and 1";
        return Err(StatsError::OutOfDomain { argument: "alpha", value: alpha, expected }.into());
    }
    if lambda_grid.as_ref().is_some_and(|it| it.0.is_empty()) {
        return Err(StatsError::TooFew { statistic: "e_detector", needed: 1, got: 0 }.into());
    }
    let bets = lambda_grid.map_or_else(Vec::new, |it| it.0);
    let run = |kind| {
        let options = EDetectorOptions { kind, low: 0.0, high: 1.0, floor: m0, bets: bets.clone() };
        let mut detector = EDetector::new(&options)?;
        let mut logs = Vec::with_capacity(x.len());
        let mut first = -1;
        for (index, x) in x.iter().enumerate() {
            logs.push(detector.push(*x)?);
            if first < 0 && detector.is_alarm(alpha) {
                first = i64::try_from(index).unwrap_or(i64::MAX);
            }
        }
        Ok::<_, Failure>((pick(&logs, &at)?, first))
    };
    let (log_sr, first_alarm_sr) = run(EDetectorKind::ShiryaevRoberts)?;
    let (log_cusum, first_alarm_cusum) = run(EDetectorKind::Cusum)?;
    write(&EDetectorResult { log_sr, log_cusum, first_alarm_sr, first_alarm_cusum })
}
