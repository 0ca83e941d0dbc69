//! Caches, whole and damaged.

mod together;
mod upkeep;

use std::fs;
use std::path::{Path, PathBuf};

use evalward_core::Digest;
use insta::assert_snapshot;
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;

use super::{CacheCounts, CallCache};

fn entry(text: &str) -> (Digest, Vec<u8>) {
    (Digest::of(text.as_bytes()), text.as_bytes().to_vec())
}

fn place(folder: &TempDir) -> PathBuf {
    folder.path().join("cache/calls.db")
}

async fn texts(cache: &CallCache, kind: &str, keys: &[&str]) -> Vec<Option<String>> {
    let keys: Vec<Digest> = keys.iter().map(|key| Digest::of(key.as_bytes())).collect();
    let answers = cache.get_many(kind, &keys).await;
    answers.into_iter().map(|it| it.map(|it| String::from_utf8(it).unwrap())).collect()
}

/// Makes a cache with one answer, in one file.
async fn filled(folder: &TempDir) -> PathBuf {
    let path = place(folder);
    let cache = CallCache::at(&path);
    cache.put_many("k", &[entry("one")]).await;
    cache.close().await;
    path
}

/// Runs a statement as somebody would who knows nothing of caches.
async fn meddle(path: &Path, sql: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Checks that a file answers nothing, says why, and stays as it is.
async fn check_unused(path: &Path, folder: &TempDir) -> String {
    let before = fs::read(path).ok();
    let cache = CallCache::at(path);
    assert_eq!(texts(&cache, "k", &["one"]).await, [None]);
    cache.put_many("k", &[entry("one")]).await;
    assert_eq!(texts(&cache, "k", &["one"]).await, [None]);
    assert_eq!(cache.counts(), CacheCounts::default());
    cache.close().await;
    assert_eq!(fs::read(path).ok(), before);
    cache.problem().unwrap().replace(&*folder.path().to_string_lossy(), "FOLDER")
}

#[tokio::test]
async fn answers_outlive_the_process_and_kinds_are_apart() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(place(&folder));
    assert!(!place(&folder).exists());
    cache.put_many("k", &[entry("one"), entry("two"), entry("")]).await;
    cache.close().await;
    let cache = CallCache::at(place(&folder));
    let found = texts(&cache, "k", &["two", "three", "one", ""]).await;
    assert_eq!(found, [Some("two".into()), None, Some("one".into()), Some(String::new())]);
    assert_eq!(texts(&cache.clone(), "other", &["one"]).await, [None]);
    assert_eq!(cache.counts(), CacheCounts { hits: 3, misses: 2 });
    assert_eq!(cache.problem(), None);
}

#[tokio::test]
async fn the_first_answer_stays() {
    let folder = TempDir::new().unwrap();
    let cache = CallCache::at(place(&folder));
    let (key, first) = entry("one");
    cache.put_many("k", &[(key, first.clone())]).await;
    cache.put_many("k", &[(key, b"another".to_vec())]).await;
    assert_eq!(cache.get_many("k", &[key]).await, [Some(first)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_write_at_once() {
    let folder = TempDir::new().unwrap();
    // Each with a connection of its own, as processes have.
    let caches: Vec<CallCache> = (0..4).map(|_| CallCache::at(place(&folder))).collect();
    let writers = caches.iter().enumerate().map(|(number, cache)| {
        let cache = cache.clone();
        tokio::spawn(async move {
            for round in 0..10 {
                let own = entry(&format!("{number}-{round}"));
                cache.put_many("k", &[own, entry("shared")]).await;
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let keys: Vec<String> =
        (0..4).flat_map(|number| (0..10).map(move |round| format!("{number}-{round}"))).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).chain(["shared"]).collect();
    for cache in &caches {
        assert_eq!(cache.problem(), None);
        assert!(texts(cache, "k", &keys).await.iter().all(Option::is_some));
    }
}

#[tokio::test]
async fn some_other_file_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = place(&folder);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "notes of mine ".repeat(1000)).unwrap();
    assert_snapshot!(check_unused(&path, &folder).await, @"the cache `FOLDER/cache/calls.db` is not used: failed to open it: file is not a database; delete the folder `FOLDER/cache`, which is made anew");
    fs::remove_file(&path).unwrap();
    meddle(&path, "CREATE TABLE mine (it TEXT); INSERT INTO mine VALUES ('dear')").await;
    assert_snapshot!(check_unused(&path, &folder).await, @"the cache `FOLDER/cache/calls.db` is not used: it is no cache of evalward; delete the folder `FOLDER/cache`, which is made anew");
}

#[tokio::test]
async fn a_cache_of_another_format_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder).await;
    meddle(&path, "PRAGMA user_version = 7").await;
    assert_snapshot!(check_unused(&path, &folder).await, @"the cache `FOLDER/cache/calls.db` is not used: it has format 7, which this version of evalward does not read; delete the folder `FOLDER/cache`, which is made anew");
}

#[tokio::test]
async fn a_damaged_entry_is_no_answer() {
    for sql in [
        "UPDATE calls SET answer = x'00'",
        "UPDATE calls SET checksum = x''",
        "UPDATE calls SET key = (SELECT key FROM calls WHERE kind = 'k'), kind = 'j'; UPDATE calls SET kind = 'k', answer = x'6f6e6500'",
    ] {
        let folder = TempDir::new().unwrap();
        let path = filled(&folder).await;
        meddle(&path, sql).await;
        let text = check_unused(&path, &folder).await;
        assert!(text.contains("not used: an entry is damaged; delete the folder"), "{text}");
    }
}

#[tokio::test]
async fn a_file_that_was_cut_or_overwritten_is_no_cache() {
    let folder = TempDir::new().unwrap();
    let path = filled(&folder).await;
    let whole = fs::read(&path).unwrap();
    let mut zeroed = whole.clone();
    zeroed[4096..].fill(0);
    let half = whole[..whole.len() / 2].to_vec();
    for damaged in [zeroed, half] {
        fs::write(&path, damaged).unwrap();
        let text = check_unused(&path, &folder).await;
        assert!(text.contains("; delete the folder"), "{text}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("cache"), "in the way").unwrap();
    assert_snapshot!(check_unused(&place(&folder), &folder).await, @"the cache `FOLDER/cache/calls.db` is not used: failed to make its folder: File exists (os error 17); see that the folder `FOLDER/cache` can be written, or do without by `--no-cache`");
}
