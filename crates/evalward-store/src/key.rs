//! API keys: who may do what in which project. Only hashes are stored.

use std::collections::BTreeSet;

use evalward_core::{Digest, Timestamp};

use crate::{Store, StoreError};

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To send interactions and feedback.
    Ingest,
    /// To read windows, patterns, interactions and alerts.
    Read,
    /// To approve and reject candidates.
    Review,
    /// To do everything.
    Admin,
}

/// An API key, without the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The id, which is no secret.
    pub id: String,
    /// The project.
    pub project: String,
    /// What people call it.
    pub name: String,
    /// What it allows.
    pub scopes: BTreeSet<Scope>,
    /// The hash of the key.
    pub hash: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Stores a key.
    pub async fn add_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let _ = key;
        todo!()
    }

    /// Finds the key of a hash, unless it was revoked.
    pub async fn find_key(&self, hash: Digest) -> Result<Option<ApiKey>, StoreError> {
        let _ = hash;
        todo!()
    }

    /// Lists all keys, the oldest first.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        todo!()
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn revoke_key(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let _ = (id, now);
        todo!()
    }
}
