//! The limit on what is compared.

/// The error for sequences whose comparison would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "compare {left} {unit} with {right}: the product of both may be at most {most}, since time grows with it"
)]
pub struct TooLong {
    /// What is counted: `characters` or `words`.
    pub unit: &'static str,
    /// How many the one side has, without what both start and end with.
    pub left: u64,
    /// How many the other side has.
    pub right: u64,
    /// The largest product.
    pub most: u64,
}

impl TooLong {
    /// Refuses lengths whose product is above `most`.
    pub(crate) fn check(
        unit: &'static str,
        lengths: (usize, usize),
        most: u64,
    ) -> Result<(), Self> {
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let (left, right) = (count(lengths.0), count(lengths.1));
        if left.saturating_mul(right) > most {
            return Err(Self { unit, left, right, most });
        }
        Ok(())
    }
}
