//! Intervals for rates and means.

use evalward_stats::{BinomialMethod, Interval, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[("binomial_ci", binomial_ci)];

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
