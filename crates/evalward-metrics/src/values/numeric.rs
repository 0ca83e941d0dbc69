//! A number in the output beside the right one.

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Score};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::number_text::{DecimalMark, Numbers, PercentSign, WrittenNumber};
use crate::MetricError;
use crate::tolerance::Tolerance;
use crate::wording::{NO_REFERENCE, quoted, span_with_text};

/// Which number of the output counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PickNumber {
    /// The only one; several are a failure.
    #[default]
    Only,
    /// The first one.
    First,
    /// The last one.
    Last,
}

/// What a [`Numeric`] reads and compares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumericOptions {
    /// Which number of the output counts.
    pub pick: PickNumber,
    /// How far it may lie from the right one.
    pub tolerance: Finite,
    /// The same as a share of the right number; the wider of the two holds.
    pub relative_tolerance: Finite,
    /// Which mark stands before the decimals.
    pub decimal: DecimalMark,
    /// What a percent sign does.
    pub percent: PercentSign,
}

/// Whether the output's number is near enough to a right answer's.
#[derive(Clone, Debug)]
pub struct Numeric {
    pick: PickNumber,
    tolerance: Tolerance,
    decimal: DecimalMark,
    percent: PercentSign,
}

impl Numeric {
    /// Makes the metric.
    ///
    /// # Errors
    /// [`MetricError::CannotHold`] for a tolerance below 0.
    pub fn new(options: &NumericOptions) -> Result<Self, MetricError> {
        Ok(Self {
            pick: options.pick,
            tolerance: Tolerance::new(options.tolerance, options.relative_tolerance)?,
            decimal: options.decimal,
            percent: options.percent,
        })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let mut expected = Vec::new();
        for reference in example.references() {
            let Some(number) = self.only_number(reference) else {
                let reference = quoted(reference);
                return Measurement::Errored(format!(
                    "the right answer {reference} is not one number"
                ));
            };
            expected.push(number);
        }
        if expected.is_empty() {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        }
        match self.picked(output) {
            Ok(number) => self.compared(&number, &expected, output).into(),
            Err(problem) => Score::yes_or_no(false).with_problem(problem).into(),
        }
    }

    fn numbers<'a>(&self, text: &'a str) -> Numbers<'a> {
        Numbers::new(text, self.decimal, self.percent)
    }

    fn only_number(&self, text: &str) -> Option<WrittenNumber> {
        let mut numbers = self.numbers(text);
        let number = numbers.next().filter(|number| number.value.is_finite())?;
        numbers.next().is_none().then_some(number)
    }

    fn picked(&self, output: &str) -> Result<WrittenNumber, String> {
        let mut numbers = self.numbers(output);
        let number = match self.pick {
            PickNumber::First => numbers.next(),
            PickNumber::Last => numbers.last(),
            PickNumber::Only => {
                let first = numbers.next();
                let further = numbers.count();
                if further > 0 {
                    let count = further + 1;
                    return Err(format!(
                        "the output has {count} numbers, and only one may stand in it"
                    ));
                }
                first
            }
        };
        let number = number.ok_or("the output has no number")?;
        if number.value.is_finite() {
            return Ok(number);
        }
        Err("the output's number is too large to be compared".to_owned())
    }

    fn compared(&self, got: &WrittenNumber, expected: &[WrittenNumber], output: &str) -> Score {
        let distance = |expected: &WrittenNumber| (got.value - expected.value).abs();
        let right = expected.iter().position(|expected| self.admits(expected, got));
        let nearest = right.or_else(|| {
            (0..expected.len()).min_by(|left, right| {
                distance(&expected[*left]).total_cmp(&distance(&expected[*right]))
            })
        });
        let index = nearest.unwrap_or(0);
        let near = &expected[index];
        let score = Score::yes_or_no(right.is_some()).with_detail(json!({
            "value": got.value,
            "expected": near.value,
            "difference": got.value - near.value,
            "span": span_with_text(output, &got.span),
            "reference": index,
        }));
        if right.is_some() {
            return score;
        }
        let allowed = self.tolerance.around(near.value);
        let within = if allowed > 0.0 { format!(" within {allowed}") } else { String::new() };
        let percent = match (got.has_percent_sign, near.has_percent_sign) {
            (true, false) => "; the output has a percent sign, the right answer has none",
            (false, true) => "; the right answer has a percent sign, the output has none",
            _ => "",
        };
        score.with_problem(format_args!("the number is {got}, expected {near}{within}{percent}"))
    }

    /// Whole numbers are compared to the last digit, also where floats could not tell them apart.
    fn admits(&self, expected: &WrittenNumber, got: &WrittenNumber) -> bool {
        match (&expected.whole, &got.whole) {
            (Some(expected), Some(got)) if self.tolerance.is_exact() => expected == got,
            _ => self.tolerance.admits(expected.value, got.value),
        }
    }
}

impl Metric for Numeric {
    fn kind(&self) -> &'static str {
        "numeric"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
