//! What the senders know: which batches were acknowledged, and of which they cannot tell.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// An interaction that was sent, with what must become of it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The id under which it is stored.
    pub(super) id: String,
    /// What sampling hashes.
    pub(super) key: String,
    /// The stratum that it belongs to.
    pub(super) stratum: &'static str,
    /// What its evaluation must come to, where it is sampled.
    pub(super) outcome: &'static str,
}

/// A batch that was sent, at least once.
#[derive(Debug)]
pub(super) struct Batch {
    /// Its interactions, without those that it repeats from others.
    pub(super) items: Vec<Item>,
    /// Whether the monitor acknowledged it; otherwise it must be stored as a whole or not at all.
    pub(super) is_acknowledged: bool,
}

/// The account of all senders.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    batches: Mutex<Vec<Batch>>,
    violations: Mutex<Vec<String>>,
    is_stopping: AtomicBool,
    is_abandoned: AtomicBool,
}

impl Ledger {
    /// Enters a batch.
    pub(super) fn enter(&self, batch: Batch) {
        lock(&self.batches).push(batch);
    }

    /// Enters an answer that breaks a promise.
    pub(super) fn complain(&self, violation: String) {
        lock(&self.violations).push(violation);
    }

    /// Asks the senders to stop, at once where no monitor is left to answer them.
    pub(super) fn stop(&self, at_once: bool) {
        self.is_abandoned.store(at_once, Ordering::SeqCst);
        self.is_stopping.store(true, Ordering::SeqCst);
    }

    /// Tells whether no further batch is to be made.
    pub(super) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    /// Tells whether a batch under way is to be given up.
    pub(super) fn is_abandoned(&self) -> bool {
        self.is_abandoned.load(Ordering::SeqCst)
    }

    /// Closes the account.
    pub(super) fn close(self) -> (Vec<Batch>, Vec<String>) {
        let batches = self.batches.into_inner().expect("no sender panics while it writes");
        (batches, self.violations.into_inner().expect("no sender panics while it writes"))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().expect("no sender panics while it writes")
}
