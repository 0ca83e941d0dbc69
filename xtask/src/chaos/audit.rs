//! The account at the end: the ledger against the stored interactions, and these against the windows.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::ledger::{Batch, Item, Ledger};
use super::stored::{Row, is_to_be_sampled, read};
use crate::console::Stopwatch;
use crate::monitor::{Client, MonitorProcess, recent_windows};

/// How long the queue may take to drain.
const DRAIN: Duration = Duration::from_mins(2);

/// How many connections read the interactions.
const READERS: usize = 3;

/// What came of it all.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// Interactions that were acknowledged.
    pub(super) acknowledged: u64,
    /// Interactions of batches that were never acknowledged.
    pub(super) unknown: u64,
    /// Interactions that are stored.
    pub(super) stored: u64,
    /// Those that are samples.
    pub(super) sampled: u64,
    /// Samples with an evaluation.
    pub(super) evaluated: u64,
    /// How often the monitor was killed.
    pub(super) kills: u32,
    /// Acknowledged interactions that are not stored, and samples without an evaluation.
    pub(super) lost: u64,
    /// What windows count more than once.
    pub(super) doubled: u64,
    /// Every broken promise.
    pub(super) violations: Vec<String>,
}

/// The counts of a window: seen, sampled, passed, failed, errored, skipped.
type Counts = [u64; 6];

/// The names of the counts.
const COUNTS: [&str; 6] = ["seen", "sampled", "passed", "failed", "errored", "skipped"];

/// A window: its start in milliseconds, its segment, its stratum.
type Key = (i64, String, String);

/// Waits until nothing is left to do, and compares.
pub(super) fn settle(monitor: &MonitorProcess, ledger: Ledger) -> Result<Account> {
    let mut client = monitor.client();
    drain(&mut client).with_context(|| monitor.log())?;
    let (batches, violations) = ledger.close();
    let mut account = Account { violations, ..Account::default() };
    let rows = read_all(monitor, &batches)?;
    let mut rest = rows.iter();
    for batch in &batches {
        let found: Vec<&Option<Row>> = rest.by_ref().take(batch.items.len()).collect();
        account.enter(batch, &found);
    }
    for (resolution, millis) in [("minute", 60_000), ("hour", 3_600_000), ("day", 86_400_000)] {
        let told = windows(&mut client, resolution)?;
        account.compare(resolution, &told, &recount(rows.iter().flatten(), millis));
    }
    Ok(account)
}

