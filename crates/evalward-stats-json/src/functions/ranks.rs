//! Tests on ranks and by permutation.

use std::collections::BTreeMap;

use evalward_stats::StatsError;
use evalward_stats::comparison::{
    self, PermutationTest, Permutations, Resampling, permute_labels, permute_signs,
};
use serde::Deserialize;
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("brunner_munzel", brunner_munzel),
    ("mann_whitney", mann_whitney),
    ("permutation_test", permutation_test),
    ("wilcoxon_signed_rank", wilcoxon_signed_rank),
];

/// The sample of permutations where neither all can be counted nor a number is given.
const DEFAULT_RESAMPLES: u32 = 9_999;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PermutationKind {
    Paired,
    ClusterPaired,
    TwoSample,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PermutationInput {
    kind: PermutationKind,
    d: Option<Numbers>,
    cluster: Option<Vec<i64>>,
    a: Option<Numbers>,
    b: Option<Numbers>,
    /// Asks for a sample of permutations; by default all are counted where they can be.
    resamples: Option<u32>,
    #[serde(default)]
    seed: u64,
}

fn permutation_test(input: Value) -> Result<Value, Failure> {
    let PermutationInput { kind, d, cluster, a, b, resamples, seed } = read(input)?;
    let run = |test: &dyn Fn(Permutations) -> Result<PermutationTest, StatsError>| {
        let sampled = |resamples| test(Permutations::Sampled(Resampling { resamples, seed }));
        write(&match resamples {
            Some(resamples) => sampled(resamples)?,
            // What is wrong with the input is wrong with a sample of permutations as well.
            None => test(Permutations::All).or_else(|_| sampled(DEFAULT_RESAMPLES))?,
        })
    };
    match (kind, d, cluster, a, b) {
        (PermutationKind::Paired, Some(d), None, None, None) => {
            run(&|how| permute_signs(&d.0, None, how))
        }
        (PermutationKind::ClusterPaired, Some(d), Some(cluster), None, None) => {
            let cluster = numbered(&cluster);
            run(&|how| permute_signs(&d.0, Some(&cluster), how))
        }
        (PermutationKind::TwoSample, None, None, Some(a), Some(b)) => {
            run(&|how| permute_labels(&a.0, &b.0, how))
        }
        _ => Err(Failure::BadRequest(
            "give `d` for `paired`, `d` and `cluster` for `cluster_paired`, `a` and `b` for `two_sample`"
                .to_owned(),
        )),
    }
}

/// Numbers clusters from 0.
fn numbered(clusters: &[i64]) -> Vec<usize> {
    let mut known = BTreeMap::new();
    let mut number = |cluster: &i64| {
        let next = known.len();
        *known.entry(*cluster).or_insert(next)
    };
    clusters.iter().map(&mut number).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoSamples {
    a: Numbers,
    b: Numbers,
}

fn mann_whitney(input: Value) -> Result<Value, Failure> {
    let TwoSamples { a, b } = read(input)?;
    write(&comparison::mann_whitney(&a.0, &b.0)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BrunnerMunzelInput {
    a: Numbers,
    b: Numbers,
    conf: f64,
}

fn brunner_munzel(input: Value) -> Result<Value, Failure> {
    let BrunnerMunzelInput { a, b, conf } = read(input)?;
    write(&comparison::brunner_munzel(&a.0, &b.0, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    d: Numbers,
}

fn wilcoxon_signed_rank(input: Value) -> Result<Value, Failure> {
    let Differences { d } = read(input)?;
    write(&comparison::wilcoxon_signed_rank(&d.0)?)
}
