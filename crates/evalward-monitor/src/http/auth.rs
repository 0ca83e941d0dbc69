//! Who may call: API keys with scopes, or everybody on the loopback address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use evalward_core::{Digest, Timestamp};
use evalward_store::{ApiKey, Scope, Store};

use super::ApiError;
use crate::state::AppState;

/// How long a key that was found is taken for valid without another look; a revoked key works no longer than this.
const CACHED_MILLIS: i64 = 2_000;
/// How many keys are remembered.
const CACHED_KEYS: usize = 1_024;

/// Whether keys are asked for.
#[derive(Debug)]
pub(crate) enum Auth {
    /// Each request needs a key: `Authorization: Bearer KEY` or `X-Api-Key: KEY`.
    Keys(KeyCache),
    /// No request needs one; everything is of the project `default`.
    Off,
}

/// Keys that were found a moment ago, so that not every request asks the store.
#[derive(Debug, Default)]
pub(crate) struct KeyCache(Mutex<BTreeMap<Digest, CachedKey>>);

#[derive(Clone, Debug)]
struct CachedKey {
    key: Arc<ApiKey>,
    found_at: Timestamp,
}

/// Who calls.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The project of the key.
    pub(crate) project: String,
    /// What people call the key.
    pub(crate) name: String,
}

/// A caller who may send interactions and feedback.
#[derive(Clone, Debug)]
pub(crate) struct Ingests(pub(crate) Caller);

/// A caller who may read.
#[derive(Clone, Debug)]
pub(crate) struct Reads(pub(crate) Caller);

/// A caller who may review.
#[derive(Clone, Debug)]
pub(crate) struct Reviews(pub(crate) Caller);

macro_rules! extract {
    ($name:ident, $scope:expr) => {
        impl FromRequestParts<AppState> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(
                parts: &mut Parts,
                state: &AppState,
            ) -> Result<Self, ApiError> {
                state.auth.admit(&parts.headers, $scope, state).await.map(Self)
            }
        }
    };
}

extract!(Ingests, Scope::Ingest);
extract!(Reads, Scope::Read);
extract!(Reviews, Scope::Review);

impl Auth {
    /// Asks for keys.
    pub(crate) fn keys() -> Self {
        Self::Keys(KeyCache::default())
    }

    async fn admit(
        &self,
        headers: &HeaderMap,
        scope: Scope,
        state: &AppState,
    ) -> Result<Caller, ApiError> {
        let Self::Keys(cache) = self else {
            return Ok(Caller { project: "default".to_owned(), name: "anybody".to_owned() });
        };
        let sent = sent_key(headers)?;
        let found = cache.find(Digest::of(sent.as_bytes()), &state.store, state.clock.now());
        let Some(key) = found.await? else {
            return Err(unauthorized("the API key is unknown or revoked"));
        };
        if !key.scopes.contains(&scope) && !key.scopes.contains(&Scope::Admin) {
            let detail = format!("the API key `{}` lacks the scope `{}`", key.name, word(scope));
            return Err(ApiError::new(StatusCode::FORBIDDEN, detail));
        }
        Ok(Caller { project: key.project.clone(), name: key.name.clone() })
    }
}

impl KeyCache {
    async fn find(
        &self,
        hash: Digest,
        store: &Store,
        now: Timestamp,
    ) -> Result<Option<Arc<ApiKey>>, ApiError> {
        if let Some(cached) = self.remembered(hash, now) {
            return Ok(Some(cached));
        }
        let Some(key) = store.find_key(hash).await? else {
            return Ok(None);
        };
        let key = Arc::new(key);
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.len() >= CACHED_KEYS {
            cached.clear();
        }
        cached.insert(hash, CachedKey { key: Arc::clone(&key), found_at: now });
        Ok(Some(key))
    }

    fn remembered(&self, hash: Digest, now: Timestamp) -> Option<Arc<ApiKey>> {
        let cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = cached.get(&hash)?;
        // A clock that was set back must not keep a revoked key alive.
        let age = now.as_millis() - entry.found_at.as_millis();
        (0..CACHED_MILLIS).contains(&age).then(|| Arc::clone(&entry.key))
    }
}

fn sent_key(headers: &HeaderMap) -> Result<&str, ApiError> {
    let (key, is_bearer) = match headers.get(header::AUTHORIZATION) {
        Some(value) => (value, true),
        None => match headers.get("x-api-key") {
            Some(value) => (value, false),
            None => {
                return Err(unauthorized(
                    "an API key is needed: send `Authorization: Bearer KEY` or `X-Api-Key: KEY`",
                ));
            }
        },
    };
    let text = key.to_str().map_err(|_| unauthorized("the API key has characters beyond ASCII"))?;
    let key = if is_bearer { bearer(text)? } else { text.trim() };
    if key.is_empty() {
        return Err(unauthorized("the API key is empty"));
    }
    Ok(key)
}

fn bearer(text: &str) -> Result<&str, ApiError> {
    match text.trim().split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => Ok(key.trim()),
        _ => Err(unauthorized("the header `Authorization` has the form `Bearer KEY`")),
    }
}

fn unauthorized(detail: &str) -> ApiError {
    ApiError::new(StatusCode::UNAUTHORIZED, detail)
}

const fn word(scope: Scope) -> &'static str {
    match scope {
        Scope::Ingest => "ingest",
        Scope::Read => "read",
        Scope::Review => "review",
        Scope::Admin => "admin",
    }
}
