//! Sixteen bytes that stand for an id, so that a million ids fit in sixteen megabytes.

use evalward_core::Digest;

/// The first 128 bits of a hash.
pub(crate) type Fingerprint = u128;

pub(crate) fn fingerprint(text: &str) -> Fingerprint {
    truncate(Digest::of(text.as_bytes()))
}

pub(crate) fn truncate(digest: Digest) -> Fingerprint {
    digest.as_bytes().iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte))
}

/// A list of fingerprints that grows by an eighth, not by doubling, to stay close to sixteen bytes each.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints(Vec<Fingerprint>);

impl Fingerprints {
    pub(crate) fn push(&mut self, fingerprint: Fingerprint) {
        if self.0.len() == self.0.capacity() {
            self.0.reserve_exact((self.0.len() / 8).max(1024));
        }
        self.0.push(fingerprint);
    }

    /// Sorts the list, so that it can be searched.
    pub(crate) fn sorted(mut self) -> SortedFingerprints {
        self.0.sort_unstable();
        SortedFingerprints(self.0)
    }
}

/// Fingerprints in order.
#[derive(Debug)]
pub(crate) struct SortedFingerprints(Vec<Fingerprint>);

impl SortedFingerprints {
    pub(crate) fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.position(fingerprint).is_some()
    }

    pub(crate) fn position(&self, fingerprint: Fingerprint) -> Option<usize> {
        self.0.binary_search(&fingerprint).ok()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the fingerprints that occur more than once, in order.
    pub(crate) fn repeated(&self) -> Vec<Fingerprint> {
        let mut repeated: Vec<_> =
            self.0.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        repeated.dedup();
        repeated
    }
}
