//! Templates of Nunjucks: into ours, and rendered where a value is needed now.

mod render;
mod rewrite;
mod tokens;

pub(crate) use render::render;
pub(crate) use rewrite::{Problem, Translated, translate};
