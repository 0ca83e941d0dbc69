//! Intervals for rates and means.

use evalward_stats::intervals::{
    cluster_robust_mean, mean_interval, observed_rate, two_proportions,
};
use evalward_stats::{BinomialMethod, Interval, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Labels, Numbers, level, number, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("binomial_ci", binomial_ci),
    ("cluster_robust_mean", cluster_mean),
    ("mean_ci_t", mean_ci_t),
    ("two_proportions", proportions),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinomialInput {
    successes: u64,
    n: u64,
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
    write(&cluster_robust_mean(&x.0, &cluster.0, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProportionsInput {
    k1: u64,
    n1: u64,
    k2: u64,
    n2: u64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn proportions(input: Value) -> Result<Value, Failure> {
    let ProportionsInput { k1, n1, k2, n2, conf } = read(input)?;
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
