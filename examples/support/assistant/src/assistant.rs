//! The assistant: guard, retrieval, selection, composition.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::compose::{Draft, Patch, compose};
use crate::conversation::{Reader, user_turns};
use crate::guard::{Guard, Refusal};
use crate::index::{Hit, Index, Query};
use crate::kb::{self, Section};
use crate::lexicon::Lexicon;
use crate::protocol::{Document, Input, Reply};

/// The part of a question's weight that the best sentence must cover.
const LEAST_COVERAGE: f64 = 0.36;
/// The coverage that is enough when only one term matches.
const COVERAGE_OF_ONE_TERM: f64 = 0.4;
/// How telling a term that nobody knows is, beside one that the knowledge base holds.
const UNKNOWN_TERM_WEIGHT: f64 = 0.35;
/// The score, beside the best, of a sentence that belongs to the answer: in the same section, elsewhere, and where it
/// brings terms of the question that are not covered yet.
const SAME_SECTION: f64 = 0.8;
const ELSEWHERE: f64 = 0.93;
const WITH_NEW_TERMS: f64 = 0.5;
/// The part of the question's weight that counts as new.
const LEAST_NEW: f64 = 0.2;
/// How many sentences answer one question.
const MOST_SENTENCES: usize = 4;
/// Below how many words an answer takes the neighbouring sentence along.
const FEWEST_WORDS: usize = 12;
/// How many words the sentences of one reply may have.
const MOST_WORDS: usize = 120;

/// The assistant with its knowledge base, ready to answer.
#[derive(Debug)]
pub struct Assistant {
    sections: Vec<Section>,
    lexicon: Lexicon,
    index: Index,
    guard: Guard,
    reader: Reader,
    patch: Patch,
}

/// Returns the folder of the knowledge base: beside this package where cargo runs it, else `kb` in the working directory.
///
/// It is looked up when the program runs: two clones that share a target folder share the program too.
pub fn default_kb() -> PathBuf {
    match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(package) => Path::new(&package).join("../kb"),
        None => PathBuf::from("kb"),
    }
}

impl Assistant {
    /// Loads a knowledge base.
    ///
    /// # Errors
    /// Fails where the folder cannot be read or holds no sections.
    pub fn load(kb: &Path, patch: Patch) -> Result<Self> {
        let sections = kb::load(kb)?;
        let texts =
            sections.iter().flat_map(|section| section.sentences.iter().chain([&section.heading]));
        let lexicon = Lexicon::new(texts.map(String::as_str))?;
        let index = Index::new(&sections, &lexicon);
        Ok(Self { sections, lexicon, index, guard: Guard::new()?, reader: Reader::new()?, patch })
    }

    /// Answers a question or the last turn of a conversation.
    pub fn answer(&self, input: &Input) -> Reply {
        let turns = user_turns(input);
        let last = turns.last().map_or("", String::as_str);
        let is_upset = self.lexicon.is_upset(last);
        let found = self.guard.refusal(last, &self.lexicon).map_or_else(|| self.find(input), Err);
        match found {
            Ok(hits) => {
                let sentence = |hit: &Hit| {
                    let section = &self.sections[hit.section];
                    (section.id.clone(), section.sentences[hit.sentence].clone())
                };
                let draft = Draft { sentences: hits.iter().map(sentence).collect(), is_upset };
                Reply { output: compose(&draft, self.patch), context: self.documents(&hits) }
            }
            Err(refusal) => {
                let draft =
                    Draft { sentences: vec![(String::new(), refusal.text().to_owned())], is_upset };
                Reply { output: compose(&draft, self.patch), context: Vec::new() }
            }
        }
    }

    /// Returns the sentences that answer, in reading order, or that the question is off scope.
    fn find(&self, input: &Input) -> Result<Vec<Hit>, Refusal> {
        let mut chosen: Vec<Hit> = Vec::new();
        for query in self.reader.queries(input, &self.lexicon) {
            let hits = self.index.search(&query, self.lexicon.groups());
            for hit in self.select(&query, hits) {
                let is_new = !chosen
                    .iter()
                    .any(|had| had.section == hit.section && had.sentence == hit.sentence);
                if is_new
                    && self.words(&chosen) + self.words(std::slice::from_ref(&hit)) <= MOST_WORDS
                {
                    chosen.push(hit);
                }
            }
        }
        if chosen.is_empty() { Err(Refusal::OffScope) } else { Ok(in_reading_order(&chosen)) }
    }

