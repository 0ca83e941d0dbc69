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
use crate::input::{Numbers, read, write};

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
    min_instances: u64,
    delta: f64,
    threshold: f64,
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
        let PageHinkleyOptions { min_instances, delta, threshold, alpha, .. } =
            PageHinkleyOptions::default();
        Self { min_instances, delta, threshold, alpha, mode: Mode::Both }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AdwinParams {
    delta: f64,
    clock: u64,
    max_buckets: usize,
    min_window_length: u64,
    grace_period: u64,
}

impl Default for AdwinParams {
    fn default() -> Self {
        let AdwinOptions { delta, clock, max_buckets, min_window_length, grace_period } =
            AdwinOptions::default();
        Self { delta, clock, max_buckets, min_window_length, grace_period }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CusumParams {
    mu0: f64,
    k: f64,
    h: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EwmaParams {
    mu0: f64,
    sigma: f64,
    lambda: f64,
    #[serde(rename = "L")]
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
        Detector::PageHinkley => {
            let PageHinkleyParams { min_instances, delta, threshold, alpha, mode } = read(params)?;
            let direction = match mode {
                Mode::Up => Direction::Up,
                Mode::Down => Direction::Down,
                Mode::Both => Direction::Both,
            };
            let options = PageHinkleyOptions { min_instances, delta, threshold, alpha, direction };
            let mut detector = PageHinkley::new(options)?;
            write(&Detections { detections: detections(&stream, |x| detector.push(x))? })
        }
        Detector::Adwin => {
            let AdwinParams { delta, clock, max_buckets, min_window_length, grace_period } =
                read(params)?;
            let mut detector = Adwin::new(AdwinOptions {
                delta,
                clock,
                max_buckets,
                min_window_length,
                grace_period,
            })?;
            let detections = detections(&stream, |x| detector.push(x))?;
            let (width, estimation) = (detector.width(), detector.estimation());
            write(&AdwinResult { detections, width, estimation })
        }
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
    m0: f64,
    #[serde(default)]
    lambda_grid: Vec<f64>,
    alpha: f64,
    at: Vec<u32>,
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
    let run = |kind| {
        let options =
            EDetectorOptions { kind, low: 0.0, high: 1.0, floor: m0, bets: lambda_grid.clone() };
        let mut detector = EDetector::new(&options)?;
        let mut logs = Vec::with_capacity(x.len());
        let mut first = -1;
        for (index, x) in x.iter().enumerate() {
            logs.push(detector.push(*x)?);
            if first < 0 && detector.is_alarm(alpha) {
                first = i64::try_from(index).unwrap_or(i64::MAX);
            }
        }
        Ok::<_, StatsError>((pick(&logs, &at)?, first))
    };
    let (log_sr, first_alarm_sr) = run(EDetectorKind::ShiryaevRoberts)?;
    let (log_cusum, first_alarm_cusum) = run(EDetectorKind::Cusum)?;
    write(&EDetectorResult { log_sr, log_cusum, first_alarm_sr, first_alarm_cusum })
}
