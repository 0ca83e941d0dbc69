//! Files of labels: what people say of answers.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use evalward_core::{Digest, Document, Example, ExampleId, Partition, Rate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::value::{LabelValue, LabelledClaim};
use crate::lines::Records;
use crate::{DatasetError, Located};

/// A line of a file of labels: an answer of a stored run by its example's id, or an answer that the line holds itself.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerLabel {
    /// What the person said of the answer; absent where the line has claims alone.
    pub value: Option<LabelValue>,
    /// What the person said of its claims; an empty list where it makes none.
    pub claims: Option<Vec<LabelledClaim>>,
    /// Who said it.
    pub annotator: Option<String>,
    /// Answers with one cluster are not independent of each other.
    pub cluster: Option<String>,
    /// The probability with which the answer was drawn to be labelled, above 0; absent where nobody knows.
    pub probability: Option<Rate>,
    /// The hash of the text of an answer of a stored run, by which it is told from another run's.
    pub output_hash: Option<Digest>,
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
    label: Option<LabelValue>,
    claims: Option<Vec<LabelledClaim>>,
    annotator: Option<String>,
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
    probability: Option<Rate>,
    output_hash: Option<Digest>,
}

/// Reads a file of labels.
///
/// # Errors
/// [`DatasetError`] with file, line and column: for what is no JSON object, an unknown field with the nearest known one, a label
/// that is no number and neither `true` nor `false`, a line that names no answer or two, and an answer that an annotator labels
/// twice.
pub fn read_labels(path: &Path) -> Result<Vec<Located<AnswerLabel>>, DatasetError> {
    let mut records = Records::<Line>::open(path, path.into())?;
    let mut labels: Vec<Located<AnswerLabel>> = Vec::new();
    let mut kind: Option<(LabelValue, u64)> = None;
    let mut seen: BTreeMap<(Digest, String), u64> = BTreeMap::new();
    while let Some(line) = records.advance() {
        let line = line?;
        let place = records.lines.place(1);
        let refuse = |problem: String| Err(DatasetError::malformed(place.clone(), problem));
        let value = match line.into_label() {
            Ok(value) => value,
            Err(problem) => return refuse(problem.to_owned()),
        };
        let line = records.lines.number();
        if let Some(label) = value.value {
            let (first, first_line) = *kind.get_or_insert((label, line));
            if first.is_rating() != label.is_rating() {
                return refuse(format!(
                    "the label is {}, and that of line {first_line} is {}; all must be of one kind",
                    label.kind(),
                    first.kind()
                ));
            }
        }
        if let Some(annotator) = &value.annotator {
            match seen.entry((value.answer_digest(), annotator.clone())) {
                Entry::Vacant(entry) => drop(entry.insert(line)),
                Entry::Occupied(entry) => {
                    return refuse(format!(
                        "annotator `{annotator}` labels the answer of line {} again; leave one of the two out",
                        entry.get()
                    ));
                }
            }
        }
        labels.push(Located { value, path: records.lines.path().clone(), line });
    }
    Ok(labels)
}

impl Line {
    fn into_label(self) -> Result<AnswerLabel, &'static str> {
        if self.label.is_none() && self.claims.is_none() {
            return Err("the line says nothing of the answer; it needs a `label`, or `claims`");
        }
        if self.annotator.as_ref().is_some_and(|name| name.trim().is_empty()) {
            return Err("`annotator` is empty");
        }
        if self.claims.iter().flatten().any(|claim| claim.claim.trim().is_empty()) {
            return Err("a claim has no words");
        }
        if self.probability == Some(Rate::ZERO) {
            return Err("`probability` is 0, and what is never drawn has no label");
        }
        if self.output_hash.is_some() && self.id.is_none() {
            return Err("`output_hash` goes with the `id` of an example of a run");
        }
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
        Ok(AnswerLabel {
            value: self.label,
            claims: self.claims,
            annotator: self.annotator,
            cluster: self.cluster,
            probability: self.probability,
            output_hash: self.output_hash,
            answer,
        })
    }
}

impl AnswerLabel {
    /// Returns the hash of which answer it is; lines with the same one are about the same answer.
    pub(super) fn answer_digest(&self) -> Digest {
        let answer = match &self.answer {
            // Without a number it can only be the first trial.
            LabelledText::Stored { id, trial } => json!([id, trial.unwrap_or(1)]),
            LabelledText::Own { example, output } => json!([
                example.input,
                output,
                example.expected_output,
                example.acceptable_outputs,
                example.context,
            ]),
        };
        Digest::of_json(&json!([answer, self.cluster]))
    }
}
