//! The metric.

use evalward_core::{BoxFuture, Contribution, Example, Measurement, Metric, Reply, Scale, Score};
use serde_json::json;

use super::counts::{ChrfOptions, chrf_counts};
use super::formula::corpus_chrf;
use crate::wording::NO_REFERENCE;
use crate::{MetricError, Place};

/// chrF of the output against the best right answer, from 0 to 100; its counts add up to corpus chrF.
#[derive(Clone, Debug)]
pub struct Chrf {
    options: ChrfOptions,
}

impl Chrf {
    /// Makes the metric.
    ///
    /// # Errors
    /// Where no n-gram is counted at all.
    pub fn new(options: ChrfOptions) -> Result<Self, MetricError> {
        if options.character_order == 0 && options.word_order == 0 {
            return Err(MetricError::CannotHold {
                place: Place::of_rule("character_order"),
                why: "neither characters nor words are counted",
            });
        }
        Ok(Self { options })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let references: Vec<&str> = example.references().collect();
        let Some((counts, reference)) = chrf_counts(output, &references, &self.options) else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let value = corpus_chrf(&counts);
        let (characters, words) = counts.orders.split_at(self.options.character_order.into());
        let mut detail = json!({ "reference": reference, "characters": characters });
        if !words.is_empty() {
            detail["words"] = json!(words);
        }
        Score { scale: Scale::PERCENT, ..Score::fraction(value) }
            .with_detail(detail)
            .with_contribution(Contribution::Chrf(counts))
            .into()
    }
}

impl Metric for Chrf {
    fn kind(&self) -> &'static str {
        "chrf"
    }

    fn scale(&self) -> Scale {
        Scale::PERCENT
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
