//! The history of runs: what they came to over time, and what changed between two of them.
//!
//! [`trends`] puts recorded runs in order, each variant of a suite for itself. What a point says is what the run itself said:
//! no interval is computed anew.

mod changes;
mod example;
mod part;
mod run;
mod sparkline;
mod table;
mod trend;

pub use changes::{Change, ChangeKind};
pub use example::{ExamplePoint, ExampleTrend, example_history, example_trends};
pub use run::{HistoryRun, RecordedSummary};
pub use table::history_table;
pub use trend::{Point, Trend, trends};

pub use crate::html::history_page;
pub use crate::plot::trend_plot;

pub(crate) use table::{history_grid, methods, rate_text, seconds};
