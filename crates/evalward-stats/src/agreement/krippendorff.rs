//! Agreement of any number of raters, on any scale, with ratings missing.

use crate::StatsError;
use crate::convert::{count_to_f64, length_to_f64};
use crate::sample::{check_lengths, finite};
use crate::sorting::distinct;

/// What the distance between two ratings means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measurement {
    /// Ratings are names: equal or not.
    Nominal,
    /// Ratings have an order; the distance counts the ratings between them.
    Ordinal,
    /// The difference of ratings means something.
    Interval,
    /// The ratio of ratings means something; they are not negative.
    Ratio,
}

/// The ratings of units by several raters, in the form that agreement is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratings {
    /// The distinct ratings in ascending order.
    domain: Vec<f64>,
    /// How many ratings of pairable units have each value of the domain.
    counts: Vec<u64>,
    /// The places in the domain of all ratings of pairable units, unit by unit, ascending in each.
    places: Vec<usize>,
    /// Where each pairable unit ends in `places`.
    ends: Vec<usize>,
}

impl Ratings {
    /// Takes one row of ratings for each rater, one column for each unit; NaN stands for a rating that is missing.
    ///
    /// Units with fewer than two ratings say nothing about agreement and are left out.
    ///
    /// # Errors
    /// Returns [`StatsError::TooFew`] without raters or units, [`StatsError::Unequal`] for rows of different length and
    /// [`StatsError::NotFinite`] for an infinite rating.
    pub fn of_raters(raters: &[Vec<f64>]) -> Result<Self, StatsError> {
        let units = raters.first().map_or(0, Vec::len);
        if units == 0 {
            return Err(StatsError::TooFew { statistic: "krippendorff alpha", needed: 1, got: 0 });
        }
        for row in raters {
            check_lengths(("units", units), ("ratings of a rater", row.len()))?;
            if let Some(index) = row.iter().position(|rating| rating.is_infinite()) {
                return Err(StatsError::NotFinite { argument: "ratings", index });
            }
        }
        let domain = distinct(raters.iter().flatten().copied().filter(|rating| !rating.is_nan()));
        let mut ratings = Self {
            counts: vec![0; domain.len()],
            domain,
            places: Vec::with_capacity(units * raters.len()),
            ends: Vec::with_capacity(units),
        };
        let mut of_unit = Vec::with_capacity(raters.len());
        for unit in 0..units {
            of_unit.clear();
            let known = raters.iter().map(|row| row[unit]).filter(|rating| !rating.is_nan());
            of_unit.extend(known.map(|rating| ratings.place(rating)));
            if of_unit.len() > 1 {
                of_unit.sort_unstable();
                ratings.push(&of_unit);
            }
        }
        Ok(ratings)
    }

    fn place(&self, rating: f64) -> usize {
        self.domain.partition_point(|known| *known < rating)
    }

    fn push(&mut self, of_unit: &[usize]) {
        for place in of_unit {
            self.counts[*place] += 1;
        }
        self.places.extend_from_slice(of_unit);
        self.ends.push(self.places.len());
    }

    /// Returns the number of units with at least two ratings.
    pub fn pairable_units(&self) -> usize {
        self.ends.len()
    }

    fn units(&self) -> impl Iterator<Item = &[usize]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.places[start..*end])
    }
}

/// Returns Krippendorff's alpha: 1 for perfect agreement, 0 for that of chance; nothing where the ratings do not vary.
///
/// Krippendorff (2011), "Computing Krippendorff's alpha-reliability", equation (1): one less the ratio of observed to expected
/// disagreement. The ordinal distance is the squared difference of the middles of the ratings' ranks, so it needs no sum between
/// two values, and the interval distance needs no pairs; only ratios are compared pair by pair. Ratios of negative ratings mean
/// nothing and give nothing.
pub fn krippendorff_alpha(ratings: &Ratings, measurement: Measurement) -> Option<f64> {
    if ratings.counts.iter().filter(|count| **count > 0).count() < 2 {
        return None;
    }
    let (observed, expected) = match measurement {
        Measurement::Nominal => nominal(ratings),
        Measurement::Ordinal => squared(ratings, &middle_ranks(&ratings.counts)),
        Measurement::Interval => squared(ratings, &scaled(&ratings.domain)),
        Measurement::Ratio if ratings.domain[0] < 0.0 => return None,
        Measurement::Ratio => ratios(ratings, &scaled(&ratings.domain)),
    };
    let pairable = length_to_f64(ratings.places.len());
    finite(1.0 - observed / (expected / (pairable - 1.0)))
}

