//! Whether a judge is still the one that it was: the scores of frozen answers, of two runs.

mod drift;
mod scores;

pub use drift::{JudgeDrift, judge_drift};
pub use scores::{AnsweredBy, JudgedCanaries, RunCanaries};
