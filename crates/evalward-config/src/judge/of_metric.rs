//! The judge that a metric asks, and what people are asked in its place.

use std::num::NonZeroU32;

use evalward_core::Rate;
use evalward_judge::{Criterion, Overall, Shown};

use super::file::AbsoluteConfig;
use super::{Judge, JudgeConfig, load_judge};
use crate::{ConfigErrors, MetricConfig, Suite};

/// What a judge scores, and what its score of all of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedCriteria {
    /// The criteria that count.
    pub criteria: Vec<Criterion>,
    /// What the score of several is.
    pub overall: Overall,
}

impl Suite {
    /// Reads the judge that a metric asks; nothing where the suite has no such metric, or where it asks none.
    ///
    /// # Errors
    /// [`ConfigErrors`] where its file cannot be read.
    pub fn judge_of(&self, metric: &str) -> Result<Option<Judge>, ConfigErrors> {
        let Some(config) = self.file.metrics.get(metric) else { return Ok(None) };
        let judge = match config.get_ref() {
            MetricConfig::Judge(it) => &it.judge,
            MetricConfig::Hallucination(it) => &it.judge,
            _ => return Ok(None),
        };
        load_judge(judge.get_ref(), &self.sources.folder_of(&judge.span())).map(Some)
    }
}

impl Suite {
    /// Returns how many answers are judged again, changed in known ways; nothing where none are.
    pub const fn probes(&self) -> Option<NonZeroU32> {
        self.file.judges.probes
    }

    /// Returns the share of swayed verdicts beyond which a judge does not gate.
    pub fn max_swayed(&self) -> Rate {
        self.file.judges.most_swayed()
    }
}

impl Judge {
    /// Returns whether the judge sees a part beside the answer.
    pub fn sees(&self, part: Shown) -> bool {
        match self.file.judge.get_ref() {
            JudgeConfig::Absolute(it) => {
                it.shown.as_ref().map_or(part == Shown::Input, |shown| shown.contains(&part))
            }
            JudgeConfig::Hallucination(_) => part != Shown::Reference,
            // No metric asks such a judge.
            JudgeConfig::Pairwise(_) => false,
        }
    }

    /// Returns the criteria that count; nothing for a judge that has none, such as one that looks for hallucinations.
    ///
    /// # Errors
    /// [`ConfigErrors`] where a criterion cannot be used.
    pub fn criteria(&self) -> Result<Option<JudgedCriteria>, ConfigErrors> {
        let JudgeConfig::Absolute(config) = self.file.judge.get_ref() else { return Ok(None) };
        let overall = overall(config);
        let mut criteria = Vec::new();
        for (id, criterion) in &config.criteria {
            if !matches!(&overall, Overall::Of(only) if only != id) {
                criteria.push(self.criterion(id, criterion).map_err(ConfigErrors::from)?);
            }
        }
        Ok(Some(JudgedCriteria { criteria, overall }))
    }
}

/// Returns what the score of several criteria is.
pub(super) fn overall(config: &AbsoluteConfig) -> Overall {
    match config.overall.as_deref() {
        None | Some("mean") => Overall::Mean,
        Some("lowest") => Overall::Lowest,
        Some(criterion) => Overall::Of(criterion.to_owned()),
    }
}
