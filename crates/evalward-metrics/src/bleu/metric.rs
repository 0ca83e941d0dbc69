//! The metric.

use evalward_core::{
    BleuSmoothing, BoxFuture, Contribution, Example, Finite, Measurement, Metric, Reply, Scale,
    Score,
};
use serde_json::json;

use super::counts::{BleuOptions, bleu_counts};
use super::formula::sentence_bleu;
use crate::wording::NO_REFERENCE;
use crate::{MetricError, Place};

/// BLEU of the output against all right answers, from 0 to 100; its counts add up to corpus BLEU.
#[derive(Clone, Debug)]
pub struct Bleu {
    options: BleuOptions,
}

impl Bleu {
    /// Makes the metric.
    ///
    /// # Errors
    /// Where a value for smoothing is not above 0, is above 1 for `floor`, or the smoothing has none.
    pub fn new(options: BleuOptions) -> Result<Self, MetricError> {
        let place = || Place::of_rule("smoothing_value");
        if let Some(value) = options.smoothing_value {
            if !matches!(options.smoothing, BleuSmoothing::Floor | BleuSmoothing::AddK) {
                let why = "only the smoothing `floor` and `add-k` have a value";
                return Err(MetricError::Setting { place: place(), why });
            }
            if value.get() <= 0.0 {
                return Err(MetricError::Setting { place: place(), why: "it must be above 0" });
            }
            if options.smoothing == BleuSmoothing::Floor && value > Finite::ONE {
                let why = "for `floor` it must be at most 1: more would be worth more than a match";
                return Err(MetricError::Setting { place: place(), why });
            }
        }
        Ok(Self { options })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let references: Vec<&str> = example.references().collect();
        if references.is_empty() {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        }
        let counts = bleu_counts(output, &references, &self.options);
        let value = sentence_bleu(&counts, self.options.effective_order);
        let detail = json!({
            "matches": counts.matches,
            "totals": counts.totals,
            "output_tokens": counts.output_tokens,
            "reference_tokens": counts.reference_tokens,
        });
        Score { scale: Scale::PERCENT, ..Score::fraction(value) }
            .with_detail(detail)
            .with_contribution(Contribution::Bleu(counts))
            .into()
    }
}

impl Metric for Bleu {
    fn kind(&self) -> &'static str {
        "bleu"
    }

    fn scale(&self) -> Scale {
        Scale::PERCENT
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
