//! A pattern that the output must match.

use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, Score};
use regex::Regex;

use crate::rules::compile_pattern;
use crate::wording::{quoted, span_with_text};
use crate::{MetricError, Place};

/// Whether a regular expression matches somewhere in the output.
#[derive(Clone, Debug)]
pub struct RegexMatch {
    regex: Regex,
}

impl RegexMatch {
    /// Compiles the pattern.
    ///
    /// # Errors
    /// [`MetricError::Regex`] for a pattern that is not valid, [`MetricError::CannotFail`] for one that matches every text.
    pub fn new(pattern: &str) -> Result<Self, MetricError> {
        let place = Place::of_rule("pattern");
        let pattern = compile_pattern(pattern, &place)?;
        if pattern.matches_everything {
            return Err(MetricError::CannotFail { place, why: "the pattern matches every text" });
        }
        Ok(Self { regex: pattern.regex })
    }

    fn measure(&self, output: &str) -> Score {
        match self.regex.find(output) {
            Some(found) => {
                Score::yes_or_no(true).with_detail(span_with_text(output, &found.range()))
            }
            None => Score::yes_or_no(false)
                .with_problem(format_args!("nothing matches {}", quoted(self.regex.as_str()))),
        }
    }
}

impl Metric for RegexMatch {
    fn kind(&self) -> &'static str {
        "regex"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, _: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(&reply.response.output).into() })
    }
}
