//! Ratings of several systems from comparisons of two at a time.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng as _, SeedableRng as _};
use serde::Serialize;

use super::Resampling;
use super::win_table::WinTable;
use crate::convert::{length_to_f64, length_to_u64};
use crate::description::quantile_of;
use crate::intervals::Groups;
use crate::sorting::ascending;
use crate::{Interval, Level, StatsError};

/// One comparison of two systems.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The one system, counted from 0.
    pub first: usize,
    /// The other one.
    pub second: usize,
    /// How much of the win is the first's: 1, 0, and 1/2 for a tie.
    pub score: f64,
}

/// The ratings of several systems.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BradleyTerry {
    /// The logarithm of each system's strength; they sum to 0. System `i` beats `j` with the odds `exp(r_i - r_j)`.
    pub ratings: Vec<f64>,
    /// The number of comparisons.
    pub n: usize,
    /// Whether one tie of every two systems was added, because the comparisons alone bound no ratings.
    pub is_smoothed: bool,
}

/// The ratings of several systems with bootstrap intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BradleyTerryBootstrap {
    /// The ratings.
    pub estimate: BradleyTerry,
    /// The percentile interval of each rating.
    pub intervals: Vec<Interval>,
    /// The percentile intervals of the differences, `differences[i][j]` of `r_i - r_j`.
    pub differences: Vec<Vec<Interval>>,
    /// The number of clusters.
    pub clusters: usize,
    /// The number of resamples that had to be smoothed.
    pub smoothed: u32,
}

/// Rates systems by the model of Bradley and Terry, in which `i` beats `j` with probability `p_i / (p_i + p_j)`.
///
/// The maximum of the likelihood by the MM algorithm of Hunter (2004), "MM algorithms for generalized Bradley-Terry models",
/// Annals of Statistics 32(1), equation (3). A tie is half a win for either side, so that the ratings explain the win rates that
/// are reported beside them; Davidson (1970), "On extending the Bradley-Terry model to accommodate ties", JASA 65, has a parameter
/// for ties instead, which changes no order of two systems. The maximum exists only where every split of the systems in two has
/// wins across it in both directions (Ford 1957, "Solution of a ranking problem from binary comparisons", American Mathematical
/// Monthly 64). Where it does not, as with a system that never lost, one tie of every two systems is added, and `is_smoothed`
/// says so.
///
/// # Errors
/// [`StatsError::TooFew`] below two systems and without a comparison, [`StatsError::OutOfDomain`] for a system that is none, one
/// that is compared with itself, or a score outside `[0, 1]`.
pub fn bradley_terry(systems: usize, matches: &[Match]) -> Result<BradleyTerry, StatsError> {
    check(systems, matches)?;
    let mut table = WinTable::new(systems);
    for it in matches {
        table.add(it);
    }
    let (ratings, is_smoothed) = table.ratings()?;
    Ok(BradleyTerry { ratings, n: matches.len(), is_smoothed })
}

/// Rates systems as [`bradley_terry`] does, with percentile intervals from resamples of whole clusters: comparisons of one cluster,
/// such as those of one example, are drawn together.
///
/// Davison and Hinkley (1997), "Bootstrap Methods and their Application", sections 3.8 and 5.3.1. A resample whose likelihood has
/// no maximum is smoothed, and counted.
///
/// # Errors
/// As [`bradley_terry`]; [`StatsError::Unequal`] where comparisons and clusters differ in number, [`StatsError::TooFew`] below two
/// clusters and without resamples.
pub fn bradley_terry_bootstrap(
    systems: usize,
    matches: &[Match],
    clusters: &[usize],
    resampling: Resampling,
    level: Level,
) -> Result<BradleyTerryBootstrap, StatsError> {
    let estimate = bradley_terry(systems, matches)?;
    let scores: Vec<f64> = matches.iter().map(|it| it.score).collect();
    let groups = Groups::of("ratings", &scores, clusters)?;
    let got = length_to_u64(groups.len());
    if got < 2 {
        return Err(StatsError::TooFew { statistic: "clusters of ratings", needed: 2, got });
    }
    if resampling.resamples == 0 {
        return Err(StatsError::TooFew { statistic: "resamples of ratings", needed: 1, got: 0 });
    }
    let mut members: Vec<Vec<Match>> = vec![Vec::new(); groups.len()];
    for (it, cluster) in matches.iter().zip(&groups.of) {
        members[*cluster].push(*it);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(resampling.seed);
    let (mut drawn, mut smoothed) = (Vec::new(), 0);
    for _ in 0..resampling.resamples {
        let mut table = WinTable::new(systems);
        for _ in 0..members.len() {
            for it in &members[index_below(members.len(), &mut random)] {
                table.add(it);
            }
        }
        let (ratings, is_smoothed) = table.ratings()?;
        smoothed += u32::from(is_smoothed);
        drawn.push(ratings);
    }
    let interval = |value: &dyn Fn(&Vec<f64>) -> f64| {
        let values = ascending(drawn.iter().map(value));
        let (low, high) = (level.tail(), 1.0 - level.tail());
        Interval { low: quantile_of(&values, low), high: quantile_of(&values, high) }
    };
    let intervals = (0..systems).map(|i| interval(&|ratings| ratings[i])).collect();
    let row = |i: usize| (0..systems).map(|j| interval(&|it| it[i] - it[j])).collect();
    let differences = (0..systems).map(row).collect();
    Ok(BradleyTerryBootstrap { estimate, intervals, differences, clusters: groups.len(), smoothed })
}

/// Draws an index; see Lemire (2019), "Fast random integer generation in an interval", ACM TOMACS 29.
fn index_below(length: usize, random: &mut Xoshiro256PlusPlus) -> usize {
    let wide = u128::from(random.next_u64()) * u128::from(length_to_u64(length));
    usize::try_from(wide >> 64).unwrap_or(0)
}

fn check(systems: usize, matches: &[Match]) -> Result<(), StatsError> {
    let got = length_to_u64(systems);
    if got < 2 {
        return Err(StatsError::TooFew { statistic: "systems of ratings", needed: 2, got });
    }
    if matches.is_empty() {
        return Err(StatsError::TooFew { statistic: "ratings", needed: 1, got: 0 });
    }
    for it in matches {
        for (argument, system) in [("first", it.first), ("second", it.second)] {
            if system >= systems {
                let value = length_to_f64(system);
                let expected = "the number of a system";
                return Err(StatsError::OutOfDomain { argument, value, expected });
            }
        }
        if it.first == it.second {
            let value = length_to_f64(it.second);
            let expected = "another system than `first`";
            return Err(StatsError::OutOfDomain { argument: "second", value, expected });
        }
        if !(0.0..=1.0).contains(&it.score) {
            let expected = "in [0, 1]";
            return Err(StatsError::OutOfDomain { argument: "score", value: it.score, expected });
        }
    }
    Ok(())
}
