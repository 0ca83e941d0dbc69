//! The comparison of two runs for people and machines.

mod junit;
mod lines;
mod markdown;
mod render;
mod table;
mod terminal;

pub(crate) use lines::name;
pub use render::render_comparison;
pub(crate) use table::{interval_text, interval_title};
