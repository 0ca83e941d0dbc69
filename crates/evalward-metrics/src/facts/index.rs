//! What texts have, to look facts up in.

use std::collections::BTreeSet;

use super::fact::{Fact, FactKind};
use super::find::facts;
use super::names::{folded, words_of};

/// Everything that some texts state.
#[derive(Clone, Debug, Default)]
pub struct FactIndex {
    keys: BTreeSet<String>,
    words: BTreeSet<String>,
    has_negation: bool,
}

impl FactIndex {
    /// Reads texts.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut index = Self::default();
        for text in texts {
            index.add(&facts(text));
            index.words.extend(words_of(text).map(folded));
        }
        index
    }

    fn add(&mut self, facts: &[Fact]) {
        for fact in facts {
            self.has_negation |= fact.kind == FactKind::Negation;
            self.keys.extend(fact.asserted.iter().chain(&fact.offered).cloned());
        }
    }

    /// Returns whether the texts state the fact.
    ///
    /// A fact may be written otherwise (`1,000` and `1000`) or be less exact (`3 May` where they have `3 May 2026`). A name counts
    /// where all its words occur, whatever their case. A negation counts where the texts have any.
    pub fn has(&self, fact: &Fact) -> bool {
        match fact.kind {
            FactKind::Negation => self.has_negation,
            FactKind::Name => words_of(&fact.value).all(|word| self.words.contains(&folded(word))),
            _ => fact.asserted.iter().chain(&fact.accepted).any(|key| self.keys.contains(key)),
        }
    }

    /// Returns the facts of a text that these texts do not state, in its order.
    pub fn unsupported(&self, text: &str) -> Vec<Fact> {
        facts(text).into_iter().filter(|fact| !self.has(fact)).collect()
    }
}
