//! The union of longest common subsequences, for ROUGE-Lsum.

use crate::words::index;

/// Finds the places of one sequence that lie in a longest common subsequence with one of several others.
///
/// Where there are several longest common subsequences, the one counts that rouge-score reads out of its table: from the end, it
/// goes back in the other sequence only where the length would fall otherwise.
#[derive(Debug)]
pub(crate) struct UnionOfSubsequences {
    /// For each number its place among those of the present sequence, or `ABSENT`.
    numbered: Vec<u32>,
    /// For each row of the table, a bit for each column: 0 where the length grows with it.
    rows: Vec<u64>,
    /// For each number of the present sequence, a bit for each column that holds it.
    places: Vec<u64>,
}

/// Stands for a number that the present sequence has not.
const ABSENT: u32 = u32::MAX;

impl UnionOfSubsequences {
    /// Prepares for sequences of numbers below `alphabet`.
    pub(crate) fn new(alphabet: usize) -> Self {
        Self { numbered: vec![ABSENT; alphabet], rows: Vec::new(), places: Vec::new() }
    }

    /// Returns whether each place of `sequence` lies in the union.
    pub(crate) fn places(&mut self, sequence: &[u32], others: &[Vec<u32>]) -> Vec<bool> {
        let mut union = vec![false; sequence.len()];
        // Both tables are then no larger than the product of the lengths, however many different numbers there are.
        let mut distinct = 0;
        for &symbol in sequence {
            let number = &mut self.numbered[index(symbol)];
            if *number == ABSENT {
                *number = distinct;
                distinct += 1;
            }
        }
        for other in others {
            if other.iter().any(|&symbol| self.numbered[index(symbol)] != ABSENT) {
                let blocks = self.fill(sequence, other, index(distinct));
                self.read_out(sequence, other, blocks, &mut union);
            }
        }
        for &symbol in sequence {
            self.numbered[index(symbol)] = ABSENT;
        }
        union
    }

    /// Computes the table; a row has so many blocks.
    fn fill(&mut self, sequence: &[u32], other: &[u32], distinct: usize) -> usize {
        let blocks = other.len().div_ceil(64);
        self.places.clear();
        self.places.resize(distinct * blocks, 0);
        for (column, &symbol) in other.iter().enumerate() {
            let number = self.numbered[index(symbol)];
            if number != ABSENT {
                self.places[index(number) * blocks + column / 64] |= 1 << (column % 64);
            }
        }
        self.rows.clear();
        self.rows.resize((sequence.len() + 1) * blocks, u64::MAX);
        for (row, &symbol) in sequence.iter().enumerate() {
            let (before, after) = self.rows.split_at_mut((row + 1) * blocks);
            let before = &before[row * blocks..];
            let places = &self.places[index(self.numbered[index(symbol)]) * blocks..];
            let mut carry = false;
            for ((after, &before), &places) in after.iter_mut().zip(before).zip(places).take(blocks)
            {
                let (sum, first) = before.overflowing_add(before & places);
                let (sum, second) = sum.overflowing_add(carry.into());
                carry = first | second;
                *after = sum | (before & !places);
            }
        }
        blocks
    }

    fn read_out(&self, sequence: &[u32], other: &[u32], blocks: usize, union: &mut [bool]) {
        let (mut row, mut column) = (sequence.len(), other.len());
        let above_of = |row: usize, column| self.length(row.saturating_sub(1), column, blocks);
        // The lengths up to this column, in this row and in the one above.
        let (mut here, mut above) = (self.length(row, column, blocks), above_of(row, column));
        while row > 0 && column > 0 {
            let grows_above = u32::from(self.grows(row - 1, column, blocks));
            let left = here - u32::from(self.grows(row, column, blocks));
            if sequence[row - 1] == other[column - 1] {
                union[row - 1] = true;
                (row, column, here) = (row - 1, column - 1, above - grows_above);
                above = above_of(row, column);
            } else if left > above {
                (column, here, above) = (column - 1, left, above - grows_above);
            } else {
                (row, here) = (row - 1, above);
                above = above_of(row, column);
            }
        }
    }

    fn grows(&self, row: usize, column: usize, blocks: usize) -> bool {
        let column = column - 1;
        self.rows[row * blocks + column / 64] >> (column % 64) & 1 == 0
    }

    fn length(&self, row: usize, columns: usize, blocks: usize) -> u32 {
        let row = &self.rows[row * blocks..][..blocks];
        let (whole, rest) = (columns / 64, columns % 64);
        let mut length = row[..whole].iter().map(|block| block.count_zeros()).sum();
        if rest > 0 {
            length += (!row[whole] & (u64::MAX >> (64 - rest))).count_ones();
        }
        length
    }
}
