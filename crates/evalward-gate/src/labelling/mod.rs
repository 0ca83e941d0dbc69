//! Which answers of a run people are asked to label: confident, uncertain and rare ones, each with a known probability.

mod answer;
mod draw;
mod strata;

pub use answer::{Judged, LabelCandidate};
pub use draw::{Drawing, DrawnAnswer, StratumShare, draw};
pub use strata::Stratum;
