//! From the trials of an example to what became of it.

use std::num::NonZeroU32;

use evalward_core::{Confirmations, Outcome, OutcomeKind, ReasonKind, Trial};

/// The trials of one example, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ExampleTally {
    /// Half of the hash of the cluster's name, or of the example's id where it has no cluster.
    pub(crate) cluster: u64,
    passed: u32,
    failed: u32,
    /// Those of the failed trials that broke a rule, which no fresh trial overturns.
    broke_a_rule: u32,
    errored: u32,
    skipped: u32,
    /// Those of the passed trials that were planned, so not made to confirm a failure.
    planned_passed: u32,
    /// Those of the failed trials that were planned.
    planned_failed: u32,
    /// Trials that were made to confirm a failure.
    confirming: u32,
    unfinished: bool,
}

/// What became of an example.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ExampleOutcome {
    pub(crate) kind: OutcomeKind,
    /// Whether a trial is still to be made.
    pub(crate) unfinished: bool,
    /// The share of its evaluated trials that passed; what a rate is the mean of.
    pub(crate) share: f64,
    /// Whether fresh trials were asked about a failure, and what they said.
    pub(crate) confirmation: Option<Confirmed>,
}

/// What the majority of trials said about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// Most trials passed.
    Overturned,
    /// Most trials failed.
    Confirmed,
}

/// What the planned trials of an example say of how steady its answers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// All of them passed or failed, and so many passed.
    Passes(u32),
    /// At least one of them was not evaluated.
    LeftOut,
    /// Nothing that can fail applies to it.
    NotApplicable,
}

impl ExampleTally {
    pub(crate) fn add(&mut self, trial: &Trial) {
        self.unfinished |= trial.unfinished;
        let broke_a_rule = match &trial.outcome {
            Outcome::Failed(reasons) => reasons.iter().any(|reason| is_rule(reason.kind)),
            Outcome::Passed | Outcome::Errored(_) | Outcome::Skipped(_) => false,
        };
        self.add_outcome(trial.outcome.kind(), broke_a_rule, trial.confirms);
    }

    fn add_outcome(&mut self, outcome: OutcomeKind, broke_a_rule: bool, confirms: bool) {
        self.confirming += u32::from(confirms);
        match outcome {
            OutcomeKind::Passed => {
                self.passed += 1;
                self.planned_passed += u32::from(!confirms);
            }
            OutcomeKind::Errored => self.errored += 1,
            OutcomeKind::Skipped => self.skipped += 1,
            OutcomeKind::Failed => {
                self.failed += 1;
                self.planned_failed += u32::from(!confirms);
                self.broke_a_rule += u32::from(broke_a_rule);
            }
        }
    }

    /// Returns the number of trials that were planned, so without those that confirm a failure.
    pub(crate) const fn planned_trials(&self) -> u32 {
        self.trials() - self.confirming
    }

    pub(crate) const fn trials(&self) -> u32 {
        self.passed + self.failed + self.errored + self.skipped
    }

    /// Returns what the planned trials say of how steady the answers are.
    pub(crate) fn repeated(&self, repeats: NonZeroU32) -> Repeated {
        if self.planned_passed + self.planned_failed == repeats.get() {
            return Repeated::Passes(self.planned_passed);
        }
        if self.trials() == self.skipped { Repeated::NotApplicable } else { Repeated::LeftOut }
    }

    /// Decides what became of the example.
    ///
    /// Without `confirm` every trial must pass. With it, a failure that broke no rule is decided by the majority of the trials.
    pub(crate) fn outcome(
        &self,
        confirm: Option<Confirmations>,
        repeats: NonZeroU32,
    ) -> ExampleOutcome {
        let plain =
            |kind, share| ExampleOutcome { kind, unfinished: false, share, confirmation: None };
        if self.unfinished {
            return ExampleOutcome { unfinished: true, ..plain(OutcomeKind::Errored, 0.0) };
        }
        if let Some(confirm) = confirm
            && self.failed > 0
            && self.broke_a_rule == 0
        {
            return self.by_majority(trials_to_confirm(confirm, repeats));
        }
        if self.errored > 0 && !(confirm.is_some() && self.failed > 0) {
            plain(OutcomeKind::Errored, 0.0)
        } else if self.failed > 0 {
            let share = f64::from(self.passed) / f64::from(self.passed + self.failed);
            plain(OutcomeKind::Failed, if confirm.is_some() { 0.0 } else { share })
        } else if self.passed > 0 {
            plain(OutcomeKind::Passed, 1.0)
        } else {
            plain(OutcomeKind::Skipped, 0.0)
        }
    }

    fn by_majority(&self, trials: u32) -> ExampleOutcome {
        let majority = trials / 2 + 1;
        let decided = |kind, share, confirmation| ExampleOutcome {
            kind,
            unfinished: false,
            share,
            confirmation: Some(confirmation),
        };
        if self.passed >= majority {
            decided(OutcomeKind::Passed, 1.0, Confirmed::Overturned)
        } else if self.failed >= majority {
            decided(OutcomeKind::Failed, 0.0, Confirmed::Confirmed)
        } else {
            // Too few fresh trials were made, or too many of them could not be evaluated.
            ExampleOutcome {
                kind: OutcomeKind::Errored,
                unfinished: self.trials() < trials,
                share: 0.0,
                confirmation: None,
            }
        }
    }
}

/// Returns whether a reason is a rule's, which says the same each time; a model's word may change.
pub(crate) const fn is_rule(kind: ReasonKind) -> bool {
    match kind {
        ReasonKind::Constraint | ReasonKind::Metric => true,
        ReasonKind::Hallucination | ReasonKind::SemanticSimilarity | ReasonKind::Judge => false,
    }
}

/// Returns the number of trials in all by whose majority a failure is decided: odd, and no fewer than there are anyway.
pub(crate) fn trials_to_confirm(confirm: Confirmations, repeats: NonZeroU32) -> u32 {
    confirm.get().max(repeats.get() | 1)
}

/// What a run does next about an example that failed, where its gate asks for confirmation.
///
/// The pipeline and the fold share it, so that a run makes exactly the trials that its verdict needs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Confirming(ExampleTally);

impl Confirming {
    /// Returns the most trials that an example can have.
    pub fn most_trials(confirm: Confirmations, repeats: NonZeroU32) -> u32 {
        trials_to_confirm(confirm, repeats)
    }

    /// Takes in a trial of the example.
    pub fn push(&mut self, trial: &Trial) {
        self.0.add(trial);
    }

    /// Takes in a trial of which only the outcome is known, whether its failure broke a rule, and whether it confirms one.
    pub fn push_outcome(&mut self, outcome: OutcomeKind, broke_a_rule: bool, confirms: bool) {
        self.0.add_outcome(outcome, broke_a_rule, confirms);
    }

    /// Returns what became of the example, as its gate counts it.
    pub fn kind(&self, confirm: Option<Confirmations>, repeats: NonZeroU32) -> OutcomeKind {
        self.0.outcome(confirm, repeats).kind
    }

    /// Returns what the majority said; `None` where nobody was asked, or none is reached.
    pub fn verdict(&self, confirm: Confirmations, repeats: NonZeroU32) -> Option<Confirmed> {
        self.0.outcome(Some(confirm), repeats).confirmation
    }

    /// Returns whether a fresh trial is needed: something failed, no rule is broken, and no majority is reached yet.
    pub fn needs_another(&self, confirm: Confirmations, repeats: NonZeroU32) -> bool {
        self.0.failed > 0
            && self.0.trials() >= repeats.get()
            && self.0.outcome(Some(confirm), repeats).unfinished
            && !self.0.unfinished
    }
}
