//! Values with a meaning of their own: secrets, addresses, durations, sizes.

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
text_schema!(ByteSize, "A number of bytes, such as `16MiB`, `500kB` or `1024`.");
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

/// A number of bytes, written as `16MiB`, `500kB` or `1024`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSize(pub u64);

/// The units of sizes and how many bytes they are.
const UNITS: [(&str, u64); 8] = [
    ("", 1),
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

impl ByteSize {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|character: char| !character.is_ascii_digit());
        let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
        let unit = unit.trim_start();
        let (_, bytes) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?;
        let size = number.parse::<u64>().ok()?.checked_mul(*bytes)?;
        (size > 0).then_some(Self(size))
    }
}

impl<'de> Deserialize<'de> for ByteSize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            de::Error::custom(format_args!(
                "`{text}` is not a size: write `16MiB`, `500kB` or `1024`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_binary_and_decimal_units() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(ByteSize::parse(text).map(|size| size.0), expected, "{text}");
        };
        check("16MiB", Some(16_777_216));
        check("500 kB", Some(500_000));
        check("1024", Some(1024));
        check("0", None);
        check("0GiB", None);
        check("16Mib", Some(16_777_216));
        check("16 mebibytes", None);
        check("-1MB", None);
        check("99999999999GiB", None);
    }

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
