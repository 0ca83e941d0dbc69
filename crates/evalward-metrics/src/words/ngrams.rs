//! Counting the n-grams that sequences share.

use super::vocabulary::{Numbers, index};

/// Stands where an n-gram occurs on one side only, or the sequence is too short for one.
const ALONE: u32 = u32::MAX;

/// Returns, for each order from 1, how many n-grams of `output` occur in the references, each at most as often as in the one
/// reference that has most of it.
///
/// An n-gram is two overlapping ones of the order before, so its key is the pair of their numbers: equal keys are equal n-grams.
/// Only those that occur on both sides are carried on, and none of a higher order can hold another.
pub(crate) fn shared_ngrams(
    output: &[u32],
    references: &[Vec<u32>],
    words: usize,
    orders: usize,
) -> Vec<u64> {
    let mut sides: Vec<Vec<u32>> = Vec::with_capacity(references.len() + 1);
    sides.push(output.to_vec());
    sides.extend(references.iter().cloned());
    let mut shared = Vec::with_capacity(orders);
    let mut counts = Counts::default();
    let mut numbers = Numbers::<u64>::with_room(output.len());
    let mut numbered = words;
    for order in 1..=orders {
        if order > 1 {
            numbers.clear();
            let (output, references) = sides.split_first_mut().expect("the output is a side");
            pair_up(output, |pair| Some(numbers.number(pair)));
            for reference in references {
                pair_up(reference, |pair| numbers.find(pair));
            }
            numbered = numbers.len();
        }
        let matches = counts.shared(&mut sides, numbered);
        shared.push(matches);
        if matches == 0 {
            break;
        }
    }
    shared.resize(orders, 0);
    shared
}

/// Replaces n-grams by those of the next order.
fn pair_up(ngrams: &mut Vec<u32>, mut number: impl FnMut(u64) -> Option<u32>) {
    for place in 1..ngrams.len() {
        let (left, right) = (ngrams[place - 1], ngrams[place]);
        ngrams[place - 1] = if left == ALONE || right == ALONE {
            ALONE
        } else {
            number(u64::from(left) << 32 | u64::from(right)).unwrap_or(ALONE)
        };
    }
    ngrams.pop();
}

/// How often each n-gram occurs.
#[derive(Debug, Default)]
struct Counts {
    output: Vec<u32>,
    one: Vec<u32>,
    best: Vec<u32>,
}

impl Counts {
    /// Returns the number of shared n-grams and marks those that occur on one side only.
    fn shared(&mut self, sides: &mut [Vec<u32>], numbered: usize) -> u64 {
        let (output, references) = sides.split_first_mut().expect("the output is a side");
        count(&mut self.output, output, numbered);
        if let [only] = references {
            count(&mut self.best, only, numbered);
        } else {
            self.count_best(references, numbered);
        }
        let mut shared = 0;
        for (output, best) in self.output.iter().zip(&self.best) {
            shared += u64::from(*output.min(best));
        }
        mark(output, &self.best);
        for reference in references {
            mark(reference, &self.output);
        }
        shared
    }

    fn count_best(&mut self, references: &[Vec<u32>], numbered: usize) {
        self.best.clear();
        self.best.resize(numbered, 0);
        self.one.clear();
        self.one.resize(numbered, 0);
        for reference in references {
            // Only what occurs here is looked at and reset, so that a short reference costs little beside a long output.
            for &ngram in reference.iter().filter(|&&ngram| ngram != ALONE) {
                self.one[index(ngram)] += 1;
            }
            for &ngram in reference.iter().filter(|&&ngram| ngram != ALONE) {
                let here = std::mem::take(&mut self.one[index(ngram)]);
                let best = &mut self.best[index(ngram)];
                *best = here.max(*best);
            }
        }
    }
}

fn count(counts: &mut Vec<u32>, ngrams: &[u32], numbered: usize) {
    counts.clear();
    counts.resize(numbered, 0);
    for &ngram in ngrams {
        if ngram != ALONE {
            counts[index(ngram)] += 1;
        }
    }
}

fn mark(ngrams: &mut [u32], other_side: &[u32]) {
    for ngram in ngrams {
        if *ngram != ALONE && other_side[index(*ngram)] == 0 {
            *ngram = ALONE;
        }
    }
}

/// Returns how many n-grams of an order a sequence has.
pub(crate) fn ngrams_in(length: usize, order: usize) -> u64 {
    u64::try_from((length + 1).saturating_sub(order)).unwrap_or(u64::MAX)
}
