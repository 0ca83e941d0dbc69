//! The measures of a ranked list of documents.

use std::f64::consts::LN_2;
use std::num::NonZeroUsize;

use evalward_core::Finite;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fraction::to_f64;

/// A measure of a ranked list.
///
/// Definitions as in `trec_eval`: Manning, Raghavan and Schütze (2008), "Introduction to Information Retrieval", section 8.4, and
/// Järvelin and Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetrievalMeasure {
    /// The share of the relevant documents that were retrieved.
    Recall,
    /// The share of the retrieved documents that are relevant.
    Precision,
    /// Whether a relevant document was retrieved.
    HitRate,
    /// The reciprocal of the rank of the first relevant document.
    Mrr,
    /// The mean of the precision at the rank of each relevant document.
    Map,
    /// The discounted gain, as a share of the best possible one.
    Ndcg,
}

/// What a grade is worth in nDCG.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NdcgGain {
    /// The grade itself, as in `trec_eval`.
    #[default]
    Linear,
    /// 2 to the power of the grade, less 1; Burges et al. (2005), "Learning to rank using gradient descent".
    Exponential,
}

impl RetrievalMeasure {
    /// All measures, in the order in which they are told.
    pub(super) const ALL: [Self; 6] =
        [Self::Recall, Self::Precision, Self::HitRate, Self::Mrr, Self::Map, Self::Ndcg];

    /// Returns the name as files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recall => "recall",
            Self::Precision => "precision",
            Self::HitRate => "hit_rate",
            Self::Mrr => "mrr",
            Self::Map => "map",
            Self::Ndcg => "ndcg",
        }
    }
}

/// A ranked list by its grades: what was retrieved, and what is relevant.
#[derive(Debug)]
pub(super) struct Ranking {
    /// The grade of each retrieved document, best rank first; 0 where it is not relevant.
    pub(super) grades: Vec<f64>,
    /// The grades of all relevant documents.
    pub(super) relevant: Vec<f64>,
    /// The number of ranks that count; all by default.
    pub(super) k: Option<NonZeroUsize>,
    pub(super) gain: NdcgGain,
}

impl Ranking {
    fn top(&self) -> impl Iterator<Item = (f64, f64)> {
        let k = self.k.map_or(usize::MAX, NonZeroUsize::get);
        self.grades.iter().take(k).enumerate().map(|(index, grade)| (to_f64(index + 1), *grade))
    }

    /// Returns a measure; at least one document is relevant.
    pub(super) fn measure(&self, measure: RetrievalMeasure) -> Finite {
        let hits = || self.top().filter(|(_, grade)| *grade > 0.0);
        let found = to_f64(hits().count());
        let relevant = to_f64(self.relevant.len());
        let value = match measure {
            RetrievalMeasure::Recall => found / relevant,
            RetrievalMeasure::Precision => {
                let ranks = self.k.map_or(self.grades.len(), NonZeroUsize::get);
                if ranks == 0 { 0.0 } else { found / to_f64(ranks) }
            }
            RetrievalMeasure::HitRate => f64::from(u8::from(found > 0.0)),
            RetrievalMeasure::Mrr => hits().next().map_or(0.0, |(rank, _)| 1.0 / rank),
            RetrievalMeasure::Map => {
                let precisions =
                    hits().enumerate().map(|(index, (rank, _))| to_f64(index + 1) / rank);
                precisions.sum::<f64>() / relevant
            }
            RetrievalMeasure::Ndcg => self.ndcg(),
        };
        Finite::new(value).unwrap_or(Finite::ZERO)
    }

    fn ndcg(&self) -> f64 {
        let mut best = self.relevant.clone();
        best.sort_unstable_by(|left, right| right.total_cmp(left));
        let ideal = Self { grades: best, relevant: Vec::new(), ..*self };
        let worth = self.top().map(|it| self.discounted(it)).sum::<f64>();
        let best_worth = ideal.top().map(|it| self.discounted(it)).sum::<f64>();
        // Rounding may lift a perfect ranking a hair above the best one.
        (worth / best_worth).min(1.0)
    }

    fn discounted(&self, (rank, grade): (f64, f64)) -> f64 {
        let gain = match self.gain {
            NdcgGain::Linear => grade,
            // Near 0, the difference would lose what the grade is worth, and 0 over 0 is no share.
            NdcgGain::Exponential if grade < 0.5 => (grade * LN_2).exp_m1(),
            NdcgGain::Exponential => grade.exp2() - 1.0,
        };
        gain / (rank + 1.0).log2()
    }
}
