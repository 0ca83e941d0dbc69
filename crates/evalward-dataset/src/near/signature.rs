//! `MinHash` signatures, cut into bands.

use super::bands::BandPlan;
use super::grams::{Gram, Grams};

/// The minimum of each of a family of hash functions over a set of grams; two sets agree in one minimum with the probability
/// of their resemblance (Broder, "On the resemblance and containment of documents", 1997, theorem 1).
#[derive(Clone, Debug)]
pub(super) struct MinHasher {
    plan: BandPlan,
    /// Mask and odd factor of each function.
    functions: Vec<(u64, u64)>,
    minima: Vec<u64>,
}

/// What a text has in one band.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BandKey {
    /// Texts that agree in all minima of the band agree here.
    pub(super) hash: u64,
    /// Half of another minimum, by which texts that agree in a band are put in order.
    pub(super) second: u32,
}

impl MinHasher {
    /// Makes the functions, the same in every process.
    pub(super) fn new(plan: BandPlan) -> Self {
        let mut state = 0x6576_616c_7761_7264; // "evalward"
        let mut next = || {
            state = mix(state);
            state
        };
        let functions: Vec<_> = (0..plan.minima()).map(|_| (next(), next() | 1)).collect();
        let minima = vec![u64::MAX; functions.len()];
        Self { plan, functions, minima }
    }

    /// Calls back with the key of each band.
    pub(super) fn keys(&mut self, grams: &Grams, mut band_key: impl FnMut(usize, BandKey)) {
        self.minima.fill(u64::MAX);
        for gram in grams.as_slice() {
            let base = hash_gram(*gram);
            for (minimum, (mask, factor)) in self.minima.iter_mut().zip(&self.functions) {
                *minimum = (*minimum).min((base ^ mask).wrapping_mul(*factor));
            }
        }
        let rows: Vec<&[u64]> = self.minima.chunks(self.plan.rows).collect();
        for (band, minima) in rows.iter().enumerate() {
            let hash = minima.iter().fold(0, |hash, minimum| mix(hash ^ minimum));
            let other = rows[(band + 1) % rows.len()];
            let second = other.iter().take(2).fold(0, |hash, minimum| mix(hash ^ minimum));
            band_key(band, BandKey { hash, second: low_half(second) });
        }
    }
}

fn low_half(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default()
}

/// Spreads a gram over 64 bits.
pub(crate) fn hash_gram(gram: Gram) -> u64 {
    let half = |bits: Gram| u64::try_from(bits & Gram::from(u64::MAX)).unwrap_or_default();
    mix(half(gram) ^ mix(half(gram >> 64)))
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014, figure 17).
pub(crate) const fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minima_agree_about_as_often_as_the_sets_are_alike() {
        let (one, two): (String, String) = (
            (0..300).map(|at| char::from_u32(0x4e00 + at).unwrap()).collect(),
            (60..360).map(|at| char::from_u32(0x4e00 + at).unwrap()).collect(),
        );
        let (one, two) = (Grams::of(&one), Grams::of(&two));
        let mut hasher = MinHasher::new(BandPlan { rows: 1, bands: 2000 });
        let mut keys = |grams: &Grams| {
            let mut keys = Vec::new();
            hasher.keys(grams, |_, key| keys.push(key.hash));
            keys
        };
        let (left, right) = (keys(&one), keys(&two));
        let equal = left.iter().zip(&right).filter(|(left, right)| left == right).count();
        let measured = super::super::grams::share(equal, 2000);
        assert!((measured - one.resemblance(&two)).abs() < 0.04, "{measured}");
    }
}
