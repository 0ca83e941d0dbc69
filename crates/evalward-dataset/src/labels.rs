//! Files of labels: what people say of answers.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use evalward_core::{Document, Example, ExampleId, Finite, Partition};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::lines::Records;
use crate::{DatasetError, Located};

/// What a person says of an answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LabelValue {
    /// Whether it is good.
    YesOrNo(bool),
    /// A rating on a scale.
    Rating(Finite),
}

/// A line of a file of labels: an answer of a stored run by its example's id, or an answer that the line holds itself.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerLabel {
    /// What the person said.
    pub value: LabelValue,
    /// Answers with one cluster are not independent of each other.
    pub cluster: Option<String>,
    /// Which answer it is.
    pub answer: LabelledText,
}

/// Which answer a label is about.
#[derive(Clone, Debug, PartialEq)]
pub enum LabelledText {
    /// The answer of a stored run.
    Stored {
        /// The example.
        id: ExampleId,
        /// The number of the attempt, from 1, where there are several.
        trial: Option<u32>,
    },
    /// The line's own answer.
    Own {
        /// What was asked and what is expected; its id and partition mean nothing.
        example: Box<Example>,
        /// The answer.
        output: String,
    },
}

/// A line as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    label: LabelValue,
    id: Option<ExampleId>,
    trial: Option<u32>,
    input: Option<BTreeMap<String, Value>>,
    output: Option<String>,
    expected_output: Option<String>,
    #[serde(default)]
    acceptable_outputs: Vec<String>,
    #[serde(default)]
    context: Vec<Document>,
    cluster: Option<String>,
}

/// Reads a file of labels.
///
/// # Errors
/// [`DatasetError`] with file, line and column: for what is no JSON object, an unknown field with the nearest known one, a label
/// that is no number and neither `true` nor `false`, and a line that names no answer or two.
pub fn read_labels(path: &Path) -> Result<Vec<Located<AnswerLabel>>, DatasetError> {
    let mut records = Records::<Line>::open(path, path.into())?;
    let mut labels: Vec<Located<AnswerLabel>> = Vec::new();
    while let Some(line) = records.advance() {
        let line = line?;
        let place = records.lines.place(1);
        let value =
            line.into_label().map_err(|problem| DatasetError::malformed(place.clone(), problem))?;
        if let Some(first) = labels.first()
            && first.value.value.is_rating() != value.value.is_rating()
        {
            let problem = format!(
                "the label is {}, and that of line {} is {}; all must be of one kind",
                value.value.kind(),
                first.line,
                first.value.value.kind()
            );
            return Err(DatasetError::malformed(place, problem));
        }
        let line = records.lines.number();
        labels.push(Located { value, path: records.lines.path().clone(), line });
    }
    Ok(labels)
}

impl Line {
    fn into_label(self) -> Result<AnswerLabel, &'static str> {
        let has_own = self.input.is_some()
            || self.expected_output.is_some()
            || !self.acceptable_outputs.is_empty()
            || !self.context.is_empty();
        let answer = match (self.id, self.output) {
            (Some(_), Some(_)) => {
                return Err(
                    "the line has an `id`, for an answer of a run, and an `output` of its own; it can be about one answer only",
                );
            }
            (Some(_), None) if has_own => {
                return Err("a line with an `id` takes everything but its `label` from the run");
            }
            (Some(id), None) => LabelledText::Stored { id, trial: self.trial },
            (None, Some(_)) if self.trial.is_some() => {
                return Err("`trial` goes with the `id` of an example of a run");
            }
            (None, Some(output)) => {
                let mut example = Example::new("label", Partition::Distribution);
                example.input = self.input.unwrap_or_default();
                example.expected_output = self.expected_output;
                example.acceptable_outputs = self.acceptable_outputs;
                example.context = self.context;
                LabelledText::Own { example: Box::new(example), output }
            }
            (None, None) => {
                return Err(
                    "the line names no answer; it needs the `id` of an example of a run, or an `output`",
                );
            }
        };
        Ok(AnswerLabel { value: self.label, cluster: self.cluster, answer })
    }
}

impl LabelValue {
    /// Returns whether it is a rating on a scale.
    pub const fn is_rating(self) -> bool {
        matches!(self, Self::Rating(_))
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::YesOrNo(_) => "`true` or `false`",
            Self::Rating(_) => "a number",
        }
    }
}

impl<'de> Deserialize<'de> for LabelValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LabelVisitor;

        impl Visitor<'_> for LabelVisitor {
            type Value = LabelValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number, `true` or `false`")
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<LabelValue, E> {
                Ok(LabelValue::YesOrNo(value))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<LabelValue, E> {
                Finite::new(value).map(LabelValue::Rating).map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<LabelValue, E> {
                let small =
                    i32::try_from(value).map_err(|_| E::custom("the label is out of range"))?;
                self.visit_f64(f64::from(small))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<LabelValue, E> {
                let small =
                    u32::try_from(value).map_err(|_| E::custom("the label is out of range"))?;
                self.visit_f64(f64::from(small))
            }
        }

        deserializer.deserialize_any(LabelVisitor)
    }
}
