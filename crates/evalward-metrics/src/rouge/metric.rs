//! The metric.

use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, Score};
use serde_json::json;

use super::overlap::{RougeOptions, rouge};
use crate::wording::NO_REFERENCE;
use crate::{Extent, Extents};

/// The overlap of the output with the right answer that it overlaps most with by F1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rouge {
    /// How it is computed.
    pub options: RougeOptions,
    /// What the score is.
    pub measure: Extent,
}

impl Rouge {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let mut best: Option<(usize, Extents)> = None;
        for (index, reference) in example.references().enumerate() {
            let extents = match rouge(output, reference, &self.options) {
                Ok(extents) => extents,
                Err(error) => return Measurement::Errored(format!("failed to {error}")),
            };
            if best.as_ref().is_none_or(|(_, best)| extents.f1 > best.f1) {
                best = Some((index, extents));
            }
        }
        let Some((reference, extents)) = best else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let detail = json!({
            "reference": reference,
            "precision": extents.precision,
            "recall": extents.recall,
            "f1": extents.f1,
            "shared": extents.shared,
            "in_output": extents.in_output,
            "in_reference": extents.in_reference,
        });
        Score::fraction(extents.get(self.measure)).with_detail(detail).into()
    }
}

impl Metric for Rouge {
    fn kind(&self) -> &'static str {
        "rouge"
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
