//! Intervals for rates and means.

use evalward_stats::intervals::{cluster_robust_mean, observed_rate, two_proportions};
use evalward_stats::{BinomialMethod, Interval, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Labels, Numbers, level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("binomial_ci", binomial_ci),
    ("cluster_robust_mean", cluster_mean),
    ("two_proportions", proportions),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinomialInput {
    successes: u64,
    n: u64,
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
    conf: f64,
}

fn proportions(input: Value) -> Result<Value, Failure> {
    let ProportionsInput { k1, n1, k2, n2, conf } = read(input)?;
    write(&two_proportions(k1, n1, k2, n2, level(conf)?)?)
}
