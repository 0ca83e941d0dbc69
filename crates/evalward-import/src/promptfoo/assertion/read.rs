//! An assertion as it is written.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::ImportError;
use crate::Place;
use crate::node::Node;
use crate::promptfoo::keys::ASSERTION;
use crate::remark::Remarks;

/// An assertion as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    pub(crate) place: Place,
    /// The type, without `not-`.
    pub(crate) kind: String,
    pub(crate) is_negated: bool,
    /// The value, its templates not rendered.
    pub(crate) value: Value,
    pub(crate) threshold: Option<f64>,
    pub(crate) weight: Option<f64>,
    pub(crate) metric: Option<String>,
    /// The assertions of a set.
    pub(crate) set: Vec<Self>,
    /// Whether every case has it, from `defaultTest`.
    pub(crate) is_shared: bool,
    /// The folder that files start from.
    pub(crate) root: PathBuf,
    /// Whether it has a key that changes the answer before it is judged.
    pub(crate) is_transformed: bool,
}

impl Assertion {
    pub(crate) fn new(place: &Place, kind: &str, root: &Path) -> Self {
        let (kind, is_negated) =
            kind.strip_prefix("not-").map_or((kind, false), |kind| (kind, true));
        Self {
            place: place.clone(),
            kind: kind.to_owned(),
            is_negated,
            value: Value::Null,
            threshold: None,
            weight: None,
            metric: None,
            set: Vec::new(),
            is_shared: false,
            root: root.to_owned(),
            is_transformed: false,
        }
    }

    pub(crate) fn read(
        node: &Node,
        root: &Path,
        remarks: &mut Remarks,
    ) -> Result<Self, ImportError> {
        let Some(kind) = node.get("type").and_then(Node::text) else {
            let reason = if node.is_map() {
                "an assertion needs a `type`".to_owned()
            } else {
                format!("an assertion is {}, expected a map with a `type`", node.kind())
            };
            return Err(ImportError::form(&node.place, reason));
        };
        let mut assertion = Self::new(&node.place, kind, root);
        for entry in node.entries().iter().filter(|entry| !entry.value.is_null()) {
            match entry.key.as_str() {
                "transform" | "contextTransform" => assertion.is_transformed = true,
                "provider" | "rubricPrompt" | "config" if reasons_say_enough(&assertion.kind) => {}
                _ => ASSERTION.check_one(entry, &assertion.name(), remarks),
            }
        }
        assertion.value = node.get("value").map_or(Value::Null, Node::to_json);
        assertion.threshold = node.get("threshold").and_then(Node::number);
        assertion.weight = node.get("weight").and_then(Node::number);
        assertion.metric = node.get("metric").and_then(Node::scalar_text);
        if let Some(set) = node.get("assert") {
            assertion.set = crate::promptfoo::test::read_assertions(set, root, remarks)?;
        }
        Ok(assertion)
    }

    /// Marks it, and the assertions of a set, as one that every case has.
    pub(crate) fn share(&mut self) {
        self.is_shared = true;
        self.set.iter_mut().for_each(Self::share);
    }

    /// Returns whether its value differs from case to case.
    pub(crate) fn has_template(&self) -> bool {
        self.value.to_string().contains("{{") || self.set.iter().any(Self::has_template)
    }

    /// Returns the name that remarks give it.
    pub(crate) fn name(&self) -> String {
        let not = if self.is_negated { "not-" } else { "" };
        format!("assertion `{not}{}`", self.kind)
    }
}

/// Returns whether the whole assertion is listed anyway, so that its settings need no remark of their own.
fn reasons_say_enough(kind: &str) -> bool {
    matches!(kind, "javascript" | "python")
        || super::reasons::reason_without_counterpart(kind).is_some()
}
