//! Comparing JSON field by field.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::json_equality::{Equality, TooManyComparisons};
use crate::pointing::push_step;
use crate::wording::{difference, excerpt};

/// What becomes of fields that the right answer lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExtraFields {
    /// They do not matter.
    #[default]
    Allowed,
    /// Each is a field that does not match.
    Wrong,
}

/// How many differences a detail lists; the counts say when there are more.
const LISTED: usize = 50;

/// What a comparison field by field comes to.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// The fields that count.
    pub(super) total: usize,
    /// Those that match.
    pub(super) matched: usize,
    /// The first fields that differ.
    pub(super) differences: Vec<Difference>,
}

/// A field that differs.
#[derive(Debug)]
pub(super) struct Difference {
    /// The place as a JSON Pointer.
    pub(super) path: String,
    expected: Option<Value>,
    got: Option<Value>,
}

impl Difference {
    pub(super) fn to_json(&self) -> Value {
        let [expected, got] = self.sides();
        json!({ "path": self.path, "expected": expected, "got": got })
    }

    /// Returns excerpts of what is expected and of what is there.
    fn sides(&self) -> [Option<String>; 2] {
        [&self.expected, &self.got].map(|it| it.as_ref().map(|it| excerpt(&it.to_string())))
    }

    /// Writes the difference for people.
    pub(super) fn sentence(&self) -> String {
        let path = if self.path.is_empty() { "the whole value" } else { &self.path };
        let [expected, got] = self.sides();
        difference(path, expected.as_deref(), got.as_deref())
    }
}

impl Fields {
    fn count(&mut self, path: &str, expected: Option<&Value>, got: Option<&Value>, matches: bool) {
        self.total += 1;
        if matches {
            self.matched += 1;
        } else if self.differences.len() < LISTED {
            let (expected, got) = (expected.cloned(), got.cloned());
            self.differences.push(Difference { path: path.to_owned(), expected, got });
        }
    }

    /// Counts the leaves of the right answer: what has no fields or elements of its own.
    pub(super) fn compare_leaves(
        &mut self,
        equality: &Equality,
        path: &mut String,
        expected: &Value,
        got: Option<&Value>,
    ) -> Result<(), TooManyComparisons> {
        equality.spend()?;
        match expected {
            Value::Object(fields) if !fields.is_empty() => {
                for (key, expected) in fields {
                    let got = got.and_then(|got| got.as_object()).and_then(|got| got.get(key));
                    below(path, key, |path| self.compare_leaves(equality, path, expected, got))?;
                }
                if let Some(Value::Object(got)) = got.filter(|_| !equality.extra_allowed) {
                    for (key, got) in got.iter().filter(|(key, _)| !fields.contains_key(*key)) {
                        below(path, key, |path| self.count(path, None, Some(got), false));
                    }
                }
                Ok(())
            }
            Value::Array(items) if !items.is_empty() => {
                let got = got.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                if equality.unordered {
                    return self.compare_multisets(equality, path, items, got);
                }
                for (index, expected) in items.iter().enumerate() {
                    below(path, &index.to_string(), |path| {
                        self.compare_leaves(equality, path, expected, got.get(index))
                    })?;
                }
                for (index, got) in got.iter().enumerate().skip(items.len()) {
                    below(path, &index.to_string(), |path| {
                        self.count(path, None, Some(got), false);
                    });
                }
                Ok(())
            }
            leaf => self.compare_whole(equality, path, leaf, got),
        }
    }

    /// Counts each element of an array whose order does not matter as one field.
    fn compare_multisets(
        &mut self,
        equality: &Equality,
        path: &mut String,
        expected: &[Value],
        got: &[Value],
    ) -> Result<(), TooManyComparisons> {
        let pairs = equality.pairs(expected, got)?;
        let mut has_partner = vec![false; got.len()];
        for partner in pairs.iter().flatten() {
            has_partner[*partner] = true;
        }
        // What fits nothing is shown in the place of a right element that was not found, and counted once.
        let mut left = got.iter().enumerate().zip(has_partner).filter(|it| !it.1).map(|it| it.0);
        for (index, (expected, partner)) in expected.iter().zip(&pairs).enumerate() {
            let got = if partner.is_none() { left.next().map(|it| it.1) } else { None };
            below(path, &index.to_string(), |path| {
                self.count(path, Some(expected), got, partner.is_some());
            });
        }
        for (index, got) in left {
            below(path, &index.to_string(), |path| self.count(path, None, Some(got), false));
        }
        Ok(())
    }

    /// Counts a field as a whole.
    pub(super) fn compare_whole(
        &mut self,
        equality: &Equality,
        path: &str,
        expected: &Value,
        got: Option<&Value>,
    ) -> Result<(), TooManyComparisons> {
        let matches = match got {
            Some(got) => equality.holds(expected, got)?,
            None => false,
        };
        self.count(path, Some(expected), got, matches);
        Ok(())
    }

    /// Counts a field that the right answer lacks: it matches where the output lacks it too.
    pub(super) fn compare_absent(&mut self, path: &str, got: Option<&Value>) {
        self.count(path, None, got, got.is_none());
    }
}

/// Goes one step deeper and comes back.
fn below<T>(path: &mut String, key: &str, act: impl FnOnce(&mut String) -> T) -> T {
    let length = path.len();
    push_step(path, key);
    let result = act(path);
    path.truncate(length);
    result
}
