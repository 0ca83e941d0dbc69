//! Confidence sequences and sequential tests.

use evalward_stats::sequential::{
    AsymptoticSequence, BetaBinomialTest, EmpiricalBernstein, HoeffdingSequence, MixtureRatioTest,
    betting_log_capital, confidence_sequence, plugin_bets,
};
use evalward_stats::{Interval, StatsError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pick;
use crate::failure::Failure;
use crate::input::{Numbers, number, read, write};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SequencesInput {
    x: Numbers,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    at: Numbers,
    /// Without it `asymp` is null.
    t_opt: Option<f64>,
    #[serde(default)]
    betting_null_means: Numbers,
    /// Without it `msprt` is null.
    msprt: Option<RatioInput>,
    /// Without it, and where an observation is neither 0 nor 1, `beta_binomial_log_e` is null.
    beta_binomial_p0: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RatioInput {
    #[serde(deserialize_with = "number")]
    sigma2: f64,
    #[serde(deserialize_with = "number")]
    tau2: f64,
    #[serde(deserialize_with = "number")]
    m0: f64,
}

#[derive(Serialize)]
struct SequencesResult {
    empbern: Ends,
    hoeffding: Ends,
    lambda_predmix_eb: Vec<f64>,
    betting_log_capital: Vec<Vec<f64>>,
    hedged: Ends,
    asymp: Option<Asymptotic>,
    msprt: Option<Ratio>,
    beta_binomial_log_e: Option<Vec<f64>>,
}

#[derive(Serialize)]
struct Ends {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

#[derive(Serialize)]
struct Asymptotic {
    rho2: f64,
    mean: Vec<f64>,
    half_width: Vec<f64>,
    lower_one_sided: Vec<f64>,
}

#[derive(Serialize)]
struct Ratio {
    log_lambda: Vec<Option<f64>>,
    p: Vec<f64>,
}

pub(super) fn confidence_sequences(input: Value) -> Result<Value, Failure> {
    let SequencesInput {
        x: Numbers(x),
        alpha,
        at,
        t_opt,
        betting_null_means,
        msprt,
        beta_binomial_p0,
    } = read(input)?;
    let (lower, upper) = confidence_sequence(&x, 0.0, 1.0, alpha)?;
    let mut bernstein = EmpiricalBernstein::new(0.0, 1.0, alpha)?;
    let mut hoeffding = HoeffdingSequence::new(0.0, 1.0, alpha)?;
    let capitals = betting_null_means
        .0
        .iter()
        .map(|mean| pick(&betting_log_capital(&x, *mean, alpha)?, &at))
        .collect::<Result<_, Failure>>()?;
    write(&SequencesResult {
        empbern: ends(&x, &at, |x| bernstein.push(x))?,
        hoeffding: ends(&x, &at, |x| hoeffding.push(x))?,
        lambda_predmix_eb: pick(&plugin_bets(&x, alpha)?, &at)?,
        betting_log_capital: capitals,
        hedged: Ends { lower: pick(&lower, &at)?, upper: pick(&upper, &at)? },
        asymp: t_opt.map(|t_opt| asymptotic(&x, &at, alpha, t_opt)).transpose()?,
        msprt: msprt.map(|input| ratio(&x, &at, &input)).transpose()?,
        beta_binomial_log_e: match beta_binomial_p0 {
            Some(rate) => beta_binomial(&x, &at, rate)?,
            None => None,
        },
    })
}

fn ends(
    x: &[f64],
    at: &Numbers,
    push: impl FnMut(f64) -> Result<Interval, StatsError>,
) -> Result<Ends, Failure> {
    let intervals: Vec<Interval> =
        x.iter().copied().map(push).collect::<Result<_, StatsError>>()?;
    let picked = pick(&intervals, at)?;
    Ok(Ends {
        lower: picked.iter().map(|interval| interval.low).collect(),
        upper: picked.iter().map(|interval| interval.high).collect(),
    })
}

fn asymptotic(x: &[f64], at: &Numbers, alpha: f64, t_opt: f64) -> Result<Asymptotic, Failure> {
    let mut sequence = AsymptoticSequence::new(alpha, t_opt)?;
    let all: Vec<_> = x.iter().map(|x| sequence.push(*x)).collect::<Result<_, StatsError>>()?;
    let picked = pick(&all, at)?;
    Ok(Asymptotic {
        rho2: sequence.rho_squared(),
        mean: picked.iter().map(|interval| interval.mean).collect(),
        half_width: picked.iter().map(|interval| interval.half_width).collect(),
        lower_one_sided: picked.iter().map(|interval| interval.lower_one_sided).collect(),
    })
}

fn ratio(x: &[f64], at: &Numbers, input: &RatioInput) -> Result<Ratio, Failure> {
    let mut test = MixtureRatioTest::new(input.m0, input.sigma2, input.tau2)?;
    let (mut logs, mut p) = (Vec::with_capacity(x.len()), Vec::with_capacity(x.len()));
    for x in x {
        logs.push(test.push(*x)?);
        p.push(test.p());
    }
    Ok(Ratio { log_lambda: pick(&logs, at)?, p: pick(&p, at)? })
}

fn beta_binomial(x: &[f64], at: &Numbers, rate: f64) -> Result<Option<Vec<f64>>, Failure> {
    let mut test = BetaBinomialTest::new(rate)?;
    let mut logs = Vec::with_capacity(x.len());
    for x in x {
        let success = if x.to_bits() == 1.0_f64.to_bits() {
            true
        } else if x.abs() <= 0.0 {
            false
        } else {
            return Ok(None);
        };
        logs.push(test.push(success));
    }
    pick(&logs, at).map(Some)
}
