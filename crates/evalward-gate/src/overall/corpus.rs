//! Scores of a corpus: from the sums of counts, with resamples that are kept along.

use std::f64::consts::E;

use evalward_core::{BleuCounts, ChrfCounts, Contribution, Finite};
use evalward_metrics::{corpus_bleu, corpus_chrf};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use super::resample::{LEVEL, SEED, percentiles};
use super::summary::{CorpusScore, Figure, Overall, Resampling};
use crate::numbers::finite;

/// The number of resamples that are kept along.
const DRAWS: u32 = 500;

/// Sums of counts, of all outputs and of each resample.
///
/// Each independent unit (a cluster, or an example with its trials) takes part in a resample as often as a Poisson number with
/// mean 1 says, which follows from the unit and the number of the resample alone: so neither order nor memory of single outputs
/// matters. Hanley and `MacGibbon` (2006), "Creating non-parametric bootstrap samples using Poisson frequencies".
#[derive(Debug)]
pub(crate) struct CorpusTally {
    kind: Contribution,
    n: u64,
    sums: Vec<u64>,
    /// The sums of one resample after the other.
    resamples: Vec<u64>,
    first_unit: u64,
    several_units: bool,
}

impl CorpusTally {
    /// Starts with an output; absent for a contribution that is no counts.
    pub(super) fn new(contribution: &Contribution, unit: u64, intervals: bool) -> Option<Self> {
        let counts = counts(contribution)?;
        let draws = if intervals { usize::try_from(DRAWS).unwrap_or(0) } else { 0 };
        Some(Self {
            kind: contribution.clone(),
            n: 0,
            sums: vec![0; counts.len()],
            resamples: vec![0; counts.len() * draws],
            first_unit: unit,
            several_units: false,
        })
    }

    /// Adds an output, or says why it cannot be added.
    pub(super) fn push(&mut self, contribution: &Contribution, unit: u64) -> Result<(), String> {
        let more = counts(contribution).filter(|_| same_settings(&self.kind, contribution));
        let Some(more) = more.filter(|more| more.len() == self.sums.len()) else {
            return Err("rows disagree about the settings of the metric".to_owned());
        };
        self.n += 1;
        self.several_units |= unit != self.first_unit;
        add(&mut self.sums, &more, 1);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(unit ^ SEED);
        for sums in self.resamples.chunks_exact_mut(more.len().max(1)) {
            match poisson(random.random::<f64>()) {
                0 => {}
                times => add(sums, &more, times),
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Overall {
        let value = self.score(&self.sums);
        let values: Vec<f64> = if self.several_units {
            let resamples = self.resamples.chunks_exact(self.sums.len().max(1));
            // A resample into which nothing was drawn has no score.
            resamples
                .filter(|it| it.iter().any(|it| *it > 0))
                .map(|it| self.score(it).get())
                .collect()
        } else {
            Vec::new()
        };
        let resampling = (!values.is_empty()).then(|| Resampling {
            method: "poisson-bootstrap".to_owned(),
            level: finite(LEVEL).unwrap_or_default(),
            draws: DRAWS,
            seed: SEED,
            effective_n: None,
        });
        let interval = percentiles(values);
        let score = Figure { value, low: interval.map(|it| it.0), high: interval.map(|it| it.1) };
        let corpus = CorpusScore { n: self.n, score, resampling };
        match self.kind {
            Contribution::Chrf(_) => Overall::CorpusChrf(corpus),
            Contribution::Bleu(_) | Contribution::Label { .. } => Overall::CorpusBleu(corpus),
        }
    }

    /// Computes the score of sums.
    fn score(&self, sums: &[u64]) -> Finite {
        match &self.kind {
            Contribution::Bleu(kind) => {
                let orders = kind.matches.len();
                let part = |from: usize, length| sums.iter().skip(from).take(length).copied();
                let at = |place: usize| sums.get(place).copied().unwrap_or(0);
                corpus_bleu(&BleuCounts {
                    matches: part(0, orders).collect(),
                    totals: part(orders, orders).collect(),
                    output_tokens: at(2 * orders),
                    reference_tokens: at(2 * orders + 1),
                    ..kind.clone()
                })
            }
            Contribution::Chrf(kind) => corpus_chrf(&ChrfCounts {
                orders: sums.as_chunks::<3>().0.to_vec(),
                ..kind.clone()
            }),
            Contribution::Label { .. } => Finite::ZERO,
        }
    }
}

/// Returns the counts of an output in one line; absent where its numbers of matches and totals do not fit each other.
fn counts(contribution: &Contribution) -> Option<Vec<u64>> {
    match contribution {
        Contribution::Bleu(it) if it.matches.len() == it.totals.len() => {
            let mut counts = it.matches.clone();
            counts.extend(&it.totals);
            counts.extend([it.output_tokens, it.reference_tokens]);
            Some(counts)
        }
        Contribution::Chrf(it) => Some(it.orders.iter().flatten().copied().collect()),
        Contribution::Bleu(_) | Contribution::Label { .. } => None,
    }
}

fn same_settings(left: &Contribution, right: &Contribution) -> bool {
    match (left, right) {
        (Contribution::Bleu(left), Contribution::Bleu(right)) => {
            left.smoothing == right.smoothing && left.smoothing_value == right.smoothing_value
        }
        (Contribution::Chrf(left), Contribution::Chrf(right)) => {
            left.beta == right.beta && left.eps_smoothing == right.eps_smoothing
        }
        _ => false,
    }
}

fn add(sums: &mut [u64], more: &[u64], times: u64) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum = sum.saturating_add(more.saturating_mul(times));
    }
}

/// Returns the Poisson number with mean 1 at a probability, by inversion.
fn poisson(probability: f64) -> u64 {
    let (mut number, mut mass) = (0_u64, 1.0 / E);
    let mut reached = mass;
    while reached <= probability && number < 30 {
        number += 1;
        mass /= crate::numbers::float(number);
        reached += mass;
    }
    number
}
