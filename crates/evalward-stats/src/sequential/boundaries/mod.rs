//! Uniform boundaries: curves that a sum of centred observations crosses ever with a stated probability at most.
//!
//! Howard, Ramdas, `McAuliffe` and Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics
//! 49(2); the reference is the library `confseq` 0.0.11.

mod bernoulli;
mod bisection;
mod gamma_exponential;
mod normal;
mod stitching;

pub use bernoulli::{BestAt, bernoulli_sequence_interval};
pub use gamma_exponential::{GammaExponentialMixture, gamma_exponential_bound};
pub use normal::{NormalMixture, Sides};
pub use stitching::{PolyStitching, poly_stitching_bound};
