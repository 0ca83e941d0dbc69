//! Plots, as SVG.

mod differences;
mod forest;
mod power;
mod roc;

pub use differences::paired_differences;
pub use forest::interval_forest;
pub use power::{PowerPlot, power_curve};
pub use roc::{RocMark, RocPlot, roc_plot};
