//! Many callers at once.

use std::sync::Arc;

use evalward_core::Digest;
use futures::FutureExt as _;
use futures::future::join_all;
use tempfile::TempDir;

use super::{entry, place, texts};
use crate::{CacheCounts, CallCache};

fn name(number: u32) -> String {
    format!("answer {number}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_together_is_kept_and_found_each_by_its_caller() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(place(&folder));
    let tasks = (0..300_u32).map(|number| {
        let cache = cache.clone();
        tokio::spawn(async move {
            let kind = ["k", "j", "embeddings"][usize::try_from(number % 3).unwrap()];
            let texts_of = |count: u32| (0..count).map(|part| name(number * 10 + part));
            let entries: Vec<_> = texts_of(number % 4).map(|text| entry(&text)).collect();
            cache.put_many(kind, &entries).await;
            // Known to another connection by now, as after a `kill -9`.
            let keys: Vec<Digest> = texts_of(4).map(|text| Digest::of(text.as_bytes())).collect();
            let found = cache.get_many(kind, &keys).await;
            for (part, (answer, text)) in found.iter().zip(texts_of(4)).enumerate() {
                let is_there = part < usize::try_from(number % 4).unwrap();
                assert_eq!(answer.as_deref(), is_there.then_some(text.as_bytes()));
            }
        })
    });
    join_all(tasks.collect::<Vec<_>>()).await.into_iter().for_each(Result::unwrap);
    assert_eq!(cache.problem(), None);
    assert_eq!(cache.counts(), CacheCounts { hits: 450, misses: 750 });
}

#[tokio::test]
async fn who_gives_up_waiting_keeps_nobody_else_waiting() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(place(&folder));
    cache.put_many("k", &[entry("one")]).await;
    let rest = Arc::new([entry("two"), entry("three")]);
    for _ in 0..20 {
        // Dropped at its first wait: in its turn, or before it.
        let _ = cache.put_many("k", &rest[..1]).now_or_never();
        let _ = cache.get_many("k", &[entry("one").0]).now_or_never();
        cache.put_many("k", &rest[1..]).await;
        assert_eq!(texts(&cache, "k", &["one"]).await, [Some("one".into())]);
    }
    assert_eq!(texts(&cache, "k", &["three"]).await, [Some("three".into())]);
    assert_eq!(cache.problem(), None);
}

#[tokio::test]
async fn empty_and_large_answers_are_kept_as_they_are() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(place(&folder));
    let large: Vec<_> = (0..5_u8).map(|byte| (Digest::of(&[byte]), vec![byte; 3 << 20])).collect();
    cache.put_many("k", &large).await;
    let nothing = entry("");
    cache.put_many("k", &[nothing.clone(), nothing.clone(), entry("\0\0")]).await;
    let keys: Vec<Digest> = large.iter().map(|(key, _)| *key).chain([nothing.0]).collect();
    let found = cache.get_many("k", &keys).await;
    let expected = large.into_iter().chain([nothing]).map(|(_, answer)| Some(answer));
    assert!(found.into_iter().eq(expected));
    assert_eq!(cache.get_many("k", &[]).await, Vec::<Option<Vec<u8>>>::new());
    assert_eq!(texts(&cache, "k", &["\0\0"]).await, [Some("\0\0".into())]);
    assert_eq!(cache.problem(), None);
}
