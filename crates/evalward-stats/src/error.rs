//! The one error type of the crate.

/// Describes why a statistic cannot be computed from the given arguments.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatsError {
    /// The sample is smaller than the smallest one the method is defined for.
    #[error("compute `{statistic}`: needs at least {needed} observations, got {got}")]
    TooFew {
        /// The statistic that was asked for.
        statistic: &'static str,
        /// The smallest number of observations that would do.
        needed: u64,
        /// The number of observations given.
        got: u64,
    },
    /// An argument lies outside the set on which the method is defined.
    #[error("accept `{argument}` = {value}: must be {expected}")]
    OutOfDomain {
        /// The name of the argument.
        argument: &'static str,
        /// The rejected value.
        value: f64,
        /// The set of accepted values, in words.
        expected: &'static str,
    },
    /// An observation is NaN or infinite.
    #[error("accept observation {index} of `{argument}`: it is not a finite number")]
    NotFinite {
        /// The name of the argument.
        argument: &'static str,
        /// The position of the first such observation, from 0.
        index: usize,
    },
    /// Two arguments that belong together differ in length.
    #[error("pair `{left}` with `{right}`: they have {left_length} and {right_length} entries")]
    Unequal {
        /// The name of the one argument.
        left: &'static str,
        /// Its length.
        left_length: usize,
        /// The name of the other argument.
        right: &'static str,
        /// Its length.
        right_length: usize,
    },
    /// The observations carry no information about the statistic.
    #[error("compute `{statistic}`: {reason}")]
    Degenerate {
        /// The statistic that was asked for.
        statistic: &'static str,
        /// What is missing, in words: "all observations are equal".
        reason: &'static str,
    },
}
