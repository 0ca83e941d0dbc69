//! A subject and a metric that do what a test wants.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, Example, Measurement, Metric, ReasonKind, Reply, Response,
    Subject,
};
use tokio::sync::Barrier;

/// What a [`ScriptedSubject`] does with an example.
#[derive(Clone, Debug)]
pub enum Reaction {
    /// Answers.
    Says(String),
    /// Fails after its retries.
    Fails(CallErrorKind, String),
    /// Panics, as foreign code may.
    Panics,
    /// Never answers.
    Hangs,
    /// Cannot be asked: the preflight says why.
    Refuses(String),
}

type SubjectScript = dyn Fn(&Example) -> Reaction + Send + Sync;

/// A subject that reacts as its script says, and counts the calls under way.
pub struct ScriptedSubject {
    script: Box<SubjectScript>,
    group: Option<Barrier>,
    running: AtomicUsize,
    peak: AtomicUsize,
    calls: AtomicUsize,
}

impl fmt::Debug for ScriptedSubject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScriptedSubject")
            .field("calls", &self.calls)
            .finish_non_exhaustive()
    }
}

impl ScriptedSubject {
    /// Makes a subject that reacts by the example.
    pub fn new(script: impl Fn(&Example) -> Reaction + Send + Sync + 'static) -> Self {
        Self {
            script: Box::new(script),
            group: None,
            running: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
        }
    }

    /// Makes a subject that answers everything with its text.
    pub fn saying(text: &str) -> Self {
        let text = text.to_owned();
        Self::new(move |_| Reaction::Says(text.clone()))
    }

    /// Lets each call wait until this many are under way, so that a test need not wait for them by the clock.
    #[must_use]
    pub fn in_groups_of(mut self, calls: usize) -> Self {
        self.group = Some(Barrier::new(calls));
        self
    }

    /// Returns the largest number of calls that were under way at once.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    /// Returns the number of calls.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Subject for ScriptedSubject {
    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
            self.peak.fetch_max(running, Ordering::SeqCst);
            if let Some(group) = &self.group {
                group.wait().await;
            }
            let reaction = (self.script)(example);
            self.running.fetch_sub(1, Ordering::SeqCst);
            match reaction {
                Reaction::Says(text) => {
                    Ok(Reply { attempts: 1, ..Response::from_text(text).into() })
                }
                Reaction::Fails(kind, message) => Err(CallError::new(kind, message)),
                Reaction::Panics => panic!("the script says so"),
                Reaction::Hangs => std::future::pending().await,
                Reaction::Refuses(reason) => Err(CallError::new(CallErrorKind::Failed, reason)),
            }
        })
    }

    fn preflight(&self, example: &Example) -> Result<(), String> {
        match (self.script)(example) {
            Reaction::Refuses(reason) => Err(reason),
            _ => Ok(()),
        }
    }
}

type MetricScript = dyn Fn(&Example, &str) -> Measurement + Send + Sync;

/// A metric of any kind of reason that measures as its script says; it decides by itself.
#[derive(Clone)]
pub struct ScriptedMetric {
    reason_kind: ReasonKind,
    script: Arc<MetricScript>,
}

impl fmt::Debug for ScriptedMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScriptedMetric")
            .field("reason_kind", &self.reason_kind)
            .finish_non_exhaustive()
    }
}

impl ScriptedMetric {
    /// Makes a metric that measures by the example and the output.
    pub fn new(
        reason_kind: ReasonKind,
        script: impl Fn(&Example, &str) -> Measurement + Send + Sync + 'static,
    ) -> Self {
        Self { reason_kind, script: Arc::new(script) }
    }
}

impl Metric for ScriptedMetric {
    fn kind(&self) -> &'static str {
        "scripted"
    }

    fn decides(&self) -> bool {
        true
    }

    fn reason_kind(&self) -> ReasonKind {
        self.reason_kind
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { (self.script)(example, &reply.response.output) })
    }
}
