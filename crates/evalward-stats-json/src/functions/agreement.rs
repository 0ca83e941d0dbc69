//! Agreement between raters.

use evalward_stats::agreement::{
    Measurement, RatingTable, Ratings, fleiss_kappa, intraclass_correlation, krippendorff_alpha,
};
use evalward_stats::{Level, agreement};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, number, read, wholes, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("cohen_kappa", cohen_kappa),
    ("correlation", correlation),
    ("fleiss_kappa", fleiss),
    ("icc", icc),
    ("krippendorff_alpha", krippendorff),
];

/// The confidence of intervals where the input names none.
fn confidence() -> f64 {
    Level::P95.confidence()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KappaInput {
    a: Numbers,
    b: Numbers,
    categories: Option<Numbers>,
    #[serde(default = "confidence", deserialize_with = "number")]
    conf: f64,
}

fn cohen_kappa(input: Value) -> Result<Value, Failure> {
    let KappaInput { a, b, categories, conf } = read(input)?;
    let categories = categories.as_ref().map(|it| it.0.as_slice());
    let table = RatingTable::of_ratings(&a.0, &b.0, categories)?;
    write(&agreement::cohen_kappa(&table, level(conf)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountsInput {
    counts: Vec<Numbers>,
}

fn fleiss(input: Value) -> Result<Value, Failure> {
    let CountsInput { counts } = read(input)?;
    let units = counts.iter().map(|unit| wholes("counts", &unit.0));
    let units = units.collect::<Result<Vec<_>, Failure>>()?;
    write(&fleiss_kappa(&units)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatingsInput {
    ratings: Vec<Numbers>,
}

#[derive(Serialize)]
struct Alphas {
    nominal: Option<f64>,
    ordinal: Option<f64>,
    interval: Option<f64>,
    ratio: Option<f64>,
}

fn krippendorff(input: Value) -> Result<Value, Failure> {
    let RatingsInput { ratings } = read(input)?;
    let rows: Vec<Vec<f64>> = ratings.into_iter().map(|row| row.0).collect();
    let ratings = Ratings::of_raters(&rows)?;
    let alpha = |measurement| krippendorff_alpha(&ratings, measurement);
    write(&Alphas {
        nominal: alpha(Measurement::Nominal),
        ordinal: alpha(Measurement::Ordinal),
        interval: alpha(Measurement::Interval),
        ratio: alpha(Measurement::Ratio),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IccInput {
    ratings: Vec<Numbers>,
    #[serde(default = "confidence", deserialize_with = "number")]
    conf: f64,
}

fn icc(input: Value) -> Result<Value, Failure> {
    let IccInput { ratings, conf } = read(input)?;
    let rows: Vec<Vec<f64>> = ratings.into_iter().map(|row| row.0).collect();
    write(&intraclass_correlation(&rows, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrelationInput {
    x: Numbers,
    y: Numbers,
    #[serde(default = "confidence", deserialize_with = "number")]
    conf: f64,
}

fn correlation(input: Value) -> Result<Value, Failure> {
    let CorrelationInput { x, y, conf } = read(input)?;
    write(&agreement::correlation(&x.0, &y.0, level(conf)?)?)
}
