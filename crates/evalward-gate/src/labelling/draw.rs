//! Drawing answers with known probabilities.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{Digest, Seed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answer::LabelCandidate;
use super::strata::{Stratum, strata};
use crate::numbers::{count, float};

/// The answers that were drawn, and what they stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The answers, in the order in which they were given.
    pub drawn: Vec<DrawnAnswer>,
    /// What was drawn of each stratum.
    pub strata: BTreeMap<Stratum, StratumShare>,
}

/// An answer that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnAnswer {
    /// Its place among the answers that were given, from 0.
    pub index: usize,
    /// Which kind of case it is.
    pub stratum: Stratum,
    /// The probability with which it was drawn; the same for all of a stratum, and above 0.
    pub probability: f64,
}

/// How many answers of a stratum were drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StratumShare {
    /// The number of its answers.
    pub answers: u64,
    /// The number of those that were drawn.
    pub drawn: u64,
}

/// Draws `n` answers: a stratum gets a share of them that does not follow its size, so that rare and uncertain cases are among them,
/// and each answer of a stratum has the same probability, which is above 0.
///
/// Systematic sampling with unequal probabilities from a list in random order within its strata: Madow (1949), "On the theory of
/// systematic sampling, II", section 2. The number of answers that a stratum gives is that of its share, rounded up or down.
pub fn draw(answers: &[LabelCandidate], n: NonZeroU32, seed: Seed) -> Drawing {
    let of_answer = strata(answers);
    let mut shares: BTreeMap<Stratum, StratumShare> = BTreeMap::new();
    for stratum in &of_answer {
        shares.entry(*stratum).or_default().answers += 1;
    }
    let probabilities = probabilities(&shares, n);
    let probability = |index: usize| probabilities.get(&of_answer[index]).copied().unwrap_or(1.0);
    let seed = seed.derive("answers to label");
    let mut order: Vec<(Stratum, Digest, usize)> = answers
        .iter()
        .enumerate()
        .map(|(index, answer)| (of_answer[index], rank(answer, seed), index))
        .collect();
    order.sort_unstable();
    let mut next = start(seed);
    let mut passed = 0.0;
    let mut chosen = Vec::new();
    for (stratum, _, index) in order {
        passed += probability(index);
        // A stratum that is taken whole is taken whole, whatever sums of floats come to.
        if next < passed || probability(index) >= 1.0 {
            next += 1.0;
            chosen.push(DrawnAnswer { index, stratum, probability: probability(index) });
        }
    }
    chosen.sort_unstable_by_key(|drawn| drawn.index);
    for drawn in &chosen {
        shares.entry(drawn.stratum).or_default().drawn += 1;
    }
    Drawing { drawn: chosen, strata: shares }
}

/// Returns the probability of the answers of each stratum: its share of `n` over its size, at most 1; what a small stratum cannot
/// take goes to the others.
fn probabilities(
    shares: &BTreeMap<Stratum, StratumShare>,
    n: NonZeroU32,
) -> BTreeMap<Stratum, f64> {
    let mut found = BTreeMap::new();
    let mut left = f64::from(n.get());
    let mut open: BTreeMap<Stratum, f64> =
        shares.iter().map(|(stratum, share)| (*stratum, float(share.answers))).collect();
    loop {
        let weights: f64 = open.keys().map(|stratum| stratum.weight()).sum();
        let wanted = |stratum: Stratum| left * stratum.weight() / weights;
        let full: Vec<Stratum> = open
            .iter()
            .filter(|(stratum, size)| wanted(**stratum) >= **size)
            .map(|(stratum, _)| *stratum)
            .collect();
        if full.is_empty() {
            found.extend(open.iter().map(|(stratum, size)| (*stratum, wanted(*stratum) / size)));
            return found;
        }
        for stratum in full {
            left -= open.remove(&stratum).unwrap_or_default();
            found.insert(stratum, 1.0);
        }
    }
}

/// Returns the place of an answer in the random order of its stratum.
fn rank(answer: &LabelCandidate, seed: Seed) -> Digest {
    let name = Digest::of(answer.id.as_str().as_bytes());
    let trial = Digest::of(&answer.trial.to_le_bytes());
    Digest::chain([Digest::of(&seed.bytes()), name, trial])
}

/// Returns a number from 0 to below 1.
fn start(seed: Seed) -> f64 {
    let high = u32::try_from(seed.derive("start").number() >> 32).unwrap_or_default();
    f64::from(high) / 4_294_967_296.0
}

impl Drawing {
    /// Returns the number of answers that were drawn.
    pub fn n(&self) -> u64 {
        count(self.drawn.len())
    }
}
