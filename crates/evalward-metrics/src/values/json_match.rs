//! Agreement of JSON, field by field.

use std::num::NonZeroUsize;

use evalward_core::{BoxFuture, Example, Finite, Measurement, Metric, Reply, Score};
use serde_json::{Value, json};

use super::json_fields::{Difference, ExtraFields, Fields};
use super::json_text::{FoundJson, find_json};
use crate::fraction::share;
use crate::json_equality::{Equality, TooManyComparisons};
use crate::pointing::push_step;
use crate::tolerance::Tolerance;
use crate::wording::{NO_REFERENCE, quoted};
use crate::{MetricError, Place};

/// How many differing fields are told one by one.
const TOLD: usize = 5;

/// What a [`JsonMatch`] compares.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonMatchOptions {
    /// The fields that count, as JSON Pointers (`/items/0/name`) or dotted paths (`items.0.name`); by default every leaf of
    /// the right answer.
    pub fields: Option<Vec<String>>,
    /// How far a number may lie from the right one.
    pub tolerance: Finite,
    /// The same as a share of the right number; the wider of the two holds.
    pub relative_tolerance: Finite,
    /// Whether the order of arrays does not matter.
    pub unordered: bool,
    /// What becomes of fields that the right answer lacks.
    pub extra: ExtraFields,
}

/// The share of a right answer's JSON fields that the output has; passes by itself where all match.
///
/// A leaf is what has no fields or elements of its own. Arrays are compared place by place, and an element too many is a field
/// that does not match; where order does not matter, each element is one field and as many as possible are paired.
#[derive(Clone, Debug)]
pub struct JsonMatch {
    fields: Option<Vec<String>>,
    tolerance: Tolerance,
    unordered: bool,
    extra: ExtraFields,
}

impl JsonMatch {
    /// Makes the metric.
    ///
    /// # Errors
    /// [`MetricError::CannotFail`] for an empty list of fields, [`MetricError::CannotHold`] for a tolerance below 0.
    pub fn new(options: &JsonMatchOptions) -> Result<Self, MetricError> {
        if options.fields.as_ref().is_some_and(Vec::is_empty) {
            let place = Place::of_rule("fields");
            return Err(MetricError::CannotFail { place, why: "no field counts" });
        }
        let fields = options.fields.as_ref();
        Ok(Self {
            fields: fields.map(|fields| fields.iter().map(|path| pointer(path)).collect()),
            tolerance: Tolerance::new(options.tolerance, options.relative_tolerance)?,
            unordered: options.unordered,
            extra: options.extra,
        })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let mut references = Vec::new();
        for (index, reference) in example.references().enumerate() {
            match serde_json::from_str::<Value>(reference) {
                Ok(value) => references.push(value),
                Err(error) => {
                    return Measurement::Errored(format!(
                        "right answer {} is not JSON: {error}",
                        index + 1
                    ));
                }
            }
        }
        if references.is_empty() {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        }
        let found = match find_json(output) {
            Ok(found) => found,
            Err(none) => {
                let place =
                    none.place.map(|(line, column)| json!({"line": line, "column": column}));
                return Score::yes_or_no(false)
                    .with_detail(json!({ "valid_json": false, "place": place }))
                    .with_problem(none.problem)
                    .into();
            }
        };
        match self.best(&references, &found.value) {
            Ok(Some((index, fields))) => Self::scored(index, &fields, &found).into(),
            Ok(None) => Measurement::Errored(format!(
                "no right answer has {}",
                self.fields.iter().flatten().map(|it| quoted(it)).collect::<Vec<_>>().join(" or ")
            )),
            Err(error) => Measurement::Errored(error.to_string()),
        }
    }

    /// Compares with each right answer that has something to compare, and keeps the nearest.
    fn best(
        &self,
        references: &[Value],
        output: &Value,
    ) -> Result<Option<(usize, Fields)>, TooManyComparisons> {
        let extra_allowed = self.extra == ExtraFields::Allowed;
        let equality = Equality::new(self.tolerance, self.unordered, extra_allowed);
        let mut best: Option<(usize, Fields)> = None;
        for (index, reference) in references.iter().enumerate() {
            let Some(fields) = self.compare(&equality, reference, output)? else { continue };
            if best.as_ref().is_none_or(|(_, best)| fields.value() > best.value()) {
                best = Some((index, fields));
            }
        }
        Ok(best)
    }

    fn compare(
        &self,
        equality: &Equality,
        reference: &Value,
        output: &Value,
    ) -> Result<Option<Fields>, TooManyComparisons> {
        let mut fields = Fields::default();
        let Some(named) = &self.fields else {
            fields.compare_leaves(equality, &mut String::new(), reference, Some(output))?;
            return Ok(Some(fields));
        };
        if named.iter().all(|path| reference.pointer(path).is_none()) {
            return Ok(None);
        }
        for path in named {
            let got = output.pointer(path);
            match reference.pointer(path) {
                Some(expected) => fields.compare_whole(equality, path, expected, got)?,
                None => fields.compare_absent(path, got),
            }
        }
        Ok(Some(fields))
    }

    fn scored(reference: usize, fields: &Fields, found: &FoundJson) -> Score {
        let wrong = fields.total - fields.matched;
        let differences: Vec<Value> = fields.differences.iter().map(Difference::to_json).collect();
        let fence = found.fence.as_ref().map(|it| json!({"start": it.start, "end": it.end}));
        let mut score = Score { passed: Some(wrong == 0), ..Score::fraction(fields.value()) }
            .with_detail(json!({
                "fields": fields.total,
                "matched": fields.matched,
                "differences": differences,
                "reference": reference,
                "code_fence": fence,
            }));
        for difference in fields.differences.iter().take(TOLD) {
            score = score.with_problem(difference.sentence());
        }
        if wrong > TOLD {
            score = score.with_problem(format_args!("{} more fields differ", wrong - TOLD));
        }
        score
    }
}

impl Fields {
    /// Returns the share that matches.
    fn value(&self) -> Finite {
        NonZeroUsize::new(self.total).map_or(Finite::ONE, |total| share(self.matched, total))
    }
}

/// Turns a dotted path into a JSON Pointer, and leaves a pointer as it is.
fn pointer(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') {
        return path.to_owned();
    }
    let mut pointer = String::new();
    for key in path.split('.') {
        push_step(&mut pointer, key);
    }
    pointer
}

impl Metric for JsonMatch {
    fn kind(&self) -> &'static str {
        "json_match"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
