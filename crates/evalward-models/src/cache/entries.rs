//! Many entries in one statement: a statement for each would take more time than the entries themselves.

use std::collections::BTreeMap;

use evalward_core::Digest;
use sqlx::SqliteConnection;

use super::error::{CacheError, database};
use super::sql;

/// The most bytes that are handed to one statement, unless one entry has more.
const MOST_BYTES: usize = 8 << 20;

/// The bytes of a digest.
const DIGEST: usize = 32;

/// Where an entry is: the kind of call, and the hash of all else.
pub(super) type Place<'a> = (&'a str, Digest);

/// Returns the answers at places, in their order.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    places: &[Place<'_>],
) -> Result<Vec<Option<Vec<u8>>>, CacheError> {
    let mut answers = vec![None; places.len()];
    let mut by_kind: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, (kind, _)) in places.iter().enumerate() {
        by_kind.entry(kind).or_default().push(number);
    }
    for (kind, numbers) in by_kind {
        for numbers in numbers.chunks(MOST_BYTES / DIGEST) {
            let keys: Vec<Digest> =
                numbers.iter().filter_map(|number| Some(places.get(*number)?.1)).collect();
            for (found, answer) in read_kind(connection, kind, &keys).await? {
                let slot = numbers.get(found).and_then(|number| answers.get_mut(*number));
                if let Some(slot) = slot {
                    *slot = Some(answer);
                }
            }
        }
    }
    Ok(answers)
}

/// Returns the answers that there are, each with the number of its key.
async fn read_kind(
    connection: &mut SqliteConnection,
    kind: &str,
    keys: &[Digest],
) -> Result<Vec<(usize, Vec<u8>)>, CacheError> {
    let bytes: Vec<u8> = keys.iter().flat_map(Digest::as_bytes).copied().collect();
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(sql::READ)
        .bind(kind)
        .bind(bytes)
        .bind(list((0..keys.len()).map(|number| number.to_string())))
        .fetch_all(connection)
        .await
        .map_err(database("read"))?;
    let mut found = Vec::with_capacity(rows.len());
    for (number, answer, sum) in rows {
        let number = usize::try_from(number).map_err(|_| CacheError::Damaged)?;
        let key = keys.get(number).ok_or(CacheError::Damaged)?;
        if sum != checksum(kind, *key, &answer).as_bytes() {
            return Err(CacheError::Damaged);
        }
        found.push((number, answer));
    }
    Ok(found)
}

/// Writes entries; one that is there already stays.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    entries: &[(Place<'_>, &[u8])],
) -> Result<(), CacheError> {
    let mut by_kind: BTreeMap<&str, Pack> = BTreeMap::new();
    for ((kind, key), answer) in entries {
        let pack = by_kind.entry(kind).or_default();
        pack.add(kind, *key, answer);
        if pack.bytes.len() >= MOST_BYTES {
            std::mem::take(pack).write(connection, kind).await?;
        }
    }
    for (kind, pack) in by_kind {
        pack.write(connection, kind).await?;
    }
    Ok(())
}

/// Entries of one kind, as one statement takes them.
#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
    ranges: Vec<String>,
}

impl Pack {
    fn add(&mut self, kind: &str, key: Digest, answer: &[u8]) {
        self.ranges.push(format!("[{},{}]", self.bytes.len(), answer.len()));
        self.bytes.extend(key.as_bytes());
        self.bytes.extend(checksum(kind, key, answer).as_bytes());
        self.bytes.extend(answer);
    }

    async fn write(self, connection: &mut SqliteConnection, kind: &str) -> Result<(), CacheError> {
        if self.ranges.is_empty() {
            return Ok(());
        }
        sqlx::query(sql::WRITE)
            .bind(kind)
            .bind(self.bytes)
            .bind(list(self.ranges))
            .execute(connection)
            .await
            .map_err(database("write"))?;
        Ok(())
    }
}

/// Writes a JSON array.
fn list(items: impl IntoIterator<Item = String>) -> String {
    let mut text = String::from("[");
    for (number, item) in items.into_iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        text.push_str(&item);
    }
    text.push(']');
    text
}

/// Returns what an entry must hash to: its place and its content.
fn checksum(kind: &str, key: Digest, answer: &[u8]) -> Digest {
    Digest::chain([Digest::of(kind.as_bytes()), key, Digest::of(answer)])
}
