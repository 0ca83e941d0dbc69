//! Intervals for rates and means, and the number of examples.

use evalward_stats::sequential;
use evalward_stats::verdict;
use evalward_stats::{BinomialMethod, Interval, StatsError, WeightedSums, binomial_interval};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields;
use crate::failure::Failure;
use crate::input::{Numbers, level, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinomialRequest {
    successes: u64,
    n: u64,
    conf: f64,
}

#[derive(Serialize)]
struct IntervalAnswer {
    ci: Interval,
}

/// Returns Wilson's interval, the one to show.
pub(super) fn binomial_ci(request: Value) -> Result<Map<String, Value>, Failure> {
    let BinomialRequest { successes, n, conf } = read(request)?;
    let ci = binomial_interval(successes, n, level(conf)?, BinomialMethod::Wilson)?;
    fields(&IntervalAnswer { ci })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SequenceRequest {
    x: Numbers,
    lo: f64,
    hi: f64,
    alpha: f64,
}

#[derive(Serialize)]
struct SequenceAnswer {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

/// Returns the ends of a confidence sequence after each observation.
pub(super) fn confidence_sequence(request: Value) -> Result<Map<String, Value>, Failure> {
    let SequenceRequest { x, lo, hi, alpha } = read(request)?;
    let (lower, upper) = sequential::confidence_sequence(&x.0, lo, hi, alpha)?;
    fields(&SequenceAnswer { lower, upper })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightedRequest {
    y: Numbers,
    pi: Numbers,
    #[serde(default)]
    population_n: Option<u64>,
    conf: f64,
}

#[derive(Serialize)]
struct WeightedAnswer {
    estimate: f64,
    se: f64,
    ci: Interval,
}

/// Returns the Hájek estimate of a population's mean with its linearised error.
pub(super) fn weighted_mean(request: Value) -> Result<Map<String, Value>, Failure> {
    let WeightedRequest { y, pi, population_n, conf } = read(request)?;
    let level = level(conf)?;
    let (y, pi) = (y.0, pi.0);
    if y.len() != pi.len() {
        let (left_length, right_length) = (y.len(), pi.len());
        return Err(
            StatsError::Unequal { left: "y", left_length, right: "pi", right_length }.into()
        );
    }
    let mut sums = WeightedSums::default();
    for (y, pi) in y.iter().zip(&pi) {
        sums.push(*y, *pi)?;
    }
    let estimate = sums.mean()?;
    let is_rate = y.iter().all(|y| [0.0, 1.0].contains(y));
    let ci = if is_rate {
        sums.rate_interval(population_n.unwrap_or(sums.n), level)?.interval
    } else {
        sums.mean_interval(level)?
    };
    fields(&WeightedAnswer { estimate: estimate.mean, se: estimate.variance.sqrt(), ci })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeededRequest {
    effect: f64,
    sd_diff: f64,
    alpha: f64,
    target_power: f64,
    #[serde(default = "paired")]
    paired: bool,
}

fn paired() -> bool {
    true
}

#[derive(Serialize)]
struct NeededAnswer {
    n: u64,
}

/// Returns the number of examples at which a loss of `effect` is found with the target power.
pub(super) fn needed_n(request: Value) -> Result<Map<String, Value>, Failure> {
    let NeededRequest { effect, sd_diff, alpha, target_power, paired } = read(request)?;
    let n = if paired {
        verdict::needed_pairs(effect, sd_diff, alpha, target_power)?
    } else {
        verdict::needed_each(effect, sd_diff, alpha, target_power)?
    };
    fields(&NeededAnswer { n })
}
