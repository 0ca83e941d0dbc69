//! Detectors with a stated run length: e-detectors for a mean that has fallen.

use super::scale::{BoundedScale, out_of_domain};
use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64};

/// How an [`EDetector`] combines the possible times of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EDetectorKind {
    /// The sum over all times (Shiryaev and Roberts).
    ShiryaevRoberts,
    /// The largest over all times (CUSUM).
    Cusum,
}

/// What an [`EDetector`] is set by.
#[derive(Clone, Debug, PartialEq)]
pub struct EDetectorOptions {
    /// How the possible times of a change are combined.
    pub kind: EDetectorKind,
    /// The lower end of the range of observations.
    pub low: f64,
    /// The upper end of the range of observations.
    pub high: f64,
    /// The mean that observations have at least while nothing has changed.
    pub floor: f64,
    /// The bets to average over, on observations that are mapped onto `[0, 1]`; 5, 10, 20 and 40 % of the largest possible bet when
    /// there are none.
    pub bets: Vec<f64>,
}

/// A detector of a mean of bounded observations that has fallen below a floor, with a stated average run length.
///
/// For each bet the increment is `1 + bet (floor - x)`; the detector is the average over the bets. An alarm at `1 / alpha` comes after
/// `1 / alpha` observations or more on average while the mean of every observation given those before it is at least the floor; nothing
/// else is assumed, not even independence. Shin, Ramdas and Rinaldo (2023), "E-detectors: a nonparametric framework for sequential change
/// detection", New England Journal of Statistics in Data Science 2(2), definition 2.2 and equations (19) and (20).
#[derive(Clone, Debug, PartialEq)]
pub struct EDetector {
    scale: BoundedScale,
    kind: EDetectorKind,
    floor: f64,
    n: u64,
    capitals: Vec<Capital>,
}

/// What a bet has won, as `value * SCALE^power`, so that no length of a change overflows it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Capital {
    bet: f64,
    value: f64,
    power: u32,
}

/// 2^500.
const SCALE: f64 = 3.273_390_607_896_142e150;

impl Capital {
    fn push(&mut self, kind: EDetectorKind, gain: f64) {
        // Beside 2^500 a unit is nothing.
        let unit = if self.power == 0 { 1.0 } else { 0.0 };
        let start = match kind {
            EDetectorKind::ShiryaevRoberts => self.value + unit,
            EDetectorKind::Cusum => self.value.max(unit),
        };
        self.value = start * (1.0 + self.bet * gain);
        if self.value > SCALE {
            self.value /= SCALE;
            self.power += 1;
        } else if self.power > 0 && self.value < 1.0 {
            self.value *= SCALE;
            self.power -= 1;
        }
    }

    fn log(&self) -> f64 {
        self.value.ln() + f64::from(self.power) * SCALE.ln()
    }
}

impl EDetector {
    /// Starts a detector.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for an empty or infinite range, a floor that is not strictly inside it, and a bet that is not
    /// positive or could lose everything.
    pub fn new(options: &EDetectorOptions) -> Result<Self, StatsError> {
        let scale = BoundedScale::new(options.low, options.high)?;
        let finite = options.floor.is_finite();
        let floor = if finite { scale.to_unit(options.floor, 0)? } else { f64::NAN };
        if !(floor > 0.0 && floor < 1.0) {
            return Err(out_of_domain("floor", options.floor, "strictly inside the range"));
        }
        let largest = 1.0 / (1.0 - floor);
        let bets = if options.bets.is_empty() {
            [0.05, 0.1, 0.2, 0.4].map(|share| share * largest).to_vec()
        } else {
            options.bets.clone()
        };
        if let Some(bet) = bets.iter().find(|bet| !(**bet > 0.0 && **bet < largest)) {
            return Err(out_of_domain("bets", *bet, "positive and below 1 / (1 - floor)"));
        }
        let capitals = bets.into_iter().map(|bet| Capital { bet, value: 0.0, power: 0 }).collect();
        Ok(Self { scale, kind: options.kind, floor, n: 0, capitals })
    }

    /// Takes an observation in and returns the logarithm of the detector after it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation outside the declared range, and then stays
    /// as it was.
    pub fn push(&mut self, x: f64) -> Result<f64, StatsError> {
        let x = self.scale.to_unit(x, usize::try_from(self.n).unwrap_or(usize::MAX))?;
        self.n += 1;
        for capital in &mut self.capitals {
            capital.push(self.kind, self.floor - x);
        }
        Ok(self.log_value())
    }

    /// Returns the number of observations since the start.
    pub const fn n(&self) -> u64 {
        self.n
    }

    /// Tells whether the detector stands at `1 / alpha` or above.
    pub fn is_alarm(&self, alpha: f64) -> bool {
        self.n > 0 && self.log_value() >= -alpha.ln()
    }

    /// Forgets all observations, as after an alarm that was seen.
    pub fn reset(&mut self) {
        self.n = 0;
        for capital in &mut self.capitals {
            (capital.value, capital.power) = (0.0, 0);
        }
    }

    fn log_value(&self) -> f64 {
        let count = length_to_f64(self.capitals.len());
        if self.capitals.iter().all(|capital| capital.power == 0) {
            let sum: f64 = self.capitals.iter().map(|capital| capital.value).sum();
            return (sum / count).ln();
        }
        let largest = self.capitals.iter().map(Capital::log).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.capitals.iter().map(|capital| (capital.log() - largest).exp()).sum();
        largest + (sum / count).ln()
    }
}

/// Returns the `alpha` at which false alarms come at most once in so many observations on average.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for fewer than two observations.
pub fn alpha_for_run_length(observations: u64) -> Result<f64, StatsError> {
    if observations < 2 {
        return Err(out_of_domain("observations", count_to_f64(observations), "at least 2"));
    }
    Ok(1.0 / count_to_f64(observations))
}
