//! Equality with a reference.

use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, Score};
use serde_json::json;

use crate::Normalization;
use crate::wording::NO_REFERENCE;

/// Whether the output equals the expected output or one of the acceptable ones, after normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExactMatch {
    /// What both sides undergo before they are compared; raw by default.
    pub normalization: Normalization,
}

impl ExactMatch {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let output = self.normalization.apply(output);
        let mut references = 0_usize;
        for reference in example.references() {
            if self.normalization.apply(reference) == output {
                return Score::yes_or_no(true)
                    .with_detail(json!({ "reference": references }))
                    .into();
            }
            references += 1;
        }
        let problem = match references {
            0 => return Measurement::Skipped(NO_REFERENCE.to_owned()),
            1 => "the output is not the expected output".to_owned(),
            more => format!("the output is none of the {more} outputs that are right"),
        };
        Score::yes_or_no(false).with_problem(problem).into()
    }
}

impl Metric for ExactMatch {
    fn kind(&self) -> &'static str {
        "exact_match"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
