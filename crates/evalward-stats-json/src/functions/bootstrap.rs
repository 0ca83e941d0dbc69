//! The bootstrap, with resamples that are given or drawn from a seed.

use evalward_stats::Level;
use evalward_stats::comparison::Resampling;
use evalward_stats::intervals::{
    Bootstrap, Draws, PairDraws, Statistic, bootstrap, bootstrap_clusters, bootstrap_difference,
};
use serde::Deserialize;
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Labels, Numbers, Rows, level, number, read, read_kind, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[("bootstrap_ci", bootstrap_ci)];

/// The number of resamples where none is given.
const RESAMPLES: u32 = 10_000;

fn resamples() -> u32 {
    RESAMPLES
}

/// A sample; without `resample_indices`, `resamples` (10,000) random ones are drawn from `seed` (0).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneSample {
    statistic: String,
    x: Numbers,
    resample_indices: Option<Rows>,
    #[serde(default = "resamples")]
    resamples: u32,
    #[serde(default)]
    seed: u64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

/// Two samples; without indices, as for one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoSamples {
    statistic: String,
    a: Numbers,
    b: Numbers,
    indices_a: Option<Rows>,
    indices_b: Option<Rows>,
    #[serde(default = "resamples")]
    resamples: u32,
    #[serde(default)]
    seed: u64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

/// Clusters; without indices, as for one sample. The statistic is the mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clusters {
    statistic: Option<String>,
    x: Numbers,
    cluster: Labels,
    resample_indices: Option<Rows>,
    #[serde(default = "resamples")]
    resamples: u32,
    #[serde(default)]
    seed: u64,
    #[serde(deserialize_with = "number")]
    conf: f64,
}

fn bootstrap_ci(input: Value) -> Result<Value, Failure> {
    let (kind, input) = read_kind(input, "kind")?;
    let result = match kind.as_str() {
        "one_sample" => one_sample(read(input)?)?,
        "two_sample" => two_samples(read(input)?)?,
        "cluster_mean" => clusters(read(input)?)?,
        _ => return Err(unknown("kind", &kind)),
    };
    write(&result)
}

fn one_sample(input: OneSample) -> Result<Bootstrap, Failure> {
    let OneSample { statistic, x, resample_indices, resamples, seed, conf } = input;
    let draws = draws(resample_indices.as_ref(), Resampling { resamples, seed });
    Ok(bootstrap(&x.0, named(&statistic)?, draws, level(conf)?)?)
}

fn two_samples(input: TwoSamples) -> Result<Bootstrap, Failure> {
    let TwoSamples { statistic, a, b, indices_a, indices_b, resamples, seed, conf } = input;
    let draws = match (&indices_a, &indices_b) {
        (Some(rows), Some(others)) => PairDraws::Given(&rows.0, &others.0),
        (None, None) => PairDraws::Seeded(Resampling { resamples, seed }),
        _ => {
            let text = "read the input: give both of `indices_a` and `indices_b` or none";
            return Err(Failure::BadRequest(text.to_owned()));
        }
    };
    let statistic = match statistic.as_str() {
        "diff_means" => Statistic::Mean,
        "diff_medians" => Statistic::Median,
        _ => return Err(unknown("statistic", &statistic)),
    };
    let level: Level = level(conf)?;
    Ok(bootstrap_difference((&a.0, &b.0), statistic, draws, level)?)
}

fn clusters(input: Clusters) -> Result<Bootstrap, Failure> {
    let Clusters { statistic, x, cluster, resample_indices, resamples, seed, conf } = input;
    if let Some(statistic) = statistic.filter(|statistic| statistic != "mean") {
        return Err(unknown("statistic", &statistic));
    }
    let draws = draws(resample_indices.as_ref(), Resampling { resamples, seed });
    Ok(bootstrap_clusters(&x.0, cluster.places("cluster")?, draws, level(conf)?)?)
}

fn draws(rows: Option<&Rows>, resampling: Resampling) -> Draws<'_> {
    rows.map_or(Draws::Seeded(resampling), |rows| Draws::Given(&rows.0))
}

/// Returns the statistic of one sample by its name; `p90` is the 90th percentile.
fn named(name: &str) -> Result<Statistic, Failure> {
    match name {
        "mean" => Ok(Statistic::Mean),
        "median" => Ok(Statistic::Median),
        "var" => Ok(Statistic::Variance),
        _ => {
            let percent = name.strip_prefix('p').and_then(|digits| digits.parse::<u8>().ok());
            let percent = percent.filter(|percent| *percent <= 100);
            let share = percent.map(|percent| f64::from(percent) / 100.0);
            share.map(Statistic::Quantile).ok_or_else(|| unknown("statistic", name))
        }
    }
}

fn unknown(what: &str, name: &str) -> Failure {
    Failure::BadRequest(format!("there is no {what} `{name}` of bootstrap_ci"))
}
