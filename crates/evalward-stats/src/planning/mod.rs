//! How many observations a decision takes.

mod rate;

pub use rate::{NEEDED_N_CAP, needed_n_for_rate};
