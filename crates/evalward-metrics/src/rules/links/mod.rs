//! The hosts that links may lead to.

mod allowed;
mod candidates;
mod domains;
mod rule;

pub(crate) use rule::LinksRule;
