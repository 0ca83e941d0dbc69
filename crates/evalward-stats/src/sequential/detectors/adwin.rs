//! The adaptive window ADWIN.

use super::super::scale::{check_finite, out_of_domain};
use crate::StatsError;
use crate::convert::count_to_f64;

/// What an [`Adwin`] is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdwinOptions {
    /// The probability with which a cut of a window without change may be taken for one.
    pub delta: f64,
    /// At every how many observations the cuts are tried.
    pub clock: u64,
    /// How many buckets of one size there may be.
    pub max_buckets: usize,
    /// How many observations either part of the window must have at least.
    pub min_window_length: u64,
    /// How many observations there must be before the cuts are tried at all.
    pub grace_period: u64,
}

impl Default for AdwinOptions {
    /// Returns the defaults of river 0.26.1.
    fn default() -> Self {
        Self { delta: 0.002, clock: 32, max_buckets: 5, min_window_length: 5, grace_period: 10 }
    }
}

/// A window that drops its older part when the means of the two parts differ, as `river.drift.ADWIN` 0.26.1 does.
///
/// Bifet and Gavaldà (2007), "Learning from time-changing data with adaptive windowing", SDM 2007, section 3.2 (ADWIN2): the window is
/// kept as buckets of 1, 2, 4, ... observations, so that `n` observations take `O(log n)` memory. As in river the window starts anew at
/// the observation after a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Adwin {
    options: AdwinOptions,
    n: u64,
    window: Window,
    found: bool,
}

impl Adwin {
    /// Starts with an empty window.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for a `delta` outside `(0, 1)` and for a `clock` or `max_buckets` of 0.
    pub fn new(options: AdwinOptions) -> Result<Self, StatsError> {
        let AdwinOptions { delta, clock, max_buckets, .. } = options;
        if !(delta > 0.0 && delta < 1.0) {
            return Err(out_of_domain("delta", delta, "strictly between 0 and 1"));
        }
        if clock == 0 {
            return Err(out_of_domain("clock", 0.0, "at least 1"));
        }
        if max_buckets == 0 {
            return Err(out_of_domain("max_buckets", 0.0, "at least 1"));
        }
        Ok(Self { options, n: 0, window: Window::default(), found: false })
    }

    /// Takes an observation in and tells whether a change is found at it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<bool, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        if self.found {
            self.window.clear();
        }
        self.window.insert(x, self.options.max_buckets);
        self.found = self.window.find_change(&self.options);
        Ok(self.found)
    }

    /// Returns the number of observations in the window.
    pub const fn width(&self) -> f64 {
        self.window.width
    }

    /// Returns the mean of the window, and nothing while it is empty or its sum is not finite.
    pub fn estimation(&self) -> Option<f64> {
        let mean = self.window.total / self.window.width;
        mean.is_finite().then_some(mean)
    }
}

/// The observations of the window in buckets; row `i` has those of `2^i` observations, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
struct Window {
    ticks: u64,
    width: f64,
    total: f64,
    /// The sum of squared distances to the mean.
    variance: f64,
    rows: Vec<Vec<Bucket>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Bucket {
    total: f64,
    variance: f64,
}

impl Window {
    /// Empties the window but keeps its memory.
    fn clear(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        rows.iter_mut().for_each(Vec::clear);
        *self = Self { rows, ..Self::default() };
    }

    fn insert(&mut self, x: f64, max_buckets: usize) {
        self.width += 1.0;
        if self.width > 1.0 {
            let before = self.width - 1.0;
            let distance = x - self.total / before;
            self.variance += before * distance * distance / self.width;
        }
        self.total += x;
        self.row(0).push(Bucket { total: x, variance: 0.0 });
        self.merge(max_buckets);
    }

    fn row(&mut self, index: usize) -> &mut Vec<Bucket> {
        if index == self.rows.len() {
            self.rows.push(Vec::new());
        }
        &mut self.rows[index]
    }

    /// Merges the two oldest buckets of each row that has too many into one of the next row.
    fn merge(&mut self, max_buckets: usize) {
        let mut index = 0;
        let mut size = 1.0;
        while self.rows[index].len() > max_buckets {
            let row = &mut self.rows[index];
            let (first, second) = (row[0], row[1]);
            row.copy_within(2.., 0);
            row.truncate(row.len() - 2);
            let distance = first.total / size - second.total / size;
            let merged = Bucket {
                total: first.total + second.total,
                variance: first.variance + second.variance + size * 0.5 * distance * distance,
            };
            index += 1;
            size *= 2.0;
            self.row(index).push(merged);
        }
    }

    /// Drops old buckets for as long as there is a cut at which the means differ, and tells whether there was one.
    fn find_change(&mut self, options: &AdwinOptions) -> bool {
        self.ticks += 1;
        if !self.ticks.is_multiple_of(options.clock)
            || self.width <= count_to_f64(options.grace_period)
        {
            return false;
        }
        let mut found = false;
        while self.has_cut(options) {
            found = true;
            self.drop_oldest();
        }
        found
    }

    /// Tells whether the means differ at some cut between two buckets, from the oldest cut on.
    fn has_cut(&self, options: &AdwinOptions) -> bool {
        let least = count_to_f64(options.min_window_length);
        let risk = (2.0 * self.width.ln() / options.delta).ln();
        let spread = self.variance / self.width;
        let (mut old, mut new) = (0.0, self.width);
        let (mut old_total, mut new_total) = (0.0, self.total);
        let mut size = 2_f64.powi(i32::try_from(self.rows.len()).unwrap_or(i32::MAX));
        for row in self.rows.iter().rev() {
            size /= 2.0;
            for bucket in row {
                old += size;
                new -= size;
                old_total += bucket.total;
                new_total -= bucket.total;
                if old < least || new < least || new <= 0.0 {
                    continue;
                }
                let distance = old_total / old - new_total / new;
                let inverse = 1.0 / (old - least + 1.0) + 1.0 / (new - least + 1.0);
                let bound = (2.0 * inverse * spread * risk).sqrt() + 2.0 / 3.0 * risk * inverse;
                if distance.abs() > bound {
                    return true;
                }
            }
        }
        false
    }

    /// Takes the oldest bucket out of the window.
    fn drop_oldest(&mut self) {
        while self.rows.last().is_some_and(Vec::is_empty) {
            self.rows.pop();
        }
        let Some(row) = self.rows.last_mut() else { return };
        let bucket = row.remove(0);
        let size = 2_f64.powi(i32::try_from(self.rows.len() - 1).unwrap_or(i32::MAX));
        self.width -= size;
        self.total -= bucket.total;
        let distance = bucket.total / size - self.total / self.width;
        self.variance -=
            bucket.variance + size * self.width * distance * distance / (size + self.width);
        while self.rows.last().is_some_and(Vec::is_empty) {
            self.rows.pop();
        }
    }
}
