//! Agreement between raters, and between two series of numbers.

mod cohen;
mod correlation;
mod fleiss;
mod icc;
mod kendall;
mod krippendorff;

pub use cohen::{CohenKappa, RatingTable, cohen_kappa};
pub use correlation::{Correlation, correlation, spearman_interval};
pub use fleiss::{FleissKappa, fleiss_kappa};
pub use icc::{IntraclassCorrelation, intraclass_correlation};
pub use krippendorff::{Measurement, Ratings, krippendorff_alpha};
