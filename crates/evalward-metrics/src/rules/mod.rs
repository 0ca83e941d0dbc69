//! The rules of [`evalward_core::Rules`], compiled once and evaluated on many outputs.

mod assessment;
mod counts;
mod edges;
mod evaluation;
mod expression;
mod json;
mod json_place;
mod language;
mod links;
mod output;
mod pattern;
mod privacy;
mod readability;
mod refusal;
mod rule_set;
mod syllables;
mod texts;

pub(crate) use evaluation::Evaluation;
pub(crate) use output::Output;
pub(crate) use pattern::compile as compile_pattern;
pub(crate) use rule_set::RuleSet;
