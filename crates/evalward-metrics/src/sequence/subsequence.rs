//! The longest common subsequence.

use crate::words::index;

/// Blocks of 64 rows that are computed together.
const TOGETHER: usize = 4;

/// Returns the length of the longest common subsequence of two sequences of numbers below `alphabet`.
///
/// Hyyrö (2004), "Bit-parallel LCS-length computation revisited", figure 2: a row's bit is 0 where the length grows with it.
pub(crate) fn subsequence_length(left: &[u32], right: &[u32], alphabet: usize) -> usize {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.len() <= 64 {
        return grown::<1>(short, long, alphabet, &mut []);
    }
    let mut carries = vec![0; long.len()];
    short
        .chunks(64 * TOGETHER)
        .map(|rows| grown::<TOGETHER>(rows, long, alphabet, &mut carries))
        .sum()
}

/// Moves down over some rows, with the carry of the rows above for each column; without carries they are a first and only group.
fn grown<const BLOCKS: usize>(
    rows: &[u32],
    columns: &[u32],
    alphabet: usize,
    carries: &mut [u8],
) -> usize {
    let mut places = vec![[0_u64; BLOCKS]; alphabet];
    for (row, &symbol) in rows.iter().enumerate() {
        places[index(symbol)][row / 64] |= 1 << (row % 64);
    }
    let mut blocks = [u64::MAX; BLOCKS];
    if carries.is_empty() {
        for &symbol in columns {
            step(&mut blocks, &places[index(symbol)], false);
        }
    } else {
        for (&symbol, carry) in columns.iter().zip(carries) {
            *carry = step(&mut blocks, &places[index(symbol)], *carry != 0).into();
        }
    }
    let grown: u32 = blocks
        .iter()
        .zip(rows.chunks(64))
        .map(|(block, rows)| (!block & (u64::MAX >> (64 - rows.len()))).count_ones())
        .sum();
    usize::try_from(grown).expect("a count of bits is small")
}

#[inline]
fn step<const BLOCKS: usize>(
    blocks: &mut [u64; BLOCKS],
    places: &[u64; BLOCKS],
    carry: bool,
) -> bool {
    let mut carry = carry;
    for (block, &places) in blocks.iter_mut().zip(places) {
        let matched = *block & places;
        let (sum, first) = block.overflowing_add(matched);
        let (sum, second) = sum.overflowing_add(carry.into());
        carry = first | second;
        *block = sum | (*block & !places);
    }
    carry
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn by_table(left: &[u32], right: &[u32]) -> usize {
        let mut row = vec![0_usize; right.len() + 1];
        for a in left {
            let mut diagonal = 0;
            for (j, b) in right.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if a == b { diagonal + 1 } else { above.max(row[j]) };
                diagonal = above;
            }
        }
        row[right.len()]
    }

    fn sequences() -> impl Strategy<Value = Vec<u32>> {
        (1_u32..6, prop_oneof![0..20_usize, 50..80_usize, 240..600_usize])
            .prop_flat_map(|(letters, length)| prop::collection::vec(0..letters, length))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_length_is_that_of_the_table(left in sequences(), right in sequences()) {
            prop_assert_eq!(subsequence_length(&left, &right, 6), by_table(&left, &right));
        }
    }
}
