//! Intervals for rates and means, from independent or clustered observations.

mod binomial;
mod paired_proportion;

pub(crate) use binomial::failures;
pub use binomial::{BinomialMethod, binomial_interval};
pub use paired_proportion::tango_interval;
