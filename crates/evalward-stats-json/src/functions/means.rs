//! Comparison of means.

use evalward_stats::comparison::{self, Covaried, EquivalenceRange, Pairing, Summary};
use serde::Deserialize;
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("cuped", cuped),
    ("effect_sizes", effect_sizes),
    ("paired_t", paired_t),
    ("tost", tost),
    ("welch_t", welch_t),
];

/// Two samples, or what is known of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WelchInput {
    a: Option<Numbers>,
    b: Option<Numbers>,
    summary_a: Option<SummaryInput>,
    summary_b: Option<SummaryInput>,
    conf: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryInput {
    mean: f64,
    sd: f64,
    n: u64,
}

impl From<SummaryInput> for Summary {
    fn from(SummaryInput { mean, sd, n }: SummaryInput) -> Self {
        Self { mean, sd, n }
    }
}

fn welch_t(input: Value) -> Result<Value, Failure> {
    let WelchInput { a, b, summary_a, summary_b, conf } = read(input)?;
    let level = level(conf)?;
    match (a, b, summary_a, summary_b) {
        (Some(a), Some(b), None, None) => write(&comparison::welch_t(&a.0, &b.0, level)?),
        (None, None, Some(a), Some(b)) => {
            write(&comparison::welch_t_of_summaries(&a.into(), &b.into(), level)?)
        }
        _ => Err(Failure::BadRequest(
            "give either `a` and `b` or `summary_a` and `summary_b`".to_owned(),
        )),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairedInput {
    baseline: Numbers,
    candidate: Numbers,
    conf: f64,
}

fn paired_t(input: Value) -> Result<Value, Failure> {
    let PairedInput { baseline, candidate, conf } = read(input)?;
    write(&comparison::paired_t(&baseline.0, &candidate.0, level(conf)?)?)
}

/// Two samples, or two rates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EffectInput {
    a: Option<Numbers>,
    b: Option<Numbers>,
    p1: Option<f64>,
    p2: Option<f64>,
}

fn effect_sizes(input: Value) -> Result<Value, Failure> {
    match read(input)? {
        EffectInput { a: Some(a), b: Some(b), p1: None, p2: None } => {
            write(&comparison::effect_sizes(&a.0, &b.0)?)
        }
        EffectInput { a: None, b: None, p1: Some(p1), p2: Some(p2) } => {
            write(&comparison::rate_effect(p1, p2)?)
        }
        _ => Err(Failure::BadRequest("give either `a` and `b` or `p1` and `p2`".to_owned())),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TostKind {
    TwoSample,
    Paired,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TostInput {
    kind: TostKind,
    x: Numbers,
    y: Numbers,
    low: f64,
    upp: f64,
}

fn tost(input: Value) -> Result<Value, Failure> {
    let TostInput { kind, x, y, low, upp } = read(input)?;
    let pairing = match kind {
        TostKind::TwoSample => Pairing::Unpaired,
        TostKind::Paired => Pairing::Paired,
    };
    write(&comparison::tost(&x.0, &y.0, pairing, EquivalenceRange::new(low, upp)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CupedInput {
    x_a: Numbers,
    y_a: Numbers,
    x_b: Numbers,
    y_b: Numbers,
}

fn cuped(input: Value) -> Result<Value, Failure> {
    let CupedInput { x_a, y_a, x_b, y_b } = read(input)?;
    let baseline = Covaried { x: &x_a.0, y: &y_a.0 };
    let candidate = Covaried { x: &x_b.0, y: &y_b.0 };
    write(&comparison::cuped(baseline, candidate)?)
}
