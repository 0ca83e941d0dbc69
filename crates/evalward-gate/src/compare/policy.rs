//! How two runs are compared.

use std::collections::BTreeMap;

use evalward_core::{Finite, Margin, MetricStamp, OnInconclusive, Partition, Rate, Scale, Seed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SubjectOfMetric;

/// How two runs are compared, and what blocks.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparePolicy {
    /// The one-sided error probability; intervals have the level `1 - 2 alpha`.
    pub alpha: f64,
    /// The power that the needed number of examples is computed for.
    pub target_power: f64,
    /// Margins that come before those of the suite; [`ComparePolicy::PASS_RATE`] names the pass rate.
    pub margins: BTreeMap<String, Margin>,
    /// Only these metrics, which then decide; empty means all, of which those that can fail an example decide.
    pub metrics: Vec<String>,
    /// Only these partitions; empty means all.
    pub partitions: Vec<Partition>,
    /// The share of the smaller side's examples that must be paired.
    pub min_overlap: Rate,
    /// What each blocking comparison must show.
    pub requirement: Requirement,
    /// What an inconclusive blocking comparison means.
    pub on_inconclusive: OnInconclusive,
    /// The procedure.
    pub procedure: Procedure,
    /// Whether what is reported beside a verdict is computed; it decides nothing.
    pub companions: bool,
    /// Whether metrics that are defined otherwise on the two sides are listed and the rest is compared; else nothing is.
    pub compares_the_rest: bool,
    /// Where the permutations that are reported beside a verdict start.
    pub seed: Seed,
}

/// What each blocking comparison must show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// That nothing got worse: a regression blocks.
    #[default]
    NoRegression,
    /// That any loss is smaller than the margin, proven: for releases, whatever `on_inconclusive` says.
    NonInferiority,
}

/// The procedure by which a metric is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// Pairs of the same example, judged by intervals against a margin.
    #[default]
    Paired,
    /// Welch's test on all scores with an effect threshold: kept for those who are used to it.
    Welch,
}

impl Default for ComparePolicy {
    fn default() -> Self {
        Self {
            alpha: 0.05,
            target_power: 0.8,
            margins: BTreeMap::new(),
            metrics: Vec::new(),
            partitions: Vec::new(),
            min_overlap: Rate::new(0.8).expect("0.8 is a share"),
            requirement: Requirement::default(),
            on_inconclusive: OnInconclusive::default(),
            procedure: Procedure::default(),
            companions: true,
            compares_the_rest: false,
            seed: Seed::from_number(0),
        }
    }
}

impl ComparePolicy {
    /// The name of the pass rate among metrics.
    pub const PASS_RATE: &'static str = "pass_rate";

    /// Returns the largest loss that does not matter: this policy's, else the suite's, else that of [`default_margin`].
    pub fn margin(
        &self,
        what: &SubjectOfMetric,
        stamp: Option<&MetricStamp>,
        scale: Scale,
    ) -> Option<Margin> {
        let declared = self.margins.get(what.name()).copied();
        declared.or_else(|| stamp.and_then(|stamp| stamp.margin)).or_else(|| match self.procedure {
            Procedure::Paired => default_margin(scale),
            Procedure::Welch => Margin::new(0.3),
        })
    }

    pub(crate) fn wants(&self, what: &SubjectOfMetric) -> bool {
        self.metrics.is_empty() || self.metrics.iter().any(|name| name == what.name())
    }

    pub(crate) fn wants_partition(&self, partition: Partition) -> bool {
        self.partitions.is_empty() || self.partitions.contains(&partition)
    }
}

/// Returns the margin of a metric that declares none: 0.05 on scores from 0 to 1 (and 5 from 0 to 100), 0.3 on grades from 1
/// to 5 and as large a part of any other range; none where the scale has no ends, because nobody but the user knows.
pub fn default_margin(scale: Scale) -> Option<Margin> {
    let range = scale.max?.get() - scale.min?.get();
    // The ends were written by a person, so that they are exact.
    let is_share =
        scale.min == Some(Finite::ZERO) && [Finite::ONE, Finite::from(100)].contains(&scale.max?);
    Margin::new(if is_share { range / 20.0 } else { range * 3.0 / 40.0 })
}
