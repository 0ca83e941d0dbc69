//! What runs are made of: scores of two sides under no change, or under a drop of the margin.

use anyhow::{Context, Result, ensure};
use evalward_stats::description::Distribution;
use evalward_stats::verdict::ScoreRange;

use super::random::Random;

/// How grades from 1 to 5 are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// As a judge usually gives them.
    Typical,
    /// Four of five answers get the best grade.
    Ceiling,
    /// All grades equally often.
    Uniform,
    /// Either good or bad.
    Bimodal,
}

impl Shape {
    /// Returns the probabilities of the grades 1 to 5.
    fn probabilities(self) -> [f64; 5] {
        match self {
            Self::Typical => [0.05, 0.08, 0.17, 0.40, 0.30],
            Self::Ceiling => [0.01, 0.01, 0.03, 0.15, 0.80],
            Self::Uniform => [0.2; 5],
            Self::Bimodal => [0.25, 0.05, 0.05, 0.15, 0.50],
        }
    }
}

/// How many examples the clusters have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sizes {
    /// Five each.
    Five,
    /// 1, 2, 3 and so on up to 20, then from 1 again.
    OneToTwenty,
    /// The first has 30 % of the examples, the others five.
    Giant,
}

impl Sizes {
    /// Returns the cluster of an example.
    fn label(self, index: usize, n: usize) -> usize {
        match self {
            Self::Five => index / 5,
            Self::OneToTwenty => {
                // A round of the sizes 1 to 20 has 210 examples.
                let (round, place) = (index / 210, index % 210);
                let within = (1..20).filter(|size| size * (size + 1) / 2 <= place).count();
                20 * round + within
            }
            Self::Giant => {
                let first = n * 30 / 100;
                if index < first { 0 } else { 1 + (index - first) / 5 }
            }
        }
    }
}

/// What a run is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Material {
    /// Grades of the same examples by a Gaussian copula with this correlation, averaged over repeats.
    Grades { shape: Shape, correlation: f64, repeats: u32 },
    /// Passes of the same examples, of which this share is answered anew.
    Rates { rate: f64, anew: f64 },
    /// Real scores in clusters, whose differences have an intraclass correlation of 0.3.
    Clusters { clusters: usize, giant: bool },
    /// Grades in clusters, whose latent scores share half of their variance.
    ClusteredGrades { shape: Shape, sizes: Sizes },
    /// Grades of different examples.
    OtherGrades { shape: Shape },
    /// Passes of different examples.
    OtherRates { rate: f64 },
}

impl Material {
    pub(super) fn margin(self) -> f64 {
        match self {
            Self::Rates { .. } | Self::OtherRates { .. } => 0.05,
            _ => 0.3,
        }
    }

    pub(super) fn range(self) -> ScoreRange {
        match self {
            Self::Rates { .. } | Self::OtherRates { .. } => ScoreRange::Binary,
            Self::Clusters { .. } => ScoreRange::Real,
            _ => ScoreRange::Ordinal { low: 1.0, high: 5.0 },
        }
    }

    pub(super) fn is_paired(self) -> bool {
        !matches!(self, Self::OtherGrades { .. } | Self::OtherRates { .. })
    }

    /// Prepares the drawing of samples whose true means differ by `drop`.
    pub(super) fn source(self, drop: f64) -> Result<Source> {
        let grades = |shape: Shape| -> Result<[[f64; 4]; 2]> {
            let before = shape.probabilities();
            let after = tilted(before, mean(&before) - drop);
            Ok([cuts(&before)?, cuts(&after)?])
        };
        let cuts = match self {
            Self::Grades { shape, .. }
            | Self::ClusteredGrades { shape, .. }
            | Self::OtherGrades { shape } => grades(shape)?,
            _ => [[0.0; 4]; 2],
        };
        if let Self::Rates { rate, anew } = self {
            ensure!(anew * rate >= drop, "a drop of {drop} takes more examples answered anew");
        }
        Ok(Source { material: self, drop, cuts })
    }
}

/// Draws samples.
#[derive(Clone, Debug)]
pub(super) struct Source {
    material: Material,
    drop: f64,
    /// Where latent scores become the next grade, before and after.
    cuts: [[f64; 4]; 2],
}

/// The scores of two sides.
#[derive(Clone, Debug, Default)]
pub(super) struct Sample {
    pub(super) baseline: Vec<f64>,
    pub(super) candidate: Vec<f64>,
    pub(super) clusters: Option<Vec<usize>>,
}

impl Source {
    /// Draws a sample of `n` examples.
    pub(super) fn draw(&self, n: usize, random: &mut Random) -> Sample {
        let mut sample = Sample::default();
        let mut cluster = Shared { index: usize::MAX, before: 0.0, after: 0.0 };
        for index in 0..n {
            let label = self.label(index, n);
            if label != cluster.index {
                cluster = Shared { index: label, before: random.normal(), after: random.normal() };
            }
            let (before, after) = self.pair(&cluster, random);
            sample.baseline.push(before);
            sample.candidate.push(after);
        }
        if self.label(n - 1, n) != n - 1 {
            sample.clusters = Some((0..n).map(|index| self.label(index, n)).collect());
        }
        sample
    }

    fn label(&self, index: usize, n: usize) -> usize {
        match self.material {
            Material::Clusters { clusters, giant: false } => index * clusters / n,
            // The first cluster has 45 % of the examples.
            Material::Clusters { clusters, giant: true } => {
                let first = n * 45 / 100;
                if index < first { 0 } else { 1 + (index - first) * (clusters - 1) / (n - first) }
            }
            Material::ClusteredGrades { sizes, .. } => sizes.label(index, n),
            _ => index,
        }
    }

