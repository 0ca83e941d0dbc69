//! The Levenshtein distance.

use super::TooLong;

/// Blocks of 64 rows that are computed together.
const TOGETHER: usize = 4;

/// The vertical differences of a column: where it grows and where it shrinks by 1.
#[derive(Clone, Copy, Debug)]
struct Column {
    grows: u64,
    shrinks: u64,
}

/// Returns the number of insertions, deletions and replacements between two sequences of numbers below `alphabet`.
///
/// Myers (1999), "A fast bit-vector algorithm for approximate string matching based on dynamic programming", in the form of
/// Hyyrö (2003), "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", figure 8: a column of 64 rows is
/// two words. A few blocks are computed together, so that the processor has independent work; their lowest row is handed to the
/// next blocks.
///
/// # Errors
/// Where the product of the lengths, without what both start and end with, is above `most`.
pub(crate) fn edits<S: Copy + Eq + Into<u32>>(
    left: &[S],
    right: &[S],
    alphabet: usize,
    most: u64,
) -> Result<usize, TooLong> {
    let (left, right) = without_common_ends(left, right);
    TooLong::check("characters", (left.len(), right.len()), most)?;
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.is_empty() {
        return Ok(long.len());
    }
    let mut distance = long.len();
    let mut border = Vec::new();
    for (number, rows) in short.chunks(64 * TOGETHER).enumerate() {
        if number == 0 && short.len() > rows.len() {
            // Above the first row, every step costs one edit.
            border = vec![1; long.len()];
        }
        let change = match rows.len().div_ceil(64) {
            1 => lowest_row::<1, S>(rows, long, alphabet, &mut border),
            2 => lowest_row::<2, S>(rows, long, alphabet, &mut border),
            3 => lowest_row::<3, S>(rows, long, alphabet, &mut border),
            _ => lowest_row::<TOGETHER, S>(rows, long, alphabet, &mut border),
        };
        distance = distance.checked_add_signed(change).expect("a distance is not negative");
    }
    Ok(distance)
}

fn without_common_ends<'a, S: Eq>(left: &'a [S], right: &'a [S]) -> (&'a [S], &'a [S]) {
    let start = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right);
    let end = end.count();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// Moves down over some rows: takes the horizontal differences of the row above from `border`, leaves those of the last row there,
/// and returns the sum of the vertical differences in the last column. An empty border stands for a first and only group of rows.
fn lowest_row<const BLOCKS: usize, S: Copy + Into<u32>>(
    rows: &[S],
    columns: &[S],
    alphabet: usize,
    border: &mut [i8],
) -> isize {
    let mut places = vec![[0_u64; BLOCKS]; alphabet];
    for (index, &symbol) in rows.iter().enumerate() {
        places[at(symbol)][index / 64] |= 1 << (index % 64);
    }
    let mut blocks = [Column { grows: u64::MAX, shrinks: 0 }; BLOCKS];
    if border.is_empty() {
        for &symbol in columns {
            step(&mut blocks, &places[at(symbol)], 1);
        }
    } else {
        for (&symbol, above) in columns.iter().zip(border) {
            *above = step(&mut blocks, &places[at(symbol)], *above);
        }
    }
    let mut sum = 0;
    for (block, rows) in blocks.iter().zip(rows.chunks(64)) {
        let used = u64::MAX >> (64 - rows.len());
        sum +=
            signed((block.grows & used).count_ones()) - signed((block.shrinks & used).count_ones());
    }
    sum
}

/// Computes the next column and returns the horizontal difference of its last row.
#[inline]
fn step<const BLOCKS: usize>(
    blocks: &mut [Column; BLOCKS],
    places: &[u64; BLOCKS],
    above: i8,
) -> i8 {
    let mut grown = u64::from(above > 0);
    let mut shrunk = u64::from(above < 0);
    for (block, &places) in blocks.iter_mut().zip(places) {
        let Column { grows, shrinks } = *block;
        let equal = places | shrunk;
        let diagonal = ((equal & grows).wrapping_add(grows) ^ grows) | equal | shrinks;
        let right_grows = shrinks | !(diagonal | grows);
        let right_shrinks = diagonal & grows;
        let grows_down = right_grows << 1 | grown;
        let shrinks_down = right_shrinks << 1 | shrunk;
        grown = right_grows >> 63;
        shrunk = right_shrinks >> 63;
        block.grows = shrinks_down | !(diagonal | grows_down);
        block.shrinks = grows_down & diagonal;
    }
    i8::from(grown > 0) - i8::from(shrunk > 0)
}

fn at<S: Into<u32>>(symbol: S) -> usize {
    usize::try_from(symbol.into()).expect("an index has at least 32 bits")
}

fn signed(count: u32) -> isize {
    isize::try_from(count).expect("a count of bits is small")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Wagner and Fischer's table.
    fn by_table(left: &[u8], right: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=right.len()).collect();
        for (i, a) in left.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, b) in right.iter().enumerate() {
                let replaced = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[right.len()]
    }

    fn sequences() -> impl Strategy<Value = Vec<u8>> {
        (1_u8..6, prop_oneof![0..20_usize, 50..80_usize, 240..600_usize])
            .prop_flat_map(|(letters, length)| prop::collection::vec(0..letters, length))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_distance_is_that_of_the_table(left in sequences(), right in sequences()) {
            prop_assert_eq!(edits(&left, &right, 256, u64::MAX), Ok(by_table(&left, &right)));
        }
    }
}
