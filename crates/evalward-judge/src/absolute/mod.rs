//! Scores on a scale with a text for every score.

mod demonstration;
mod metric;
mod options;
mod prompts;
mod samples;
mod score;
mod weighted;

pub use demonstration::{DemonstratedVerdict, Demonstration};
pub use metric::AbsoluteJudge;
pub use options::{AbsoluteOptions, CriteriaCalls, Overall, Reasoning, Scoring};
