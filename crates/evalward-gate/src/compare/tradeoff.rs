//! What one metric gained while another, or the length of the answers, got worse.

use evalward_core::{Finite, Partition};
use evalward_stats::verdict::{Design, Direction, ScoreRange, compare_paired};

use super::pairing::{Pair, Pairing};
use super::{ComparePolicy, ComparisonVerdict, LengthComparison, MetricComparison};
use crate::numbers::{count, finite};

/// Compares the lengths of the answers in each partition.
pub(crate) fn lengths(pairing: &Pairing<'_>, policy: &ComparePolicy) -> Vec<LengthComparison> {
    let of_partition =
        |(partition, pairs): (&Partition, &Vec<Pair<'_>>)| length(*partition, pairs, policy);
    pairing.pairs.iter().filter_map(of_partition).collect()
}

fn length(
    partition: Partition,
    pairs: &[Pair<'_>],
    policy: &ComparePolicy,
) -> Option<LengthComparison> {
    let (baseline, candidate): (Vec<f64>, Vec<f64>) = pairs
        .iter()
        .map(|pair| (&pair.baseline.output_length, &pair.candidate.output_length))
        .filter(|(before, after)| before.n > 0 && after.n > 0)
        .map(|(before, after)| (before.mean.get(), after.mean.get()))
        .unzip();
    let design = Design {
        alpha: policy.alpha,
        // Only the interval is used, which knows no margin.
        margin: 1.0,
        range: ScoreRange::Real,
        direction: Direction::HigherIsBetter,
        target_power: policy.target_power,
    };
    let interval = compare_paired(&baseline, &candidate, None, &design).ok();
    Some(LengthComparison {
        partition,
        n: count(baseline.len()),
        baseline_mean: finite(evalward_stats::mean(&baseline).ok()?)?,
        candidate_mean: finite(evalward_stats::mean(&candidate).ok()?)?,
        low: interval.as_ref().and_then(|it| finite(it.ci.low)),
        high: interval.as_ref().and_then(|it| finite(it.ci.high)),
    })
}

impl LengthComparison {
    /// Returns by how many percent the answers got longer, where that is certain and at least a tenth; negative where they got
    /// shorter.
    pub fn notable_percent(&self) -> Option<i32> {
        let certain = self.low? > Finite::ZERO || self.high? < Finite::ZERO;
        let percent = (self.candidate_mean.get() / self.baseline_mean.get() - 1.0) * 100.0;
        let notable = certain && percent.is_finite() && percent.abs() >= 10.0;
        // Rounding through text needs no cast, and no answer grows by more than an i32 of percent.
        notable.then(|| format!("{percent:.0}").parse().ok()).flatten()
    }
}

/// Says what rose while something else in the same partition got worse.
pub(crate) fn tradeoffs(metrics: &[MetricComparison], lengths: &[LengthComparison]) -> Vec<String> {
    let mut sentences = Vec::new();
    for partition in Partition::ALL {
        let named = |test: fn(&MetricComparison) -> bool| -> Vec<String> {
            metrics
                .iter()
                .filter(|it| it.partition == partition && it.verdict != ComparisonVerdict::Trivial)
                .filter(|it| test(it))
                .map(|it| format!("`{}`", it.what))
                .collect()
        };
        let rose = named(|it| it.low.is_some_and(|low| low > Finite::ZERO));
        let fell = named(|it| it.high.is_some_and(|high| high < Finite::ZERO));
        if rose.is_empty() {
            continue;
        }
        if !fell.is_empty() {
            let (rose, fell) = (rose.join(", "), fell.join(", "));
            sentences.push(format!("{partition}: {rose} rose while {fell} got worse"));
        }
        let length = lengths.iter().find(|it| it.partition == partition);
        if let Some((length, percent)) = length
            .and_then(|it| it.notable_percent().map(|percent| (it, percent)))
            .filter(|(_, percent)| *percent > 0)
        {
            sentences.push(format!(
                "{partition}: {} rose while the answers got {percent} % longer, {:.0} to {:.0} characters",
                rose.join(", "),
                length.baseline_mean.get(),
                length.candidate_mean.get(),
            ));
        }
    }
    sentences
}
