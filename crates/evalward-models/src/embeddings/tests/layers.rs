//! The cache and the tape.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use evalward_core::{CallErrorKind, Digest, Embedder};
use insta::assert_snapshot;
use serde_json::json;
use tempfile::TempDir;

use super::support::{Scripted, texts, vector};
use crate::{CacheCounts, CachedEmbedder, CallCache, Tape, TapedEmbedder};

fn cached(scripted: &Scripted, cache: &CallCache, model: &str) -> CachedEmbedder {
    let model = Digest::of(model.as_bytes());
    CachedEmbedder::new(Arc::new(scripted.clone()), cache.clone(), model)
}

#[tokio::test]
async fn a_text_whose_vector_is_known_is_not_embedded_again() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.db");
    let scripted = Scripted::ready();
    let cache = CallCache::at(&path);
    let first = cached(&scripted, &cache, "m").embed(&texts(&["a", "b"])).await.unwrap();
    cache.close().await;
    let cache = CallCache::at(&path);
    let again = cached(&scripted, &cache, "m").embed(&texts(&["b", "c", "a"])).await.unwrap();
    assert_eq!(again, [vector("b"), vector("c"), vector("a")]);
    assert_eq!(again[2], first[0]);
    assert_eq!(scripted.requests(), [texts(&["a", "b"]), texts(&["c"])]);
    assert_eq!(cache.counts(), CacheCounts { hits: 2, misses: 1 });
    // Another model, address or length has another hash.
    cached(&scripted, &cache, "n").embed(&texts(&["a"])).await.unwrap();
    assert_eq!(scripted.requests().len(), 3);
}

#[tokio::test]
async fn errors_are_not_kept_and_a_broken_cache_stands_in_nobodys_way() {
    let folder = TempDir::new().unwrap();
    let scripted = Scripted::ready();
    let cache = CallCache::at(folder.path().join("calls.db"));
    for _ in 0..2 {
        cached(&scripted, &cache, "m").embed(&texts(&["bad"])).await.unwrap_err();
    }
    assert_eq!(scripted.requests().len(), 2);
    let broken = folder.path().join("broken.db");
    fs::write(&broken, "notes of mine").unwrap();
    let cache = CallCache::at(&broken);
    for _ in 0..2 {
        let vectors = cached(&scripted, &cache, "m").embed(&texts(&["a"])).await.unwrap();
        assert_eq!(vectors, [vector("a")]);
    }
    assert_eq!(scripted.requests().len(), 4);
    assert!(cache.problem().is_some());
}

#[tokio::test]
async fn a_model_whose_vectors_have_another_length_now_is_noticed() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(folder.path().join("cache/calls.db"));
    let model = Digest::of(b"m");
    let long: Vec<u8> = [1.0_f32, 2.0, 3.0].iter().flat_map(|it| it.to_le_bytes()).collect();
    let key = Digest::chain([model, Digest::of(b"a")]);
    cache.put_many("embeddings", &[(key, long)]).await;
    let error =
        cached(&Scripted::ready(), &cache, "m").embed(&texts(&["a", "b"])).await.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Malformed);
    let message = error.message.replace(&*folder.path().to_string_lossy(), "FOLDER");
    assert_snapshot!(message, @"the embedding model gave vectors of another length than before; if it is another model now, delete the folder `FOLDER/cache`");
}

/// Records calls one after the other and returns the file.
async fn record(folder: &TempDir, name: &str, calls: &[&[&str]]) -> (Scripted, Vec<u8>) {
    let path = folder.path().join(name);
    let tape = Tape::record(&path).unwrap();
    let scripted = Scripted::ready();
    let embedder =
        TapedEmbedder::new(Some(Arc::new(scripted.clone())), json!("small"), tape.clone());
    for call in calls {
        let vectors = embedder.embed(&texts(call)).await.unwrap();
        assert_eq!(vectors, call.iter().map(|text| vector(text)).collect::<Vec<_>>());
    }
    tape.finish().unwrap();
    (scripted, fs::read(path).unwrap())
}

fn replay(path: &Path, model: &str) -> TapedEmbedder {
    TapedEmbedder::new(None, json!(model), Tape::replay(path).unwrap())
}

#[tokio::test]
async fn a_recording_does_not_depend_on_what_came_together() {
    let folder = TempDir::new().unwrap();
    let (one, together) = record(&folder, "one.jsonl", &[&["a", "b", "b", "c"]]).await;
    let (many, apart) =
        record(&folder, "many.jsonl", &[&["c"], &["b", "a"], &["a", "c"], &[]]).await;
    assert_eq!(together, apart);
    assert_eq!(one.requests().len(), 1);
    assert_eq!(many.requests(), [texts(&["c"]), texts(&["b", "a"])]);
    let text = String::from_utf8(together).unwrap();
    assert_snapshot!(text.lines().nth(1).unwrap(), @r#"{"key":"12a4a951baaab4b7e636a94c1c1854d50587616e1bad6afdda6db9cebb8370af","kind":"embeddings","for":"embeddings","request":{"model":"small","text":"a"},"sample":0,"answer":{"vector":"0000c2420000803f"},"latency_millis":0}"#);
}

#[tokio::test]
async fn a_replay_needs_no_model_and_knows_only_what_was_recorded() {
    let folder = TempDir::new().unwrap();
    drop(record(&folder, "calls.jsonl", &[&["a", "b"]]).await);
    let path = folder.path().join("calls.jsonl");
    let vectors = replay(&path, "small").embed(&texts(&["b", "a"])).await.unwrap();
    assert_eq!(vectors, [vector("b"), vector("a")]);
    for (model, text) in [("small", "c"), ("large", "a")] {
        let error = replay(&path, model).embed(&texts(&["a", text])).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::Unrecorded);
        assert!(error.message.contains("the embeddings call is not in recording"), "{error}");
    }
}

#[tokio::test]
async fn a_recorded_answer_that_is_no_vector_is_malformed() {
    let folder = TempDir::new().unwrap();
    let (_, bytes) = record(&folder, "calls.jsonl", &[&["a"]]).await;
    let path = folder.path().join("calls.jsonl");
    let text = String::from_utf8(bytes).unwrap();
    for digits in ["0000c2420000803", "0000c07f0000803f", ""] {
        fs::write(&path, text.replace("0000c2420000803f", digits)).unwrap();
        let error = replay(&path, "small").embed(&texts(&["a"])).await.unwrap_err();
        assert_eq!(error.kind, CallErrorKind::Malformed, "{digits}");
    }
}
