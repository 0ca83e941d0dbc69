//! Agreement of two raters on categories, beyond what chance gives.

use serde::Serialize;

use crate::convert::{count_to_f64, length_to_f64, wide_to_f64};
use crate::sample::{check_lengths, check_sample, finite, finite_interval};
use crate::sorting::distinct;
use crate::special::normal_upper_quantile;
use crate::{Interval, Level, StatsError};

/// How often two raters chose each pair of categories; only pairs that occur take room.
#[derive(Clone, Debug, PartialEq)]
pub struct RatingTable {
    categories: usize,
    /// Row, column and count, each pair once.
    cells: Vec<(usize, usize, u64)>,
}

impl RatingTable {
    /// Counts the pairs of ratings `(a[i], b[i])`; the categories are those that occur unless they are given.
    ///
    /// # Errors
    /// Returns [`StatsError::TooFew`] without ratings, [`StatsError::Unequal`] for raters of different length,
    /// [`StatsError::NotFinite`] for a rating that is missing, and [`StatsError::OutOfDomain`] for one that is no category.
    pub fn of_ratings(
        a: &[f64],
        b: &[f64],
        categories: Option<&[f64]>,
    ) -> Result<Self, StatsError> {
        check_lengths(("a", a.len()), ("b", b.len()))?;
        check_sample("kappa", "a", a, 1)?;
        check_sample("kappa", "b", b, 1)?;
        let domain = if let Some(given) = categories {
            check_sample("kappa", "categories", given, 1)?;
            distinct(given.iter().copied())
        } else {
            distinct(a.iter().chain(b).copied())
        };
        let index = |argument, value: f64| {
            let place = domain.partition_point(|known| *known < value);
            match domain.get(place) {
                Some(known) if *known <= value => Ok(place),
                _ => Err(StatsError::OutOfDomain { argument, value, expected: "a category" }),
            }
        };
        let mut pairs = Vec::with_capacity(a.len());
        for (left, right) in a.iter().zip(b) {
            pairs.push((index("a", *left)?, index("b", *right)?));
        }
        pairs.sort_unstable();
        let cells = pairs
            .chunk_by(|left, right| left == right)
            .map(|equal| (equal[0].0, equal[0].1, equal.iter().map(|_| 1_u64).sum()))
            .collect();
        Ok(Self { categories: domain.len(), cells })
    }

    /// Takes the counts of a square table, the first rater's categories by row.
    ///
    /// # Errors
    /// Returns [`StatsError::Unequal`] unless the table is square and [`StatsError::TooFew`] where all counts are 0.
    pub fn of_counts(counts: &[Vec<u64>]) -> Result<Self, StatsError> {
        let mut cells = Vec::new();
        for (row, columns) in counts.iter().enumerate() {
            check_lengths(("rows", counts.len()), ("columns", columns.len()))?;
            let used = columns.iter().enumerate().filter(|(_, count)| **count > 0);
            cells.extend(used.map(|(column, count)| (row, column, *count)));
        }
        if cells.is_empty() {
            return Err(StatsError::TooFew { statistic: "kappa", needed: 1, got: 0 });
        }
        Ok(Self { categories: counts.len(), cells })
    }
}

/// Measures of agreement between two raters; those that chance alone decides are absent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CohenKappa {
    /// The number of pairs of ratings.
    pub n: u64,
    /// The share of pairs that agree.
    pub percent_agreement: f64,
    /// Cohen's kappa.
    pub unweighted: Option<f64>,
    /// Kappa with disagreement weighted by the distance between the places of the categories.
    pub linear: Option<f64>,
    /// Kappa with disagreement weighted by the square of that distance.
    pub quadratic: Option<f64>,
    /// The standard error of `unweighted`.
    pub se_fleiss: Option<f64>,
    /// The normal interval of `unweighted`; not cut off at 1.
    pub ci: Option<Interval>,
    /// Gwet's AC1, which does not fall when nearly all ratings are of one category.
    pub gwet_ac1: Option<f64>,
    /// Scott's pi.
    pub scott_pi: Option<f64>,
    /// Bangdiwala's B.
    pub bangdiwala_b: Option<f64>,
}

