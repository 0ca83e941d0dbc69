//! Special functions, written for counts up to 1e7 and tails down to 1e-300.
//!
//! They stay inside the crate: arguments are checked by the estimators, which
//! alone can say in the user's words what was wrong.

mod beta;
mod beta_fraction;
mod beta_panels;
mod beta_quantile;
mod gamma;
mod gamma_quantile;
mod gamma_tails;
mod noncentral_t;
mod normal;
mod panels;
mod student;
mod tails;

pub(crate) use beta::{Tails, beta_tails};
pub(crate) use beta_quantile::{beta_quantile, beta_upper_quantile};
pub(crate) use gamma::{ln_1p_minus, ln_gamma, stirling_remainder};
pub(crate) use noncentral_t::noncentral_t_upper;
pub(crate) use normal::normal_upper_quantile;
pub(crate) use student::t_upper_quantile;
pub(crate) use tails::{
    binomial_tails, chi_squared_quantile, chi_squared_tails, chi_squared_upper_quantile,
    f_quantile, f_tails, f_upper_quantile, first_count, normal_quantile, normal_tails, t_quantile,
    t_tails,
};
