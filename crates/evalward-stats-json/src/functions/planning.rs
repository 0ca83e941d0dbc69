//! Power and needed numbers.

use evalward_stats::planning::{Alternative, RepeatedDesign, TTest, TTestDesign, mcnemar_power};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{number, read, read_kind, whole, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[("power", power)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairedInput {
    #[serde(deserialize_with = "number")]
    d: f64,
    #[serde(deserialize_with = "number")]
    n: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    alternative: Direction,
    #[serde(deserialize_with = "number")]
    target_power: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoSampleInput {
    #[serde(deserialize_with = "number")]
    d: f64,
    #[serde(deserialize_with = "number")]
    n1: f64,
    #[serde(default = "one", deserialize_with = "number")]
    ratio: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    alternative: Direction,
    #[serde(deserialize_with = "number")]
    target_power: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Direction {
    TwoSided,
    Larger,
    Smaller,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MillerInput {
    #[serde(deserialize_with = "number")]
    delta: f64,
    #[serde(deserialize_with = "number")]
    omega2: f64,
    #[serde(deserialize_with = "number")]
    sigma2_a: f64,
    #[serde(deserialize_with = "number")]
    sigma2_b: f64,
    #[serde(deserialize_with = "number")]
    k_a: f64,
    #[serde(deserialize_with = "number")]
    k_b: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    target_power: f64,
    #[serde(deserialize_with = "number")]
    n: f64,
    #[serde(default = "one", deserialize_with = "number")]
    deff: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct McnemarInput {
    #[serde(deserialize_with = "number")]
    n: f64,
    #[serde(deserialize_with = "number")]
    p_b: f64,
    #[serde(deserialize_with = "number")]
    p_c: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
}

fn one() -> f64 {
    1.0
}

#[derive(Serialize)]
struct TTestResult {
    power: f64,
    n_required: Option<f64>,
    n_ceil: Option<f64>,
}

#[derive(Serialize)]
struct MillerResult {
    n_required: Option<f64>,
    mde: f64,
    power_at_n: Option<f64>,
}

fn power(input: Value) -> Result<Value, Failure> {
    let (kind, input) = read_kind(input, "kind")?;
    match kind.as_str() {
        "paired_t" => {
            let PairedInput { d, n, alpha, alternative, target_power } = read(input)?;
            let design =
                TTestDesign { test: TTest::Paired, alpha, alternative: alternative.into() };
            t_test(&design, d, n, target_power)
        }
        "two_sample_t" => {
            let TwoSampleInput { d, n1, ratio, alpha, alternative, target_power } = read(input)?;
            let test = TTest::TwoSample { ratio };
            t_test(
                &TTestDesign { test, alpha, alternative: alternative.into() },
                d,
                n1,
                target_power,
            )
        }
        "miller" => miller(&read(input)?),
        "mcnemar" => {
            let McnemarInput { n, p_b, p_c, alpha } = read(input)?;
            write(&mcnemar_power(whole("n", n)?, p_b, p_c, alpha)?)
        }
        _ => Err(Failure::BadRequest(format!("there is no power of kind `{kind}`"))),
    }
}

impl From<Direction> for Alternative {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::TwoSided => Self::TwoSided,
            Direction::Larger => Self::Larger,
            Direction::Smaller => Self::Smaller,
        }
    }
}

fn t_test(design: &TTestDesign, d: f64, n: f64, target_power: f64) -> Result<Value, Failure> {
    let power = design.power(d, n)?;
    let n_required = design.needed_n(d, target_power)?;
    write(&TTestResult { power, n_required, n_ceil: n_required.map(f64::ceil) })
}

fn miller(input: &MillerInput) -> Result<Value, Failure> {
    let design = RepeatedDesign {
        between: input.omega2,
        within_a: input.sigma2_a,
        within_b: input.sigma2_b,
        repeats_a: input.k_a,
        repeats_b: input.k_b,
        design_effect: input.deff,
        alpha: input.alpha,
        alternative: Alternative::TwoSided,
    };
    write(&MillerResult {
        n_required: design.needed_n(input.delta, input.target_power)?,
        mde: design.detectable(input.n, input.target_power)?,
        power_at_n: design.power(input.delta, input.n)?,
    })
}
