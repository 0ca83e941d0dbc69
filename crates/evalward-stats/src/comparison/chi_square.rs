//! Chi-squared tests of counts.

use serde::Serialize;

use crate::StatsError;
use crate::convert::length_to_f64;
use crate::special::chi_squared_tails;

/// How far the sums of observed and expected counts may differ, relative to them.
const SUM_TOLERANCE: f64 = 1e-8;

/// Pearson's and the likelihood-ratio test of independence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Independence {
    /// Pearson's statistic.
    pub chi2: f64,
    /// The degrees of freedom.
    pub df: u64,
    /// The p-value of Pearson's statistic; 1 where a single row or column is left.
    pub p: f64,
    /// The likelihood-ratio statistic G.
    pub g: f64,
    /// Its p-value.
    pub p_g: f64,
    /// Cramér's V; `None` where a single row or column is left.
    pub cramers_v: Option<f64>,
    /// The number of rows and columns without a count, which are left out.
    pub n_dropped: u64,
    /// The smallest expected count.
    pub min_expected: f64,
    /// Pearson's statistic with Yates's correction; of two rows and two columns only.
    pub chi2_yates: Option<f64>,
    /// Its p-value.
    pub p_yates: Option<f64>,
}

/// Tests whether rows and columns of a table of counts are independent.
///
/// Pearson (1900), "On the criterion that a given system of deviations ... can be reasonably supposed to have arisen from random
/// sampling", Philosophical Magazine 50; Yates (1934), "Contingency tables involving small numbers and the chi-squared test", JRSS
/// Supplement 1; Cramér (1946), "Mathematical methods of statistics", section 21.9. Assumes independent observations and expected
/// counts that are not small.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for a table without a count, [`StatsError::Unequal`] for rows of different length, and
/// [`StatsError::NotFinite`] or [`StatsError::OutOfDomain`] for a count that is none.
pub fn chi_square_independence(table: &[Vec<f64>]) -> Result<Independence, StatsError> {
    let table = Table::of(table)?;
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let df = (rows - 1) * (columns - 1);
    let freedom = length_to_f64(df);
    let p = |statistic: f64| {
        if df == 0 { 1.0 } else { chi_squared_tails(statistic, freedom).upper }
    };
    let is_two_by_two = rows == 2 && columns == 2;
    let [chi2, chi2_yates] = [0.0, 0.5].map(|correction| {
        table.total_of(|observed, expected| {
            let distance = (observed - expected).abs();
            let distance = distance - f64::min(correction, distance);
            distance / expected * distance
        })
    });
    let g = table.total_of(|observed, expected| {
        if observed > 0.0 { 2.0 * observed * log_ratio(observed, expected) } else { 0.0 }
    });
    let (chi2, g) = if df == 0 { (0.0, 0.0) } else { (chi2, g.max(0.0)) };
    let fewer = length_to_f64(rows.min(columns) - 1);
    Ok(Independence {
        chi2,
        df: u64::try_from(df).unwrap_or(u64::MAX),
        p: p(chi2),
        g,
        p_g: p(g),
        cramers_v: (df > 0).then(|| (chi2 / table.total / fewer).sqrt()),
        n_dropped: table.dropped,
        min_expected: table.smallest_expected(),
        chi2_yates: is_two_by_two.then_some(chi2_yates),
        p_yates: is_two_by_two.then(|| p(chi2_yates)),
    })
}

/// Returns the logarithm of a ratio near 1 without losing its digits.
fn log_ratio(observed: f64, expected: f64) -> f64 {
    ((observed - expected) / expected).ln_1p()
}

/// A table of counts without empty rows and columns.
struct Table {
    cells: Vec<Vec<f64>>,
    rows: Vec<f64>,
    columns: Vec<f64>,
    total: f64,
    dropped: u64,
}

