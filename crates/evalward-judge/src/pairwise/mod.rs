//! Which of two answers is better, asked in both orders.

mod judgement;
mod metric;
mod options;
mod prompts;
mod tally;

pub use judgement::{OrderJudgement, PairJudgement, PairMeasurement, Preference};
pub use metric::PairwiseJudge;
pub use options::{PairDemonstration, PairMaterial, PairwiseCriterion, PairwiseOptions};
pub use tally::{PairTally, tally};
