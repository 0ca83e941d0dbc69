//! Statistics that stay valid when they are looked at after every observation.

mod asymptotic;
mod bernstein;
mod bets;
mod betting;
pub mod boundaries;
mod detectors;
mod e_detector;
mod hoeffding;
mod ratio;
mod scale;
mod sequence;

pub use asymptotic::{AsymptoticInterval, AsymptoticSequence};
pub use bernstein::EmpiricalBernstein;
pub use bets::plugin_bets;
pub use betting::{HedgedBetting, betting_log_capital};
pub use detectors::{
    Adwin, AdwinOptions, Cusum, CusumOptions, Direction, Ewma, EwmaOptions, PageHinkley,
    PageHinkleyOptions,
};
pub use e_detector::{EDetector, EDetectorKind, EDetectorOptions, alpha_for_run_length};
pub use hoeffding::HoeffdingSequence;
pub use ratio::{BetaBinomialTest, MixtureRatioTest};
pub use sequence::confidence_sequence;
