//! Recording the failures of evaluations: patterns grow, candidates are proposed, covered patterns recur.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use evalward_core::Timestamp;

use crate::codec::{example_from_json, example_to_json, indexed, to_json};
use crate::database::Connection;
use crate::pattern::{complete, read};
use crate::sample::Located;
use crate::value::{corrupt, values};
use crate::{AlertSignal, NewCandidate, NewFailure, Pattern, StoreError, sql};

/// The project and the id of a pattern.
type PatternKey = (String, String);

/// What evaluations change in a pattern.
#[derive(Debug, Default)]
struct Change<'a> {
    /// Failures that are no longer there.
    taken: i64,
    /// Failures that are there now.
    added: Vec<Added<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Added<'a> {
    located: &'a Located,
    failure: &'a NewFailure,
    /// Whether the earlier evaluation of the sample had none of this pattern.
    is_new: bool,
}

/// Records the failures of samples in place of those of their earlier evaluations, and returns the alarms of patterns that
/// recurred.
pub(crate) async fn record(
    transaction: &mut Connection,
    samples: &[(&Located, &[NewFailure])],
    recurred: fn(&Pattern, &str) -> AlertSignal,
) -> Result<Vec<AlertSignal>, StoreError> {
    let mut changes: BTreeMap<PatternKey, Change<'_>> = BTreeMap::new();
    let before = take_back(transaction, samples, &mut changes).await?;
    let mut rows = Vec::new();
    for (located, failures) in samples {
        let mut patterns = BTreeSet::new();
        for failure in *failures {
            let (seq, place) = (located.seq, &located.place);
            if !patterns.insert(&failure.pattern) {
                continue;
            }
            let is_new = !before.contains(&(seq, failure.pattern.clone()));
            let key = (place.project.clone(), failure.pattern.clone());
            changes.entry(key).or_default().added.push(Added { located, failure, is_new });
            rows.push(values![
                seq,
                &failure.pattern,
                &place.project,
                place.received_at,
                &failure.message
            ]);
        }
    }
    transaction.insert(&sql::pattern::INSERT_FAILURES, rows).await?;
    let mut alarms = Vec::new();
    // In the order of the keys, so that no two transactions wait for each other.
    for (key, change) in changes {
        alarms.extend(change_pattern(transaction, &key, &change, recurred).await?);
    }
    Ok(alarms)
}

/// Takes the failures of a sample's earlier evaluation back, where the sample has none any more.
pub(crate) async fn forget(
    transaction: &mut Connection,
    located: &Located,
) -> Result<(), StoreError> {
    let mut changes = BTreeMap::new();
    take_back(transaction, &[(located, &[])], &mut changes).await?;
    for (key, change) in changes {
        shrink(transaction, &key, &change).await?;
    }
    Ok(())
}

/// Deletes the failures of earlier evaluations, and returns the interaction and the pattern of each.
async fn take_back(
    transaction: &mut Connection,
    samples: &[(&Located, &[NewFailure])],
    changes: &mut BTreeMap<PatternKey, Change<'_>>,
) -> Result<BTreeSet<(i64, String)>, StoreError> {
    let replaced = samples.iter().filter(|(located, _)| located.counted.is_some());
    let seqs: Vec<i64> = replaced.map(|(located, _)| located.seq).collect();
    let mut before = BTreeSet::new();
    for row in transaction.rows_of(sql::pattern::DELETE_FAILURES, &seqs).await? {
        let pattern = row.text("pattern")?;
        changes.entry((row.text("project")?, pattern.clone())).or_default().taken += 1;
        before.insert((row.integer("interaction")?, pattern));
    }
    Ok(before)
}

