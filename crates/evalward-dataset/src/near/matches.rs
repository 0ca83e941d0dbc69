//! The verified pairs: for each input the earlier one that is most like it.

use std::collections::BTreeMap;

use super::spill::Entry;

/// An input and the earlier one that it is nearly the same as.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Match {
    /// The input.
    pub(crate) later: Entry,
    /// The earlier one.
    pub(crate) earlier: Entry,
    /// The share of 5-grams that both have.
    pub(crate) similarity: f64,
}

impl Match {
    /// Returns whether not a byte differs.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.later.raw == self.earlier.raw
    }

    /// Returns whether both are in one cluster.
    pub(crate) fn is_clustered(&self) -> bool {
        self.later.cluster != 0 && self.later.cluster == self.earlier.cluster
    }
}

/// A set of small numbers, one bit each.
#[derive(Debug, Default)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn contains(&self, number: u32) -> bool {
        let (word, bit) = place(number);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(super) fn insert(&mut self, number: u32) {
        let (word, bit) = place(number);
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

fn place(number: u32) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

/// The best match of each input; of all inputs that have one, those that come first are kept and the others are counted.
#[derive(Debug)]
pub(super) struct Matches {
    /// Matches of inputs before this one are not asked for.
    pub(super) first: u32,
    limit: usize,
    found: Bits,
    best: BTreeMap<u32, (u32, f64)>,
    /// The inputs that have a match in their own cluster.
    clustered: Bits,
}

impl Matches {
    pub(super) fn new(first: u32, limit: usize) -> Self {
        let (found, best, clustered) = (Bits::default(), BTreeMap::new(), Bits::default());
        Self { first, limit, found, best, clustered }
    }

    pub(super) fn is_found(&self, later: u32) -> bool {
        self.found.contains(later) || self.clustered.contains(later)
    }

    pub(super) fn counts(&self) -> (u64, u64) {
        (self.found.count(), self.clustered.count())
    }

    /// Takes in a verified pair. In one cluster it is only counted, since the dataset says itself that the two are not
    /// independent; what is repeated to the byte adds nothing there either.
    pub(super) fn push(&mut self, one: &Entry, two: &Entry, similarity: f64) {
        let (earlier, later) = if one.index < two.index { (one, two) } else { (two, one) };
        if later.index < self.first {
            return;
        }
        if later.cluster != 0 && later.cluster == earlier.cluster && later.raw != earlier.raw {
            self.clustered.insert(later.index);
            return;
        }
        let is_new = !self.found.contains(later.index);
        self.found.insert(later.index);
        match self.best.get_mut(&later.index) {
            Some(best) => {
                let is_better = similarity > best.1
                    || (similarity.total_cmp(&best.1).is_eq() && earlier.index < best.0);
                if is_better {
                    *best = (earlier.index, similarity);
                }
            }
            // Whoever was found before and is not here came behind all that are.
            None if is_new => {
                self.best.insert(later.index, (earlier.index, similarity));
                if self.best.len() > self.limit {
                    self.best.pop_last();
                }
            }
            None => {}
        }
    }

    /// Returns later index, earlier index and similarity, in order of the later.
    pub(super) fn into_pairs(self) -> impl Iterator<Item = (u32, u32, f64)> {
        self.best.into_iter().map(|(later, (earlier, similarity))| (later, earlier, similarity))
    }
}
