//! Rates and means of a judged metric, corrected by what people say of some of the answers.

mod answer;
mod figure;
mod mean;
mod rate;

pub use answer::{CorrectedAnswer, LabelledBy};
pub use figure::{Corrected, CorrectedFigure};
pub use mean::correct_mean;
pub use rate::correct_rate;
