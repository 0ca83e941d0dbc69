//! The report as one page that needs no network: readable without scripts, searchable with them.
//!
//! What the page knows of examples lies in it as JSON, a line each; texts of models are put on the page as text only, and a
//! content security policy lets no other script run than the page's own.

mod bar;
mod budget;
mod comparison;
mod example;
mod failing;
mod frame;
mod history;
mod judges;
mod markup;
mod metrics;
mod page;
mod policy;
mod rows;
mod run;
mod spread;
mod summary;
mod values;

pub use comparison::{ComparisonPage, comparison_page};
pub use history::history_page;
pub(crate) use run::html;
