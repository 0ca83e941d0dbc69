//! Waiting until a host may be called.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::state::{Admission, Ending, State, Stated, Ticket, Upshot};

/// A caller at the head of the line is away after this time, unless it waits.
const A_MOMENT: Duration = Duration::from_millis(1);

/// A host, shared by all clients that call it.
#[derive(Debug)]
pub(in super::super) struct Host {
    state: Mutex<State>,
    /// The callers that wait, in their order: the first waits for a change, and the others for the first.
    line: Semaphore,
    changed: Notify,
    calls: AtomicU64,
    counts_tokens: AtomicBool,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            line: Semaphore::new(1),
            changed: Notify::new(),
            calls: AtomicU64::new(0),
            counts_tokens: AtomicBool::new(false),
        }
    }
}

impl Host {
    /// Returns the number of a new call, which may take several attempts.
    pub(in super::super) fn new_call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    /// Returns whether the tokens of requests matter.
    pub(in super::super) fn counts_tokens(&self) -> bool {
        self.counts_tokens.load(Ordering::Relaxed)
    }

    /// Waits until a call may be sent.
    ///
    /// # Errors
    /// Why not, where the host was given up.
    pub(in super::super) async fn admit(
        self: &Arc<Self>,
        stated: &Stated,
        tokens: u64,
    ) -> Result<Permit, String> {
        let _turn = self.line.acquire().await;
        loop {
            let admission = {
                let mut state = self.state();
                state.heed(stated);
                state.admit(tokens, Instant::now())
            };
            match admission {
                Admission::Go(ticket) => {
                    return Ok(Permit { host: Arc::clone(self), ticket: Some(ticket) });
                }
                Admission::Refused(reason) => return Err(reason),
                Admission::Wait(None) => self.changed.notified().await,
                Admission::Wait(Some(until)) => {
                    drop(timeout_at(until, self.changed.notified()).await);
                }
            }
        }
    }

    /// Lets a request be sent beside one of the same call, where nothing stands in its way now; it waits for no limit.
    pub(in super::super) async fn admit_beside(
        self: &Arc<Self>,
        stated: &Stated,
        tokens: u64,
    ) -> Option<Permit> {
        // A caller that need not wait is gone in a moment; those that wait come first.
        let _turn = timeout(A_MOMENT, self.line.acquire()).await.ok()?;
        let mut state = self.state();
        state.heed(stated);
        let ticket = state.admit_beside(tokens, Instant::now())?;
        Some(Permit { host: Arc::clone(self), ticket: Some(ticket) })
    }

    /// Takes in that a call found nobody to its end; returns why the host is given up, where this decides it.
    pub(in super::super) fn found_nobody(&self) -> Option<String> {
        let given_up = self.state().found_nobody(Instant::now());
        self.changed.notify_one();
        given_up
    }

    /// Returns how many calls may be under way at once.
    #[cfg(test)]
    pub(in super::super) fn calls_at_once(&self) -> Option<usize> {
        self.state().calls_at_once()
    }

    /// Returns how many calls are under way.
    #[cfg(test)]
    pub(in super::super) fn under_way(&self) -> usize {
        self.state().under_way()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to have one call under way; one that is dropped counts as a call that was given up.
#[derive(Debug)]
pub(in super::super) struct Permit {
    host: Arc<Host>,
    ticket: Option<Ticket>,
}

impl Permit {
    /// Takes in how the call ended.
    pub(in super::super) fn end(mut self, ending: Ending<'_>) -> Upshot {
        let Some(ticket) = self.ticket.take() else { return Upshot::default() };
        if ending.quotas.tokens.is_some() {
            self.host.counts_tokens.store(true, Ordering::Relaxed);
        }
        let upshot = self.host.state().end(ticket, ending, Instant::now());
        self.host.changed.notify_one();
        upshot
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.host.state().drop_call(ticket, Instant::now());
            self.host.changed.notify_one();
        }
    }
}
