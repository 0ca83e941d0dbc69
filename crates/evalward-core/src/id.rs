//! Names of examples, interactions and runs.

use std::borrow::Borrow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// The error for an id that is empty, too long or has control characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// The id has no characters, or only spaces.
    #[error("an id must not be empty")]
    Empty,
    /// The id is longer than 200 bytes.
    #[error("an id has at most 200 bytes, this one has {0}")]
    TooLong(usize),
    /// The id has a control character or starts or ends with a space.
    #[error("id `{0}` has a control character or outer white space")]
    Character(String),
}

fn validate(text: &str) -> Result<(), InvalidId> {
    if text.trim().is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.len() > 200 {
        return Err(InvalidId::TooLong(text.len()));
    }
    if text.chars().any(char::is_control) || text.trim() != text {
        return Err(InvalidId::Character(text.escape_debug().to_string()));
    }
    Ok(())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(#[schemars(length(min = 1, max = 200))] String);

        impl $name {
            /// Checks and wraps a text.
            ///
            /// # Errors
            /// [`InvalidId`] if it is empty, over 200 bytes, or has control characters or outer white space.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                validate(&text)?;
                Ok(Self(text))
            }

            /// Returns the text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    };
}

id! {
    /// The name of an example, unique in its dataset.
    ExampleId
}

id! {
    /// The name of an interaction, unique in its project.
    InteractionId
}

id! {
    /// The name of a run, and of its folder.
    RunId
}
