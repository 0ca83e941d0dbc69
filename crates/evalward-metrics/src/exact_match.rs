//! Equality with a reference.

use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, Score};
use serde_json::json;

use crate::Normalization;
use crate::wording::NO_REFERENCE;
use crate::words::{SquadWords, is_plain_ascii};

/// Returns whether two texts are equal after normalisation.
///
/// Rajpurkar et al. (2016), "SQuAD: 100,000+ Questions for Machine Comprehension of Text", section 6.1.
pub fn exact_match(output: &str, reference: &str, normalization: Normalization) -> bool {
    match normalization {
        Normalization::Raw => output == reference,
        Normalization::Squad if is_plain_ascii(output) && is_plain_ascii(reference) => {
            equal_words(output.as_bytes(), reference.as_bytes())
        }
        Normalization::Squad => normalization.apply(output) == normalization.apply(reference),
    }
}

fn equal_words(left: &[u8], right: &[u8]) -> bool {
    let (mut of_left, mut of_right) = (SquadWords::new(left), SquadWords::new(right));
    loop {
        match (of_left.next(), of_right.next()) {
            (None, None) => return true,
            (Some(left), Some(right))
                if of_left.bytes(left).eq_ignore_ascii_case(of_right.bytes(right)) => {}
            _ => return false,
        }
    }
}

/// Whether the output equals the expected output or one of the acceptable ones, after normalisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExactMatch {
    /// What both sides undergo before they are compared; raw by default.
    pub normalization: Normalization,
}

impl ExactMatch {
    fn measure(self, example: &Example, output: &str) -> Measurement {
        let mut references = 0_usize;
        for reference in example.references() {
            if exact_match(output, reference, self.normalization) {
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
