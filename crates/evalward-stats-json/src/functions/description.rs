//! Description of samples, and distributions.

use evalward_stats::StatsError;
use evalward_stats::description::{Distribution, describe, quantile_interval};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, number, read, whole, write};

pub(super) const FUNCTIONS: &[(&str, Function)] =
    &[("describe", description), ("distributions", distributions), ("quantile_ci", quantile_ci)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescriptionInput {
    x: Numbers,
    #[serde(default)]
    probs: Numbers,
}

fn description(input: Value) -> Result<Value, Failure> {
    let DescriptionInput { x, probs } = read(input)?;
    write(&describe(&x.0, &probs.0)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct QuantileInput {
    x: Numbers,
    #[serde(deserialize_with = "number")]
    p: f64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn quantile_ci(input: Value) -> Result<Value, Failure> {
    let QuantileInput { x, p, conf } = read(input)?;
    write(&quantile_interval(&x.0, p, level(conf)?)?)
}

/// A distribution with its parameters and the question: `x` (or `k` of a count) for `cdf` and `sf`, a probability for `ppf` and
/// `isf`, which is `p`, and `q` where `p` is the parameter of the distribution.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DistributionInput {
    dist: Name,
    op: Question,
    x: Option<f64>,
    k: Option<f64>,
    p: Option<f64>,
    q: Option<f64>,
    df: Option<f64>,
    df1: Option<f64>,
    df2: Option<f64>,
    a: Option<f64>,
    b: Option<f64>,
    n: Option<f64>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Name {
    Normal,
    T,
    Chi2,
    F,
    Beta,
    Binom,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Question {
    Cdf,
    Sf,
    Ppf,
    Isf,
}

fn distributions(input: Value) -> Result<Value, Failure> {
    let input: DistributionInput = read(input)?;
    let distribution = distribution(&input)?;
    let point = || given("x", input.x.or(input.k));
    let probability = || match input.dist {
        Name::Binom => given("q", input.q),
        _ => given("p", input.p.or(input.q)),
    };
    let value = match input.op {
        Question::Cdf => Some(distribution.cdf(point()?)?),
        Question::Sf => Some(distribution.sf(point()?)?),
        Question::Ppf => distribution.quantile(probability()?)?,
        Question::Isf => distribution.upper_quantile(probability()?)?,
    };
    Ok(json!({"value": value}))
}

fn distribution(input: &DistributionInput) -> Result<Distribution, Failure> {
    Ok(match input.dist {
        Name::Normal => Distribution::NORMAL,
        Name::T => Distribution::student_t(given("df", input.df)?)?,
        Name::Chi2 => Distribution::chi_squared(given("df", input.df)?)?,
        Name::F => Distribution::f(given("df1", input.df1)?, given("df2", input.df2)?)?,
        Name::Beta => Distribution::beta(given("a", input.a)?, given("b", input.b)?)?,
        Name::Binom => {
            let n = whole("n", given("n", input.n)?)?;
            Distribution::binomial(n, given("p", input.p)?)?
        }
    })
}

/// Returns an argument; one that is `null`, that is NaN, or absent is none.
fn given(argument: &'static str, value: Option<f64>) -> Result<f64, StatsError> {
    value.ok_or(StatsError::NotFinite { argument, index: 0 })
}
