//! What a run shows while it goes on: a bar on a terminal, plain lines elsewhere.

use std::io::Write;

use evalward_core::{EventSink, OutcomeKind, RunEvent, SinkError};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::context::Context;

/// A sink that shows progress on stderr.
#[derive(Debug)]
pub(crate) enum Progress {
    /// Nothing is shown.
    Silent,
    /// A bar that is redrawn.
    Bar(Box<ProgressBar>, Tally),
    /// A line for each tenth of the run.
    Lines(Tally),
}

/// The counts so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    total: u64,
    done: u64,
    passed: u64,
    failed: u64,
    errored: u64,
}

impl Progress {
    /// Chooses by what stderr can show.
    pub(crate) fn new(context: &Context) -> Self {
        if context.quiet {
            return Self::Silent;
        }
        if !context.interactive {
            return Self::Lines(Tally::default());
        }
        let style = ProgressStyle::with_template(
            "{bar:32} {pos}/{len}  {msg}  {elapsed} (about {eta} left)",
        );
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Bar(Box::new(bar), Tally::default())
    }
}

/// Progress of work that is counted in steps: a bar on a terminal, elsewhere a line for each tenth of what takes long.
#[derive(Debug)]
pub(crate) enum Steps {
    /// Nothing is shown.
    Silent,
    /// A bar that is redrawn.
    Bar(Box<ProgressBar>),
    /// The last tenth that was told, of what, and how many steps are worth telling of.
    Lines(&'static str, u64, u64),
}

/// Fewer steps are done before anybody asks.
const WORTH_TELLING: u64 = 50_000;

/// Fewer calls of a model are done before anybody asks.
const CALLS_WORTH_TELLING: u64 = 10;

impl Steps {
    /// Chooses by what stderr can show.
    pub(crate) fn new(context: &Context) -> Self {
        Self::worth_telling(context, WORTH_TELLING)
    }

    /// Chooses for steps that are calls of a model.
    pub(crate) fn of_calls(context: &Context) -> Self {
        Self::worth_telling(context, CALLS_WORTH_TELLING)
    }

    fn worth_telling(context: &Context, least: u64) -> Self {
        if context.quiet {
            return Self::Silent;
        }
        if !context.interactive {
            return Self::Lines("", 0, least);
        }
        let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {msg}  {elapsed}");
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self::Bar(Box::new(bar))
    }

    /// Shows that so much is done.
    pub(crate) fn show(&mut self, what: &'static str, done: u64, total: u64) {
        match self {
            Self::Silent => {}
            Self::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(done);
                bar.set_message(what);
            }
            Self::Lines(told, tenth, least) => {
                let now = done * 10 / total.max(1);
                if total >= *least && (*told != what || now > *tenth) {
                    (*told, *tenth) = (what, now);
                    // Progress that nobody can read is no reason to stop.
                    drop(writeln!(std::io::stderr(), "{what}: {done}/{total}"));
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

impl Tally {
    fn count(&mut self, outcome: OutcomeKind) {
        self.done += 1;
        match outcome {
            OutcomeKind::Passed => self.passed += 1,
            OutcomeKind::Failed => self.failed += 1,
            OutcomeKind::Errored => self.errored += 1,
            OutcomeKind::Skipped => {}
        }
    }

    fn text(&self) -> String {
        let errored =
            if self.errored > 0 { format!(", {} errored", self.errored) } else { String::new() };
        format!("{} passed, {} failed{errored}", self.passed, self.failed)
    }

    /// Returns whether another tenth of the run is done.
    fn is_milestone(&self) -> bool {
        self.done * 10 / self.total.max(1) != self.done.saturating_sub(1) * 10 / self.total.max(1)
    }
}

impl EventSink for Progress {
    fn on_event(&mut self, event: &RunEvent<'_>) -> Result<(), SinkError> {
        if let RunEvent::TrialFinished { trial, .. } | RunEvent::TrialKept { trial, .. } = event
            && trial.confirms
        {
            // Nobody knew before that it would come, so it is not among the total.
            return Ok(());
        }
        match (self, event) {
            (Self::Bar(bar, tally), RunEvent::Started { total, .. }) => {
                tally.total = *total;
                bar.set_length(*total);
            }
            (Self::Lines(tally), RunEvent::Started { total, .. }) => tally.total = *total,
            (
                Self::Bar(bar, tally),
                RunEvent::TrialFinished { trial, .. } | RunEvent::TrialKept { trial, .. },
            ) => {
                tally.count(trial.outcome.kind());
                bar.set_message(tally.text());
                bar.set_position(tally.done);
            }
            (Self::Lines(tally), RunEvent::TrialKept { trial, .. }) => {
                tally.count(trial.outcome.kind());
            }
            (Self::Lines(tally), RunEvent::TrialFinished { trial, .. }) => {
                tally.count(trial.outcome.kind());
                if tally.is_milestone() {
                    // Progress that nobody can read is no reason to stop a run.
                    drop(writeln!(
                        std::io::stderr(),
                        "{}/{} evaluated: {}",
                        tally.done,
                        tally.total,
                        tally.text()
                    ));
                }
            }
            (Self::Bar(bar, _), RunEvent::Finished) => bar.finish_and_clear(),
            _ => {}
        }
        Ok(())
    }
}