fn drain(client: &mut Client) -> Result<()> {
    let stopwatch = Stopwatch::start();
    loop {
        let queue = client.get("/api/v1/queue")?;
        ensure!(
            queue.status == 200,
            "the queue was answered with {}: {}",
            queue.status,
            queue.text()
        );
        let queue = queue.json();
        match (queue["waiting"].as_u64(), queue["parked"].as_u64()) {
            (Some(0), Some(0)) => return Ok(()),
            (Some(0), _) => bail!("evaluations were parked or not counted: {queue}"),
            _ => {}
        }
        ensure!(stopwatch.elapsed() < DRAIN, "the queue did not drain: {queue}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Asks for every interaction that was ever sent, in the order of the ledger.
fn read_all(monitor: &MonitorProcess, batches: &[Batch]) -> Result<Vec<Option<Row>>> {
    let ids: Vec<&str> =
        batches.iter().flat_map(|batch| &batch.items).map(|item| item.id.as_str()).collect();
    let share = ids.len().div_ceil(READERS).max(1);
    thread::scope(|scope| {
        let readers: Vec<_> = ids
            .chunks(share)
            .map(|ids| {
                scope.spawn(|| {
                    let mut client = monitor.client();
                    ids.iter().map(|id| read(&mut client, id)).collect::<Result<Vec<_>>>()
                })
            })
            .collect();
        let mut rows = Vec::with_capacity(ids.len());
        for reader in readers {
            rows.extend(reader.join().expect("reading does not panic")?);
        }
        Ok(rows)
    })
}

impl Account {
    /// Compares a batch with what is stored of it.
    fn enter(&mut self, batch: &Batch, rows: &[&Option<Row>]) {
        let stored = rows.iter().filter(|row| row.is_some()).count();
        let (total, missing) = (count(rows.len()), count(rows.len() - stored));
        self.stored += count(stored);
        if batch.is_acknowledged {
            self.acknowledged += total;
            self.lost += missing;
            if missing > 0 {
                self.violations
                    .push(format!("{missing} of {total} acknowledged interactions are not stored"));
            }
        } else {
            self.unknown += total;
            if missing > 0 && stored > 0 {
                self.violations
                    .push(format!("a batch is stored in part: {stored} of {total} interactions"));
            }
        }
        for (item, row) in batch.items.iter().zip(rows) {
            if let Some(row) = row {
                self.check_row(item, row);
            }
        }
    }

    fn check_row(&mut self, item: &Item, row: &Row) {
        let id = &item.id;
        if row.stratum != item.stratum {
            self.violations
                .push(format!("`{id}` is in stratum `{}`, not `{}`", row.stratum, item.stratum));
        }
        let chosen = is_to_be_sampled(item);
        if row.is_sampled != chosen {
            self.violations
                .push(format!("`{id}`: sampled is {}, the rule says {chosen}", row.is_sampled));
        }
        self.sampled += u64::from(row.is_sampled);
        match &row.outcome {
            Some(outcome) => {
                self.evaluated += 1;
                if !row.is_sampled || outcome != item.outcome {
                    self.violations
                        .push(format!("`{id}` was evaluated as {outcome}, not {}", item.outcome));
                }
            }
            None if row.is_sampled => {
                self.lost += 1;
                self.violations.push(format!("the sample `{id}` was not evaluated"));
            }
            None => {}
        }
    }

    /// Compares windows with a recount from the interactions.
    fn compare(
        &mut self,
        resolution: &str,
        told: &BTreeMap<Key, Counts>,
        counted: &BTreeMap<Key, Counts>,
    ) {
        let keys = told.keys().chain(counted.keys().filter(|key| !told.contains_key(*key)));
        for key in keys {
            let (told, counted) = (
                told.get(key).copied().unwrap_or_default(),
                counted.get(key).copied().unwrap_or_default(),
            );
            if told == counted {
                continue;
            }
            self.doubled += told
                .iter()
                .zip(counted)
                .map(|(told, counted)| told.saturating_sub(counted))
                .sum::<u64>();
            self.violations.push(format!(
                "the {resolution} {key:?} counts {COUNTS:?} as {told:?}; the interactions come to {counted:?}"
            ));
        }
    }
}

fn recount<'a>(rows: impl Iterator<Item = &'a Row>, millis: i64) -> BTreeMap<Key, Counts> {
    let mut windows = BTreeMap::<Key, Counts>::new();
    for row in rows {
        let received = row.received_at.as_millis();
        let start = received - received.rem_euclid(millis);
        let counts = windows.entry((start, row.segment.clone(), row.stratum.clone())).or_default();
        counts[0] += 1;
        counts[1] += u64::from(row.is_sampled);
        let outcome = row
            .outcome
            .as_deref()
            .and_then(|outcome| COUNTS.iter().position(|name| *name == outcome));
        if let Some(outcome) = outcome {
            counts[outcome] += 1;
        }
    }
    windows
}

fn windows(client: &mut Client, resolution: &str) -> Result<BTreeMap<Key, Counts>> {
    let answer = client.get(&recent_windows(resolution))?;
    ensure!(
        answer.status == 200,
        "windows were answered with {}: {}",
        answer.status,
        answer.text()
    );
    let answer = answer.json();
    let list = answer["windows"].as_array().context("the answer has no `windows`")?;
    let mut windows = BTreeMap::new();
    for window in list {
        let (key, counts) =
            parse_window(window).with_context(|| format!("failed to read the window {window}"))?;
        ensure!(windows.insert(key, counts).is_none(), "the window {window} was told twice");
    }
    Ok(windows)
}

fn parse_window(window: &Value) -> Option<(Key, Counts)> {
    let text = |name: &str| window[name].as_str();
    let start: evalward_core::Timestamp = text("start")?.parse().ok()?;
    let mut counts = Counts::default();
    for (count, name) in counts.iter_mut().zip(COUNTS) {
        *count = window[name].as_u64()?;
    }
    Some(((start.as_millis(), text("segment")?.to_owned(), text("stratum")?.to_owned()), counts))
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
