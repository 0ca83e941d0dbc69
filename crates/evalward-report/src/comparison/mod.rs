//! The comparison of two runs for people and machines.

mod junit;
pub(crate) mod lines;
mod markdown;
mod render;
pub(crate) mod table;
mod terminal;

pub(crate) use lines::name;
pub use render::render_comparison;
pub(crate) use table::{interval_text, interval_title};
