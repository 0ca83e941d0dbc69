//! Expressions over the example and the response.

mod rule;
mod values;

pub(crate) use rule::ExpressionRule;
pub(crate) use values::values_of;