    /// Chooses the sentences that together answer one question; none where it is off scope.
    fn select(&self, query: &Query, hits: Vec<Hit>) -> Vec<Hit> {
        let total: f64 = query.keys().map(|term| self.weight(query, term)).sum();
        let Some(best) = hits.first().cloned() else { return Vec::new() };
        let covered: f64 =
            best.matched.iter().map(|term| self.weight(query, term)).sum::<f64>() / total;
        let own: BTreeSet<&String> =
            best.matched.iter().filter(|term| query[*term] > 0.5).collect();
        let names_subject = own.iter().any(|term| self.names_subject(term));
        let enough = if own.len() > 1 { LEAST_COVERAGE } else { COVERAGE_OF_ONE_TERM };
        if !names_subject || covered < enough {
            return Vec::new();
        }
        let mut seen = best.matched.clone();
        let mut chosen = vec![best.clone()];
        for hit in hits.into_iter().skip(1) {
            if chosen.len() == MOST_SENTENCES {
                break;
            }
            let ratio = hit.score / best.score;
            let is_near = hit.section == best.section;
            let own_news = hit
                .held
                .difference(&seen)
                .filter(|term| query[*term] > 0.9 && self.names_subject(term));
            let news: f64 = own_news
                .filter(|term| is_near || !self.lexicon.is_grouped(term))
                .map(|term| self.weight(query, term))
                .sum();
            let needed = if is_near { SAME_SECTION } else { ELSEWHERE };
            if ratio >= needed || (ratio >= WITH_NEW_TERMS && news / total >= LEAST_NEW) {
                seen.extend(hit.matched.iter().cloned());
                chosen.push(hit);
            }
        }
        if self.words(&chosen) < FEWEST_WORDS {
            chosen.extend(self.neighbour(&best));
        }
        chosen
    }

    /// Returns the sentence before or else after a hit, where its section has one.
    fn neighbour(&self, hit: &Hit) -> Option<Hit> {
        let other = if hit.sentence == 0 { 1 } else { hit.sentence - 1 };
        let exists = other < self.sections[hit.section].sentences.len();
        exists.then(|| Hit { sentence: other, ..hit.clone() })
    }

    fn names_subject(&self, term: &str) -> bool {
        self.index.is_heading(term) || self.lexicon.is_subject(term)
    }

    fn weight(&self, query: &Query, term: &str) -> f64 {
        let known = if self.index.knows(term) { 1.0 } else { UNKNOWN_TERM_WEIGHT };
        query.get(term).copied().unwrap_or(0.0) * self.index.rarity(term) * known
    }

    fn words(&self, hits: &[Hit]) -> usize {
        let sentences = hits.iter().map(|hit| &self.sections[hit.section].sentences[hit.sentence]);
        sentences.map(|sentence| sentence.split_whitespace().count()).sum()
    }

    fn documents(&self, hits: &[Hit]) -> Vec<Document> {
        let mut numbers: Vec<usize> = Vec::new();
        for hit in hits {
            if !numbers.contains(&hit.section) {
                numbers.push(hit.section);
            }
        }
        let sections = numbers.into_iter().map(|number| &self.sections[number]);
        sections
            .map(|section| Document { id: section.id.clone(), text: section.sentences.join(" ") })
            .collect()
    }
}

/// Keeps the sections in the order of their best sentence, and each section's sentences in its own order.
fn in_reading_order(hits: &[Hit]) -> Vec<Hit> {
    let mut sections: Vec<usize> = Vec::new();
    for hit in hits {
        if !sections.contains(&hit.section) {
            sections.push(hit.section);
        }
    }
    let mut ordered = hits.to_vec();
    ordered.sort_by_key(|hit| {
        (sections.iter().position(|section| *section == hit.section), hit.sentence)
    });
    ordered
}
