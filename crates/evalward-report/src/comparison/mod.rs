//! The comparison of two runs for people and machines.

mod junit;
mod lines;
mod markdown;
mod render;
mod table;
mod terminal;

pub use render::render_comparison;
