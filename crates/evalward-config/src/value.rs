//! Values with a meaning of their own: secrets, addresses, durations.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A value that must not be seen; `${NAME}` in it stands for an environment variable.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

/// An address; `${NAME}` in it stands for an environment variable.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

/// The name of an environment variable that is not set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unset(pub(crate) String);

/// Looks up an environment variable.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Secret {
    pub(crate) fn resolve(&self, environment: Environment<'_>) -> Result<SecretString, Unset> {
        expand(&self.0, environment).map(SecretString::from)
    }
}

impl Address {
    pub(crate) fn resolve(&self, environment: Environment<'_>) -> Result<String, Unset> {
        expand(&self.0, environment)
    }

    /// Returns the address as it was written, without credentials and query.
    pub(crate) fn public(&self) -> String {
        let address = self.0.split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = address.split_once("://").unwrap_or(("", address));
        let (host, path) =
            rest.split_once('/').map_or((rest, None), |(host, path)| (host, Some(path)));
        let host = host.rsplit('@').next().unwrap_or_default();
        let slash = if path.is_some() { "/" } else { "" };
        let separator = if scheme.is_empty() { "" } else { "://" };
        format!("{scheme}{separator}{host}{slash}{}", path.unwrap_or_default())
    }
}

fn expand(text: &str, environment: Environment<'_>) -> Result<String, Unset> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        expanded.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            expanded.push_str("${");
            rest = after;
            continue;
        };
        expanded.push_str(&environment(name).ok_or_else(|| Unset(name.to_owned()))?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({:?})", self.0)
    }
}

/// Neither secrets nor addresses are part of what a configuration's hash is taken over.
impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl Serialize for Address {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

macro_rules! text_schema {
    ($name:ident, $description:literal) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"type": "string", "description": $description})
            }
        }
    };
}

text_schema!(Secret, "A secret; `${NAME}` stands for an environment variable.");
text_schema!(Address, "An address; `${NAME}` stands for an environment variable.");
text_schema!(Seconds, "A duration such as `30s`, `5m` or `1h 30m`.");

/// A duration, written as `30s`, `5m` or `1h 30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "f64")]
pub struct Seconds(pub Duration);

impl From<Seconds> for f64 {
    fn from(seconds: Seconds) -> Self {
        seconds.0.as_secs_f64()
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        let wrong = || {
            de::Error::custom(format_args!(
                "`{text}` is not a duration: write `30s`, `5m` or `1h 30m`"
            ))
        };
        let duration: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        let duration = Duration::try_from(duration).map_err(|_| wrong())?;
        if duration.is_zero() { Err(wrong()) } else { Ok(Self(duration)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_credentials() {
        let public = |text: &str| Address(text.to_owned()).public();
        assert_eq!(public("http://me:pass@host:1/a/b?key=k#x"), "http://host:1/a/b");
        assert_eq!(public("https://host"), "https://host");
        assert_eq!(public("${APP_URL}/answer"), "${APP_URL}/answer");
    }

    #[test]
    fn only_set_variables_are_expanded() {
        let environment = |name: &str| (name == "HOST").then(|| "localhost".to_owned());
        assert_eq!(expand("http://${HOST}/v1", &environment), Ok("http://localhost/v1".to_owned()));
        assert_eq!(expand("${PORT}", &environment), Err(Unset("PORT".to_owned())));
        assert_eq!(expand("a${b", &environment), Ok("a${b".to_owned()));
    }
}
