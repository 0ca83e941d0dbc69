//! Distances between two histograms over the same bins.

use serde::Serialize;

use crate::StatsError;
use crate::sample::{check_lengths, check_sample, power_of_two};

/// The least share of a bin in `psi_eps`.
const FLOOR: f64 = 1e-4;

/// Distances between two histograms; those that are infinite, because one has a bin that the other lacks, are absent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HistogramDistances {
    /// The square root of `js_divergence`, between 0 and 1.
    pub js_distance: f64,
    /// The Jensen-Shannon divergence, in bits.
    pub js_divergence: f64,
    /// The Kullback-Leibler divergence of the first from the second, in nats.
    pub kl_pq: Option<f64>,
    /// The Kullback-Leibler divergence of the second from the first, in nats.
    pub kl_qp: Option<f64>,
    /// The Hellinger distance, between 0 and 1.
    pub hellinger: f64,
    /// The largest difference in the probability of any set of bins.
    pub total_variation: f64,
    /// The population stability index, the sum of both Kullback-Leibler divergences.
    pub psi: Option<f64>,
    /// The population stability index with no share below 1e-4, which is always finite.
    pub psi_eps: f64,
}

/// Returns how far two histograms, given as counts or shares, are apart.
///
/// Lin (1991), "Divergence measures based on the Shannon entropy", equation (4.1); Kullback and Leibler (1951); Hellinger (1909),
/// as the Euclidean distance of the square roots over the square root of 2. These are effect sizes: what counts as large depends
/// on the number of observations, so an alarm needs a test.
///
/// # Errors
/// Returns [`StatsError::TooFew`] without bins, [`StatsError::Unequal`] for different numbers of bins, [`StatsError::NotFinite`]
/// for a NaN or infinite entry, and [`StatsError::OutOfDomain`] for a negative entry or a histogram without any.
pub fn histogram_distances(p: &[f64], q: &[f64]) -> Result<HistogramDistances, StatsError> {
    check_lengths(("p", p.len()), ("q", q.len()))?;
    let (p, q) = (shares("p", p)?, shares("q", q)?);
    let (mut divergence, mut kl_pq, mut kl_qp) = (0.0, 0.0, 0.0);
    let (mut hellinger, mut variation, mut psi) = (0.0, 0.0, 0.0);
    for (p, q) in p.iter().copied().zip(q.iter().copied()) {
        let middle = f64::midpoint(p, q);
        divergence += f64::midpoint(relative_entropy(p, middle), relative_entropy(q, middle));
        kl_pq += relative_entropy(p, q);
        kl_qp += relative_entropy(q, p);
        psi += stability(p, q);
        hellinger += (p.sqrt() - q.sqrt()).powi(2);
        variation += (p - q).abs();
    }
    let divergence = (divergence / std::f64::consts::LN_2).clamp(0.0, 1.0);
    Ok(HistogramDistances {
        js_distance: divergence.sqrt(),
        js_divergence: divergence,
        kl_pq: kl_pq.is_finite().then_some(kl_pq.max(0.0)),
        kl_qp: kl_qp.is_finite().then_some(kl_qp.max(0.0)),
        hellinger: (hellinger / 2.0).sqrt().min(1.0),
        total_variation: (variation / 2.0).min(1.0),
        psi: psi.is_finite().then_some(psi),
        psi_eps: floored(&p).zip(floored(&q)).map(|(p, q)| stability(p, q)).sum(),
    })
}

/// Returns the entries divided by their sum.
fn shares(argument: &'static str, entries: &[f64]) -> Result<Vec<f64>, StatsError> {
    check_sample("histogram distances", argument, entries, 1)?;
    let largest = entries.iter().fold(0.0, |most, entry| f64::max(most, *entry));
    let scale = power_of_two(largest);
    let negative = entries.iter().copied().find(|entry| *entry < 0.0);
    if let Some(value) = negative.or((largest <= 0.0).then_some(0.0)) {
        let expected = "not negative, and positive for some bin";
        return Err(StatsError::OutOfDomain { argument, value, expected });
    }
    let total: f64 = entries.iter().map(|entry| entry / scale).sum();
    Ok(entries.iter().map(|entry| entry / scale / total).collect())
}

/// Returns `p ln(p / q)`: 0 for `p = 0`, infinite for `q = 0` alone.
fn relative_entropy(p: f64, q: f64) -> f64 {
    if p <= 0.0 { 0.0 } else { p * (p / q).ln() }
}

/// Returns `(p - q) ln(p / q)`.
fn stability(p: f64, q: f64) -> f64 {
    if p <= 0.0 && q <= 0.0 { 0.0 } else { (p - q) * (p / q).ln() }
}

fn floored(shares: &[f64]) -> impl Iterator<Item = f64> {
    let total: f64 = shares.iter().map(|share| share.max(FLOOR)).sum();
    shares.iter().map(move |share| share.max(FLOOR) / total)
}
