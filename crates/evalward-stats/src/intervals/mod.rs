//! Intervals for rates and means, from independent or clustered observations.

mod betting;
mod binomial;
mod paired_proportion;

pub use betting::betting_interval;
pub(crate) use binomial::failures;
pub use binomial::{BinomialMethod, binomial_interval};
pub use paired_proportion::tango_interval;
