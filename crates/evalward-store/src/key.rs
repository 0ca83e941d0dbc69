//! API keys: who may do what in which project. Only hashes are stored.

use std::collections::BTreeSet;

use evalward_core::{Digest, Timestamp};

use crate::codec::names;
use crate::database::in_transaction;
use crate::value::{Row, corrupt, values};
use crate::{Store, StoreError, sql};

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

names!(Scope, "scope", Ingest = "ingest", Read = "read", Review = "review", Admin = "admin");

impl Store {
    /// Stores a key.
    ///
    /// # Errors
    /// [`StoreError::Query`] where its id or hash is taken.
    pub async fn add_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
        in_transaction!(self.database(), "store an API key", transaction => {
            let values = values![
                &key.id,
                &key.project,
                &key.name,
                scopes.join(","),
                key.hash.to_string(),
                key.created_at,
                key.revoked_at,
            ];
            transaction.execute(sql::key::ADD, values).await.map(drop)
        })
    }

    /// Finds the key of a hash, unless it was revoked.
    pub async fn find_key(&self, hash: Digest) -> Result<Option<ApiKey>, StoreError> {
        let mut connection = self.database().read("find an API key").await?;
        let row = connection.row(sql::key::FIND, values![hash.to_string()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Lists all keys, the oldest first.
    pub async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let mut connection = self.database().read("list API keys").await?;
        let rows = connection.rows(sql::key::LIST, Vec::new()).await?;
        rows.iter().map(read).collect()
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none of this id.
    pub async fn revoke_key(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let changed = in_transaction!(self.database(), "revoke an API key", transaction => {
            transaction.execute(sql::key::REVOKE, values![id, now]).await
        })?;
        if changed == 0 {
            return Err(StoreError::NotFound { what: "API key", id: id.to_owned() });
        }
        Ok(())
    }
}

fn read(row: &Row) -> Result<ApiKey, StoreError> {
    let scopes = row.text("scopes")?;
    let hash = row.text("hash")?;
    Ok(ApiKey {
        id: row.text("id")?,
        project: row.text("project")?,
        name: row.text("name")?,
        scopes: scopes
            .split(',')
            .filter(|scope| !scope.is_empty())
            .map(Scope::from_name)
            .collect::<Result<_, _>>()?,
        hash: hash.parse().map_err(|error| corrupt("hash", &error))?,
        created_at: row.moment("created_at")?,
        revoked_at: row.optional_moment("revoked_at")?,
    })
}
