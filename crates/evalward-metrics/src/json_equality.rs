//! Whether two JSON values are the same, with tolerance for numbers and, on demand, for order.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::{Number, Value};

use crate::assignment::assign;
use crate::tolerance::Tolerance;

/// How many values two texts may lead to comparisons of; arrays in any order multiply.
const MOST_COMPARISONS: u64 = 3_000_000;

/// The error for values that would take too long to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "comparing the JSON takes more than {MOST_COMPARISONS} steps, which is the limit; arrays in any order multiply them"
)]
pub(crate) struct TooManyComparisons;

/// Compares JSON values within a number of comparisons that is bounded.
#[derive(Debug)]
pub(crate) struct Equality {
    pub(crate) tolerance: Tolerance,
    /// Whether arrays are compared as multisets.
    pub(crate) unordered: bool,
    /// Whether an object may have fields that the right one lacks.
    pub(crate) extra_allowed: bool,
    comparisons: Cell<u64>,
}

impl Equality {
    pub(crate) const fn new(tolerance: Tolerance, unordered: bool, extra_allowed: bool) -> Self {
        Self { tolerance, unordered, extra_allowed, comparisons: Cell::new(0) }
    }

    /// Counts a comparison.
    pub(crate) fn spend(&self) -> Result<(), TooManyComparisons> {
        let spent = self.comparisons.get() + 1;
        self.comparisons.set(spent);
        if spent > MOST_COMPARISONS { Err(TooManyComparisons) } else { Ok(()) }
    }

    /// Returns whether `got` is what is expected.
    pub(crate) fn holds(&self, expected: &Value, got: &Value) -> Result<bool, TooManyComparisons> {
        self.spend()?;
        match (expected, got) {
            (Value::Number(expected), Value::Number(got)) => {
                Ok(self.tolerance.admits_json(expected, got))
            }
            (Value::Array(expected), Value::Array(got)) => {
                if expected.len() != got.len() {
                    return Ok(false);
                }
                if self.unordered {
                    return Ok(self.pairs(expected, got)?.iter().all(Option::is_some));
                }
                for (expected, got) in expected.iter().zip(got) {
                    if !self.holds(expected, got)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Object(expected), Value::Object(got)) => {
                if !self.extra_allowed && expected.len() != got.len() {
                    return Ok(false);
                }
                for (key, expected) in expected {
                    match got.get(key) {
                        Some(got) if self.holds(expected, got)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            }
            (expected, got) => Ok(expected == got),
        }
    }

    /// Pairs as many elements as possible, whatever their order: for each expected one the place of its partner.
    pub(crate) fn pairs(
        &self,
        expected: &[Value],
        got: &[Value],
    ) -> Result<Vec<Option<usize>>, TooManyComparisons> {
        let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
        if self.tolerance.is_exact() && (!self.extra_allowed || expected.iter().all(is_scalar)) {
            return Ok(equal_pairs(expected, got));
        }
        let mut partners = Vec::with_capacity(expected.len());
        for expected in expected {
            let mut of_this = Vec::new();
            for (index, got) in got.iter().enumerate() {
                if self.holds(expected, got)? {
                    of_this.push(index);
                }
            }
            partners.push(of_this);
        }
        assign(&partners, got.len(), || self.spend())
    }
}

/// Pairs elements that are equal, in time that hardly grows faster than their number.
fn equal_pairs(expected: &[Value], got: &[Value]) -> Vec<Option<usize>> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, got) in got.iter().enumerate().rev() {
        places.entry(canonical(got)).or_default().push(index);
    }
    expected.iter().map(|value| places.get_mut(&canonical(value)).and_then(Vec::pop)).collect()
}

/// Writes a value so that equal values have equal texts, arrays as multisets.
fn canonical(value: &Value) -> String {
    match value {
        Value::Number(number) => canonical_number(number),
        Value::Array(items) => {
            let mut items: Vec<String> = items.iter().map(canonical).collect();
            items.sort_unstable();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let mut fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical(value)))
                .collect();
            fields.sort_unstable();
            format!("{{{}}}", fields.join(","))
        }
        scalar => scalar.to_string(),
    }
}

/// Writes 1 and 1.0 alike.
fn canonical_number(number: &Number) -> String {
    let text = number.to_string();
    match number.as_f64() {
        Some(value) if !(number.is_i64() || number.is_u64()) => {
            // Adding 0 takes the sign from a negative zero.
            format!("{}", value + 0.0)
        }
        _ => text,
    }
}
