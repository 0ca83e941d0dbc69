//! What a cache holds, and how it is made smaller; other processes may use it meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use evalward_core::Timestamp;
use sqlx::SqliteConnection;

use super::error::{CacheError, database};
use super::file::{CacheFile, is_locked};
use super::sql;

/// What a cache holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheContent {
    /// The bytes of the file on the disk, its log included.
    pub file_bytes: u64,
    /// What it holds of each kind of call.
    pub kinds: BTreeMap<String, CachedKind>,
}

/// What a cache holds of one kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CachedKind {
    /// The number of answers.
    pub entries: u64,
    /// The bytes of the answers alone.
    pub bytes: u64,
    /// When the oldest was kept.
    pub oldest: Timestamp,
    /// When the newest was kept.
    pub newest: Timestamp,
}

/// Kind, entries, bytes, oldest and newest.
type KindRow = (String, i64, i64, i64, i64);

/// What goes from a cache; by default everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PruneOptions {
    /// Only answers of this kind of call.
    pub kind: Option<String>,
    /// Only answers that were kept longer ago than this.
    pub older_than: Option<Duration>,
    /// The oldest answers, until the file has no more bytes than this; besides those that are too old, where that is set.
    pub max_bytes: Option<u64>,
}

/// What went from a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The number of answers that went.
    pub entries: u64,
    /// The bytes of those answers alone.
    pub bytes: u64,
    /// The bytes of the file on the disk before.
    pub file_bytes_before: u64,
    /// The bytes of the file on the disk now.
    pub file_bytes: u64,
    /// Whether the file could be made smaller; else the room in it is used by answers to come.
    pub compacted: bool,
}

/// Returns what a cache holds, or nothing where there is no file.
///
/// # Errors
/// [`CacheError`] if the file is no cache or cannot be read.
pub async fn cache_content(path: &Path) -> Result<Option<CacheContent>, CacheError> {
    let Some(file) = CacheFile::open_existing(path).await? else { return Ok(None) };
    let rows: Result<Vec<KindRow>, _> =
        sqlx::query_as(sql::COUNT_ENTRIES).fetch_all(&file.pool).await;
    let file_bytes = bytes_of(path);
    file.close().await;
    let kinds =
        rows.map_err(database("read"))?.into_iter().map(|(kind, entries, bytes, old, new)| {
            let [oldest, newest] =
                [old, new].map(|secs| Timestamp::from_millis(secs.saturating_mul(1000)));
            (kind, CachedKind { entries: count(entries), bytes: count(bytes), oldest, newest })
        });
    Ok(Some(CacheContent { file_bytes, kinds: kinds.collect() }))
}

/// Takes answers out of a cache and makes its file smaller; nothing happens where there is no file.
///
/// # Errors
/// [`CacheError`] if the file is no cache or cannot be written.
pub async fn prune_cache(
    path: &Path,
    options: &PruneOptions,
) -> Result<Option<Pruned>, CacheError> {
    let Some(file) = CacheFile::open_existing(path).await? else { return Ok(None) };
    let file_bytes_before = bytes_of(path);
    let pruned = prune(&file, options).await;
    file.close().await;
    Ok(Some(Pruned { file_bytes_before, file_bytes: bytes_of(path), ..pruned? }))
}

async fn prune(file: &CacheFile, options: &PruneOptions) -> Result<Pruned, CacheError> {
    let mut connection = file.pool.acquire().await.map_err(database("prune"))?;
    let kind = options.kind.as_deref();
    let mut pruned = Pruned::default();
    if options.older_than.is_some() || options.max_bytes.is_none() {
        let secs = options.older_than.map(|age| to_i64(age.as_secs()));
        let deleted: Vec<i64> = sqlx::query_scalar(sql::DELETE)
            .bind(kind)
            .bind(secs)
            .fetch_all(&mut *connection)
            .await
            .map_err(database("prune"))?;
        pruned.count(&deleted);
    }
    if let Some(most) = options.max_bytes {
        prune_to(&mut connection, kind, most, &mut pruned).await?;
    }
    if pruned.entries > 0 {
        pruned.compacted = compact(&mut connection).await?;
    }
    Ok(pruned)
}

/// Deletes the oldest entries until what is left fits.
async fn prune_to(
    connection: &mut SqliteConnection,
    kind: Option<&str>,
    most: u64,
    pruned: &mut Pruned,
) -> Result<(), CacheError> {
    loop {
        let size: i64 = sqlx::query_scalar(sql::READ_SIZE)
            .fetch_one(&mut *connection)
            .await
            .map_err(database("prune"))?;
        let excess = size.saturating_sub(to_i64(most));
        if excess <= 0 {
            return Ok(());
        }
        let deleted: Vec<i64> = sqlx::query_scalar(sql::DELETE_OLDEST)
            .bind(kind)
            .bind(excess)
            .fetch_all(&mut *connection)
            .await
            .map_err(database("prune"))?;
        if deleted.is_empty() {
            return Ok(());
        }
        pruned.count(&deleted);
    }
}

/// Gives the room of what was deleted back to the disk, unless another process keeps the file from it.
async fn compact(connection: &mut SqliteConnection) -> Result<bool, CacheError> {
    for statement in [sql::COMPACT, sql::EMPTY_LOG] {
        match sqlx::query(statement).execute(&mut *connection).await {
            Err(error) if is_locked(&error) => return Ok(false),
            done => done.map_err(database("compact"))?,
        };
    }
    Ok(true)
}

impl Pruned {
    fn count(&mut self, deleted: &[i64]) {
        self.entries += u64::try_from(deleted.len()).unwrap_or(u64::MAX);
        self.bytes += deleted.iter().map(|bytes| count(*bytes)).sum::<u64>();
    }
}

/// Returns the bytes that the file and its log take on the disk.
fn bytes_of(path: &Path) -> u64 {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    length(path) + length(&PathBuf::from(log))
}

fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn to_i64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
