//! The right label.

use std::collections::BTreeMap;

use evalward_core::{BoxFuture, Contribution, Example, Measurement, Metric, Reply, Score};
use regex::Regex;
use serde_json::json;

use crate::folded::{Case, Folded};
use crate::rules::compile_pattern;
use crate::wording::{NO_REFERENCE, quoted, quoted_list, span_with_text};
use crate::{MetricError, Place};

/// The length beyond which a text is no label.
const LONGEST_LABEL: usize = 200;

/// How labels are read and compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassificationOptions {
    /// The regular expression whose only group finds the label; by default the label is the whole output.
    pub pattern: Option<String>,
    /// All labels there are; an output that is none of them has no label.
    pub labels: Option<Vec<String>>,
    /// Whether labels that differ in case are different.
    pub case_sensitive: bool,
}

/// Whether the output is the right label; each score also counts in a confusion matrix over the run.
///
/// White space around a label does not matter, nor does case by default.
#[derive(Clone, Debug)]
pub struct Classification {
    pattern: Option<Regex>,
    /// The labels in the form in which they are compared, each with its own spelling.
    labels: Option<BTreeMap<String, String>>,
    case: Case,
}

impl Classification {
    /// Makes the metric.
    ///
    /// # Errors
    /// [`MetricError`] for a pattern that is not valid or has not exactly one group, and for a list of labels that is empty or
    /// has a label twice.
    pub fn new(options: &ClassificationOptions) -> Result<Self, MetricError> {
        let case = Case::sensitive(options.case_sensitive);
        let pattern = options.pattern.as_deref().map(one_group).transpose()?;
        let labels = match &options.labels {
            None => None,
            Some(labels) => Some(closed_list(labels, case)?),
        };
        Ok(Self { pattern, labels, case })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let mut expected = Vec::new();
        for reference in example.references() {
            match self.label(reference.trim()) {
                Ok(label) => expected.push(label),
                Err(why) => {
                    let reference = quoted(reference);
                    return Measurement::Errored(format!(
                        "the right answer {reference} is no label: it {why}"
                    ));
                }
            }
        }
        let Some(first) = expected.first() else {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        };
        let Some((text, start)) = self.text(output) else {
            return none(first, "nothing in the output matches the pattern of the label").into();
        };
        let label = match self.label(text) {
            Ok(label) => label,
            Err(why @ NoLabel::NotListed(_)) => {
                return none(first, &format!("{} {why}", quoted(text))).into();
            }
            Err(why) => return none(first, &format!("the output has no label: it {why}")).into(),
        };
        let right = expected.iter().position(|expected| *expected == label);
        let expected_label = &expected[right.unwrap_or(0)];
        let score = Score::yes_or_no(right.is_some())
            .with_detail(json!({
                "expected": expected_label,
                "predicted": label,
                "span": span_with_text(output, &(start..start + text.len())),
            }))
            .with_contribution(Contribution::Label {
                expected: expected_label.clone(),
                predicted: Some(label.clone()),
            });
        if right.is_some() {
            return score.into();
        }
        let expected = quoted_list(expected.iter().map(String::as_str), "or");
        score
            .with_problem(format_args!("the label is {}, expected {expected}", quoted(&label)))
            .into()
    }

    /// Returns the text that should be a label, and where it starts.
    fn text<'a>(&self, output: &'a str) -> Option<(&'a str, usize)> {
        let (text, start) = match &self.pattern {
            None => (output, 0),
            Some(pattern) => {
                let found = pattern.captures(output)?.get(1)?;
                (found.as_str(), found.start())
            }
        };
        let bare = text.trim_start();
        Some((bare.trim_end(), start + text.len() - bare.len()))
    }

    /// Returns the label that a text is, in its one spelling.
    fn label(&self, text: &str) -> Result<String, NoLabel> {
        if text.is_empty() {
            return Err(NoLabel::Empty);
        }
        if text.len() > LONGEST_LABEL * 4 || text.chars().count() > LONGEST_LABEL {
            return Err(NoLabel::TooLong);
        }
        let folded = fold(text, self.case);
        match &self.labels {
            None => Ok(folded),
            Some(labels) => labels.get(&folded).cloned().ok_or(NoLabel::NotListed(labels.len())),
        }
    }
}

/// Why a text is no label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NoLabel {
    #[error("is empty")]
    Empty,
    #[error("is longer than {LONGEST_LABEL} characters")]
    TooLong,
    #[error("is none of the {0} labels")]
    NotListed(usize),
}

fn fold(text: &str, case: Case) -> String {
    Folded::new(text, case).as_str().to_owned()
}

/// Makes the score of an output without a label.
fn none(expected: &str, problem: &str) -> Score {
    Score::yes_or_no(false)
        .with_detail(json!({ "expected": expected, "predicted": null }))
        .with_problem(format_args!("{problem}; expected {}", quoted(expected)))
        .with_contribution(Contribution::Label { expected: expected.to_owned(), predicted: None })
}

fn one_group(pattern: &str) -> Result<Regex, MetricError> {
    let place = Place::of_rule("pattern");
    let regex = compile_pattern(pattern, &place)?.regex;
    // The whole match counts as a group.
    if regex.captures_len() == 2 {
        return Ok(regex);
    }
    let why = "it needs exactly one group in parentheses, which finds the label";
    Err(MetricError::Setting { place, why })
}

fn closed_list(labels: &[String], case: Case) -> Result<BTreeMap<String, String>, MetricError> {
    let place = || Place::of_rule("labels");
    let mut list = BTreeMap::new();
    for label in labels {
        let label = label.trim();
        if label.is_empty() || label.chars().count() > LONGEST_LABEL {
            let why = "a label has between 1 and 200 characters";
            return Err(MetricError::Setting { place: place(), why });
        }
        if list.insert(fold(label, case), label.to_owned()).is_some() {
            let why = "a label stands in it twice";
            return Err(MetricError::Setting { place: place(), why });
        }
    }
    if list.is_empty() {
        return Err(MetricError::Setting { place: place(), why: "there is no label" });
    }
    Ok(list)
}

impl Metric for Classification {
    fn kind(&self) -> &'static str {
        "classification"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
