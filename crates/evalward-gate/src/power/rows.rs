//! What each metric can show in each partition.

use std::collections::BTreeSet;

use evalward_core::{Finite, Partition, Scale};
use evalward_stats::StatsError;
use evalward_stats::planning::{
    Alternative, TTest, TTestDesign, detectable_difference, needed_examples,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::repeats::{RepeatPlan, plan};
use super::variance::{Basis, variance};
use crate::compare::{ComparePolicy, ComparedScores, SubjectOfMetric};
use crate::numbers::{finite, float};

/// What a metric can show in a partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PowerRow {
    /// What is compared.
    pub what: SubjectOfMetric,
    /// The partition.
    pub partition: Partition,
    /// The number of examples.
    pub n: u64,
    /// The number of clusters.
    pub clusters: u64,
    /// The standard deviation of the difference of two runs on one example.
    pub sd: Finite,
    /// What it is known from.
    pub basis: Basis,
    /// The smallest loss that is found with the target power; absent where it is more than the whole scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detectable: Option<Finite>,
    /// The largest loss that does not matter; absent where nobody declares one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Finite>,
    /// The power to find a loss of the margin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Finite>,
    /// The number of examples at which a loss of the margin is found with the target power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_required: Option<u64>,
    /// What repeats would change; absent where the runs have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatPlan>,
}

/// Tells what a dataset can show, from one run or from two.
///
/// A loss is found by a one-sided paired t test at `alpha`; the same number of examples shows, where nothing changed, that no
/// loss of the margin is there.
///
/// # Errors
/// [`StatsError`] where the policy makes no sense.
pub fn power_of_runs(
    first: &ComparedScores,
    second: Option<&ComparedScores>,
    policy: &ComparePolicy,
) -> Result<Vec<PowerRow>, StatsError> {
    let partitions: BTreeSet<Partition> =
        first.scores.examples.values().map(|example| example.partition).collect();
    let whats = std::iter::once(SubjectOfMetric::PassRate)
        .chain(first.scores.scales.keys().cloned().map(SubjectOfMetric::Metric));
    let mut rows = Vec::new();
    for what in whats.filter(|what| policy.wants(what)) {
        for partition in partitions.iter().filter(|it| policy.wants_partition(**it)) {
            rows.extend(row(first, second, &what, *partition, policy)?);
        }
    }
    Ok(rows)
}

fn row(
    first: &ComparedScores,
    second: Option<&ComparedScores>,
    what: &SubjectOfMetric,
    partition: Partition,
    policy: &ComparePolicy,
) -> Result<Option<PowerRow>, StatsError> {
    let scale = match what {
        SubjectOfMetric::PassRate => Scale::FRACTION,
        SubjectOfMetric::Metric(id) => {
            first.scores.scales.get(id).copied().unwrap_or(Scale::FRACTION)
        }
    };
    let other = second.map(|second| &second.scores);
    let Some(known) = variance(&first.scores, other, what, partition, scale) else {
        return Ok(None);
    };
    let (alpha, target) = (policy.alpha, policy.target_power);
    let sd = known.difference.sqrt();
    let range = scale.min.zip(scale.max).map(|(min, max)| max.get() - min.get());
    let margin =
        policy.margin(what, first.stamps.get(what.name()), scale).map(evalward_core::Margin::get);
    let design = TTestDesign { test: TTest::Paired, alpha, alternative: Alternative::Larger };
    // With clusters the test has as many degrees of freedom as there are clusters, not examples.
    let units = known.units();
    let per_unit = float(known.n) / float(units);
    let unit_sd = sd / per_unit.sqrt();
    let (mut found, mut power) = (None, None);
    if units > 1 {
        found = Some(detectable_difference(units, unit_sd, alpha, target)?);
        power = margin.map(|margin| design.power(margin / unit_sd, float(units))).transpose()?;
    }
    let needed = margin.map(|margin| needed_examples(margin, unit_sd, alpha, target));
    let n_required = needed.transpose()?.flatten().map(|needed| scaled(needed, known.n, units));
    let number = |value: f64| finite(value).unwrap_or_default();
    Ok(Some(PowerRow {
        what: what.clone(),
        partition,
        n: known.n,
        clusters: known.clusters,
        sd: number(sd),
        basis: known.basis,
        detectable: found
            .filter(|found| range.is_none_or(|range| *found <= range))
            .and_then(finite),
        margin: margin.and_then(finite),
        power: power.and_then(finite),
        n_required,
        repeats: plan(&known, margin, alpha, target)?,
    }))
}

/// Returns the number of examples in so many units, where `units` hold `examples`.
fn scaled(needed: u64, examples: u64, units: u64) -> u64 {
    let product = u128::from(needed) * u128::from(examples);
    u64::try_from(product.div_ceil(u128::from(units.max(1)))).unwrap_or(u64::MAX)
}
