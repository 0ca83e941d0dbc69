//! Making, listing and revoking API keys.

use std::collections::BTreeSet;

use evalward_core::{Clock, Digest, SystemClock};
use evalward_store::{ApiKey, Scope, Store, StoreError, StoreOptions};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};

/// What a key starts with, so that people and detectors of secrets recognise it.
const PREFIX: &str = "ew_";

/// What is asked of a key.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The project.
    pub project: String,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub scopes: BTreeSet<Scope>,
}

/// A key that was made; the store has only its hash.
#[derive(Debug)]
pub struct CreatedKey {
    /// The id, which is no secret.
    pub id: String,
    /// The key.
    pub secret: SecretString,
}

/// Why keys cannot be made, listed or revoked.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A name is empty or not printable.
    #[error("make a key: its {0} is empty, too long or has control characters")]
    Name(&'static str),
    /// The system gives no randomness.
    #[error("draw a key from the system")]
    Random(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store cannot be used.
    #[error("change the keys in the store")]
    Store(#[source] StoreError),
}

impl KeyError {
    /// Returns whether what was asked for is wrong, and not the store.
    pub const fn is_about_arguments(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Store(StoreError::NotFound { .. }))
    }

    /// Returns the way out, where one is known.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Store(StoreError::NotFound { .. }) => {
                Some("`evalward-monitor key list` shows the ids")
            }
            Self::Store(_) => {
                Some("check `store.url`, or `EVALWARD_DATABASE_URL` where that is set")
            }
            Self::Name(_) | Self::Random(_) => None,
        }
    }
}

/// Makes a key from 32 bytes of the system's randomness and stores its hash.
///
/// # Errors
/// [`KeyError`] for names that nobody could read, and where the system or the store fails.
pub async fn create_key(store_url: &SecretString, new: NewKey) -> Result<CreatedKey, KeyError> {
    check_name("project", &new.project)?;
    check_name("name", &new.name)?;
    let mut bytes = [0; 32];
    SysRng.try_fill_bytes(&mut bytes).map_err(|error| KeyError::Random(Box::new(error)))?;
    let secret = format!("{PREFIX}{}", base64url(&bytes));
    let hash = Digest::of(secret.as_bytes());
    let id = format!("key-{}", hash.short());
    let key = ApiKey {
        id: id.clone(),
        project: new.project,
        name: new.name,
        scopes: new.scopes,
        hash,
        created_at: SystemClock.now(),
        revoked_at: None,
    };
    with_store(store_url, async |store| store.add_key(&key).await).await?;
    Ok(CreatedKey { id, secret: secret.into() })
}

/// Lists all keys, the oldest first.
///
/// # Errors
/// [`KeyError::Store`] where the store fails.
pub async fn list_keys(store_url: &SecretString) -> Result<Vec<ApiKey>, KeyError> {
    with_store(store_url, async |store| store.keys().await).await
}

/// Revokes a key.
///
/// # Errors
/// [`KeyError::Store`] where there is no key of this id, or the store fails.
pub async fn revoke_key(store_url: &SecretString, id: &str) -> Result<(), KeyError> {
    with_store(store_url, async |store| store.revoke_key(id, SystemClock.now()).await).await
}

async fn with_store<T>(
    url: &SecretString,
    work: impl AsyncFnOnce(&Store) -> Result<T, StoreError>,
) -> Result<T, KeyError> {
    let store =
        Store::open(url.expose_secret(), StoreOptions::default()).await.map_err(KeyError::Store)?;
    let worked = work(&store).await;
    let closed = store.close().await;
    worked.and_then(|value| closed.map(|()| value)).map_err(KeyError::Store)
}

fn check_name(what: &'static str, name: &str) -> Result<(), KeyError> {
    let is_sound =
        !name.trim().is_empty() && name.len() <= 100 && !name.chars().any(char::is_control);
    if is_sound { Ok(()) } else { Err(KeyError::Name(what)) }
}

/// Encodes bytes as base64url without padding, RFC 4648 section 5.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            let sextet = bits >> (18 - 6 * index) & 63;
            let sextet = usize::try_from(sextet).unwrap_or_default();
            text.push(char::from(ALPHABET[sextet]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_that_of_the_standard() {
        // RFC 4648 section 10, without padding.
        for (bytes, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "-_8");
        assert_eq!(base64url(&[7; 32]).len(), 43);
    }
}
