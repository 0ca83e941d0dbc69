//! API keys.

use std::collections::BTreeSet;

use evalward_core::Digest;
use evalward_store::{ApiKey, Scope, Store, StoreError};

use crate::support::{at, on_both_engines};

on_both_engines!(a_key_is_found_by_its_hash_until_it_is_revoked, two_keys_share_no_hash,);

fn key(id: &str) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        project: "support".to_owned(),
        name: "the shop".to_owned(),
        scopes: BTreeSet::from([Scope::Ingest, Scope::Read]),
        hash: Digest::of(id.as_bytes()),
        created_at: at(0),
        revoked_at: None,
    }
}

async fn a_key_is_found_by_its_hash_until_it_is_revoked(store: Store) {
    let none = ApiKey { scopes: BTreeSet::new(), ..key("none") };
    let all = [Scope::Ingest, Scope::Read, Scope::Review, Scope::Admin];
    let every = ApiKey { scopes: all.into(), ..key("every") };
    for key in [&none, &every] {
        store.add_key(key).await.unwrap();
        assert_eq!(store.find_key(key.hash).await.unwrap().as_ref(), Some(key));
    }
    assert_eq!(store.find_key(Digest::of(b"another")).await.unwrap(), None);

    store.revoke_key("every", at(5)).await.unwrap();
    store.revoke_key("every", at(9)).await.unwrap();
    assert_eq!(store.find_key(every.hash).await.unwrap(), None);
    let revoked = ApiKey { revoked_at: Some(at(5)), ..every };
    assert_eq!(store.keys().await.unwrap(), [none, revoked]);
    let missing = store.revoke_key("another", at(5)).await.unwrap_err();
    assert_eq!(missing.to_string(), "find API key `another`");
}

async fn two_keys_share_no_hash(store: Store) {
    store.add_key(&key("a")).await.unwrap();
    let twin = ApiKey { id: "b".to_owned(), ..key("a") };
    assert!(matches!(store.add_key(&twin).await, Err(StoreError::Query { .. })));
    assert_eq!(store.keys().await.unwrap(), [key("a")]);
}
