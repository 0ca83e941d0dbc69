//! Reading YAML, JSON with it, into a tree.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::{Location, Spanned};

use super::{Entry, Node, NodeValue};
use crate::Place;

/// Why a text cannot be read, and where.
#[derive(Debug)]
pub(crate) struct SyntaxError {
    pub(crate) line: u64,
    pub(crate) column: u64,
    pub(crate) reason: String,
}

/// Reads a YAML document, merge keys, anchors and aliases resolved.
pub(crate) fn parse_yaml(text: &str, file: &Arc<str>) -> Result<Node, SyntaxError> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
    };
    if text.trim().is_empty() {
        return Ok(Node::new(NodeValue::Null, Place::new(file, 1)));
    }
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options) {
        Ok(raw) => Ok(raw_to_node(raw, file)),
        Err(error) => {
            let location = error.location();
            let reason = error.without_snippet().to_string();
            Err(SyntaxError {
                line: location.map_or(1, |location| location.line()),
                column: location.map_or(1, |location| location.column()),
                reason: without_place(&reason),
            })
        }
    }
}

/// Reads a JSON document; each value gets its line where YAML's parser can tell it, else the first.
pub(crate) fn parse_json(text: &str, file: &Arc<str>) -> Result<Node, SyntaxError> {
    let value = serde_json::from_str(text).map_err(|error| SyntaxError {
        line: error.line().try_into().unwrap_or(1),
        column: error.column().try_into().unwrap_or(1),
        reason: without_place(&error.to_string()),
    })?;
    match parse_yaml(text, file) {
        Ok(node) if node.to_json() == Node::from_json(&value, &Place::new(file, 1)).to_json() => {
            Ok(node)
        }
        _ => Ok(Node::from_json(&value, &Place::new(file, 1))),
    }
}

/// The place is told beside the reason, so its own mention of it goes.
fn without_place(reason: &str) -> String {
    let first = reason.lines().next().unwrap_or_default();
    let cut = [" at line ", " (line "].iter().filter_map(|mark| first.find(mark)).min();
    let kept = cut.and_then(|end| first.get(..end)).unwrap_or(first);
    let kept = kept.trim_start_matches("error: ");
    let kept = kept.split(", set ").next().unwrap_or(kept);
    match kept.split_once(": ") {
        Some((head, rest)) if head.starts_with("line ") => rest.to_owned(),
        _ => kept.to_owned(),
    }
}

enum Raw {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<Self>, Spanned<Self>)>),
}

fn raw_to_node(raw: Spanned<Raw>, file: &Arc<str>) -> Node {
    let place = place_of(raw.referenced, file);
    let written_on = raw.defined.line().max(1);
    let value = match raw.value {
        Raw::Null => NodeValue::Null,
        Raw::Bool(value) => NodeValue::Bool(value),
        Raw::Number(number) => NodeValue::Number(number),
        Raw::Text(text) => NodeValue::Text(text),
        Raw::List(items) => {
            NodeValue::List(items.into_iter().map(|item| raw_to_node(item, file)).collect())
        }
        Raw::Map(entries) => NodeValue::Map(
            entries
                .into_iter()
                .map(|(key, value)| {
                    let key = raw_to_node(key, file);
                    Entry {
                        key: key.scalar_text().unwrap_or_else(|| key.to_json().to_string()),
                        place: key.place,
                        value: raw_to_node(value, file),
                    }
                })
                .collect(),
        ),
    };
    Node { value, place, written_on }
}

fn place_of(location: Location, file: &Arc<str>) -> Place {
    Place::new(file, location.line().max(1))
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RawVisitor;

        impl<'de> Visitor<'de> for RawVisitor {
            type Value = Raw;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_none<E>(self) -> Result<Raw, E> {
                Ok(Raw::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
                Ok(Raw::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
                Ok(Raw::Number(value.into()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
                Ok(Raw::Number(value.into()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
                Ok(Number::from_f64(value)
                    .map_or_else(|| Raw::Text(value.to_string()), Raw::Number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
                Ok(Raw::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Raw, E> {
                Ok(Raw::Text(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Raw, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = sequence.next_element()? {
                    items.push(item);
                }
                Ok(Raw::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Raw::Map(entries))
            }
        }

        deserializer.deserialize_any(RawVisitor)
    }
}
