//! Curves that are crossed ever with a stated probability at most.

use evalward_stats::Interval;
use evalward_stats::sequential::boundaries::{
    BestAt, GammaExponentialMixture, NormalMixture, PolyStitching, Sides,
    bernoulli_sequence_interval, gamma_exponential_bound, poly_stitching_bound,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::Failure;
use crate::input::{number, read, read_kind, whole, write};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalBound {
    #[serde(deserialize_with = "number")]
    v: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    v_opt: f64,
    #[serde(default = "default_alpha_opt", deserialize_with = "number")]
    alpha_opt: f64,
    #[serde(default = "default_one_sided")]
    one_sided: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NormalLogMixture {
    #[serde(deserialize_with = "number")]
    s: f64,
    #[serde(deserialize_with = "number")]
    v: f64,
    #[serde(deserialize_with = "number")]
    v_opt: f64,
    #[serde(default = "default_alpha_opt", deserialize_with = "number")]
    alpha_opt: f64,
    #[serde(default = "default_one_sided")]
    one_sided: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GammaExponential {
    #[serde(deserialize_with = "number")]
    v: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    v_opt: f64,
    #[serde(deserialize_with = "number")]
    c: f64,
    #[serde(default = "default_alpha_opt", deserialize_with = "number")]
    alpha_opt: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stitching {
    #[serde(deserialize_with = "number")]
    v: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    v_min: f64,
    #[serde(default, deserialize_with = "number")]
    c: f64,
    #[serde(default = "default_s", deserialize_with = "number")]
    s: f64,
    #[serde(default = "default_eta", deserialize_with = "number")]
    eta: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bernoulli {
    #[serde(deserialize_with = "number")]
    successes: f64,
    #[serde(deserialize_with = "number")]
    trials: f64,
    #[serde(deserialize_with = "number")]
    alpha: f64,
    #[serde(deserialize_with = "number")]
    t_opt: f64,
    #[serde(default = "default_alpha_opt", deserialize_with = "number")]
    alpha_opt: f64,
}

fn default_alpha_opt() -> f64 {
    0.05
}

fn default_one_sided() -> bool {
    true
}

fn default_s() -> f64 {
    1.4
}

fn default_eta() -> f64 {
    2.0
}

#[derive(Serialize)]
struct Bound {
    bound: f64,
}

#[derive(Serialize)]
struct LogE {
    log_e_value: f64,
}

#[derive(Serialize)]
struct Ci {
    ci: Interval,
}

pub(super) fn uniform_boundaries(input: Value) -> Result<Value, Failure> {
    let (kind, input) = read_kind(input, "kind")?;
    match kind.as_str() {
        "normal_mixture" => {
            let NormalBound { v, alpha, v_opt, alpha_opt, one_sided } = read(input)?;
            let mixture = NormalMixture::new(v_opt, alpha_opt, sides(one_sided))?;
            write(&Bound { bound: mixture.bound(v, alpha)? })
        }
        "normal_log_mixture" => {
            let NormalLogMixture { s, v, v_opt, alpha_opt, one_sided } = read(input)?;
            let mixture = NormalMixture::new(v_opt, alpha_opt, sides(one_sided))?;
            write(&LogE { log_e_value: mixture.log_e(s, v)? })
        }
        "gamma_exponential" => {
            let GammaExponential { v, alpha, v_opt, c, alpha_opt } = read(input)?;
            let options = GammaExponentialMixture { v_opt, alpha_opt, c };
            write(&Bound { bound: gamma_exponential_bound(v, alpha, &options)? })
        }
        "poly_stitching" => {
            let Stitching { v, alpha, v_min, c, s, eta } = read(input)?;
            let options = PolyStitching { v_min, c, s, eta };
            write(&Bound { bound: poly_stitching_bound(v, alpha, &options)? })
        }
        "bernoulli_ci" => {
            let Bernoulli { successes, trials, alpha, t_opt, alpha_opt } = read(input)?;
            let tightest = BestAt { t_opt, alpha_opt };
            let (successes, trials) = (whole("successes", successes)?, whole("trials", trials)?);
            write(&Ci { ci: bernoulli_sequence_interval(successes, trials, alpha, tightest)? })
        }
        _ => Err(Failure::BadRequest(format!("there is no boundary `{kind}`"))),
    }
}

fn sides(one_sided: bool) -> Sides {
    if one_sided { Sides::One } else { Sides::Two }
}
