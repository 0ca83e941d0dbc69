//! Exchanged labels: the permutations of two independent samples.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use super::halves::{Halves, MAX_SPLIT};
use super::lattice::{Lattice, largest_sum};
use super::signs::too_many;
use super::test::{Exact, Hits, PermutationTest, Permutations, Resampling, Shares, plain_mean};
use super::units::{Units, reduced};
use crate::StatsError;
use crate::comparison::moments::{Moments, check, scale_for};
use crate::convert::length_to_f64;

/// The most steps that counting all permutations may take.
const MAX_STEPS: usize = 400_000_000;

/// The most observations whose halves are looked at instead of a sample.
const FEW: usize = 24;

/// Tests whether two independent samples come from the same distribution, by exchanging their observations; the statistic is the
/// mean of `a` minus the mean of `b`.
///
/// Pitman (1937), "Significance tests which may be applied to samples from any populations", JRSS Supplement 4, section 2. All
/// permutations are counted in whole numbers, so ties are ties.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample, [`StatsError::NotFinite`] for a NaN or infinite observation, and
/// [`StatsError::OutOfDomain`] where all permutations are asked for and are too many, or where the difference leaves the range of
/// `f64`.
pub fn permute_labels(
    a: &[f64],
    b: &[f64],
    permutations: Permutations,
) -> Result<PermutationTest, StatsError> {
    let statistic_name = "a permutation test";
    let (span_a, span_b) = (check(statistic_name, "a", a, 1)?, check(statistic_name, "b", b, 1)?);
    let statistic = crate::comparison::t_test::in_range(plain_mean(a) - plain_mean(b), 1.0)?;
    let pooled = Pooled::of(a, b);
    let sampled = |resampling| {
        let scale = scale_for(span_a.magnitude().max(span_b.magnitude()));
        pooled.sampled(scale, resampling)
    };
    let shares = match permutations {
        Permutations::All => pooled.exact(None).ok_or_else(|| too_many(pooled.values.len()))?,
        Permutations::Sampled(resampling) => sampled(resampling),
        Permutations::AllIfFew(resampling) => {
            let few = usize::try_from(resampling.resamples).unwrap_or(usize::MAX);
            pooled.exact(Some(few)).unwrap_or_else(|| sampled(resampling))
        }
    };
    let shares = if pooled.is_swapped {
        Shares { less: shares.greater, greater: shares.less, ..shares }
    } else {
        shares
    };
    Ok(shares.into_test(statistic, ways(pooled.values.len(), pooled.chosen)))
}

/// Both samples, the smaller one first.
struct Pooled {
    values: Vec<f64>,
    /// The size of the smaller sample.
    chosen: usize,
    /// Whether the smaller sample is `b`, so that the statistic has the other sign.
    is_swapped: bool,
}

impl Pooled {
    fn of(a: &[f64], b: &[f64]) -> Self {
        let is_swapped = b.len() < a.len();
        let (first, second) = if is_swapped { (b, a) } else { (a, b) };
        Self { values: [first, second].concat(), chosen: first.len(), is_swapped }
    }

    /// Counts all permutations, where that takes few enough steps; `few` limits the sums that are told apart.
    ///
    /// The statistic in whole units is `N A - k S` where `A` is the sum of the `k` chosen of `N` values with sum `S`.
    fn exact(&self, few: Option<usize>) -> Option<Shares> {
        let Units { values, tolerance } = Units::of(&self.values)?;
        let lowest = *values.iter().min()?;
        let values = reduced(values.iter().map(|value| value - lowest).collect());
        let n = i64::try_from(values.len()).ok()?;
        let total: i64 = values.iter().sum();
        let centered: Option<Vec<i64>> =
            values.iter().map(|value| value.checked_mul(n)?.checked_sub(total)).collect();
        let centered = centered?;
        let seen = centered.iter().take(self.chosen).sum();
        let sizes: Option<Vec<usize>> =
            values.iter().map(|value| usize::try_from(*value).ok()).collect();
        let sizes = sizes?;
        let sums = largest_sum(&sizes, self.chosen);
        let cells = sums.saturating_add(1).saturating_mul(self.chosen + 1);
        let steps = cells.saturating_mul(values.len());
        let bound = few.map_or(MAX_STEPS, |few| few.saturating_mul(values.len()));
        let distribution = if tolerance == 0 && steps <= bound {
            let offset = -total * i64::try_from(self.chosen).ok()?;
            Exact::Lattice(Lattice::of_choices(&sizes, self.chosen, offset, n))
        } else if centered.len() <= few.map_or(MAX_SPLIT, |_| FEW) {
            Exact::Halves(Halves::of_choices(&centered, self.chosen))
        } else {
            return None;
        };
        Some(Shares::exact(&distribution, seen, tolerance.saturating_mul(n)))
    }

    /// Draws the smaller sample at random: Fisher and Yates's shuffle, stopped when it has been filled.
    fn sampled(&self, scale: f64, Resampling { resamples, seed }: Resampling) -> Shares {
        let mut pool: Vec<f64> = self.values.clone();
        let low = pool.iter().copied().fold(f64::INFINITY, f64::min);
        let high = pool.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let span = crate::comparison::moments::Span { low, high };
        let mean = Moments::of(&pool, span, scale).mean;
        for value in &mut pool {
            *value = *value * scale - mean;
        }
        let size: f64 = pool.iter().map(|value| value.abs()).sum();
        let mut hits = Hits::new(pool.iter().take(self.chosen).sum(), size);
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
        for _ in 0..resamples {
            let mut sum = 0.0;
            for index in 0..self.chosen {
                let other = index + below(generator.next_u64(), pool.len() - index);
                pool.swap(index, other);
                sum += pool[index];
            }
            hits.add(sum);
        }
        hits.shares(resamples)
    }
}

/// Maps 64 random bits to an index below `bound`: Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29,
/// without the rejection, which would change a probability by less than 1e-12 for any `bound` in memory.
fn below(bits: u64, bound: usize) -> usize {
    let bound = u128::try_from(bound).expect("a length fits into 128 bits");
    usize::try_from((u128::from(bits) * bound) >> 64).expect("below a length")
}

/// Returns the number of ways to choose `chosen` of `n`.
fn ways(n: usize, chosen: usize) -> f64 {
    let mut ways = 1.0;
    for k in 0..chosen {
        ways = ways * length_to_f64(n - k) / length_to_f64(k + 1);
        if ways.is_infinite() {
            break;
        }
    }
    ways.round()
}