/// Calls `each` with the place and the number of equal ratings among the sorted ones of a unit.
fn runs(unit: &[usize]) -> impl Iterator<Item = (usize, f64)> + Clone {
    unit.chunk_by(|left, right| left == right).map(|run| (run[0], length_to_f64(run.len())))
}

fn nominal(ratings: &Ratings) -> (f64, f64) {
    let unequal = |all: f64, equal: f64| all * all - equal;
    let observed = ratings.units().map(|unit| {
        let all = length_to_f64(unit.len());
        unequal(all, runs(unit).map(|(_, count)| count * count).sum()) / (all - 1.0)
    });
    let squares = ratings.counts.iter().map(|count| count_to_f64(*count) * count_to_f64(*count));
    (observed.sum(), unequal(length_to_f64(ratings.places.len()), squares.sum()))
}

/// Returns the disagreements where the distance of two values is the squared difference of their positions.
///
/// The squared differences of all pairs of `m` numbers sum to `2 m` times the squared differences from their mean.
fn squared(ratings: &Ratings, positions: &[f64]) -> (f64, f64) {
    let mut observed = 0.0;
    for unit in ratings.units() {
        let all = length_to_f64(unit.len());
        let mean = unit.iter().map(|place| positions[*place]).sum::<f64>() / all;
        let squares: f64 = unit.iter().map(|place| (positions[*place] - mean).powi(2)).sum();
        observed += 2.0 * all * squares / (all - 1.0);
    }
    let all = length_to_f64(ratings.places.len());
    let weighted = || positions.iter().zip(&ratings.counts).map(|(at, n)| (at, count_to_f64(*n)));
    let mean = weighted().map(|(at, count)| at * count).sum::<f64>() / all;
    let squares: f64 = weighted().map(|(at, count)| count * (at - mean).powi(2)).sum();
    (observed, 2.0 * all * squares)
}

fn ratios(ratings: &Ratings, values: &[f64]) -> (f64, f64) {
    let distance = |left: usize, right: usize| {
        let ratio = (values[right] - values[left]) / (values[right] + values[left]);
        ratio * ratio
    };
    let mut observed = 0.0;
    for unit in ratings.units() {
        observed += pairs(runs(unit), distance) / (length_to_f64(unit.len()) - 1.0);
    }
    let used = ratings.counts.iter().enumerate().filter(|(_, count)| **count > 0);
    (observed, pairs(used.map(|(place, count)| (place, count_to_f64(*count))), distance))
}

/// Returns the sum of the distances over all ordered pairs of different values.
fn pairs(
    counted: impl Iterator<Item = (usize, f64)> + Clone,
    distance: impl Fn(usize, usize) -> f64,
) -> f64 {
    let mut sum = 0.0;
    let mut rest = counted;
    while let Some((left, times)) = rest.next() {
        let to_rest: f64 = rest.clone().map(|(right, count)| count * distance(left, right)).sum();
        sum += 2.0 * times * to_rest;
    }
    sum
}

/// Returns for each value the middle of the ranks of its ratings.
fn middle_ranks(counts: &[u64]) -> Vec<f64> {
    let mut below = 0.0;
    let middle = |count: &u64| {
        let count = count_to_f64(*count);
        below += count;
        below - count / 2.0
    };
    counts.iter().map(middle).collect()
}

/// Returns the values divided by the largest, which changes no alpha and keeps squares in range.
fn scaled(domain: &[f64]) -> Vec<f64> {
    let largest = domain.iter().fold(0.0, |most, value| f64::max(most, value.abs()));
    domain.iter().map(|value| value / largest).collect()
}
