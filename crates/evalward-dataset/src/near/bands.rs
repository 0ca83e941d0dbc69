//! How many bands of how many minima find pairs of a given similarity.

/// At least this share of the pairs at the threshold is found; of more similar ones, more.
const RECALL: f64 = 0.995;

/// The most minima of a signature.
const MOST_MINIMA: u32 = 160;

/// The most minima of a band; more would hardly keep out more.
const MOST_ROWS: u32 = 8;

/// A signature of `bands` times `rows` minima.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BandPlan {
    /// The minima of a band, in all of which a pair must agree.
    pub(super) rows: usize,
    /// The bands, in one of which a pair must agree.
    pub(super) bands: usize,
}

impl BandPlan {
    /// Returns the plan with the longest bands, which keep out most, that still finds pairs at the threshold: a pair of
    /// similarity s agrees in one of b bands of r minima with probability 1 - (1 - s^r)^b (Leskovec, Rajaraman and Ullman,
    /// "Mining of Massive Datasets", section 3.4.2).
    pub(super) fn for_threshold(threshold: f64) -> Self {
        let mut plans = (1..=MOST_ROWS).rev().map(|rows| (rows, bands_for(threshold, rows)));
        let (rows, bands) =
            plans.find(|(rows, bands)| rows * bands <= MOST_MINIMA).unwrap_or((1, MOST_MINIMA));
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Self { rows: size(rows), bands: size(bands) }
    }

    /// Returns the number of minima of a signature.
    pub(super) const fn minima(self) -> usize {
        self.rows * self.bands
    }
}

fn bands_for(threshold: f64, rows: u32) -> u32 {
    let agrees = threshold.powf(f64::from(rows));
    (1..=MOST_MINIMA)
        .find(|bands| 1.0 - (1.0 - agrees).powf(f64::from(*bands)) >= RECALL)
        .unwrap_or(MOST_MINIMA + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(threshold: f64, rows: usize, bands: usize) {
        assert_eq!(BandPlan::for_threshold(threshold), BandPlan { rows, bands });
    }

    #[test]
    fn bands_are_as_long_as_the_recall_allows() {
        check(0.5, 3, 40);
        check(0.7, 5, 29);
        check(0.9, 8, 10);
        check(1.0, 8, 1);
    }
}
