//! Intervals for the difference of two rates on the same examples.

use crate::{Interval, Level, StatsError};

/// Returns Tango's score interval for the difference of two paired rates.
///
/// `improved` pairs went from failure to success, `worsened` ones the other way, out of `n` pairs; the difference is
/// `(improved - worsened) / n`. Tango (1998), "Equivalence test and confidence interval for the difference in proportions for
/// the paired-sample design", Statistics in Medicine 17, equation (4).
///
/// # Errors
/// Returns [`StatsError::TooFew`] when `n` is 0 and [`StatsError::OutOfDomain`] when more pairs changed than there are.
pub fn tango_interval(
    improved: u64,
    worsened: u64,
    n: u64,
    level: Level,
) -> Result<Interval, StatsError> {
    let _ = (improved, worsened, n, level);
    todo!()
}
