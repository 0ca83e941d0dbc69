//! How much of long texts a page holds.

use evalward_core::OutcomeKind;

use crate::number;

/// The most characters of a text, and the most bytes of what explains a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) text: usize,
    pub(super) detail: usize,
    pub(super) items: usize,
}

const USUAL: Limits = Limits { text: 20_000, detail: 40_000, items: 100 };
const TIGHT: Limits = Limits { text: 1_000, detail: 1_000, items: 5 };
const NONE: Limits = Limits { text: usize::MAX, detail: usize::MAX, items: usize::MAX };

/// From these sizes on, texts of further examples are cut short: browsers read more, but nobody waits for it.
const MOST_OF_FAILING: usize = 32_000_000;
const MOST_OF_OTHERS: usize = 16_000_000;

/// What of the page's size is used up; what failed has a part of its own, so that others never take its place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    all: bool,
    failing: usize,
    others: usize,
    /// The number of examples of which something was cut.
    shortened: u64,
}

impl Budget {
    /// Starts a page; where `all` is wanted, nothing is cut.
    pub(super) fn new(all: bool) -> Self {
        Self { all, ..Self::default() }
    }

    /// Returns how much of an example may be written.
    pub(super) const fn limits(&self, outcome: OutcomeKind) -> Limits {
        let is_used_up = match outcome {
            OutcomeKind::Failed | OutcomeKind::Errored => self.failing > MOST_OF_FAILING,
            OutcomeKind::Passed | OutcomeKind::Skipped => self.others > MOST_OF_OTHERS,
        };
        match (self.all, is_used_up) {
            (true, _) => NONE,
            (false, true) => TIGHT,
            (false, false) => USUAL,
        }
    }

    /// Takes down what an example took.
    pub(super) fn take(&mut self, outcome: OutcomeKind, bytes: usize, is_shortened: bool) {
        match outcome {
            OutcomeKind::Failed | OutcomeKind::Errored => self.failing += bytes,
            OutcomeKind::Passed | OutcomeKind::Skipped => self.others += bytes,
        }
        self.shortened += u64::from(is_shortened);
    }

    /// Says what was cut; nothing where nothing was.
    pub(super) fn note(&self, run_id: &str) -> Option<String> {
        (self.shortened > 0).then(|| {
            format!(
                "Long texts of {} are shortened on this page, and each says so; `evalward report {run_id} --id ID` shows an example in full, `--all` writes a page with everything.",
                number::count(self.shortened, "example")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_never_takes_the_room_of_what_fails() {
        let mut budget = Budget::new(false);
        assert_eq!(budget.note("r"), None);
        budget.take(OutcomeKind::Passed, MOST_OF_OTHERS + 1, false);
        assert_eq!(budget.limits(OutcomeKind::Passed), TIGHT);
        assert_eq!(budget.limits(OutcomeKind::Failed), USUAL);
        budget.take(OutcomeKind::Failed, MOST_OF_FAILING + 1, true);
        assert_eq!(budget.limits(OutcomeKind::Errored), TIGHT);
        assert!(budget.note("r").unwrap().starts_with("Long texts of 1 example "));
        assert_eq!(Budget { all: true, ..budget }.limits(OutcomeKind::Passed), NONE);
    }
}
