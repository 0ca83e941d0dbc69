//! What repeats say about how steady the answers are.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_stats::StatsError;
use evalward_stats::description::{pass_at_k, pass_hat_k};

use crate::example::Repeated;
use crate::numbers::float;
use crate::passes::{Clusters, Passes, shown_rate};
use crate::{Estimate, RepeatRates, RepeatSummary};

/// The examples of a partition by how many of their planned trials passed.
#[derive(Debug, Default)]
pub(crate) struct RepeatTally {
    by_passes: BTreeMap<u32, u64>,
    clusters: Clusters,
    left_out: u64,
}

impl RepeatTally {
    pub(crate) fn push(&mut self, example: Repeated, cluster: u64) {
        match example {
            Repeated::Passes(passes) => {
                *self.by_passes.entry(passes).or_default() += 1;
                self.clusters.push(cluster);
            }
            Repeated::LeftOut => self.left_out += 1,
            Repeated::NotApplicable => {}
        }
    }

    /// Computes the rates; `None` without repeats, and where no example has all of its trials evaluated.
    pub(crate) fn finish(&self, repeats: NonZeroU32) -> Result<Option<RepeatSummary>, StatsError> {
        if repeats.get() == 1 || self.by_passes.is_empty() {
            return Ok(None);
        }
        let n = repeats.get();
        let is_flaky = |passes| Ok(if passes > 0 && passes < n { 1.0 } else { 0.0 });
        let RepeatRates { k, pass_at_k, pass_hat_k } = self.rates(repeats, repeats)?;
        let powers = std::iter::successors(Some(NonZeroU32::MIN), |k| k.checked_mul(TWO));
        let fewer = powers.take_while(|k| *k < repeats).map(|k| self.rates(repeats, k));
        Ok(Some(RepeatSummary {
            k,
            pass_at_k,
            pass_hat_k,
            flaky: self.mean(is_flaky)?,
            fewer: fewer.collect::<Result<_, _>>()?,
            left_out: self.left_out,
        }))
    }

    fn rates(&self, repeats: NonZeroU32, k: NonZeroU32) -> Result<RepeatRates, StatsError> {
        Ok(RepeatRates {
            k,
            pass_at_k: self.mean(|passes| pass_at_k(repeats.get(), passes, k.get()))?,
            pass_hat_k: self.mean(|passes| pass_hat_k(repeats.get(), passes, k.get()))?,
        })
    }

    /// Returns the mean over examples of a share that follows from the number of passes.
    ///
    /// Its interval counts examples, by what their clusters leave of them: trials of one example are not independent.
    fn mean(&self, share: impl Fn(u32) -> Result<f64, StatsError>) -> Result<Estimate, StatsError> {
        let effective_n = self.clusters.effective_n();
        let mut sum = Passes { whole: true, effective_n, ..Passes::default() };
        for (passes, examples) in &self.by_passes {
            let share = share(*passes)?;
            sum.sum += share * float(*examples);
            sum.n += examples;
            sum.whole &= share <= 0.0 || share >= 1.0;
        }
        let none = StatsError::TooFew { statistic: "rate of repeats", needed: 1, got: 0 };
        shown_rate(sum)?.ok_or(none)
    }
}

const TWO: NonZeroU32 = NonZeroU32::new(2).expect("two is not zero");
