//! Plots, as SVG.

mod differences;
mod forest;
mod metric_trend;
mod power;
mod roc;
mod trend;

pub use differences::paired_differences;
pub use forest::interval_forest;
pub use power::{PowerPlot, power_curve};
pub use roc::{RocMark, RocPlot, roc_plot};
pub use trend::trend_plot;

pub(crate) use metric_trend::metric_plot;
