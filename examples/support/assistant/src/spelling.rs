//! Spelling: the nearest known word for an unknown one.

use std::collections::BTreeMap;

/// The words that the assistant knows, each with how often the knowledge base uses it.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    words: BTreeMap<String, u32>,
}

impl Vocabulary {
    /// Counts one more use of a word.
    pub(crate) fn add(&mut self, word: &str) {
        *self.words.entry(word.to_owned()).or_insert(0) += 1;
    }

    /// Says whether a word is known as it stands.
    pub(crate) fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }

    /// Returns the word itself if it is known or nothing is near, else the nearest known word.
    pub(crate) fn correct(&self, word: &str) -> String {
        let length = word.chars().count();
        if length < 4 || self.words.contains_key(word) || word.chars().any(|c| c.is_ascii_digit()) {
            return word.to_owned();
        }
        let allowed = if length >= 9 { 2 } else { 1 };
        let mut best: Option<(usize, u32, &str)> = None;
        for (known, uses) in &self.words {
            if known.chars().count().abs_diff(length) > allowed || known.chars().count() < 4 {
                continue;
            }
            let Some(distance) = near(word, known, allowed) else { continue };
            if best.is_none_or(|(d, u, _)| distance < d || (distance == d && *uses > u)) {
                best = Some((distance, *uses, known));
            }
        }
        best.map_or_else(|| word.to_owned(), |(_, _, known)| known.to_owned())
    }
}

/// Returns the distance of a typing slip from `known`, where it is plausible.
fn near(word: &str, known: &str, allowed: usize) -> Option<usize> {
    let a: Vec<char> = word.chars().collect();
    let b: Vec<char> = known.chars().collect();
    let starts_alike = a.first() == b.first() || (a.first() == b.get(1) && a.get(1) == b.first());
    if !starts_alike {
        return None;
    }
    let distance = edit_distance(&a, &b);
    let short = a.len().min(b.len()) < 5;
    let swapped = a.len() == b.len() && {
        let mut sorted = (a.clone(), b.clone());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        sorted.0 == sorted.1
    };
    (distance <= allowed && (!short || swapped)).then_some(distance)
}

/// Returns the number of insertions, deletions, substitutions and swaps of neighbours between two words.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let substitution = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut cost = substitution.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[i - 2][j - 2] + 1);
            }
            row.push(cost);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}
