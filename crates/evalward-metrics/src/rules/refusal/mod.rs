//! Whether the output is a refusal.

mod phrases;
mod rule;

pub(crate) use rule::RefusalRule;