/// Returns Cohen's kappa with its weighted forms, its interval and its relatives.
///
/// Cohen (1960), "A coefficient of agreement for nominal scales", equation (1); the weights of Cohen (1968); the standard error
/// of Fleiss, Cohen and Everitt (1969), equation (13), which assumes independent pairs of ratings; AC1 of Gwet (2008), equation
/// (7); pi of Scott (1955); B of Bangdiwala (1985).
pub fn cohen_kappa(table: &RatingTable, level: Level) -> CohenKappa {
    let margins = Margins::of(table);
    let n = count_to_f64(margins.n);
    let unweighted = margins.kappa();
    let se_fleiss = unweighted.and_then(|_| margins.standard_error(table));
    let reach = normal_upper_quantile(level.tail());
    let ci = unweighted
        .zip(se_fleiss)
        .and_then(|(kappa, error)| finite_interval(kappa - reach * error, kappa + reach * error));
    CohenKappa {
        n: margins.n,
        percent_agreement: count_to_f64(margins.agreed) / n,
        unweighted,
        linear: unweighted.and_then(|_| margins.weighted(table, |apart| apart)),
        quadratic: unweighted.and_then(|_| margins.weighted(table, |apart| apart * apart)),
        se_fleiss,
        ci,
        gwet_ac1: margins.gwet(),
        scott_pi: margins.scott(),
        bangdiwala_b: margins.bangdiwala(table),
    }
}

struct Margins {
    n: u64,
    agreed: u64,
    rows: Vec<u64>,
    columns: Vec<u64>,
}

impl Margins {
    fn of(table: &RatingTable) -> Self {
        let mut margins = Self {
            n: 0,
            agreed: 0,
            rows: vec![0; table.categories],
            columns: vec![0; table.categories],
        };
        for (row, column, count) in &table.cells {
            margins.n += count;
            margins.rows[*row] += count;
            margins.columns[*column] += count;
            if row == column {
                margins.agreed += count;
            }
        }
        margins
    }

    fn products(&self) -> f64 {
        let pairs = self.rows.iter().zip(&self.columns);
        pairs.map(|(row, column)| count_to_f64(*row) * count_to_f64(*column)).sum()
    }

    /// Tells whether both raters used one category and the same, so that chance agrees always.
    fn is_single(&self) -> bool {
        self.rows.iter().zip(&self.columns).any(|(row, column)| *row == self.n && *column == self.n)
    }

    fn kappa(&self) -> Option<f64> {
        if self.is_single() {
            return None;
        }
        let n = count_to_f64(self.n);
        let expected = self.products() / n / n;
        finite((count_to_f64(self.agreed) / n - expected) / (1.0 - expected))
    }

    /// Returns kappa with disagreement weighted by `weight` of the distance between two categories.
    fn weighted(&self, table: &RatingTable, weight: impl Fn(f64) -> f64) -> Option<f64> {
        let distance = |row: usize, column: usize| weight(length_to_f64(row.abs_diff(column)));
        let seen: f64 = table
            .cells
            .iter()
            .map(|(row, column, count)| count_to_f64(*count) * distance(*row, *column))
            .sum();
        let used = |margin: &[u64]| -> Vec<(usize, f64)> {
            let used = margin.iter().enumerate().filter(|(_, count)| **count > 0);
            used.map(|(place, count)| (place, count_to_f64(*count))).collect()
        };
        let (rows, columns) = (used(&self.rows), used(&self.columns));
        let mut expected = 0.0;
        for (row, times) in &rows {
            let across: f64 =
                columns.iter().map(|(column, count)| count * distance(*row, *column)).sum();
            expected += times * across;
        }
        finite(1.0 - seen * count_to_f64(self.n) / expected)
    }

