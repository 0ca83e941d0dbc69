//! Which members of a sample make up each resample.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use crate::StatsError;
use crate::comparison::Resampling;
use crate::convert::length_to_f64;
use crate::sample::check_lengths;

/// The largest sample of which two members are drawn from one number of 64 bits.
const SMALL: u64 = 1 << 16;

/// The resamples of one sample.
#[derive(Clone, Copy, Debug)]
pub enum Draws<'a> {
    /// Indices into the sample, a row for each resample.
    Given(&'a [Vec<usize>]),
    /// Random ones.
    Seeded(Resampling),
}

/// The resamples of two independent samples.
#[derive(Clone, Copy, Debug)]
pub enum PairDraws<'a> {
    /// Indices into the first and into the second sample.
    Given(&'a [Vec<usize>], &'a [Vec<usize>]),
    /// Random ones.
    Seeded(Resampling),
}

/// Yields the resamples of a sample of `length` members, one after the other.
pub(super) enum Source<'a> {
    Given(std::slice::Iter<'a, Vec<usize>>),
    Random(Box<Xoshiro256PlusPlus>),
}

impl<'a> Source<'a> {
    /// Checks given rows.
    pub(super) fn given(rows: &'a [Vec<usize>], length: usize) -> Result<Self, StatsError> {
        for row in rows {
            check_lengths(("row of indices", row.len()), ("sample", length))?;
            if let Some(index) = row.iter().copied().find(|index| *index >= length) {
                let (value, expected) = (length_to_f64(index), "an index into the sample");
                return Err(StatsError::OutOfDomain { argument: "indices", value, expected });
            }
        }
        Ok(Self::Given(rows.iter()))
    }

    pub(super) fn random(seed: u64) -> Self {
        Self::Random(Box::new(Xoshiro256PlusPlus::seed_from_u64(seed)))
    }

    /// Writes the members of the next resample into `resample`, which is as long as a row.
    pub(super) fn fill<T: Copy>(&mut self, members: &[T], resample: &mut [T]) {
        match self {
            Self::Given(rows) => {
                for (slot, index) in resample.iter_mut().zip(rows.next().into_iter().flatten()) {
                    *slot = members[*index];
                }
            }
            Self::Random(generator) => fill_at_random(generator, members, resample),
        }
    }
}

/// Maps random bits to indices as Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29, does, without
/// the rejection, which would change no probability by more than a share of 2^-16.
fn fill_at_random<T: Copy>(generator: &mut Xoshiro256PlusPlus, members: &[T], resample: &mut [T]) {
    let bound = u64::try_from(members.len()).unwrap_or(u64::MAX);
    let at = |index: u64| members[usize::try_from(index).unwrap_or(0)];
    if bound <= SMALL {
        for pair in resample.chunks_mut(2) {
            let bits = generator.next_u64();
            for (slot, bits) in pair.iter_mut().zip([bits >> 32, bits & 0xFFFF_FFFF]) {
                *slot = at((bits * bound) >> 32);
            }
        }
    } else {
        for slot in resample {
            let wide = u128::from(generator.next_u64()) * u128::from(bound);
            *slot = at(u64::try_from(wide >> 64).unwrap_or(0));
        }
    }
}
