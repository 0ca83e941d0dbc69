//! What a cache holds, what goes from it, and the format before.

use std::time::Duration;

use evalward_core::{Digest, Timestamp};
use tempfile::TempDir;

use super::{entry, meddle, place, texts};
use crate::{CallCache, PruneOptions, Pruned, cache_content, prune_cache};

/// Makes a cache of two kinds: `old` was kept 40 days ago, `new` and `other` now.
async fn aged(folder: &TempDir) -> std::path::PathBuf {
    let path = place(folder);
    let cache = CallCache::at(&path);
    cache.put_many("k", &[entry("old"), entry("new")]).await;
    cache.put_many("j", &[entry("other")]).await;
    cache.close().await;
    meddle(
        &path,
        "UPDATE calls SET made = unixepoch() - 40 * 86400 WHERE answer = CAST('old' AS BLOB)",
    )
    .await;
    path
}

async fn left(path: &std::path::Path) -> Vec<String> {
    let cache = CallCache::at(path);
    let mut left = texts(&cache, "k", &["old", "new"]).await;
    left.extend(texts(&cache, "j", &["other"]).await);
    assert_eq!(cache.problem(), None);
    cache.close().await;
    left.into_iter().flatten().collect()
}

#[tokio::test]
async fn content_is_told_by_kind() {
    let folder = TempDir::new().unwrap();
    assert_eq!(cache_content(&place(&folder)).await.unwrap(), None);
    let path = aged(&folder).await;
    let content = cache_content(&path).await.unwrap().unwrap();
    assert!(content.file_bytes >= 4096);
    let kinds: Vec<_> =
        content.kinds.iter().map(|(kind, it)| (kind.as_str(), it.entries, it.bytes)).collect();
    assert_eq!(kinds, [("j", 1, 5), ("k", 2, 6)]);
    let k = content.kinds["k"];
    assert_eq!(k.newest.as_millis() - k.oldest.as_millis(), 40 * 86_400_000);
    assert!(k.oldest > Timestamp::from_millis(0));
}

#[tokio::test]
async fn what_is_asked_for_goes_and_nothing_else() {
    let days = |days: u64| Some(Duration::from_secs(days * 86_400));
    for (options, expected) in [
        (PruneOptions { older_than: days(30), ..PruneOptions::default() }, vec!["new", "other"]),
        (
            PruneOptions { older_than: days(41), ..PruneOptions::default() },
            vec!["old", "new", "other"],
        ),
        (PruneOptions { kind: Some("k".into()), ..PruneOptions::default() }, vec!["other"]),
        (
            PruneOptions {
                kind: Some("j".into()),
                older_than: days(30),
                ..PruneOptions::default()
            },
            vec!["old", "new", "other"],
        ),
        (
            PruneOptions { max_bytes: Some(1 << 30), ..PruneOptions::default() },
            vec!["old", "new", "other"],
        ),
        (
            PruneOptions {
                max_bytes: Some(1 << 30),
                older_than: days(30),
                ..PruneOptions::default()
            },
            vec!["new", "other"],
        ),
        (
            PruneOptions { max_bytes: Some(0), kind: Some("j".into()), ..PruneOptions::default() },
            vec!["old", "new"],
        ),
        (PruneOptions::default(), vec![]),
    ] {
        let folder = TempDir::new().unwrap();
        let path = aged(&folder).await;
        let pruned = prune_cache(&path, &options).await.unwrap().unwrap();
        assert_eq!(left(&path).await, expected, "{options:?}");
        assert_eq!(pruned.entries, 3 - u64::try_from(expected.len()).unwrap(), "{options:?}");
    }
    let nowhere = TempDir::new().unwrap();
    assert_eq!(prune_cache(&place(&nowhere), &PruneOptions::default()).await.unwrap(), None);
    assert!(!place(&nowhere).exists());
}

#[tokio::test]
async fn the_oldest_go_until_the_rest_fits() {
    let folder = TempDir::new().unwrap();
    let path = place(&folder);
    let cache = CallCache::at(&path);
    let keys: Vec<Digest> = (0..200_u32).map(|number| Digest::of(&number.to_le_bytes())).collect();
    let large: Vec<_> = keys.iter().map(|key| (*key, vec![7; 5000])).collect();
    cache.put_many("k", &large).await;
    meddle(&path, "UPDATE calls SET made = made - 1000 + rowid").await;
    let options = PruneOptions { max_bytes: Some(500_000), ..PruneOptions::default() };
    // The cache is open meanwhile, as in another process.
    let Pruned { entries, bytes, file_bytes_before, file_bytes, compacted, .. } =
        prune_cache(&path, &options).await.unwrap().unwrap();
    assert!(file_bytes <= 500_000 && file_bytes > 300_000, "{file_bytes}");
    assert!(compacted && file_bytes_before > 1_000_000);
    assert_eq!(bytes, entries * 5000);
    let kept: Vec<bool> = cache.get_many("k", &keys).await.iter().map(Option::is_some).collect();
    let gone = usize::try_from(entries).unwrap();
    assert!(kept.iter().enumerate().all(|(number, kept)| *kept == (number >= gone)));
    cache.put_many("k", &[entry("one")]).await;
    assert_eq!(texts(&cache, "k", &["one"]).await, [Some("one".into())]);
    assert_eq!(cache.problem(), None);
}

#[tokio::test]
async fn a_file_that_is_no_cache_is_not_pruned() {
    let folder = TempDir::new().unwrap();
    let path = place(&folder);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    meddle(
        &path,
        "CREATE TABLE calls (made INTEGER, answer TEXT); INSERT INTO calls VALUES (1, 'dear')",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    prune_cache(&path, &PruneOptions::default()).await.unwrap_err();
    cache_content(&path).await.unwrap_err();
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn the_format_before_is_brought_up_to_date_and_keeps_its_answers() {
    let folder = TempDir::new().unwrap();
    let path = place(&folder);
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    std::fs::write(&path, include_bytes!("fixtures/format-1.sqlite")).unwrap();
    let [first, second] = [CallCache::at(&path), CallCache::at(&path)];
    let both = [Some("one".to_owned()), Some("two".to_owned())];
    let (from_first, from_second) = tokio::join!(
        texts(&first, "embeddings", &["one", "two"]),
        texts(&second, "embeddings", &["one", "two"])
    );
    assert_eq!((from_first.as_slice(), from_second.as_slice()), (&both[..], &both[..]));
    assert_eq!(texts(&first, "chat", &["one", "two"]).await, [Some("one".to_owned()), None]);
    assert_eq!((first.problem(), second.problem()), (None, None));
    first.put_many("chat", &[entry("two")]).await;
    let content = cache_content(&path).await.unwrap().unwrap();
    let kind = content.kinds["chat"];
    assert_eq!((kind.entries, content.kinds["embeddings"].entries), (2, 2));
    // What was there counts as kept when the file was brought up to date.
    assert!(kind.newest.as_millis() - kind.oldest.as_millis() < 60_000);
}
