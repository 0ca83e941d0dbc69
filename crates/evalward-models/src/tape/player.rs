//! The tape that calls go through.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use evalward_core::{CallError, CallErrorKind, Digest};
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::{entry, recording::Recording};
use crate::ModelError;

/// Records calls, replays them, or lets them pass; clones share one recording.
#[derive(Clone, Debug)]
pub struct Tape(Arc<Mode>);

#[derive(Debug)]
enum Mode {
    Live,
    Record { recording: Mutex<Recording>, running: Mutex<BTreeMap<Digest, Arc<OnceCell<()>>>> },
    Replay(Recording),
}

/// What identifies a call: never an address, a credential or a header, so that a replay needs none.
#[derive(Clone, Copy, Debug)]
pub struct CallKey<'a> {
    /// What is called: `chat`, `http`, `command`, `embeddings` or `embedding_model`.
    pub kind: &'a str,
    /// The request, as people see it in the recording.
    pub request: &'a Value,
    /// Tells apart several samples of one request.
    pub sample: u32,
    /// What identifies the call where the request has parts that change each time, such as a nonce; else the request does.
    pub identity: Option<&'a Value>,
}

impl<'a> CallKey<'a> {
    /// Makes the key of the first sample of a request.
    pub const fn new(kind: &'a str, request: &'a Value) -> Self {
        Self { kind, request, sample: 0, identity: None }
    }

    /// Sets the number of the sample.
    #[must_use]
    pub const fn with_sample(self, sample: u32) -> Self {
        Self { sample, ..self }
    }

    /// Returns the hash by which a recording knows the call.
    pub fn digest(&self) -> Digest {
        let request = self.identity.unwrap_or(self.request);
        Digest::of_json(&json!({"kind": self.kind, "request": request, "sample": self.sample}))
    }
}

/// The answer of a call, whether it was made or replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct TapeAnswer {
    /// The answer.
    pub value: Value,
    /// The wall time of the call in milliseconds; of the original call where the answer is replayed.
    pub latency_millis: u64,
    /// The number of attempts; 0 where the answer is replayed.
    pub attempts: u32,
    /// Whether the answer came from the cache, so that nothing was called.
    pub cached: bool,
}

impl Tape {
    /// Lets every call pass.
    pub fn live() -> Self {
        Self(Arc::new(Mode::Live))
    }

    /// Records into a file; an existing recording is continued, and what it knows is not called again.
    ///
    /// # Errors
    /// [`ModelError`] if the file cannot be written, or is no recording.
    pub fn record(path: &Path) -> Result<Self, ModelError> {
        let recording = Mutex::new(Recording::create(path)?);
        Ok(Self(Arc::new(Mode::Record { recording, running: Mutex::default() })))
    }

    /// Replays a file; a call that it does not know is an error.
    ///
    /// # Errors
    /// [`ModelError`] if the file cannot be read, or is no recording.
    pub fn replay(path: &Path) -> Result<Self, ModelError> {
        Ok(Self(Arc::new(Mode::Replay(Recording::open(path)?))))
    }

    /// Returns whether calls are answered from a file alone.
    pub fn is_replay(&self) -> bool {
        matches!(*self.0, Mode::Replay(_))
    }

    /// Returns whether calls pass, and nothing is recorded.
    pub fn is_live(&self) -> bool {
        matches!(*self.0, Mode::Live)
    }

    /// Returns the answer that the recording has of a call; nothing is called.
    ///
    /// # Errors
    /// [`CallErrorKind::Failed`] where the recording cannot be read.
    pub fn recorded(&self, key: CallKey<'_>) -> Result<Option<TapeAnswer>, CallError> {
        match &*self.0 {
            Mode::Live => Ok(None),
            Mode::Replay(recording) => recording.answer(key.digest()),
            Mode::Record { recording, .. } => lock(recording).answer(key.digest()),
        }
        .map_err(|error| failed(&error))
    }

    /// Records an answer, and returns what the recording holds of the call: the first answer, where it had one before.
    ///
    /// Where nothing is recorded, the answer comes back as it is.
    ///
    /// # Errors
    /// [`CallErrorKind::Failed`] where the recording cannot be read or written.
    pub fn keep(
        &self,
        key: CallKey<'_>,
        label: &str,
        answer: TapeAnswer,
    ) -> Result<TapeAnswer, CallError> {
        let Mode::Record { recording, .. } = &*self.0 else { return Ok(answer) };
        let digest = key.digest();
        let mut recording = lock(recording);
        let known = recording.answer(digest).map_err(|error| failed(&error))?;
        if let Some(known) = known {
            return Ok(known);
        }
        let line = entry::line(digest, key, label, &answer);
        recording.append(digest, &line).map_err(|error| failed(&error))?;
        Ok(answer)
    }

