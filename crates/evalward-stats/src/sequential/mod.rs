//! Statistics that stay valid when they are looked at after every observation.

mod bernstein;
mod bets;
mod betting;
mod hoeffding;
mod scale;
mod sequence;

pub use bernstein::EmpiricalBernstein;
pub use betting::{HedgedBetting, betting_log_capital};
pub use hoeffding::HoeffdingSequence;
pub use sequence::confidence_sequence;
