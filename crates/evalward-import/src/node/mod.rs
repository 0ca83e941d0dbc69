//! Values of a YAML or JSON file that know the line they come from.

mod parse;
mod tree;

pub(crate) use parse::{SyntaxError, parse_json, parse_yaml};
pub(crate) use tree::{Entry, Node, NodeValue};
