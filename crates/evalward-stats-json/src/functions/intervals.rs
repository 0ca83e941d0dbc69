//! Intervals for rates and means.

use evalward_stats::intervals::cluster_robust_mean;
use evalward_stats::{BinomialMethod, Interval, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Labels, Numbers, level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] =
    &[("binomial_ci", binomial_ci), ("cluster_robust_mean", cluster_mean)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinomialInput {
    successes: u64,
    n: u64,
    conf: f64,
}

#[derive(Serialize)]
struct BinomialResult {
    wald: Interval,
    wilson: Interval,
    clopper_pearson: Interval,
    jeffreys: Interval,
}

fn binomial_ci(input: Value) -> Result<Value, Failure> {
    let BinomialInput { successes, n, conf } = read(input)?;
    let level = level(conf)?;
    let interval = |method| binomial_interval(successes, n, level, method);
    write(&BinomialResult {
        wald: interval(BinomialMethod::Wald)?,
        wilson: interval(BinomialMethod::Wilson)?,
        clopper_pearson: interval(BinomialMethod::ClopperPearson)?,
        jeffreys: interval(BinomialMethod::Jeffreys)?,
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
