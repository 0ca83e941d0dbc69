//! How many observations a decision takes.

mod examples;
mod mcnemar;
mod miller;
mod rate;
mod root;
mod t_test;

pub use examples::{design_effect, detectable_difference, needed_examples};
pub use mcnemar::{McnemarPower, mcnemar_power};
pub use miller::RepeatedDesign;
pub use rate::{NEEDED_N_CAP, needed_n_for_rate};
pub use t_test::{Alternative, TTest, TTestDesign};
