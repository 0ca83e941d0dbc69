//! Files of labels: what people say of answers.

mod rated;
mod read;
mod value;

pub use rated::{RatedAnswer, RaterLabel, rated_answers};
pub use read::{AnswerLabel, LabelledText, read_labels};
pub use value::{LabelValue, LabelledClaim};