async fn change_pattern(
    transaction: &mut Connection,
    key: &PatternKey,
    change: &Change<'_>,
    recurred: fn(&Pattern, &str) -> AlertSignal,
) -> Result<Vec<AlertSignal>, StoreError> {
    let (Some(first), moments) = (change.added.first(), change.added.iter()) else {
        shrink(transaction, key, change).await?;
        return Ok(Vec::new());
    };
    let (project, id) = key;
    let moments = moments.map(|added| added.located.place.received_at);
    let failure = first.failure;
    let added = i64::try_from(change.added.len()).unwrap_or(i64::MAX);
    let values = values![
        project,
        id,
        &failure.metric,
        failure.rule.as_deref(),
        &failure.title,
        added - change.taken,
        moments.clone().min(),
        moments.max(),
    ];
    let row = transaction.row(sql::pattern::GROW, values).await?;
    let row = row.ok_or_else(|| corrupt("pattern", &"it was not returned"))?;
    let mut pattern = read(&row)?;
    if pattern.candidate.is_none() {
        propose(transaction, &pattern, change).await?;
    }
    let late = see_versions(transaction, &pattern, change).await?;
    if late.is_empty() {
        return Ok(Vec::new());
    }
    let earliest = late.iter().map(|(seen, version)| (*seen, *version)).min();
    if let Some((_, version)) = earliest {
        transaction.execute(sql::pattern::RECUR, values![project, id, version]).await?;
    }
    let row = transaction.row(sql::pattern::READ, values![project, id]).await?;
    pattern = read(&row.ok_or_else(|| corrupt("pattern", &"it is gone"))?)?;
    complete(transaction, &mut pattern).await?;
    Ok(late.iter().map(|(_, version)| recurred(&pattern, version)).collect())
}

async fn shrink(
    transaction: &mut Connection,
    (project, id): &PatternKey,
    change: &Change<'_>,
) -> Result<(), StoreError> {
    let values = values![project, id, change.taken];
    transaction.execute(sql::pattern::SHRINK, values).await.map(drop)
}

/// Stores the first candidate that a failure proposes.
async fn propose(
    transaction: &mut Connection,
    pattern: &Pattern,
    change: &Change<'_>,
) -> Result<(), StoreError> {
    let proposed = change.added.iter().find_map(|added| {
        let candidate: &NewCandidate = added.failure.candidate.as_ref()?;
        Some((added.located, candidate))
    });
    let Some((located, candidate)) = proposed else { return Ok(()) };
    let example = example_to_json(&candidate.example)?;
    if let Err(error) = example_from_json(&example) {
        // Lists of candidates read each example, so one with too deep an input would stand in the way of all.
        let error: &dyn Error = &error;
        tracing::warn!(error, candidate = candidate.id, "a candidate cannot be proposed");
        return Ok(());
    }
    let values = values![
        &pattern.project,
        &candidate.id,
        &pattern.id,
        located.id.as_str(),
        example,
        to_json("warnings", &candidate.warnings)?,
    ];
    transaction.execute(sql::candidate::ADD, values).await?;
    let values = values![&pattern.project, &pattern.id, &candidate.id];
    transaction.execute(sql::pattern::PROPOSE, values).await.map(drop)
}

/// Records the versions in which a pattern failed, and returns the version of each new failure that came in a version whose
/// first interaction came in after the pattern was covered.
async fn see_versions<'a>(
    transaction: &mut Connection,
    pattern: &Pattern,
    change: &Change<'a>,
) -> Result<Vec<(Timestamp, &'a str)>, StoreError> {
    let mut failed: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for located in change.added.iter().map(|added| added.located) {
        if let Some(version) = &located.version {
            let seen = located.place.received_at;
            let first = failed.entry(version).or_insert(seen);
            *first = seen.min(*first);
        }
    }
    for (version, first) in &failed {
        let values = values![&pattern.project, &pattern.id, indexed(version), *first];
        transaction.execute(sql::pattern::SEE_VERSION, values).await?;
    }
    let Some(covered_at) = pattern.covered_at else { return Ok(Vec::new()) };
    let mut late = BTreeMap::new();
    for version in failed.into_keys() {
        let values = values![&pattern.project, indexed(version)];
        let row = transaction.row(sql::pattern::FIRST_SEEN, values).await?;
        let row = row.ok_or_else(|| corrupt("version", &"it was never seen"))?;
        let first = row.moment("first_seen_at")?;
        if first > covered_at {
            late.insert(version, first);
        }
    }
    let new = change.added.iter().filter(|added| added.is_new);
    let versions = new.filter_map(|added| added.located.version.as_deref());
    Ok(versions.filter_map(|version| Some((*late.get(version)?, version))).collect())
}
