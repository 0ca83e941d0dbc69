//! Precision, recall and F1.

use std::num::NonZeroUsize;

use evalward_core::Finite;

use crate::Extent;
use crate::fraction::{harmonic_mean, share};

/// How much two texts share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extents {
    /// The share of the output that the right answer has.
    pub precision: Finite,
    /// The share of the right answer that the output has.
    pub recall: Finite,
    /// The harmonic mean of both.
    pub f1: Finite,
    /// What both share: words, n-grams or the words of a subsequence.
    pub shared: usize,
    /// What the output has.
    pub in_output: usize,
    /// What the right answer has.
    pub in_reference: usize,
}

impl Extents {
    pub(crate) fn of(shared: usize, in_output: NonZeroUsize, in_reference: NonZeroUsize) -> Self {
        let (precision, recall) = (share(shared, in_output), share(shared, in_reference));
        Self {
            precision,
            recall,
            f1: harmonic_mean(precision, recall),
            shared,
            in_output: in_output.get(),
            in_reference: in_reference.get(),
        }
    }

    /// Returns one of the three.
    pub const fn get(&self, extent: Extent) -> Finite {
        match extent {
            Extent::F1 => self.f1,
            Extent::Precision => self.precision,
            Extent::Recall => self.recall,
        }
    }
}
