//! Paraphrases that a model writes: what it is asked, what its answer says, and which of it is kept.

mod answer;
mod error;
mod keep;
mod plan;
mod prompt;
mod task;

pub use error::ParaphraseError;
pub use keep::{DropReason, DroppedParaphrase, FactCheck, Paraphrases, keep_paraphrases};
pub use plan::plan_paraphrases;
pub use task::{ParaphraseAnswer, ParaphraseTask};
