//! The tree of values.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use crate::Place;

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: NodeValue,
    /// Where the value is used.
    pub(crate) place: Place,
    /// The line where the value is written, which differs from its place where an alias leads to it.
    pub(crate) written_on: u64,
}

/// A value, with the order of keys as in the file.
#[derive(Clone, Debug)]
pub(crate) enum NodeValue {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Node {
    /// Makes a value that stands at a place.
    pub(crate) const fn new(value: NodeValue, place: Place) -> Self {
        let written_on = place.line;
        Self { value, place, written_on }
    }

    /// Makes a tree all of whose values stand at one place.
    pub(crate) fn from_json(value: &Value, place: &Place) -> Self {
        let value = match value {
            Value::Null => NodeValue::Null,
            Value::Bool(value) => NodeValue::Bool(*value),
            Value::Number(number) => NodeValue::Number(number.clone()),
            Value::String(text) => NodeValue::Text(text.clone()),
            Value::Array(items) => {
                NodeValue::List(items.iter().map(|item| Self::from_json(item, place)).collect())
            }
            Value::Object(fields) => NodeValue::Map(
                fields
                    .iter()
                    .map(|(key, value)| Entry {
                        key: key.clone(),
                        place: place.clone(),
                        value: Self::from_json(value, place),
                    })
                    .collect(),
            ),
        };
        Self::new(value, place.clone())
    }

    /// Returns the value as JSON; a whole number written as a fraction becomes whole, as in JavaScript.
    pub(crate) fn to_json(&self) -> Value {
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(value) => Value::Bool(*value),
            NodeValue::Number(number) => Value::Number(whole_where_possible(number)),
            NodeValue::Text(text) => Value::String(text.clone()),
            NodeValue::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeValue::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|entry| (entry.key.clone(), entry.value.to_json()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// Returns the value of a key of a map; a null counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let found = self.entries().iter().find(|entry| entry.key == key)?;
        (!found.value.is_null()).then_some(&found.value)
    }

    /// Returns the entries of a map; none for another value.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a list.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        match &self.value {
            NodeValue::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match &self.value {
            NodeValue::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    /// Returns the value of a text, number or truth value as text.
    pub(crate) fn scalar_text(&self) -> Option<String> {
        match &self.value {
            NodeValue::Text(text) => Some(text.clone()),
            NodeValue::Bool(_) | NodeValue::Number(_) => Some(self.to_json().to_string()),
            NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
        }
    }

    pub(crate) const fn is_map(&self) -> bool {
        matches!(self.value, NodeValue::Map(_))
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.value, NodeValue::Null)
    }

    /// Returns what the value is, in words.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "a truth value",
            NodeValue::Number(_) => "a number",
            NodeValue::Text(_) => "a text",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// Collects the lines on which values are written that aliases lead to.
    pub(crate) fn lines_of_aliases(&self, lines: &mut BTreeSet<u64>) {
        if self.written_on != self.place.line {
            lines.insert(self.written_on);
        }
        for child in self.children() {
            child.lines_of_aliases(lines);
        }
    }

    /// Returns the last line of the value and of what is in it.
    pub(crate) fn last_line(&self) -> u64 {
        self.children().map(Self::last_line).fold(self.written_on, u64::max)
    }

    fn children(&self) -> Box<dyn Iterator<Item = &Self> + '_> {
        match &self.value {
            NodeValue::List(items) => Box::new(items.iter()),
            NodeValue::Map(entries) => Box::new(entries.iter().map(|entry| &entry.value)),
            _ => Box::new(std::iter::empty()),
        }
    }
}

fn whole_where_possible(number: &Number) -> Number {
    let text = number.to_string();
    let whole = text.strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok());
    whole.map_or_else(|| number.clone(), Number::from)
}
