//! Simulates a cell: how often its verdicts are wrong, and how often they are of use.

use anyhow::Result;
use evalward_stats::verdict::{Design, Direction, Verdict, compare_paired, compare_unpaired};

use super::lesson;
use super::material::{Material, Source};
use super::random::Random;

/// The one-sided error probability.
pub(super) const ALPHA: f64 = 0.05;

/// The most that a cell may be wrong, apart from the error of the simulation, in units of alpha.
const TOLERANCE: f64 = 1.3;

/// The share of inconclusive verdicts, under either truth, from which a cell counts as answering inconclusive.
const MOSTLY: f64 = 0.9;

/// The shares of samples, by what was true.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shares {
    /// Of drops of the margin: shipped, that is called non-inferior, equivalent, trivial or better.
    pub(super) ships: f64,
    /// Of no changes: blocked, that is called a regression.
    pub(super) blocks: f64,
    /// Of drops of the margin: called a regression.
    pub(super) found: f64,
    /// Of no changes: called non-inferior.
    pub(super) cleared: f64,
    /// The smaller share of inconclusive verdicts under the two truths.
    pub(super) inconclusive: f64,
    /// Of drops of the margin: not blocked by the lesson.
    pub(super) lesson_ships: f64,
    /// Of no changes: blocked by the lesson.
    pub(super) lesson_blocks: f64,
}

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Both errors are within the bound.
    Fine,
    /// Errors are within the bound because hardly anything is concluded.
    Inconclusive,
    /// An error exceeds the bound.
    Exceeds,
}

impl Shares {
    /// Tells how the cell stands when simulated with this number of samples.
    pub(super) fn standing(&self, samples: u32) -> Standing {
        let bound = bound(samples);
        match () {
            () if self.ships > bound || self.blocks > bound => Standing::Exceeds,
            () if self.inconclusive >= MOSTLY => Standing::Inconclusive,
            () => Standing::Fine,
        }
    }
}

/// Returns the largest share of errors that is compatible with 1.3 alpha, at three errors of the simulation.
pub(super) fn bound(samples: u32) -> f64 {
    let rate = TOLERANCE * ALPHA;
    rate + 3.0 * (rate * (1.0 - rate) / f64::from(samples)).sqrt()
}

/// Simulates a cell.
pub(super) fn measure(
    material: Material,
    n: usize,
    samples: u32,
    random: &mut Random,
) -> Result<Shares> {
    let margin = material.margin();
    let same = Tally::of(material, &material.source(0.0)?, n, samples, random);
    let drop = Tally::of(material, &material.source(margin)?, n, samples, random);
    let share = |count: u32| f64::from(count) / f64::from(samples);
    Ok(Shares {
        ships: share(drop.cleared),
        blocks: share(same.regressions),
        found: share(drop.regressions),
        cleared: share(same.cleared),
        inconclusive: share(same.inconclusive.min(drop.inconclusive)),
        lesson_ships: share(samples - drop.lesson_blocks),
        lesson_blocks: share(same.lesson_blocks),
    })
}

#[derive(Default)]
struct Tally {
    regressions: u32,
    cleared: u32,
    inconclusive: u32,
    lesson_blocks: u32,
}

impl Tally {
    fn of(
        material: Material,
        source: &Source,
        n: usize,
        samples: u32,
        random: &mut Random,
    ) -> Self {
        let margin = material.margin();
        let design = Design {
            alpha: ALPHA,
            margin,
            range: material.range(),
            direction: Direction::HigherIsBetter,
            target_power: 0.8,
        };
        let mut tally = Self::default();
        for _ in 0..samples {
            let sample = source.draw(n, random);
            let (before, after) = (&sample.baseline, &sample.candidate);
            tally.lesson_blocks += u32::from(lesson::blocks(before, after, margin));
            let compared = if material.is_paired() {
                compare_paired(before, after, sample.clusters.as_deref(), &design)
            } else {
                compare_unpaired(before, after, &design)
            };
            match compared {
                Ok(got) => {
                    tally.regressions += u32::from(got.verdict == Verdict::Regression);
                    tally.cleared += u32::from(got.non_inferior);
                    let is_open = got.verdict == Verdict::Inconclusive && !got.non_inferior;
                    tally.inconclusive += u32::from(is_open);
                }
                // A refusal concludes nothing.
                Err(_) => tally.inconclusive += 1,
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::material::Shape;

    #[track_caller]
    fn check(material: Material, n: usize) -> Shares {
        let shares = measure(material, n, 400, &mut Random::new(11, 3)).unwrap();
        assert_ne!(shares.standing(400), Standing::Exceeds, "{material:?}, n = {n}: {shares:?}");
        shares
    }

    #[test]
    fn errors_are_rare_where_the_lesson_ships_every_drop() {
        let typical = Material::Grades { shape: Shape::Typical, correlation: 0.8, repeats: 1 };
        let shares = check(typical, 20);
        assert!(shares.lesson_ships > 0.9, "{shares:?}");
        let shares = check(typical, 100);
        assert!(shares.found > 0.85 && shares.cleared > 0.85, "{shares:?}");
    }

    #[test]
    fn errors_are_rare_at_the_ceiling_in_clusters_and_for_rates() {
        let ceiling = Material::Grades { shape: Shape::Ceiling, correlation: 0.95, repeats: 1 };
        for n in [5, 20, 50] {
            check(ceiling, n);
        }
        check(Material::Rates { rate: 0.95, anew: 0.3 }, 100);
        check(Material::Clusters { clusters: 10, giant: true }, 100);
        check(Material::OtherRates { rate: 0.9 }, 50);
    }
}
