//! Which documents an example calls relevant.

use std::collections::BTreeMap;

use evalward_core::{Document, Example};
use serde_json::Value;

use crate::MetricError;
use crate::pointing::ExamplePointer;
use crate::wording::{excerpt, quoted};

/// Grades above this have no worth as a power of 2.
const LARGEST_GRADE: f64 = 1000.0;

/// Where an example says which documents are relevant.
#[derive(Clone, Debug)]
pub(super) enum RelevantSource {
    /// The ids of the example's own context.
    Context,
    /// A list of ids, or an object from id to grade.
    Pointer(ExamplePointer),
}

/// The grade of each relevant document by its id; all are above 0.
pub(super) type Grades = BTreeMap<String, f64>;

impl RelevantSource {
    pub(super) fn new(text: &str) -> Result<Self, MetricError> {
        if text == "context" {
            return Ok(Self::Context);
        }
        ExamplePointer::new("relevant", text).map(Self::Pointer)
    }

    /// Returns where to look, in backticks.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Context => "`context`".to_owned(),
            Self::Pointer(pointer) => quoted(pointer.as_str()),
        }
    }

    /// Returns the relevant documents, or what is wrong with what stands there.
    pub(super) fn grades(&self, example: &Example) -> Result<Grades, String> {
        match self {
            Self::Context => {
                let mut grades = Grades::new();
                for (index, document) in example.context.iter().enumerate() {
                    let id = document_id(document).ok_or_else(|| {
                        format!("document {} of the example's context has no id", index + 1)
                    })?;
                    grades.insert(id.to_owned(), 1.0);
                }
                Ok(grades)
            }
            Self::Pointer(pointer) => match pointer.find(example) {
                None => Ok(Grades::new()),
                Some(value) => grades_of(&value).map_err(|wrong| {
                    format!("{} of the example {wrong}", quoted(pointer.as_str()))
                }),
            },
        }
    }
}

/// Returns the id by which documents are compared: its own, else the path of its file.
pub(super) fn document_id(document: &Document) -> Option<&str> {
    document.id.as_deref().or(document.reference.as_deref())
}

fn grades_of(value: &Value) -> Result<Grades, String> {
    match value {
        Value::Array(ids) => ids.iter().map(|id| Ok((id_of(id)?, 1.0))).collect(),
        Value::Object(fields) => {
            let mut grades = Grades::new();
            for (id, grade) in fields {
                let shown = || excerpt(&grade.to_string());
                match grade.as_f64() {
                    Some(grade) if (0.0..=LARGEST_GRADE).contains(&grade) => {
                        if grade > 0.0 {
                            grades.insert(id.clone(), grade);
                        }
                    }
                    _ => {
                        let id = quoted(id);
                        return Err(format!(
                            "gives {id} the grade {}, which is no number from 0 to {LARGEST_GRADE}",
                            shown()
                        ));
                    }
                }
            }
            Ok(grades)
        }
        other => {
            let shown = excerpt(&other.to_string());
            Err(format!("is {shown}, neither a list of ids nor an object from id to grade"))
        }
    }
}

fn id_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(id) => Ok(id.clone()),
        Value::Number(id) => Ok(id.to_string()),
        other => Err(format!("has {}, which is no id", excerpt(&other.to_string()))),
    }
}