    fn pair(&self, cluster: &Shared, random: &mut Random) -> (f64, f64) {
        match self.material {
            Material::Grades { correlation, repeats, .. } => {
                let rest = (1.0 - correlation * correlation).sqrt();
                let mut latent = || {
                    let before = random.normal();
                    (before, correlation * before + rest * random.normal())
                };
                if repeats == 1 {
                    return self.grades(latent());
                }
                // Half of a score's variance belongs to the example, half to the repeat.
                let (example, sum) = (latent(), (0.0, 0.0));
                let half = 0.5_f64.sqrt();
                let sum = (0..repeats).fold(sum, |sum, _| {
                    let repeat = latent();
                    let (before, after) =
                        self.grades((half * (example.0 + repeat.0), half * (example.1 + repeat.1)));
                    (sum.0 + before, sum.1 + after)
                });
                (sum.0 / f64::from(repeats), sum.1 / f64::from(repeats))
            }
            Material::Rates { rate, anew } => {
                let before = random.happens(rate);
                let after = if random.happens(anew) {
                    random.happens(rate - self.drop / anew)
                } else {
                    before
                };
                (f64::from(u8::from(before)), f64::from(u8::from(after)))
            }
            Material::Clusters { .. } => {
                let difference = 0.3_f64.sqrt() * cluster.before + 0.7_f64.sqrt() * random.normal();
                (0.0, difference - self.drop)
            }
            Material::ClusteredGrades { .. } => {
                let half = 0.5_f64.sqrt();
                let before = half * (cluster.before + random.normal());
                let shared = 0.8 * cluster.before + 0.6 * cluster.after;
                self.grades((before, half * (shared + random.normal())))
            }
            Material::OtherGrades { .. } => self.grades((random.normal(), random.normal())),
            Material::OtherRates { rate } => {
                let passes = |holds: bool| f64::from(u8::from(holds));
                (passes(random.happens(rate)), passes(random.happens(rate - self.drop)))
            }
        }
    }

    fn grades(&self, (before, after): (f64, f64)) -> (f64, f64) {
        let grade = |latent: f64, cuts: &[f64; 4]| {
            cuts.iter().fold(1.0, |grade, cut| if latent >= *cut { grade + 1.0 } else { grade })
        };
        (grade(before, &self.cuts[0]), grade(after, &self.cuts[1]))
    }
}

/// What the examples of a cluster have in common.
struct Shared {
    index: usize,
    before: f64,
    after: f64,
}

fn mean(probabilities: &[f64; 5]) -> f64 {
    (1_u8..).zip(probabilities).map(|(grade, p)| f64::from(grade) * p).sum()
}

/// Tilts probabilities exponentially to a mean: the drop that keeps all grades possible.
fn tilted(probabilities: [f64; 5], target: f64) -> [f64; 5] {
    let at = |tilt: f64| {
        let mut grade = 0.0;
        let raised = probabilities.map(|p| {
            grade += 1.0;
            p * (tilt * grade).exp()
        });
        let sum: f64 = raised.iter().sum();
        raised.map(|p| p / sum)
    };
    let (mut low, mut high) = (-10.0_f64, 10.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if mean(&at(middle)) < target { low = middle } else { high = middle }
    }
    at(low)
}

/// Returns where a standard normal number becomes the next grade.
fn cuts(probabilities: &[f64; 5]) -> Result<[f64; 4]> {
    let mut cuts = [0.0; 4];
    let mut below = 0.0;
    for (cut, p) in cuts.iter_mut().zip(probabilities) {
        below += p;
        *cut = Distribution::NORMAL.quantile(below)?.context("a grade of no probability")?;
    }
    Ok(cuts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_have_the_sizes_that_are_declared() {
        let counted = |sizes: Sizes, n: usize| {
            let mut counts = vec![0; 1 + sizes.label(n - 1, n)];
            (0..n).for_each(|index| counts[sizes.label(index, n)] += 1);
            counts
        };
        assert_eq!(counted(Sizes::Five, 12), [5, 5, 2]);
        assert_eq!(counted(Sizes::Giant, 40), [12, 5, 5, 5, 5, 5, 3]);
        let up_to_20: Vec<usize> = (1..=20).collect();
        assert_eq!(counted(Sizes::OneToTwenty, 213), [up_to_20, vec![1, 2]].concat());
    }

    #[test]
    fn samples_drop_by_the_margin() {
        let grades = |shape, repeats| Material::Grades { shape, correlation: 0.8, repeats };
        let materials = [
            grades(Shape::Typical, 1),
            grades(Shape::Ceiling, 3),
            Material::Rates { rate: 0.9, anew: 0.1 },
            Material::Clusters { clusters: 4_000, giant: false },
            Material::ClusteredGrades { shape: Shape::Bimodal, sizes: Sizes::Five },
            Material::OtherGrades { shape: Shape::Uniform },
            Material::OtherRates { rate: 0.8 },
        ];
        let n = 40_000;
        for (stream, material) in (1_u64..).zip(materials) {
            for drop in [0.0, material.margin()] {
                let mut random = Random::new(7, stream);
                let sample = material.source(drop).unwrap().draw(n, &mut random);
                let sum = |scores: &[f64]| scores.iter().sum::<f64>() / 40_000.0;
                let seen = sum(&sample.baseline) - sum(&sample.candidate);
                assert!(
                    (seen - drop).abs() < 0.06 * material.margin().max(0.3),
                    "{material:?} {seen}"
                );
            }
        }
    }
}
