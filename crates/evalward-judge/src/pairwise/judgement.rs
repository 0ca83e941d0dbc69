//! What a judge makes of two answers.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of two answers is better.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The first one.
    First,
    /// The second one.
    Second,
    /// Neither.
    Tie,
}

impl Preference {
    /// Returns the preference as it reads when the answers change places.
    #[must_use]
    pub const fn swapped(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
            Self::Tie => Self::Tie,
        }
    }

    /// Returns the name, as answers spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Tie => "tie",
        }
    }
}

impl fmt::Display for Preference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What the judge said in one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderJudgement {
    /// What it preferred: `first` is the answer that it was shown first.
    pub preferred: Preference,
    /// Why.
    pub reasoning: String,
    /// Whether its answer could be used only when it was asked for again.
    pub asked_again: bool,
    /// The model that answered, as the server names it.
    pub model: Option<String>,
    /// The server's fingerprint of the model.
    pub fingerprint: Option<String>,
}

/// What the judge makes of two answers, from both orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PairJudgement {
    /// Which answer is better: the one that is preferred in both orders, else neither.
    pub preferred: Preference,
    /// The place that the judge preferred in both orders, whichever answer stood there.
    pub follows: Option<Preference>,
    /// What it said in the given order and in the other one; nothing where the answers are the same, and nobody was asked.
    pub orders: Option<[OrderJudgement; 2]>,
    /// The words of each answer that speak to the judge.
    pub sways: [Vec<String>; 2],
}

impl PairJudgement {
    /// Joins what was said in both orders.
    pub(super) fn of(orders: [OrderJudgement; 2], sways: [Vec<String>; 2]) -> Self {
        let said = [orders[0].preferred, orders[1].preferred];
        let preferred = if said[0] == said[1].swapped() { said[0] } else { Preference::Tie };
        let follows = (said[0] == said[1] && said[0] != Preference::Tie).then_some(said[0]);
        Self { preferred, follows, orders: Some(orders), sways }
    }

    /// Two answers that are the same.
    pub(super) const fn same() -> Self {
        let sways = [Vec::new(), Vec::new()];
        Self { preferred: Preference::Tie, follows: None, orders: None, sways }
    }

    /// Whether the judge was asked.
    pub const fn was_asked(&self) -> bool {
        self.orders.is_some()
    }

    /// Returns how much of the win is the first answer's: 1, 0, and 1/2 for a tie.
    pub const fn score(&self) -> f64 {
        match self.preferred {
            Preference::First => 1.0,
            Preference::Second => 0.0,
            Preference::Tie => 0.5,
        }
    }
}

/// What came of judging two answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PairMeasurement {
    /// They were judged.
    Judged(PairJudgement),
    /// They cannot be judged, for this reason.
    Skipped(String),
    /// Judging failed in either order, for this reason.
    Errored(String),
}
