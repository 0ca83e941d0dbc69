//! A line of an audit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::estimate::JudgeEstimate;

/// What is tried.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Experiment {
    /// The same answer, padded with words that say nothing.
    Verbosity,
    /// The same content in the words of the judge's own model and in those of another family.
    SelfPreference,
    /// The same answer with an instruction: how often it gains.
    Injection,
    /// The same answer with an instruction: by how much its score moves.
    InjectionShift,
    /// Two answers in both orders: how often the judge follows the place.
    Position,
    /// The criteria in the reverse order.
    OrderOfCriteria,
    /// The documents of the context in another order.
    OrderOfDocuments,
    /// Fresh samples of the same question: how much they vary.
    Variance,
    /// Fresh samples of the same question: how often they disagree.
    Instability,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditUnit {
    /// Points of the judge's scale.
    Points,
    /// A share from 0 to 1.
    Share,
}

/// What an experiment came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditRow {
    /// The experiment.
    pub experiment: Experiment,
    /// What the number is.
    pub what: String,
    /// Its unit.
    pub unit: AuditUnit,
    /// The number that a judge without this fault has: 0, or 0.5 for a win rate.
    pub faultless: f64,
    /// The number, with its interval; none where the experiment does not apply, or too few answers could be judged.
    pub estimate: Option<JudgeEstimate>,
    /// Whether the interval leaves out what a judge without this fault has.
    pub shows_fault: Option<bool>,
    /// The changed answers that could not be judged, or whose original could not.
    pub errored: u64,
    /// Those that were left out because they could not show the fault, such as one that has the highest score already.
    pub left_out: u64,
    /// Why, where there are several reasons: the number of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out_because: BTreeMap<String, u64>,
    /// What it means, as a sentence.
    pub meaning: String,
}

/// What of an experiment is known before its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) experiment: Experiment,
    pub(super) what: &'static str,
    pub(super) unit: AuditUnit,
    pub(super) faultless: f64,
}

impl Experiment {
    /// Returns the name, as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verbosity => "verbosity",
            Self::SelfPreference => "self-preference",
            Self::Injection => "injection",
            Self::InjectionShift => "injection, shift",
            Self::Position => "position",
            Self::OrderOfCriteria => "order of criteria",
            Self::OrderOfDocuments => "order of documents",
            Self::Variance => "stability, variance",
            Self::Instability => "stability, disagreement",
        }
    }
}

impl Kind {
    pub(super) fn row(
        self,
        estimate: Option<JudgeEstimate>,
        (errored, left_out): (u64, u64),
    ) -> AuditRow {
        let shows_fault = estimate.as_ref().map(|it| it.excludes(self.faultless));
        let Self { experiment, what, unit, faultless } = self;
        let what = what.to_owned();
        let mut row = AuditRow {
            experiment,
            what,
            unit,
            faultless,
            estimate,
            shows_fault,
            errored,
            left_out,
            left_out_because: BTreeMap::new(),
            meaning: String::new(),
        };
        row.meaning = super::meaning::meaning(&row);
        row
    }

    /// A row of an experiment that cannot be made.
    pub(super) fn without(self, reason: &str) -> AuditRow {
        AuditRow { meaning: reason.to_owned(), ..self.row(None, (0, 0)) }
    }
}
