//! Which parts of a text belong to a fact already.

use std::collections::BTreeMap;
use std::ops::Range;

/// The parts of a text that were read; a later kind of fact leaves them alone.
#[derive(Debug, Default)]
pub(super) struct Claims(BTreeMap<usize, usize>);

impl Claims {
    /// Takes a part, unless it overlaps one that is taken.
    pub(super) fn take(&mut self, span: &Range<usize>) -> bool {
        let is_free = !self.overlaps(span);
        if is_free {
            self.0.insert(span.start, span.end);
        }
        is_free
    }

    /// Returns whether some of a part is taken.
    pub(super) fn overlaps(&self, span: &Range<usize>) -> bool {
        // Parts never overlap each other, so the last one that begins before the end reaches furthest.
        self.0.range(..span.end).next_back().is_some_and(|(_, end)| *end > span.start)
    }
}
