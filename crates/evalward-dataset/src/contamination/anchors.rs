//! Pieces of inputs by which a text is searched for all of them at once.

/// The characters of an anchor.
///
/// An input at the least containment of 0.8 has lost at most n / 25 of its n characters to edits, each of which costs five
/// grams; so between two edits some 24 characters are left untouched, and any 23 characters hold a whole piece of twelve.
pub(super) const ANCHOR: usize = 12;

/// More inputs are not looked for by one anchor.
const MOST_SHARED: usize = 16;

const BASE: u64 = 0x0100_0000_01b3;

/// The anchors of a group of inputs, searchable by their hashes.
#[derive(Debug)]
pub(super) struct Anchors {
    /// Hash and input, in order.
    list: Vec<(u64, u32)>,
    /// One bit for each value of the hash's upper bits, so that most positions of a text are done with at once.
    filter: Vec<u64>,
}

impl Anchors {
    /// Puts the anchors in order. Of those that too many inputs share, only some are kept; returns too how many inputs are
    /// left without any.
    pub(super) fn new(mut list: Vec<(u64, u32)>, inputs: usize) -> (Self, u64) {
        list.sort_unstable();
        list.dedup();
        let mut kept = Vec::with_capacity(list.len());
        for shared in list.chunk_by(|left, right| left.0 == right.0) {
            kept.extend(shared.iter().take(MOST_SHARED));
        }
        let mut has_anchor = vec![false; inputs];
        let mut filter = vec![0; 1 << 14];
        for (hash, input) in &kept {
            let (word, bit) = place(*hash);
            filter[word] |= bit;
            if let Some(has) = usize::try_from(*input).ok().and_then(|at| has_anchor.get_mut(at)) {
                *has = true;
            }
        }
        let without = has_anchor.iter().filter(|has| !**has).count();
        (Self { list: kept, filter }, u64::try_from(without).unwrap_or(u64::MAX))
    }

    /// Returns the inputs that have this anchor.
    pub(super) fn inputs(&self, hash: u64) -> impl Iterator<Item = u32> {
        let (word, bit) = place(hash);
        let may_be = self.filter.get(word).is_some_and(|word| word & bit != 0);
        let start =
            if may_be { self.list.partition_point(|it| it.0 < hash) } else { self.list.len() };
        let rest = self.list.get(start..).unwrap_or_default();
        rest.iter().take_while(move |it| it.0 == hash).map(|it| it.1)
    }
}

/// The upper twenty bits of the hash, as a word and a bit of the filter.
fn place(hash: u64) -> (usize, u64) {
    let top = crate::near::mix(hash) >> 44;
    (usize::try_from(top >> 6).unwrap_or_default(), 1 << (top & 63))
}

/// Returns the anchors of an input: its whole pieces of twelve characters.
pub(super) fn anchors_of(input: &[char]) -> impl Iterator<Item = u64> {
    input.chunks_exact(ANCHOR).map(|piece| piece.iter().fold(0, |hash, it| step(hash, *it)))
}

/// A hash of the last twelve characters that moves on in constant time (Karp and Rabin, "Efficient randomized
/// pattern-matching algorithms", 1987).
#[derive(Clone, Copy, Debug)]
pub(super) struct RollingHash {
    hash: u64,
    /// The base to the power of the anchor's length.
    leaving: u64,
}

impl RollingHash {
    pub(super) fn new() -> Self {
        Self { hash: 0, leaving: (0..ANCHOR).fold(1, |power: u64, _| power.wrapping_mul(BASE)) }
    }

    /// Takes in a character, and takes out the one twelve before it.
    pub(super) fn push(&mut self, character: char, leaving: Option<char>) -> u64 {
        let out = leaving.map_or(0, |leaving| value(leaving).wrapping_mul(self.leaving));
        self.hash = step(self.hash, character).wrapping_sub(out);
        self.hash
    }
}

const fn step(hash: u64, character: char) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(value(character))
}

/// Spreads a character over all bits, since neighbours in the alphabet differ in few.
const fn value(character: char) -> u64 {
    #[expect(clippy::as_conversions, reason = "a character is 21 bits, and `From` is not const")]
    crate::near::mix(character as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_rolls() {
        let text: Vec<char> = "where can i find the invoice".chars().collect();
        let mut rolling = RollingHash::new();
        for (at, character) in text.iter().enumerate() {
            let leaving = at.checked_sub(ANCHOR).map(|at| text[at]);
            let hash = rolling.push(*character, leaving);
            if at + 1 >= ANCHOR {
                assert_eq!(anchors_of(&text[at + 1 - ANCHOR..=at]).next(), Some(hash));
            }
        }
    }
}
