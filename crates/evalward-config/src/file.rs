//! The tables of a suite file. The comments here are its reference manual: `evalward schema suite` prints them.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};

use evalward_core::{Finite, GatePolicy, Partition};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::metric::JudgesSection;
use crate::value::Seconds;
use crate::{MetricConfig, SubjectConfig, VariantTables};

/// A suite: dataset, subject, metrics and gates.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "evalward suite")]
pub struct SuiteFile {
    /// Another suite file that this one builds on; keys given here win.
    #[serde(default, skip_serializing)]
    pub extends: Option<String>,
    /// What is evaluated.
    pub suite: SuiteSection,
    /// The system under test, as one table that names its kind: `[subject.openai]`.
    #[schemars(with = "SubjectConfig")]
    pub subject: Spanned<SubjectConfig>,
    /// The metrics by their ids, each as one table that names its kind: `[metrics.rules.constraints]`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, MetricConfig>")]
    pub metrics: BTreeMap<String, Spanned<MetricConfig>>,
    /// What judges use whose file names no model.
    #[serde(default)]
    pub judges: JudgesSection,
    /// What each partition must reach. Unless it says otherwise, every golden and every regression example must
    /// pass.
    #[serde(default)]
    #[schemars(with = "BTreeMap<Partition, GatePolicy>")]
    pub gates: Option<BTreeMap<Partition, Spanned<GatePolicy>>>,
    /// How the suite is run.
    #[serde(default)]
    pub run: RunSection,
    /// What a run may take; when something is used up it stops, keeps its results and can be resumed.
    #[serde(default)]
    pub budget: BudgetSection,
    /// The same suite with overrides, by name: each is a run of its own, compared with the suite and with each other.
    #[serde(default, skip_serializing)]
    #[schemars(with = "BTreeMap<String, VariantTables>")]
    pub variants: BTreeMap<Spanned<String>, Spanned<VariantTables>>,
}

/// What is evaluated.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuiteSection {
    /// The suite's name, in reports and baselines.
    #[schemars(with = "String")]
    pub name: Spanned<String>,
    /// Whether one component is tested on every commit, or the whole chain before a release.
    #[serde(default)]
    pub tier: Tier,
    /// The dataset's folder, relative to this file.
    #[schemars(with = "String")]
    pub dataset: Spanned<String>,
    /// The partitions to evaluate; all that the dataset has by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partitions: Vec<Partition>,
    /// The version of the prompt, in reports; by default a hash of the prompt files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_version: Option<String>,
}

/// What a suite tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// One component, on every commit.
    #[default]
    Unit,
    /// The whole chain, nightly or before a release.
    Integration,
}

impl Tier {
    /// Returns the name as files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Integration => "integration",
        }
    }
}

/// What a run may take; none of it moves a score.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSection {
    /// The wall time of golden examples; 5 minutes by default.
    #[serde(skip_serializing)]
    pub golden: Option<Seconds>,
    /// The wall time of regression examples.
    #[serde(skip_serializing)]
    pub regression: Option<Seconds>,
    /// The wall time of adversarial examples.
    #[serde(skip_serializing)]
    pub adversarial: Option<Seconds>,
    /// The wall time of distribution examples.
    #[serde(skip_serializing)]
    pub distribution: Option<Seconds>,
    /// The wall time of the whole run; 20 minutes by default.
    #[serde(skip_serializing)]
    pub total: Option<Seconds>,
    /// The number of requests to models and applications, repeated attempts included.
    #[serde(skip_serializing)]
    pub calls: Option<NonZeroU64>,
    /// The tokens of requests and answers, as far as servers tell.
    #[serde(skip_serializing)]
    pub tokens: Option<NonZeroU64>,
    /// The price in US dollars, as far as prices are known.
    #[serde(skip_serializing)]
    pub cost_usd: Option<Finite>,
}

/// How a suite is run; none of it moves a score.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunSection {
    /// The number of subject calls under way at once; 5 by default.
    #[serde(skip_serializing)]
    pub concurrency: Option<NonZeroU32>,
    /// The number of trials of each example; 1 by default.
    #[serde(skip_serializing)]
    pub repeats: Option<NonZeroU32>,
    /// A recording that answers every call, so that the suite runs offline; `--live` calls the subject all the same.
    #[serde(skip_serializing)]
    #[schemars(with = "Option<String>")]
    pub replay: Option<Spanned<String>>,
}
