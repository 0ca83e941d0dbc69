//! What a metric comes to over a whole partition, where that is no mean of its scores: a confusion matrix, corpus BLEU and chrF.

mod confusion;
mod corpus;
mod figures;
mod labels;
mod resample;
mod summary;
mod tally;

pub use summary::{
    Averages, ClassificationSummary, ConfusionCell, CorpusScore, Figure, LabelSummary, Overall,
    Resampling,
};
pub(crate) use tally::OverallTally;
