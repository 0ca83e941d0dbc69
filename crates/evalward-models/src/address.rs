//! Addresses of servers, which show themselves without credentials.

use std::fmt;

use evalward_core::Digest;
use reqwest::Url;

use crate::ModelError;

/// An `http` or `https` address.
///
/// Its text and its `Debug` leave out user, password, query and fragment, so that no credential gets into an error.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address.
    ///
    /// # Errors
    /// [`ModelError::Address`] if it is no URL, has another scheme, or names no host.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let refused = |reason: String| ModelError::Address { reason };
        let url = Url::parse(text.trim()).map_err(|error| {
            refused(format!("{error}; write it as `https://host/path` (is a variable empty?)"))
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused(format!("its scheme is `{}`, not http or https", url.scheme())));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(refused("it names no host".to_owned()));
        }
        Ok(Self(url))
    }

    /// Appends path segments, unless the path ends with them already; the query stays.
    #[must_use]
    pub fn with_path_end(&self, end: &str) -> Self {
        let path = self.0.path().trim_end_matches('/');
        if path.ends_with(&format!("/{end}")) {
            return self.clone();
        }
        let mut url = self.0.clone();
        url.set_path(&format!("{path}/{end}"));
        Self(url)
    }

    /// Returns what tells calls to this address from others in a cache: its text, and the hash of its query where it has one.
    pub fn identity(&self) -> String {
        match self.0.query() {
            None | Some("") => self.to_string(),
            Some(query) => format!("{self}?{}", Digest::of(query.as_bytes())),
        }
    }

    /// Returns host and port, by which calls are limited.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    pub(crate) const fn url(&self) -> &Url {
        &self.0
    }

    /// Iterates over the parts of the address that may be credentials.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = String> {
        let password = self.0.password().map(str::to_owned);
        password.into_iter().chain(self.0.query_pairs().map(|(_, value)| value.into_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or_default())?;
        if let Some(port) = self.0.port() {
            write!(formatter, ":{port}")?;
        }
        formatter.write_str(self.0.path())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, expected: &str) {
        let address = Address::parse(base).unwrap().with_path_end("chat/completions");
        assert_eq!(address.url().as_str(), expected);
    }

    #[test]
    fn a_path_end_is_added_once_and_keeps_the_query() {
        check("https://a.example/v1", "https://a.example/v1/chat/completions");
        check("https://a.example/v1/", "https://a.example/v1/chat/completions");
        check("http://[::1]:8080", "http://[::1]:8080/chat/completions");
        check(
            "https://a.example/deployments/d/chat/completions?api-version=2026-01-01",
            "https://a.example/deployments/d/chat/completions?api-version=2026-01-01",
        );
    }

    #[test]
    fn an_address_shows_no_credentials() {
        let address = Address::parse("https://user:hunter2@a.example:81/v1?key=hunter3#x").unwrap();
        assert_eq!(address.to_string(), "https://a.example:81/v1");
        assert_eq!(format!("{address:?}"), "Address(https://a.example:81/v1)");
    }

    #[test]
    fn its_identity_tells_queries_apart_and_shows_none() {
        let identity = |text: &str| Address::parse(text).unwrap().identity();
        assert_eq!(identity("https://me:pass@a.example/v1?#x"), "https://a.example/v1");
        let first = identity("https://a.example/v1?api-version=1&key=hunter2");
        assert!(first.starts_with("https://a.example/v1?") && !first.contains("hunter2"));
        assert_eq!(first, identity("https://a.example/v1?api-version=1&key=hunter2#x"));
        assert_ne!(first, identity("https://a.example/v1?api-version=2&key=hunter2"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "localhost:8080", "ftp://a.example", "/v1"] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }
}
