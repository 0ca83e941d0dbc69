//! How the facts of two texts differ.

use std::collections::BTreeSet;

use serde::Serialize;

use super::fact::{Fact, FactKind};
use super::index::FactIndex;

/// The facts that one of two texts has and the other has not, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FactDifference {
    /// What only the output states; spans are those of the output.
    pub added: Vec<Fact>,
    /// What only the reference states; spans are those of the reference. Names are left out: an answer may say `it`.
    pub missing: Vec<Fact>,
}

impl FactDifference {
    /// Compares an output with a reference.
    pub fn new(output: &str, reference: &str) -> Self {
        let added = once(FactIndex::new([reference]).unsupported(output));
        let mut missing = once(FactIndex::new([output]).unsupported(reference));
        missing.retain(|fact| fact.kind != FactKind::Name);
        Self { added, missing }
    }

    /// Returns whether both texts state the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.missing.is_empty()
    }

    /// Returns one sentence for each kind of fact that differs.
    pub fn sentences(&self) -> Vec<String> {
        let kinds: BTreeSet<FactKind> =
            self.added.iter().chain(&self.missing).map(|fact| fact.kind).collect();
        kinds.into_iter().map(|kind| self.sentence(kind)).collect()
    }

    fn sentence(&self, kind: FactKind) -> String {
        let of = |facts: &[Fact]| {
            let values =
                facts.iter().filter(|fact| fact.kind == kind).map(|fact| fact.value.as_str());
            let values: Vec<&str> = values.take(LISTED).collect();
            crate::wording::quoted_list(values.iter().copied(), "and")
        };
        let (added, missing) = (of(&self.added), of(&self.missing));
        match (added.is_empty(), missing.is_empty()) {
            (false, false) => format!("{kind} differs: {added} in place of {missing}"),
            (false, true) => format!("{kind} that the right answer has not: {added}"),
            _ => format!("{kind} of the right answer is missing: {missing}"),
        }
    }
}

/// Returns how the facts of a text that should say the same, the second one, differ from those of the original; nothing where
/// they do not. Unlike an answer, it may not leave out a name.
pub fn differing_facts(original: &str, other: &str) -> Option<String> {
    let added = once(FactIndex::new([original]).unsupported(other));
    let missing = once(FactIndex::new([other]).unsupported(original));
    let told: Vec<String> = [("adds", &added), ("leaves out", &missing)]
        .into_iter()
        .filter(|(_, facts)| !facts.is_empty())
        .map(|(what, facts)| {
            let named =
                facts.iter().take(LISTED).map(|it| format!("the {} `{}`", it.kind, it.value));
            format!("it {what} {}", named.collect::<Vec<_>>().join(", "))
        })
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// How many facts of one kind a sentence lists.
const LISTED: usize = 5;

/// Keeps the first fact of each kind and value, and one negation: one is enough to turn a statement.
fn once(facts: Vec<Fact>) -> Vec<Fact> {
    let mut seen = BTreeSet::new();
    let value = |fact: &Fact| match fact.kind {
        FactKind::Negation => String::new(),
        _ => fact.value.clone(),
    };
    facts.into_iter().filter(|fact| seen.insert((fact.kind, value(fact)))).collect()
}
