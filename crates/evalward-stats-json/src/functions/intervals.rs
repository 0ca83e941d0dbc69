//! Intervals for rates and means.

use evalward_stats::intervals::{
    cluster_robust_mean, mean_interval, observed_rate, two_proportions,
};
use evalward_stats::weighting::{
    exact_moments, poisson_estimates, poststratified_mean, stratified_mean,
};
use evalward_stats::{BinomialMethod, Interval, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Labels, Numbers, level, number, read, read_kind, whole, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("binomial_ci", binomial_ci),
    ("cluster_robust_mean", cluster_mean),
    ("mean_ci_t", mean_ci_t),
    ("survey_weighting", survey_weighting),
    ("two_proportions", proportions),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinomialInput {
    #[serde(deserialize_with = "number")]
    successes: f64,
    #[serde(deserialize_with = "number")]
    n: f64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

#[derive(Serialize)]
struct BinomialResult {
    estimate: f64,
    wald: Interval,
    wilson: Interval,
    clopper_pearson: Interval,
    jeffreys: Interval,
    agresti_coull: Interval,
    jeffreys_mod: Interval,
    wilson_cc: Interval,
}

fn binomial_ci(input: Value) -> Result<Value, Failure> {
    let BinomialInput { successes, n, conf } = read(input)?;
    let (successes, n) = (whole("successes", successes)?, whole("n", n)?);
    let level = level(conf)?;
    let interval = |method| binomial_interval(successes, n, level, method);
    write(&BinomialResult {
        estimate: observed_rate(successes, n)?,
        wald: interval(BinomialMethod::Wald)?,
        wilson: interval(BinomialMethod::Wilson)?,
        clopper_pearson: interval(BinomialMethod::ClopperPearson)?,
        jeffreys: interval(BinomialMethod::Jeffreys)?,
        agresti_coull: interval(BinomialMethod::AgrestiCoull)?,
        jeffreys_mod: interval(BinomialMethod::JeffreysModified)?,
        wilson_cc: interval(BinomialMethod::WilsonCorrected)?,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClusterInput {
    x: Numbers,
    cluster: Labels,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn cluster_mean(input: Value) -> Result<Value, Failure> {
    let ClusterInput { x, cluster, conf } = read(input)?;
    write(&cluster_robust_mean(&x.0, cluster.places("cluster")?, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProportionsInput {
    #[serde(deserialize_with = "number")]
    k1: f64,
    #[serde(deserialize_with = "number")]
    n1: f64,
    #[serde(deserialize_with = "number")]
    k2: f64,
    #[serde(deserialize_with = "number")]
    n2: f64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn proportions(input: Value) -> Result<Value, Failure> {
    let ProportionsInput { k1, n1, k2, n2, conf } = read(input)?;
    let (k1, n1) = (whole("k1", k1)?, whole("n1", n1)?);
    let (k2, n2) = (whole("k2", k2)?, whole("n2", n2)?);
    write(&two_proportions(k1, n1, k2, n2, level(conf)?)?)
}

/// A sample with the supposed mean, which is 0 where none is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeanInput {
    x: Numbers,
    #[serde(default, deserialize_with = "number")]
    mu0: f64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn mean_ci_t(input: Value) -> Result<Value, Failure> {
    let MeanInput { x, mu0, conf } = read(input)?;
    write(&mean_interval(&x.0, mu0, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoissonInput {
    y: Numbers,
    pi: Numbers,
    #[serde(deserialize_with = "number")]
    population_n: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PopulationInput {
    population_y: Numbers,
    pi: Numbers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrataInput {
    y: Vec<Numbers>,
    population_n: Numbers,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PoststrataInput {
    y: Vec<Numbers>,
    shares: Numbers,
}

fn survey_weighting(input: Value) -> Result<Value, Failure> {
    let (kind, input) = read_kind(input, "kind")?;
    let values = |y: Vec<Numbers>| y.into_iter().map(|sample| sample.0).collect::<Vec<_>>();
    match kind.as_str() {
        "poisson" => {
            let PoissonInput { y, pi, population_n } = read(input)?;
            write(&poisson_estimates(&y.0, &pi.0, whole("population_n", population_n)?)?)
        }
        "exact_moments" => {
            let PopulationInput { population_y, pi } = read(input)?;
            write(&exact_moments(&population_y.0, &pi.0)?)
        }
        "stratified" => {
            let StrataInput { y, population_n } = read(input)?;
            let sizes = population_n.0.into_iter().map(|size| whole("population_n", size));
            write(&stratified_mean(&values(y), &sizes.collect::<Result<Vec<_>, _>>()?)?)
        }
        "poststrat" => {
            let PoststrataInput { y, shares } = read(input)?;
            write(&poststratified_mean(&values(y), &shares.0)?)
        }
        _ => Err(Failure::BadRequest(format!("there is no kind `{kind}` of survey_weighting"))),
    }
}