    fn standard_error(&self, table: &RatingTable) -> Option<f64> {
        let n = count_to_f64(self.n);
        let chance = n * n - self.products();
        let squares = match self.exact_squares(table) {
            Some(squares) => wide_to_f64(squares) * n,
            None => self.rounded_squares(table) * n.powi(7),
        };
        finite(squares.max(0.0).sqrt() / chance / chance)
    }

    /// Returns the braces of the variance times `n^6`, without rounding, so that no variance is none; nothing beyond 128 bits.
    fn exact_squares(&self, table: &RatingTable) -> Option<i128> {
        let n = i128::from(self.n);
        let agreed = i128::from(self.agreed);
        let margin = |counts: &[u64], place: usize| i128::from(counts[place]);
        let mut products = 0_i128;
        for (row, column) in self.rows.iter().zip(&self.columns) {
            products = products.checked_add(i128::from(*row).checked_mul(i128::from(*column))?)?;
        }
        let square = n.checked_mul(n)?;
        let (chance, apart) = (square - products, n - agreed);
        let (mut diagonal, mut rest) = (0_i128, 0_i128);
        for (row, column, count) in &table.cells {
            let marginal = margin(&self.columns, *row) + margin(&self.rows, *column);
            let count = i128::from(*count);
            if row == column {
                let term = chance.checked_sub(marginal.checked_mul(apart)?)?;
                diagonal = diagonal.checked_add(count.checked_mul(term.checked_mul(term)?)?)?;
            } else {
                rest = rest.checked_add(count.checked_mul(marginal.checked_mul(marginal)?)?)?;
            }
        }
        let spread = diagonal.checked_add(apart.checked_mul(apart)?.checked_mul(rest)?)?;
        let centre = agreed
            .checked_mul(products)?
            .checked_sub(products.checked_mul(n)?.checked_mul(2)?)?
            .checked_add(agreed.checked_mul(square)?)?;
        n.checked_mul(spread)?.checked_sub(centre.checked_mul(centre)?)
    }

    /// Returns the braces of the variance.
    fn rounded_squares(&self, table: &RatingTable) -> f64 {
        let n = count_to_f64(self.n);
        let share = |count: u64| count_to_f64(count) / n;
        let (agreed, expected) = (share(self.agreed), self.products() / n / n);
        let mut squares = 0.0;
        for (row, column, count) in &table.cells {
            let marginal = share(self.columns[*row]) + share(self.rows[*column]);
            let term = if row == column {
                (1.0 - expected) - marginal * (1.0 - agreed)
            } else {
                marginal * (1.0 - agreed)
            };
            squares += share(*count) * term * term;
        }
        let centre = agreed * expected - 2.0 * expected + agreed;
        squares - centre * centre
    }

    /// Returns the share of each category among the ratings of both raters.
    fn shares(&self) -> impl Iterator<Item = f64> {
        let ratings = 2.0 * count_to_f64(self.n);
        let pairs = self.rows.iter().zip(&self.columns);
        pairs.map(move |(row, column)| (count_to_f64(*row) + count_to_f64(*column)) / ratings)
    }

    fn beyond(&self, expected: f64) -> Option<f64> {
        let agreed = count_to_f64(self.agreed) / count_to_f64(self.n);
        finite((agreed - expected) / (1.0 - expected))
    }

    fn gwet(&self) -> Option<f64> {
        let others = length_to_f64(self.rows.len()) - 1.0;
        self.beyond(self.shares().map(|share| share * (1.0 - share)).sum::<f64>() / others)
    }

    fn scott(&self) -> Option<f64> {
        if self.is_single() {
            return None;
        }
        self.beyond(self.shares().map(|share| share * share).sum())
    }

    fn bangdiwala(&self, table: &RatingTable) -> Option<f64> {
        let on_diagonal = table.cells.iter().filter(|(row, column, _)| row == column);
        let squares: f64 =
            on_diagonal.map(|(_, _, count)| count_to_f64(*count) * count_to_f64(*count)).sum();
        finite(squares / self.products())
    }
}
