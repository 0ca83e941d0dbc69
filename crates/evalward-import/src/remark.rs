//! What an import has to say about the file that it read.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as messages show it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u64,
}

impl Place {
    /// Makes a place.
    pub fn new(file: &Arc<str>, line: u64) -> Self {
        Self { file: Arc::clone(file), line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether something was translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemarkKind {
    /// It has no counterpart here.
    NotTranslated,
    /// It was translated, but may give another result than there.
    Differs,
}

/// Something of the other tool's file that has no counterpart, or one that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// Whether it was translated.
    pub kind: RemarkKind,
    /// Where it stands.
    pub place: Place,
    /// What it is, by its name in that file.
    pub name: String,
    /// Why, or what differs.
    pub text: String,
    /// The number of times that it was met at this place: of examples, for an assertion.
    pub times: usize,
}

/// Collects remarks by kind and place; equal ones of one place are counted.
#[derive(Debug, Default)]
pub(crate) struct Remarks(BTreeMap<(RemarkKind, Place), Vec<Remark>>);

impl Remarks {
    pub(crate) fn not_translated(
        &mut self,
        place: &Place,
        name: impl Into<String>,
        text: impl Into<String>,
    ) {
        self.push(RemarkKind::NotTranslated, place, name.into(), text.into());
    }

    pub(crate) fn differs(
        &mut self,
        place: &Place,
        name: impl Into<String>,
        text: impl Into<String>,
    ) {
        self.push(RemarkKind::Differs, place, name.into(), text.into());
    }

    fn push(&mut self, kind: RemarkKind, place: &Place, name: String, text: String) {
        let here = self.0.entry((kind, place.clone())).or_default();
        match here.iter_mut().find(|remark| remark.name == name && remark.text == text) {
            Some(remark) => remark.times += 1,
            None => here.push(Remark { kind, place: place.clone(), name, text, times: 1 }),
        }
    }

    /// Returns the remarks: what was not translated first, each kind by place.
    pub(crate) fn into_sorted(self) -> Vec<Remark> {
        self.0.into_values().flatten().collect()
    }
}
