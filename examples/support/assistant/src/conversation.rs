//! What a customer asks: the questions of the last turn, with the terms that the turns before lend to it.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use regex::Regex;

use crate::index::Query;
use crate::lexicon::Lexicon;
use crate::protocol::Input;

/// What the sentences around a question, or earlier turns, count beside its own terms.
const SETTING_WEIGHT: f64 = 0.35;
/// What earlier turns count where the last turn only points back at them.
const FOLLOW_UP_WEIGHT: f64 = 0.8;
/// How many questions of one turn are answered.
const MOST_QUESTIONS: usize = 3;

/// Cuts turns into questions.
#[derive(Debug)]
pub(crate) struct Reader {
    boundary: Regex,
    opening: Regex,
    pronoun: Regex,
}

impl Reader {
    /// Compiles the patterns.
    pub(crate) fn new() -> Result<Self> {
        let boundary = Regex::new(
            r"(?i)[?!;\n]+|\.(?:\s|$)|,?\s+(?:and|but|also)\s+(?:also\s+)?(?P<next>(?:how|what|when|where|who|which|why|can|could|do|does|is|are|will|should)\s)",
        )
        .context("failed to compile the sentence pattern")?;
        let opening =
            Regex::new(r"(?i)^\W*(?:ok(?:ay)?\W+)?(?:and|but|so|what about|how about|what if)\b")
                .context("failed to compile the pattern of openings")?;
        let pronoun = Regex::new(r"(?i)\b(?:it|that|this|those|them|then|there|instead|same)\b")
            .context("failed to compile the pattern of pronouns")?;
        Ok(Self { boundary, opening, pronoun })
    }

    /// Returns one query for each question of the last user turn.
    pub(crate) fn queries(&self, input: &Input, lexicon: &Lexicon) -> Vec<Query> {
        let turns = user_turns(input);
        let Some((last, earlier)) = turns.split_last() else { return Vec::new() };
        let mut queries = self.questions(last, lexicon);
        let terms: usize = queries.iter().map(Query::len).sum();
        let points_back = self.opening.is_match(last) || self.pronoun.is_match(last);
        let follows = terms < 4 && points_back || terms == 0;
        let Some(before) = earlier.last() else { return queries };
        if queries.is_empty() {
            queries.push(Query::new());
        }
        for query in &mut queries {
            let named = grouped(query, lexicon);
            for term in lexicon.corrected_terms(before) {
                let group = group_of(&term, lexicon);
                let weight = if follows { FOLLOW_UP_WEIGHT } else { SETTING_WEIGHT };
                if group.map_or(follows, |group| !named.contains(&group)) {
                    query.entry(term).or_insert(weight);
                }
            }
        }
        queries
    }

    fn questions(&self, turn: &str, lexicon: &Lexicon) -> Vec<Query> {
        let mut asked = Vec::new();
        let mut setting = Vec::new();
        for (sentence, is_question) in self.sentences(turn) {
            let terms = lexicon.corrected_terms(&sentence);
            if is_question && !terms.is_empty() && asked.len() < MOST_QUESTIONS {
                asked.push((terms, self.pronoun.is_match(&sentence)));
            } else {
                setting.extend(terms);
            }
        }
        if asked.is_empty() {
            return if setting.is_empty() { Vec::new() } else { vec![query(&setting)] };
        }
        let mut queries: Vec<Query> = asked.iter().map(|(terms, _)| query(terms)).collect();
        let subjects = asked.first().map(|(terms, _)| terms.clone()).unwrap_or_default();
        for (number, query) in queries.iter_mut().enumerate() {
            let named = grouped(query, lexicon);
            let own = query.keys().filter(|term| group_of(term, lexicon).is_none()).count();
            let points_back = own == 0 || asked[number].1;
            let lent = subjects.iter().filter(|_| number > 0 && points_back);
            let weight = if own < 2 { 1.0 } else { SETTING_WEIGHT };
            for term in setting.iter().chain(lent) {
                if group_of(term, lexicon).is_none_or(|group| !named.contains(&group)) {
                    query.entry(term.clone()).or_insert(weight);
                }
            }
        }
        queries
    }

    /// Returns the sentences of a turn, each with whether it asks something.
    fn sentences(&self, turn: &str) -> Vec<(String, bool)> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for found in self.boundary.captures_iter(turn) {
            let Some(whole) = found.get(0) else { continue };
            let next = found.name("next");
            let text = turn.get(start..whole.start()).unwrap_or_default();
            let splits_question =
                next.is_some() && turn.get(whole.start()..).is_some_and(|rest| rest.contains('?'));
            if next.is_some() && !splits_question {
                continue;
            }
            sentences.push((text.to_owned(), whole.as_str().contains('?') || splits_question));
            start = next.map_or(whole.end(), |next| next.start());
        }
        sentences.push((turn.get(start..).unwrap_or_default().to_owned(), false));
        sentences
    }
}

/// Returns what the customer said, turn by turn.
pub(crate) fn user_turns(input: &Input) -> Vec<String> {
    match input {
        Input::Question(question) => vec![question.clone()],
        Input::Messages(messages) => messages
            .iter()
            .filter(|message| message.role == "user")
            .map(|message| message.content.clone())
            .collect(),
    }
}

fn query(terms: &[String]) -> Query {
    terms.iter().map(|term| (term.clone(), 1.0)).collect()
}

/// Returns the numbers of the groups which a query names.
fn grouped(query: &Query, lexicon: &Lexicon) -> BTreeSet<usize> {
    let groups = lexicon.groups().iter().enumerate();
    groups
        .filter(|(_, group)| query.keys().any(|term| group.terms.contains(term)))
        .map(|(number, _)| number)
        .collect()
}

/// Returns the number of the group which a term belongs to.
fn group_of(term: &str, lexicon: &Lexicon) -> Option<usize> {
    lexicon.groups().iter().position(|group| group.terms.contains(term))
}