    /// Makes the error of a call that the recording lacks and that cannot be made.
    pub fn unrecorded(&self, key: CallKey<'_>) -> CallError {
        match &*self.0 {
            Mode::Live => CallError::new(CallErrorKind::Unrecorded, "there is no recording"),
            Mode::Record { recording, .. } => unrecorded(key, lock(recording).path()),
            Mode::Replay(recording) => unrecorded(key, recording.path()),
        }
    }

    /// Returns the answer of a call: from the recording, or from `live`, whose success is then recorded.
    ///
    /// The label says what the call is for; it is no part of the call's identity.
    ///
    /// # Errors
    /// What `live` returns; [`CallErrorKind::Unrecorded`] in a replay that does not know the call.
    pub async fn call(
        &self,
        key: CallKey<'_>,
        label: &str,
        live: impl Future<Output = Result<TapeAnswer, CallError>> + Send,
    ) -> Result<TapeAnswer, CallError> {
        match &*self.0 {
            Mode::Live => live.await,
            Mode::Replay(recording) => recording
                .answer(key.digest())
                .map_err(|error| failed(&error))?
                .ok_or_else(|| unrecorded(key, recording.path())),
            Mode::Record { recording, running } => {
                record(recording, running, key, label, live).await
            }
        }
    }

    /// Finishes a recording: sorts its lines, so that it reads well in a diff, and puts it on the disk for good.
    ///
    /// Later calls that the recording knows are still answered; new ones fail.
    ///
    /// # Errors
    /// [`ModelError`] naming the file.
    pub fn finish(&self) -> Result<(), ModelError> {
        match &*self.0 {
            Mode::Live | Mode::Replay(_) => Ok(()),
            Mode::Record { recording, .. } => lock(recording).finish(),
        }
    }
}

/// Answers a call from the recording, or makes it once for all who ask for it at the same time.
async fn record(
    recording: &Mutex<Recording>,
    running: &Mutex<BTreeMap<Digest, Arc<OnceCell<()>>>>,
    key: CallKey<'_>,
    label: &str,
    live: impl Future<Output = Result<TapeAnswer, CallError>> + Send,
) -> Result<TapeAnswer, CallError> {
    let digest = key.digest();
    let known = || lock(recording).answer(digest).map_err(|error| failed(&error));
    if let Some(answer) = known()? {
        return Ok(answer);
    }
    let cell = {
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(running.entry(digest).or_default())
    };
    let (mut attempts, mut cached) = (0, false);
    let made = cell
        .get_or_try_init(|| async {
            // Another call may have recorded it between the look-up above and this one's turn.
            if known()?.is_none() {
                let answer = live.await?;
                (attempts, cached) = (answer.attempts, answer.cached);
                let line = entry::line(digest, key, label, &answer);
                lock(recording).append(digest, &line).map_err(|error| failed(&error))?;
            }
            Ok(())
        })
        .await
        .copied();
    running.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest);
    made?;
    // Read back from the file, so that a run that records and its replay see the very same value.
    let answer = known()?.ok_or_else(|| {
        CallError::new(CallErrorKind::Failed, "the recording lost a call that it had just written")
    })?;
    Ok(TapeAnswer { attempts, cached, ..answer })
}

fn lock(recording: &Mutex<Recording>) -> MutexGuard<'_, Recording> {
    recording.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the error of a call that a replay does not know; it is the same for all calls, so that reports can group them.
fn unrecorded(key: CallKey<'_>, path: &Path) -> CallError {
    let message = format!(
        "the {} call is not in recording `{}`: the request has changed or was never made; record it with `--record`",
        key.kind,
        path.display()
    );
    CallError { attempts: 0, ..CallError::new(CallErrorKind::Unrecorded, message) }
}

/// Makes the error of a call whose recording cannot be read or written.
fn failed(error: &ModelError) -> CallError {
    let cause = error.source().map(|source| format!(": {source}")).unwrap_or_default();
    CallError::new(CallErrorKind::Failed, format!("{error}{cause}"))
}
