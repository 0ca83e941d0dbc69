//! Brunner and Munzel's test of two independent samples.

use serde::Serialize;

use super::moments::check;
use super::tie_groups::Ordered;
use crate::convert::{count_to_f64, length_to_f64, wide_to_f64};
use crate::special::{normal_tails, t_tails, t_upper_quantile};
use crate::{Interval, Level, StatsError};

/// Brunner and Munzel's test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BrunnerMunzel {
    /// The statistic, positive where `b` tends to be larger; `None` where placements do not vary.
    pub statistic: Option<f64>,
    /// The two-sided p-value by Student's t; `None` where placements do not vary.
    pub p_two_sided_t: Option<f64>,
    /// The two-sided p-value by the normal distribution; 0 for samples that are completely apart.
    pub p_two_sided_normal: Option<f64>,
    /// The degrees of freedom; `None` where placements do not vary.
    pub df: Option<f64>,
    /// The probability that an observation of `a` is larger, where ties count half.
    pub prob_superiority: f64,
    /// Its interval by Student's t, not clipped to 0 and 1; `None` where placements do not vary.
    pub ci: Option<Interval>,
}

/// Tests whether observations of one sample tend to be larger than those of another one, where they may differ in spread.
///
/// Brunner and Munzel (2000), "The nonparametric Behrens-Fisher problem: asymptotic theory and a small-sample approximation",
/// Biometrical Journal 42, sections 3 and 4. For samples that are completely apart use a permutation test.
///
/// # Errors
/// Returns [`StatsError::TooFew`] for an empty sample and [`StatsError::NotFinite`] for a NaN or infinite observation.
pub fn brunner_munzel(a: &[f64], b: &[f64], level: Level) -> Result<BrunnerMunzel, StatsError> {
    check("Brunner and Munzel's test", "a", a, 1)?;
    check("Brunner and Munzel's test", "b", b, 1)?;
    let placements = Placements::of(&Ordered::of(a, b));
    let (n_a, n_b) = (length_to_f64(a.len()), length_to_f64(b.len()));
    let superiority = placements.won / n_a / n_b;
    let known = a.len() > 1 && b.len() > 1;
    // Variances of how many of the other sample lie below, in the paper S^2 of each sample.
    let part_a = n_a * placements.deviations_a / (n_a - 1.0);
    let part_b = n_b * placements.deviations_b / (n_b - 1.0);
    let error = (part_a + part_b).sqrt() / (n_a * n_b);
    let distance = 0.5 - superiority;
    if !known || error <= 0.0 {
        let apart = known && distance.abs() > 0.0;
        return Ok(BrunnerMunzel {
            statistic: None,
            p_two_sided_t: None,
            p_two_sided_normal: apart.then_some(0.0),
            df: None,
            prob_superiority: superiority,
            ci: None,
        });
    }
    let statistic = distance / error;
    let (share_a, share_b) = (part_a / (part_a + part_b), part_b / (part_a + part_b));
    let df = 1.0 / (share_a * share_a / (n_a - 1.0) + share_b * share_b / (n_b - 1.0));
    let half = t_upper_quantile(level.tail(), df) * error;
    Ok(BrunnerMunzel {
        statistic: Some(statistic),
        p_two_sided_t: Some((2.0 * t_tails(statistic.abs(), df).upper).min(1.0)),
        p_two_sided_normal: Some((2.0 * normal_tails(statistic.abs()).upper).min(1.0)),
        df: Some(df),
        prob_superiority: superiority,
        ci: Some(Interval { low: superiority - half, high: superiority + half }),
    })
}

/// How many observations of the other sample lie below each one, where ties count half.
struct Placements {
    /// The sum of the placements of `a`.
    won: f64,
    deviations_a: f64,
    deviations_b: f64,
}

impl Placements {
    fn of(ordered: &Ordered) -> Self {
        let (mut n_a, mut n_b) = (0, 0);
        let (mut twice_won, mut twice_lost) = (0_i128, 0_i128);
        ordered.for_each_group(|group| {
            twice_won += i128::from(group.in_a) * i128::from(2 * n_b + group.in_b);
            twice_lost += i128::from(group.in_b) * i128::from(2 * n_a + group.in_a);
            n_a += group.in_a;
            n_b += group.in_b;
        });
        let won = wide_to_f64(twice_won) / 2.0;
        let mean_a = won / count_to_f64(n_a);
        let mean_b = wide_to_f64(twice_lost) / 2.0 / count_to_f64(n_b);
        let (mut below_a, mut below_b) = (0.0, 0.0);
        let (mut deviations_a, mut deviations_b) = (0.0, 0.0);
        ordered.for_each_group(|group| {
            let (in_a, in_b) = (count_to_f64(group.in_a), count_to_f64(group.in_b));
            let (from_a, from_b) = (below_b + in_b / 2.0 - mean_a, below_a + in_a / 2.0 - mean_b);
            deviations_a += in_a * from_a * from_a;
            deviations_b += in_b * from_b * from_b;
            below_a += in_a;
            below_b += in_b;
        });
        Self { won, deviations_a, deviations_b }
    }
}
