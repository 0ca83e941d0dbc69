//! Statements on API keys.

use super::statements;

statements! {
    ADD = "INSERT INTO api_keys (id, project, name, scopes, hash, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "SELECT id, project, name, scopes, hash, created_at, revoked_at FROM api_keys \
            WHERE hash = $1 AND revoked_at IS NULL";
    LIST = "SELECT id, project, name, scopes, hash, created_at, revoked_at FROM api_keys ORDER BY seq";
    /// A key that was revoked keeps the moment of the first time.
    REVOKE = "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) WHERE id = $1";
}
