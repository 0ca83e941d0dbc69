//! Headers of a request, all of which are treated as secrets.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::ModelError;

/// Names of headers whose values are no secrets, so that errors may show them.
const PUBLIC: &[&str] =
    &["accept", "accept-language", "anthropic-version", "content-type", "user-agent"];

/// The shortest secret that is blanked in texts; shorter ones occur by chance.
const SHORTEST_SECRET: usize = 6;

/// Headers that are sent with every request of a client; `Debug` shows their names only.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    map: HeaderMap,
    secrets: Vec<SecretString>,
}

impl Headers {
    /// Checks names and values.
    ///
    /// # Errors
    /// [`ModelError::Header`] naming the header.
    pub fn new<'a>(
        headers: impl IntoIterator<Item = (&'a str, &'a SecretString)>,
    ) -> Result<Self, ModelError> {
        let mut all = Self::default();
        for (name, value) in headers {
            all.insert(name, value)?;
        }
        Ok(all)
    }

    /// Checks the headers of a client that shows its key as a bearer token.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(crate) fn with_bearer(
        key: Option<&SecretString>,
        more: &[(String, SecretString)],
    ) -> Result<Self, ModelError> {
        let bearer = key.map(|key| SecretString::from(format!("Bearer {}", key.expose_secret())));
        let bearer = bearer.iter().map(|value| ("authorization", value));
        Self::new(bearer.chain(more.iter().map(|(name, value)| (name.as_str(), value))))
    }

    fn insert(&mut self, name: &str, value: &SecretString) -> Result<(), ModelError> {
        let refused = || ModelError::Header { name: name.to_owned() };
        let key = HeaderName::try_from(name).map_err(|_| refused())?;
        let text = value.expose_secret();
        let mut header = HeaderValue::from_str(text).map_err(|_| refused())?;
        header.set_sensitive(true);
        if !PUBLIC.contains(&key.as_str()) {
            self.secrets.push(value.clone());
            // Servers tend to quote the token without its scheme.
            if let Some((_, token)) = text.split_once(' ') {
                self.secrets.push(token.into());
            }
        }
        self.map.insert(key, header);
        Ok(())
    }

    pub(crate) const fn map(&self) -> &HeaderMap {
        &self.map
    }

    /// Replaces every value of these headers that occurs in the text.
    pub(crate) fn blank(&self, text: &str) -> String {
        let mut blanked = text.to_owned();
        for secret in self.secrets.iter().map(ExposeSecret::expose_secret) {
            blank_one(&mut blanked, secret);
        }
        blanked
    }
}

/// Replaces a secret in a text.
pub(crate) fn blank_one(text: &mut String, secret: &str) {
    if secret.len() >= SHORTEST_SECRET && text.contains(secret) {
        *text = text.replace(secret, "[secret]");
    }
}
