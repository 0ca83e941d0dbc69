//! Whether the scores have shifted.

use evalward_core::Finite;
use evalward_stats::StatsError;
use evalward_stats::verdict::{Design, Direction, ScoreRange, compare_paired};

use super::{JudgedCanaries, RunCanaries};
use crate::numbers::{count, finite};

/// The probability that any judge of a run is called shifted that is not.
const ALPHA: f64 = 0.01;

/// A judge that scores the frozen answers otherwise than before.
#[derive(Clone, Debug, PartialEq)]
pub struct JudgeDrift {
    /// The metric.
    pub metric: String,
    /// The number of answers that both runs scored.
    pub n: u64,
    /// The mean of the baseline's scores.
    pub baseline_mean: Finite,
    /// The mean of the candidate's scores.
    pub candidate_mean: Finite,
    /// The lower end of the interval of the mean difference.
    pub low: Finite,
    /// The upper end.
    pub high: Finite,
    /// The confidence level of the interval.
    pub level: Finite,
}

/// Returns the judges whose scores of the frozen answers shifted beyond their own noise.
///
/// The answers are paired; the noise of a judge is how much the differences of single answers vary, which is what repeated samples of
/// them would differ by. A shift is one whose interval, Student's t on the differences, lies beside 0. The error probability of one percent is shared by all judges
/// (Bonferroni).
pub fn judge_drift(baseline: &RunCanaries, candidate: &RunCanaries) -> Vec<JudgeDrift> {
    if baseline.set != candidate.set {
        return Vec::new();
    }
    let pairs: Vec<_> = candidate
        .judges
        .iter()
        .filter_map(|(id, after)| Some((id, baseline.judges.get(id)?, after)))
        // Another version is another judge, which is refused anyway.
        .filter(|(_, before, after)| before.version == after.version)
        .collect();
    let judges = f64::from(u32::try_from(pairs.len()).unwrap_or(u32::MAX)).max(1.0);
    let shifted = |(id, before, after): &(&String, &JudgedCanaries, &JudgedCanaries)| {
        shift(id, before, after, ALPHA / judges)
    };
    pairs.iter().filter_map(shifted).collect()
}

fn shift(
    metric: &str,
    before: &JudgedCanaries,
    after: &JudgedCanaries,
    alpha: f64,
) -> Option<JudgeDrift> {
    let paired =
        after.scores.iter().filter_map(|(id, score)| Some((before.scores.get(id)?, score)));
    let (before, scores): (Vec<f64>, Vec<f64>) =
        paired.map(|(before, after)| (before.get(), after.get())).unzip();
    let compare = |range| {
        let design = Design {
            alpha: alpha / 2.0,
            // Only the interval is used, which knows no margin.
            margin: 1.0,
            range,
            direction: Direction::HigherIsBetter,
            target_power: 0.8,
        };
        compare_paired(&before, &scores, None, &design)
    };
    let compared = match (compare(ScoreRange::Real), after.scale.min, after.scale.max) {
        // Differences that are all alike show no noise; the ends of the scale bound what others may be.
        (Err(StatsError::Degenerate { .. }), Some(low), Some(high)) => {
            compare(ScoreRange::Bounded { low: low.get(), high: high.get() })
        }
        (compared, ..) => compared,
    }
    .ok()?;
    let (low, high) = (finite(compared.ci.low)?, finite(compared.ci.high)?);
    (low > Finite::ZERO || high < Finite::ZERO).then_some(JudgeDrift {
        metric: metric.to_owned(),
        n: count(scores.len()),
        baseline_mean: finite(compared.baseline_mean)?,
        candidate_mean: finite(compared.candidate_mean)?,
        low,
        high,
        level: finite(1.0 - alpha)?,
    })
}
