//! Plots of comparisons, as SVG.

mod differences;
mod forest;
mod power;

pub use differences::paired_differences;
pub use forest::interval_forest;
pub use power::{PowerPlot, power_curve};
