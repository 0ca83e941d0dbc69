//! Pictures as SVG: text of its own, readable in light and dark, without fonts or scripts from elsewhere.

mod axis;
mod canvas;

pub(crate) use axis::Axis;
pub(crate) use canvas::{Anchor, Svg, text_width};
