//! The contributions of a metric's scores, folded.

use evalward_core::Contribution;
use evalward_stats::StatsError;

use super::confusion::summarize;
use super::corpus::CorpusTally;
use super::labels::LabelTally;
use super::summary::Overall;

/// The contributions of a metric's scores in a partition, folded in bounded memory.
#[derive(Debug)]
pub(crate) enum OverallTally {
    Labels(LabelTally),
    Corpus(Box<CorpusTally>),
    /// Why there will be no figure.
    Unstated(String),
}

impl OverallTally {
    /// Starts with the kind of a first contribution.
    pub(crate) fn new(contribution: &Contribution, unit: u64, intervals: bool) -> Self {
        if let Contribution::Label { .. } = contribution {
            return Self::Labels(LabelTally::default());
        }
        match CorpusTally::new(contribution, unit, intervals) {
            Some(tally) => Self::Corpus(Box::new(tally)),
            None => Self::Unstated("the counts of a row do not fit each other".to_owned()),
        }
    }

    /// Takes in the contribution of a score; `unit` is what the score is not independent of.
    pub(crate) fn push(&mut self, contribution: &Contribution, unit: u64) {
        let taken_in = match (&mut *self, contribution) {
            (Self::Labels(tally), Contribution::Label { expected, predicted }) => {
                tally.push(expected, predicted.as_deref(), unit)
            }
            (Self::Corpus(tally), contribution) => tally.push(contribution, unit),
            (Self::Labels(_), _) => Err("rows disagree about what the metric measures".to_owned()),
            (Self::Unstated(_), _) => Ok(()),
        };
        if let Err(reason) = taken_in {
            *self = Self::Unstated(reason);
        }
    }

    pub(crate) fn finish(self, intervals: bool) -> Result<Overall, StatsError> {
        match self {
            Self::Labels(tally) => summarize(&tally, intervals),
            Self::Corpus(tally) => Ok(tally.finish()),
            Self::Unstated(reason) => Ok(Overall::Unstated(reason)),
        }
    }
}
