//! The Page-Hinkley test.

use super::super::scale::{check_finite, out_of_domain};
use crate::StatsError;
use crate::convert::count_to_f64;

/// The direction of change that a [`PageHinkley`] watches for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// The mean rises.
    Up,
    /// The mean falls.
    Down,
    /// The mean moves either way.
    #[default]
    Both,
}

/// What a [`PageHinkley`] is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageHinkleyOptions {
    /// How many observations there must be before a change can be found.
    pub min_instances: u64,
    /// The change of the mean that is tolerated.
    pub delta: f64,
    /// How far the sum must have moved from its extreme.
    pub threshold: f64,
    /// The factor by which the sums fade at each observation; 1 for not at all.
    pub alpha: f64,
    /// The direction of change that is looked for.
    pub direction: Direction,
}

impl Default for PageHinkleyOptions {
    /// Returns the defaults of river 0.26.1.
    fn default() -> Self {
        Self {
            min_instances: 30,
            delta: 0.005,
            threshold: 50.0,
            alpha: 1.0 - 0.0001,
            direction: Direction::Both,
        }
    }
}

/// A detector that sums the distances to the running mean, as `river.drift.PageHinkley` 0.26.1 does.
///
/// The test has no stated rate of false alarms: its threshold must be tried out. Page (1954), "Continuous inspection schemes",
/// Biometrika 41(1/2), section 5, with the fading sums of river. After a change it starts anew at the next observation.
#[derive(Clone, Debug, PartialEq)]
pub struct PageHinkley {
    options: PageHinkleyOptions,
    n: u64,
    state: State,
    found: bool,
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    n: u64,
    mean: f64,
    increase: f64,
    decrease: f64,
    least_increase: f64,
    most_decrease: f64,
}

impl State {
    /// The greatest decrease starts at -1, as it does in river.
    const START: Self = Self {
        n: 0,
        mean: 0.0,
        increase: 0.0,
        decrease: 0.0,
        least_increase: f64::INFINITY,
        most_decrease: -1.0,
    };
}

impl PageHinkley {
    /// Starts a detector.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a `delta` that is not finite, a threshold that is negative and an `alpha`
    /// outside `[0, 1]`.
    pub fn new(options: PageHinkleyOptions) -> Result<Self, StatsError> {
        let PageHinkleyOptions { delta, threshold, alpha, .. } = options;
        if !delta.is_finite() {
            return Err(out_of_domain("delta", delta, "a finite number"));
        }
        if !(threshold >= 0.0 && threshold.is_finite()) {
            return Err(out_of_domain("threshold", threshold, "finite and not negative"));
        }
        if !(0.0..=1.0).contains(&alpha) {
            return Err(out_of_domain("alpha", alpha, "in [0, 1]"));
        }
        Ok(Self { options, n: 0, state: State::START, found: false })
    }

    /// Takes an observation in and tells whether a change is found at it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<bool, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        if self.found {
            self.state = State::START;
        }
        let PageHinkleyOptions { min_instances, delta, threshold, alpha, direction } = self.options;
        let state = &mut self.state;
        state.n += 1;
        state.mean += 1.0 / count_to_f64(state.n) * (x - state.mean);
        let deviation = x - state.mean;
        state.increase = alpha * state.increase + deviation - delta;
        state.decrease = alpha * state.decrease + deviation + delta;
        state.least_increase = state.least_increase.min(state.increase);
        state.most_decrease = state.most_decrease.max(state.decrease);
        let rises = state.increase - state.least_increase > threshold;
        let falls = state.most_decrease - state.decrease > threshold;
        let moves = match direction {
            Direction::Up => rises,
            Direction::Down => falls,
            Direction::Both => rises || falls,
        };
        self.found = state.n >= min_instances && moves;
        Ok(self.found)
    }
}
