//! Randomness as a parameter.

use crate::Digest;

/// A root of reproducible randomness, from which labelled streams are derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed([u8; 32]);

impl Seed {
    /// Makes a seed from a number that a user gave.
    pub fn from_number(number: u64) -> Self {
        Self(*Digest::of(&number.to_le_bytes()).as_bytes())
    }

    /// Derives the stream of this label; other labels give independent streams.
    #[must_use]
    pub fn derive(self, label: &str) -> Self {
        Self(*Digest::chain([Digest::of(&self.0), Digest::of(label.as_bytes())]).as_bytes())
    }

    /// Returns the 32 bytes that a generator starts from.
    pub const fn bytes(self) -> [u8; 32] {
        self.0
    }

    /// Returns a number for generators that start from one.
    pub fn number(self) -> u64 {
        self.0.first_chunk().map_or(0, |head| u64::from_le_bytes(*head))
    }
}
