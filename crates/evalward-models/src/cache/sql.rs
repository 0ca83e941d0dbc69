//! The statements of a cache, which is never anything but SQLite.

/// Tells the database of a cache from any other: `EVWD`.
pub(super) const APPLICATION: i64 = 0x4556_5744;

/// The version of the format.
pub(super) const FORMAT: i64 = 2;

/// The version before, whose entries have no time.
pub(super) const FORMAT_WITHOUT_TIMES: i64 = 1;

pub(super) const READ_APPLICATION: &str = "PRAGMA application_id";
pub(super) const READ_FORMAT: &str = "PRAGMA user_version";
pub(super) const COUNT_OBJECTS: &str = "SELECT count(*) FROM sqlite_schema";
pub(super) const WRITE_AHEAD: &str = "PRAGMA journal_mode = WAL";

pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS calls (
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    answer BLOB NOT NULL,
    checksum BLOB NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT";
pub(super) const MARK_APPLICATION: &str = "PRAGMA application_id = 0x45565744";
pub(super) const MARK_FORMAT: &str = "PRAGMA user_version = 2";

pub(super) const READ_TIME: &str = "SELECT unixepoch()";
/// The entries that are there count as made at the given time, since nobody knows better.
pub(super) fn add_times(now: i64) -> String {
    format!("ALTER TABLE calls ADD COLUMN made INTEGER NOT NULL DEFAULT {now}")
}

/// Reads many entries of one kind; `$2` holds their keys one after the other, and `$3` the numbers of those wanted.
pub(super) const READ: &str = "SELECT wanted.value, calls.answer, calls.checksum
    FROM json_each($3) AS wanted
    CROSS JOIN calls ON calls.kind = $1 AND calls.key = substr($2, wanted.value * 32 + 1, 32)";

/// Writes many entries of one kind; `$2` holds key, checksum and answer of one after the other, and `$3` where each starts and
/// how long its answer is.
pub(super) const WRITE: &str = "INSERT OR IGNORE INTO calls (kind, key, checksum, answer, made)
    SELECT
        $1,
        substr($2, (entry.value ->> 0) + 1, 32),
        substr($2, (entry.value ->> 0) + 33, 32),
        substr($2, (entry.value ->> 0) + 65, entry.value ->> 1),
        unixepoch()
    FROM json_each($3) AS entry";

pub(super) const COUNT_ENTRIES: &str =
    "SELECT kind, count(*), sum(length(answer)), min(made), max(made) FROM calls GROUP BY kind";

/// The bytes that entries take in the file, whose free pages are counted out.
pub(super) const READ_SIZE: &str = "SELECT (page_count - freelist_count) * page_size
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size";

/// Deletes what fits a kind and is older than some seconds, where they are given.
pub(super) const DELETE: &str = "DELETE FROM calls
    WHERE ($1 IS NULL OR kind = $1) AND ($2 IS NULL OR made < unixepoch() - $2)
    RETURNING length(answer)";

/// Deletes the oldest entries that take a number of bytes together, one at least; keys, checksums and the index take about 200
/// bytes an entry.
pub(super) const DELETE_OLDEST: &str = "DELETE FROM calls WHERE rowid IN (
        SELECT number FROM (
            SELECT rowid AS number,
                sum(length(answer) + 200) OVER (ORDER BY made, rowid) - length(answer) - 200 AS before
            FROM calls WHERE $1 IS NULL OR kind = $1
        ) WHERE before < $2
    ) RETURNING length(answer)";

pub(super) const COMPACT: &str = "VACUUM";
pub(super) const EMPTY_LOG: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
