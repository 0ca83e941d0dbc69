//! Retrieval: BM25 over the sentences of the knowledge base.

use std::collections::{BTreeMap, BTreeSet};

use crate::kb::Section;
use crate::lexicon::{Group, Lexicon};

const K1: f64 = 1.2;
const B: f64 = 0.3;
/// What a term of the heading and of the article's title counts beside one of the sentence itself.
const HEADING_WEIGHT: f64 = 0.7;
const TITLE_WEIGHT: f64 = 0.25;

/// Words by which a sentence speaks of all plans, although it may name one.
const INCLUSIVE: [&str; 5] = ["only", "higher", "every", "all", "other"];

/// What a term weighs at most that was said only in passing, and so rules less out.
const ASIDE: f64 = 0.5;

/// The weighted terms of a question.
pub(crate) type Query = BTreeMap<String, f64>;

/// A sentence with its place in the knowledge base.
#[derive(Debug)]
struct Passage {
    section: usize,
    sentence: usize,
    weights: BTreeMap<String, f64>,
    own: BTreeSet<String>,
    length: f64,
    /// Whether the sentence speaks of plans that it does not name, too.
    is_exclusive: bool,
}

/// A sentence that was found.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) section: usize,
    pub(crate) sentence: usize,
    pub(crate) score: f64,
    /// The terms of the question that the sentence, its heading or its title holds.
    pub(crate) matched: BTreeSet<String>,
    /// Those of them that the sentence itself holds.
    pub(crate) held: BTreeSet<String>,
}

/// The searchable knowledge base.
#[derive(Debug)]
pub(crate) struct Index {
    passages: Vec<Passage>,
    frequencies: BTreeMap<String, f64>,
    headings: BTreeSet<String>,
    count: f64,
    average_length: f64,
}

impl Index {
    /// Builds the index.
    pub(crate) fn new(sections: &[Section], lexicon: &Lexicon) -> Self {
        let mut passages = Vec::new();
        let mut headings = BTreeSet::new();
        for (section_number, section) in sections.iter().enumerate() {
            let heading: BTreeSet<String> = lexicon.terms(&section.heading).into_iter().collect();
            let title: BTreeSet<String> = lexicon.terms(&section.article).into_iter().collect();
            headings.extend(heading.iter().cloned());
            for (sentence_number, sentence) in section.sentences.iter().enumerate() {
                let own: BTreeSet<String> = lexicon.terms(sentence).into_iter().collect();
                let mut weights: BTreeMap<String, f64> = BTreeMap::new();
                for term in own.union(&heading).chain(&title) {
                    let fields = [(&own, 1.0), (&heading, HEADING_WEIGHT), (&title, TITLE_WEIGHT)];
                    let held = fields.iter().filter(|(terms, _)| terms.contains(term));
                    weights.insert(term.clone(), held.map(|(_, weight)| weight).sum());
                }
                passages.push(Passage {
                    section: section_number,
                    sentence: sentence_number,
                    length: weights.values().sum::<f64>(),
                    weights,
                    is_exclusive: lexicon
                        .words(sentence)
                        .iter()
                        .any(|word| INCLUSIVE.contains(&word.as_str())),
                    own,
                });
            }
        }
        let mut frequencies = BTreeMap::new();
        for passage in &passages {
            // A title stands over every sentence of its article and so makes no word common.
            for (term, _) in passage.weights.iter().filter(|(_, weight)| **weight > TITLE_WEIGHT) {
                *frequencies.entry(term.clone()).or_insert(0.0) += 1.0;
            }
        }
        let count = passages.iter().map(|_| 1.0).sum::<f64>();
        let average_length = passages.iter().map(|passage| passage.length).sum::<f64>() / count;
        Self { passages, frequencies, headings, count, average_length }
    }

    /// Says whether the knowledge base holds a term.
    pub(crate) fn knows(&self, term: &str) -> bool {
        self.frequencies.contains_key(term)
    }

    /// Says whether a heading names a term.
    pub(crate) fn is_heading(&self, term: &str) -> bool {
        self.headings.contains(term)
    }

    /// Returns how telling a term is; a term that the knowledge base lacks is as telling as a rare one.
    pub(crate) fn rarity(&self, term: &str) -> f64 {
        let frequency = self.frequencies.get(term).copied().unwrap_or(1.0);
        (1.0 + (self.count - frequency + 0.5) / (frequency + 0.5)).ln()
    }

    /// Returns the sentences that share a term with the question, best first.
    pub(crate) fn search(&self, query: &Query, groups: &[Group]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for passage in &self.passages {
            let mut score = 0.0;
            let mut matched = BTreeSet::new();
            for (term, query_weight) in query {
                let Some(weight) = passage.weights.get(term) else { continue };
                let norm = K1 * (1.0 - B + B * passage.length / self.average_length);
                score += query_weight * self.rarity(term) * weight * (K1 + 1.0) / (weight + norm);
                matched.insert(term.clone());
            }
            if matched.is_empty() {
                continue;
            }
            for group in groups.iter().filter(|_| !passage.is_exclusive) {
                let is_named = |term: &String| passage.own.contains(term);
                let mut asked =
                    query.iter().filter(|(term, _)| group.terms.contains(*term)).peekable();
                let speaks_of_another = asked.peek().is_some()
                    && group.terms.iter().any(is_named)
                    && !query.keys().any(|term| group.terms.contains(term) && is_named(term));
                if speaks_of_another {
                    let in_passing = asked.all(|(_, weight)| *weight <= ASIDE);
                    score *= if in_passing { group.factor.sqrt() } else { group.factor };
                }
            }
            let held = matched.intersection(&passage.own).cloned().collect();
            hits.push(Hit {
                section: passage.section,
                sentence: passage.sentence,
                score,
                matched,
                held,
            });
        }
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.section.cmp(&b.section))
                .then(a.sentence.cmp(&b.sentence))
        });
        hits
    }
}
