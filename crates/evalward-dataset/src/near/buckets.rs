//! Which pairs of a bucket are compared.

use super::signature::BandKey;

/// An input in a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Record {
    pub(super) key: BandKey,
    pub(super) index: u32,
}

/// Of a bucket up to this size all pairs are compared.
pub(super) const MOST_MEMBERS: usize = 64;

/// In a larger bucket each member is compared with so many neighbours.
pub(super) const NEIGHBOURS: usize = 16;

/// The buckets of a sorted band that have more than one member.
pub(super) fn buckets(records: &[Record]) -> impl Iterator<Item = &[Record]> {
    records
        .chunk_by(|left, right| left.key.hash == right.key.hash)
        .filter(|members| members.len() > 1)
}

/// Returns the members that a member is compared with: those before it.
pub(super) fn neighbours(bucket: &[Record], at: usize) -> &[Record] {
    let reach = if bucket.len() > MOST_MEMBERS { NEIGHBOURS } else { MOST_MEMBERS };
    bucket.get(at.saturating_sub(reach)..at).unwrap_or_default()
}
