//! Sign flips: the permutations of pairs.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

use super::halves::{Halves, MAX_SPLIT};
use super::lattice::Lattice;
use super::test::{Exact, Hits, PermutationTest, Permutations, Resampling, Shares, plain_mean};
use super::units::{Units, reduced};
use crate::StatsError;
use crate::comparison::moments::{check, scale_for};
use crate::convert::{length_to_f64, low_bits};

/// The most steps that counting all permutations may take.
const MAX_STEPS: usize = 400_000_000;

/// The most differences whose halves are looked at instead of a sample.
const FEW: usize = 24;

/// Tests whether differences are symmetric around 0, by flipping their signs.
///
/// Differences of one cluster are flipped together. Fisher (1935), "The design of experiments", section 21. All permutations are
/// counted in whole numbers, so ties are ties: 0.1 + 0.2 - 0.3 is 0.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for no differences, [`StatsError::NotFinite`] for a NaN or infinite one,
/// [`StatsError::Unequal`] where clusters and differences differ in number, and [`StatsError::OutOfDomain`] where all
/// permutations are asked for and are too many.
pub fn permute_signs(
    differences: &[f64],
    clusters: Option<&[usize]>,
    permutations: Permutations,
) -> Result<PermutationTest, StatsError> {
    let span = check("a sign-flip test", "differences", differences, 1)?;
    let members = clusters.map(|clusters| members(differences, clusters)).transpose()?;
    let blocks = members.as_ref().map_or(differences.len(), Vec::len);
    let exact = |few: Option<usize>| exact_shares(differences, members.as_deref(), few);
    let sampled = |resampling| {
        let scale = scale_for(span.magnitude());
        sampled_shares(&sums(differences, members.as_deref(), scale), resampling)
    };
    let shares = match permutations {
        Permutations::All => exact(None).ok_or_else(|| too_many(blocks))?,
        Permutations::Sampled(resampling) => sampled(resampling),
        Permutations::AllIfFew(resampling) => {
            let few = usize::try_from(resampling.resamples).unwrap_or(usize::MAX);
            exact(Some(few)).unwrap_or_else(|| sampled(resampling))
        }
    };
    let exponent = i32::try_from(blocks).unwrap_or(i32::MAX);
    Ok(shares.into_test(plain_mean(differences), 2.0_f64.powi(exponent)))
}

/// Returns the two-sided p-value of [`permute_signs`]: exact when few permutations tell it, else from `resamples` of them.
///
/// # Errors
/// As [`permute_signs`].
pub fn sign_flip_p(
    differences: &[f64],
    clusters: Option<&[usize]>,
    resamples: u32,
    seed: u64,
) -> Result<f64, StatsError> {
    let permutations = Permutations::AllIfFew(Resampling { resamples, seed });
    Ok(permute_signs(differences, clusters, permutations)?.p_abs)
}

pub(super) fn too_many(blocks: usize) -> StatsError {
    StatsError::OutOfDomain {
        argument: "n",
        value: length_to_f64(blocks),
        expected: "few enough to count all permutations; ask for a sample of them",
    }
}

/// Returns the positions of each cluster's differences.
fn members(differences: &[f64], clusters: &[usize]) -> Result<Vec<Vec<usize>>, StatsError> {
    if differences.len() != clusters.len() {
        return Err(StatsError::Unequal {
            left: "differences",
            left_length: differences.len(),
            right: "clusters",
            right_length: clusters.len(),
        });
    }
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|index| clusters[*index]);
    Ok(order.chunk_by(|one, other| clusters[*one] == clusters[*other]).map(<[_]>::to_vec).collect())
}

/// Returns the differences that are flipped together as their sums.
fn sums(differences: &[f64], members: Option<&[Vec<usize>]>, scale: f64) -> Vec<f64> {
    match members {
        None => differences.iter().map(|value| value * scale).collect(),
        Some(members) => {
            let sum = |of: &Vec<usize>| of.iter().map(|index| differences[*index] * scale).sum();
            members.iter().map(sum).collect()
        }
    }
}

/// Counts all permutations, where that takes few enough steps.
///
/// `few` limits the sums that are told apart.
fn exact_shares(
    differences: &[f64],
    members: Option<&[Vec<usize>]>,
    few: Option<usize>,
) -> Option<Shares> {
    let Units { values, tolerance } = Units::of(differences)?;
    let mut sums = match members {
        None => values,
        Some(members) => {
            members.iter().map(|of| of.iter().map(|index| values[*index]).sum()).collect()
        }
    };
    // A flipped 0 is the same permutation again.
    sums.retain(|sum| *sum != 0);
    let sums = reduced(sums);
    let seen = sums.iter().sum();
    let magnitudes: Option<Vec<usize>> =
        sums.iter().map(|sum| usize::try_from(sum.unsigned_abs()).ok()).collect();
    let magnitudes = magnitudes?;
    let total = magnitudes.iter().try_fold(0_usize, |total, sum| total.checked_add(*sum))?;
    let steps = total.saturating_mul(magnitudes.len());
    let distribution = if tolerance == 0 && steps <= MAX_STEPS && few.is_none_or(|few| total <= few)
    {
        Exact::Lattice(Lattice::of_signs(&magnitudes))
    } else if sums.len() <= few.map_or(MAX_SPLIT, |_| FEW) {
        Exact::Halves(Halves::of_signs(&sums))
    } else {
        return None;
    };
    Some(Shares::exact(&distribution, seen, tolerance))
}

/// Flips signs at random, four at a time: for each four differences a table holds the 16 sums that their signs can give.
fn sampled_shares(differences: &[f64], Resampling { resamples, seed }: Resampling) -> Shares {
    let tables: Vec<[f64; 16]> = differences.chunks(4).map(signed_sums).collect();
    let size: f64 = differences.iter().map(|value| value.abs()).sum();
    let mut hits = Hits::new(differences.iter().sum(), size);
    let mut generator = Xoshiro256PlusPlus::seed_from_u64(seed);
    for _ in 0..resamples {
        let mut sum = 0.0;
        for tables in tables.chunks(16) {
            let mut bits = generator.next_u64();
            for table in tables {
                sum += table[low_bits::<4>(bits)];
                bits >>= 4;
            }
        }
        hits.add(sum);
    }
    hits.shares(resamples)
}

/// Returns the sums of up to four values with the signs that the bits of the index tell.
fn signed_sums(values: &[f64]) -> [f64; 16] {
    let mut sums = [0.0; 16];
    for (pattern, sum) in sums.iter_mut().enumerate() {
        for (bit, value) in values.iter().enumerate() {
            *sum += if (pattern >> bit) & 1 == 0 { *value } else { -value };
        }
    }
    sums
}
