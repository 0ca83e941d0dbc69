//! Special functions, written for counts up to 1e7 and tails down to 1e-300.
//!
//! They stay inside the crate: arguments are checked by the estimators, which
//! alone can say in the user's words what was wrong.

mod beta;
mod beta_fraction;
mod beta_panels;
mod beta_quantile;
mod gamma;
mod normal;
mod student;

pub(crate) use beta::{Tails, beta_tails};
pub(crate) use beta_quantile::{beta_quantile, beta_upper_quantile};
pub(crate) use normal::normal_upper_quantile;
pub(crate) use student::t_upper_quantile;