impl Table {
    fn of(table: &[Vec<f64>]) -> Result<Self, StatsError> {
        let width = table.first().map_or(0, Vec::len);
        for row in table {
            if row.len() != width {
                return Err(StatsError::Unequal {
                    left: "the first row",
                    left_length: width,
                    right: "another row",
                    right_length: row.len(),
                });
            }
            check_counts("table", row)?;
        }
        let is_used = |column: &usize| table.iter().any(|row| row[*column] > 0.0);
        let used: Vec<usize> = (0..width).filter(is_used).collect();
        let cells: Vec<Vec<f64>> = table
            .iter()
            .filter(|row| row.iter().any(|count| *count > 0.0))
            .map(|row| used.iter().map(|column| row[*column]).collect())
            .collect();
        let rows: Vec<f64> = cells.iter().map(|row| row.iter().sum()).collect();
        let columns =
            (0..used.len()).map(|column| cells.iter().map(|row| row[column]).sum()).collect();
        let total: f64 = rows.iter().sum();
        if cells.is_empty() {
            return Err(StatsError::TooFew {
                statistic: "a test of independence",
                needed: 1,
                got: 0,
            });
        }
        check_total(total)?;
        let dropped = table.len() - cells.len() + width - used.len();
        let dropped = u64::try_from(dropped).unwrap_or(u64::MAX);
        Ok(Self { cells, rows, columns, total, dropped })
    }

    fn expected(&self, row: usize, column: usize) -> f64 {
        self.rows[row] * (self.columns[column] / self.total)
    }

    /// Returns the sum of a term over all cells, from their observed and expected counts.
    fn total_of(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        let mut total = 0.0;
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, observed) in cells.iter().enumerate() {
                total += term(*observed, self.expected(row, column));
            }
        }
        total
    }

    fn smallest_expected(&self) -> f64 {
        let row = self.rows.iter().copied().fold(f64::INFINITY, f64::min);
        let column = self.columns.iter().copied().fold(f64::INFINITY, f64::min);
        row * (column / self.total)
    }
}

/// Pearson's test of counts against expected ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoodnessOfFit {
    /// Pearson's statistic.
    pub chi2: f64,
    /// The degrees of freedom.
    pub df: u64,
    /// The p-value; `None` for a single count, which always fits.
    pub p: Option<f64>,
}

/// Tests whether counts differ from what was expected.
///
/// Pearson (1900), as in [`chi_square_independence`]. Assumes that the expected counts have not been fitted to the observed ones.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for no counts, [`StatsError::Unequal`] for different numbers of counts,
/// [`StatsError::NotFinite`] or [`StatsError::OutOfDomain`] for a count that is none or an expected count that is not positive, and
/// [`StatsError::OutOfDomain`] where the sums differ by more than 1e-8 of them.
pub fn chi_square_fit(observed: &[f64], expected: &[f64]) -> Result<GoodnessOfFit, StatsError> {
    if observed.len() != expected.len() {
        return Err(StatsError::Unequal {
            left: "observed",
            left_length: observed.len(),
            right: "expected",
            right_length: expected.len(),
        });
    }
    if observed.is_empty() {
        return Err(StatsError::TooFew { statistic: "a test of fit", needed: 1, got: 0 });
    }
    check_counts("observed", observed)?;
    check_counts("expected", expected)?;
    if let Some(value) = expected.iter().copied().find(|value| *value <= 0.0) {
        return Err(StatsError::OutOfDomain { argument: "expected", value, expected: "above 0" });
    }
    let (seen, wanted): (f64, f64) = (observed.iter().sum(), expected.iter().sum());
    check_total(seen)?;
    if (seen - wanted).abs() > SUM_TOLERANCE * seen.min(wanted) {
        return Err(StatsError::OutOfDomain {
            argument: "expected",
            value: wanted,
            expected: "the same in sum as `observed`",
        });
    }
    let term = |(observed, expected): (&f64, &f64)| {
        (observed - expected) / expected * (observed - expected)
    };
    let chi2: f64 = observed.iter().zip(expected).map(term).sum();
    check_total(chi2)?;
    let df = observed.len() - 1;
    Ok(GoodnessOfFit {
        chi2,
        df: u64::try_from(df).unwrap_or(u64::MAX),
        p: (df > 0).then(|| chi_squared_tails(chi2, length_to_f64(df)).upper),
    })
}

fn check_counts(argument: &'static str, counts: &[f64]) -> Result<(), StatsError> {
    for (index, count) in counts.iter().enumerate() {
        if !count.is_finite() {
            return Err(StatsError::NotFinite { argument, index });
        }
        if *count < 0.0 {
            let expected = "0 or larger";
            return Err(StatsError::OutOfDomain { argument, value: *count, expected });
        }
    }
    Ok(())
}

fn check_total(total: f64) -> Result<(), StatsError> {
    if total.is_finite() {
        return Ok(());
    }
    let expected = "within the range of a 64-bit float in sum";
    Err(StatsError::OutOfDomain { argument: "counts", value: f64::MAX, expected })
}
