//! Documents that ground an answer or that a retriever returned.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Finite;

/// A document: its text, its id, or a reference to the file that holds the text.
///
/// A plain string reads as a document with only a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The id by which retrieval metrics compare documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The path of the file with the text, relative to the dataset's `documents_root`.
    #[serde(rename = "ref", default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The retriever's score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Finite>,
}

impl Document {
    /// Makes a document from its text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

const FIELDS: &[&str] = &["id", "ref", "text", "score"];

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DocumentVisitor;

        impl<'de> Visitor<'de> for DocumentVisitor {
            type Value = Document;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or an object with `id`, `ref` or `text`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Document, E> {
                Ok(Document::from_text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut document = Document::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "id" => document.id = Some(map.next_value()?),
                        "ref" => document.reference = Some(map.next_value()?),
                        "text" => document.text = Some(map.next_value()?),
                        "score" => document.score = map.next_value()?,
                        other => return Err(de::Error::unknown_field(other, FIELDS)),
                    }
                }
                if document.id.is_none() && document.reference.is_none() && document.text.is_none()
                {
                    return Err(de::Error::custom("a document needs an `id`, a `ref` or a `text`"));
                }
                if document.reference.is_some() && document.text.is_some() {
                    return Err(de::Error::custom(
                        "a document has its `text` or a `ref` to it, not both",
                    ));
                }
                Ok(document)
            }
        }

        deserializer.deserialize_any(DocumentVisitor)
    }
}
