//! Confidence sequences from the capital of a gambler who bets against a mean.

use super::bets::PluginBets;
use super::scale::{BoundedScale, check_alpha, out_of_domain};
use crate::convert::length_to_f64;
use crate::{Interval, StatsError};

/// No bet may lose more than this share of the capital.
const TRUNCATION: f64 = 0.5;

/// The cells of the grid of candidate means.
const CELLS: usize = 1000;

/// A confidence sequence for the mean of bounded observations by hedged betting; the tightest one here.
///
/// For each candidate mean of a grid of 1/1000 two gamblers bet that the mean is higher, and lower; a candidate is out once the larger
/// of their halved capitals exceeds `1 / alpha`. The interval is the running intersection, widened by one cell so that the grid costs no
/// coverage. Waudby-Smith and Ramdas (2024), "Estimating means of bounded random variables by betting", JRSS B 86(1), theorem 3 with
/// the bets of equation (26). Assumes that every observation lies in the declared range and has the same mean given those before
/// it. Only candidates that are still in are followed: each gambler's capital is monotone in the candidate, so none comes back.
#[derive(Clone, Debug, PartialEq)]
pub struct HedgedBetting {
    scale: BoundedScale,
    bets: PluginBets,
    /// What the capital of either gambler may not exceed.
    threshold: f64,
    candidates: Vec<Candidate>,
    first: usize,
    last: usize,
}

/// A candidate mean and the capitals of those who bet against it, on a higher and on a lower mean.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Candidate {
    mean: f64,
    higher_bound: f64,
    lower_bound: f64,
    higher: f64,
    lower: f64,
}

impl Candidate {
    fn new(mean: f64) -> Self {
        Self {
            mean,
            higher_bound: TRUNCATION / mean,
            lower_bound: TRUNCATION / (1.0 - mean),
            higher: 1.0,
            lower: 1.0,
        }
    }

    /// Both factors are at least 1/2, so that a capital beyond the floats stays there and never becomes NaN.
    fn bet(&mut self, x: f64, bet: f64) {
        let surprise = x - self.mean;
        self.higher *= 1.0 + bet.min(self.higher_bound) * surprise;
        self.lower *= 1.0 - bet.min(self.lower_bound) * surprise;
    }
}

impl HedgedBetting {
    /// Starts a sequence for observations from `low` to `high`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for an empty or infinite range and for an `alpha` outside `(0, 1)`.
    pub fn new(low: f64, high: f64, alpha: f64) -> Result<Self, StatsError> {
        let scale = BoundedScale::new(low, high)?;
        let alpha = check_alpha(alpha)?;
        let candidates = (0..=CELLS).map(|cell| Candidate::new(grid_point(cell))).collect();
        Ok(Self {
            scale,
            bets: PluginBets::new(alpha / 2.0),
            threshold: 2.0 / alpha,
            candidates,
            first: 0,
            last: CELLS,
        })
    }

    /// Takes an observation in and returns the intersection of the intervals so far.
    ///
    /// Where no candidate is left, which happens with probability `alpha` at most when the assumptions hold, the last one stays.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation outside the declared range, and then stays
    /// as it was.
    pub fn push(&mut self, x: f64) -> Result<Interval, StatsError> {
        let x = self.scale.to_unit(x, usize::try_from(self.bets.n()).unwrap_or(usize::MAX))?;
        let bet = self.bets.push(x);
        let live = &mut self.candidates[self.first..=self.last];
        for candidate in live.iter_mut() {
            candidate.bet(x, bet);
        }
        let is_in = |it: &Candidate| it.higher <= self.threshold && it.lower <= self.threshold;
        if let (Some(first), Some(last)) =
            (live.iter().position(is_in), live.iter().rposition(is_in))
        {
            self.last = self.first + last;
            self.first += first;
        }
        Ok(self.running())
    }

    /// Returns the intersection of the intervals so far, at first the declared range.
    pub fn running(&self) -> Interval {
        Interval {
            low: self.scale.at_share(grid_point(self.first.saturating_sub(1))),
            high: self.scale.at_share(grid_point((self.last + 1).min(CELLS))),
        }
    }
}

fn grid_point(cell: usize) -> f64 {
    length_to_f64(cell) / length_to_f64(CELLS)
}

/// Returns the logarithm of the hedged capital against a mean after each observation, which all lie in `[0, 1]`.
///
/// It is `ln max(K+ / 2, K- / 2)`, where the two gamblers bet as in [`HedgedBetting`]. Under the mean it exceeds `ln(1 / alpha)` ever
/// with probability `alpha` at most. Waudby-Smith and Ramdas (2024), "Estimating means of bounded random variables by betting", JRSS B
/// 86(1), equation (26).
///
/// # Errors
/// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation, a mean outside `[0, 1]` or an `alpha` outside
/// `(0, 1)`.
pub fn betting_log_capital(x: &[f64], mean: f64, alpha: f64) -> Result<Vec<f64>, StatsError> {
    let unit = BoundedScale::new(0.0, 1.0)?;
    if !(0.0..=1.0).contains(&mean) {
        return Err(out_of_domain("mean", mean, "in [0, 1]"));
    }
    let mut bets = PluginBets::new(check_alpha(alpha)? / 2.0);
    let (mut higher, mut lower) = (0.0_f64, 0.0_f64);
    let mut capitals = Vec::with_capacity(x.len());
    for (index, x) in x.iter().enumerate() {
        let x = unit.to_unit(*x, index)?;
        let bet = bets.push(x);
        let surprise = x - mean;
        higher += (bet.min(TRUNCATION / mean) * surprise).ln_1p();
        lower += (-bet.min(TRUNCATION / (1.0 - mean)) * surprise).ln_1p();
        capitals.push(higher.max(lower) - std::f64::consts::LN_2);
    }
    Ok(capitals)
}
