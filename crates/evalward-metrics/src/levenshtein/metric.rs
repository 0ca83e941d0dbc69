//! The metric.

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Scale, Score};
use serde_json::json;

use super::distance::{distance_and_length, similarity};
use crate::wording::NO_REFERENCE;
use crate::{LevenshteinMeasure, Normalization};

/// The edit distance to the nearest right answer, or the similarity that it comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levenshtein {
    /// What the score is.
    pub measure: LevenshteinMeasure,
    /// What both sides undergo before they are compared; raw by default.
    pub normalization: Normalization,
}

impl Levenshtein {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let output = self.normalization.apply(output);
        let mut best: Option<(usize, u64, u64)> = None;
        for (index, reference) in example.references().enumerate() {
            let reference = self.normalization.apply(reference);
            let (distance, length) = match distance_and_length(&output, &reference) {
                Ok(found) => found,
                Err(error) => return Measurement::Errored(format!("failed to {error}")),
            };
            let nearer = |&(_, least, of): &(usize, u64, u64)| match self.measure {
                LevenshteinMeasure::Distance => distance < least,
                LevenshteinMeasure::Similarity => {
                    similarity(distance, length) > similarity(least, of)
                }
            };
            if best.as_ref().is_none_or(nearer) {
                best = Some((index, distance, length));
            }
        }
        let Some((reference, distance, length)) = best else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let value = match self.measure {
            LevenshteinMeasure::Similarity => similarity(distance, length),
            LevenshteinMeasure::Distance => {
                u32::try_from(distance).map_or(Finite::MAX, Finite::from)
            }
        };
        let detail =
            json!({ "reference": reference, "distance": distance, "longer_characters": length });
        Score { scale: self.measure.scale(), ..Score::fraction(value) }.with_detail(detail).into()
    }
}

impl Metric for Levenshtein {
    fn kind(&self) -> &'static str {
        "levenshtein"
    }

    fn scale(&self) -> Scale {
        self.measure.scale()
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
