//! The union of longest common subsequences, for ROUGE-Lsum.

/// Finds the places of one sequence that lie in a longest common subsequence with one of several others.
///
/// Where there are several longest common subsequences, the one counts that rouge-score reads out of its table: from the end, it
/// goes back in the other sequence only where the length would fall otherwise.
#[derive(Debug)]
pub(crate) struct UnionOfSubsequences {
    alphabet: usize,
    /// For each row of the table, a bit for each column: 0 where the length grows with it.
    rows: Vec<u64>,
    places: Vec<u64>,
}

impl UnionOfSubsequences {
    /// Prepares for sequences of numbers below `alphabet`.
    pub(crate) const fn new(alphabet: usize) -> Self {
        Self { alphabet, rows: Vec::new(), places: Vec::new() }
    }

    /// Returns whether each place of `sequence` lies in the union.
    pub(crate) fn places(&mut self, sequence: &[u32], others: &[Vec<u32>]) -> Vec<bool> {
        let mut union = vec![false; sequence.len()];
        for other in others.iter().filter(|other| !other.is_empty()) {
            let blocks = self.fill(sequence, other);
            self.read_out(sequence, other, blocks, &mut union);
        }
        union
    }

    /// Computes the table; a row has so many blocks.
    fn fill(&mut self, sequence: &[u32], other: &[u32]) -> usize {
        let blocks = other.len().div_ceil(64);
        if self.places.len() < self.alphabet * blocks {
            self.places.resize(self.alphabet * blocks, 0);
        }
        for (column, &symbol) in other.iter().enumerate() {
            self.places[at(symbol) * blocks + column / 64] |= 1 << (column % 64);
        }
        self.rows.clear();
        self.rows.resize((sequence.len() + 1) * blocks, u64::MAX);
        for (row, &symbol) in sequence.iter().enumerate() {
            let (before, after) = self.rows.split_at_mut((row + 1) * blocks);
            let before = &before[row * blocks..];
            let places = &self.places[at(symbol) * blocks..];
            let mut carry = false;
            for ((after, &before), &places) in after.iter_mut().zip(before).zip(places).take(blocks)
            {
                let (sum, first) = before.overflowing_add(before & places);
                let (sum, second) = sum.overflowing_add(carry.into());
                carry = first | second;
                *after = sum | (before & !places);
            }
        }
        // Only what was set is reset, so that many short sequences cost little.
        for &symbol in other {
            self.places[at(symbol) * blocks..][..blocks].fill(0);
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

fn at(symbol: u32) -> usize {
    usize::try_from(symbol).expect("an index has at least 32 bits")
}
