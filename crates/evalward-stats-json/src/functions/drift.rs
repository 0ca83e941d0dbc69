//! Differences between distributions.

use evalward_stats::drift::{
    self, KernelDiscrepancy, SampleDistances, histogram_distances, kernel_discrepancy,
    sample_distances, weighted_sample_distances,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, number, read, read_kind, write};

pub(super) const FUNCTIONS: &[(&str, Function)] =
    &[("distribution_distances", distribution_distances), ("ks_two_sample", ks_two_sample)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoSamples {
    a: Numbers,
    b: Numbers,
}

fn ks_two_sample(input: Value) -> Result<Value, Failure> {
    let TwoSamples { a, b } = read(input)?;
    write(&drift::ks_two_sample(&a.0, &b.0)?)
}

fn distribution_distances(input: Value) -> Result<Value, Failure> {
    let (kind, input) = read_kind(input, "kind")?;
    match kind.as_str() {
        "samples" => of_samples(input),
        "histogram" => of_histograms(input),
        _ => Err(Failure::BadRequest(format!("there is no kind `{kind}` of distances"))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SamplesInput {
    a: Numbers,
    b: Numbers,
    weights_a: Option<Numbers>,
    weights_b: Option<Numbers>,
    /// Without it, or with weights, the kernel distances are left out.
    #[serde(default, deserialize_with = "gamma")]
    gamma: Option<f64>,
}

fn gamma<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    number(deserializer).map(Some)
}

#[derive(Serialize)]
struct SamplesResult {
    #[serde(flatten)]
    distances: SampleDistances,
    mmd2_biased: Option<f64>,
    mmd2_unbiased: Option<f64>,
}

fn of_samples(input: Value) -> Result<Value, Failure> {
    let SamplesInput { a, b, weights_a, weights_b, gamma } = read(input)?;
    let is_weighted = weights_a.is_some() || weights_b.is_some();
    let distances = if is_weighted {
        let given = |weights: Option<Numbers>, n| weights.map_or_else(|| vec![1.0; n], |it| it.0);
        let (of_a, of_b) = (given(weights_a, a.0.len()), given(weights_b, b.0.len()));
        weighted_sample_distances((&a.0, &of_a), (&b.0, &of_b))?
    } else {
        sample_distances(&a.0, &b.0)?
    };
    let kernel: Option<KernelDiscrepancy> = match gamma {
        Some(gamma) if !is_weighted => kernel_discrepancy(&a.0, &b.0, gamma)?,
        _ => None,
    };
    write(&SamplesResult {
        distances,
        mmd2_biased: kernel.map(|it| it.mmd2_biased),
        mmd2_unbiased: kernel.and_then(|it| it.mmd2_unbiased),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistogramInput {
    p: Numbers,
    q: Numbers,
}

fn of_histograms(input: Value) -> Result<Value, Failure> {
    let HistogramInput { p, q } = read(input)?;
    write(&histogram_distances(&p.0, &q.0)?)
}
