//! How much of an output some texts support.

use std::num::NonZeroUsize;
use std::ops::Range;

use evalward_core::Finite;

use super::ground::{Ground, Sentence, sentences};
use super::words::Word;
use crate::facts::{Fact, FactKind, facts};
use crate::fraction::share;

/// What is left of a score when a number, price, percentage, date, time, duration or address has no support.
const AFTER_UNSUPPORTED_FIGURE: f64 = 0.8;

/// What is left of a score when a sentence is negated and the nearest one of the context is not, or the reverse.
const AFTER_OPPOSITION: f64 = 0.8;

/// What is left of a score when a name has no support.
const AFTER_UNSUPPORTED_NAME: f64 = 0.95;

/// How much of an output some texts support, with what they do not support.
///
/// `value = (P + C) / 2 · Π f`, where `P` is the share of the statements' words whose stems occur in the texts, `C` the same share of their
/// content words (`P` where there are none), and `f` is a factor for each kind of unsupported fact that occurs. Statements are
/// sentences that do not end with a question mark; an output of questions alone counts as a whole. `P` is the knowledge precision of
/// Shuster et al. (2021), "Retrieval Augmentation Reduces Hallucination in Conversation", and the K-precision of Adlakha et al. (2024),
/// "Evaluating Correctness and Faithfulness of Instruction-Following Models for Question Answering"; the rest was chosen on one half of
/// labelled data and measured on the other.
#[derive(Clone, Debug, PartialEq)]
pub struct SupportScore {
    /// The score, from 0 to 1.
    pub value: Finite,
    /// The share of words that the texts have.
    pub token_precision: Finite,
    /// The share of content words that the texts have; absent where there are none.
    pub content_precision: Option<Finite>,
    /// The number of words that count.
    pub words: usize,
    /// Where the content words stand that the texts lack, in bytes.
    pub unsupported_words: Vec<Range<usize>>,
    /// The facts that the texts lack.
    pub unsupported_facts: Vec<Fact>,
    /// The sentences whose negation differs from that of the nearest sentence of the texts, in bytes.
    pub opposed: Vec<Range<usize>>,
}

impl SupportScore {
    /// Measures an output; `None` where it has no word.
    pub fn new(output: &str, grounds: &[&str]) -> Option<Self> {
        let all = sentences(output);
        let mut statements: Vec<&Sentence> = all.iter().filter(|it| !it.is_question).collect();
        if statements.is_empty() {
            statements = all.iter().collect();
        }
        let ground = Ground::new(grounds);
        let words: Vec<&Word> = statements.iter().flat_map(|sentence| &sentence.words).collect();
        let content: Vec<&Word> = words.iter().copied().filter(|word| word.is_content).collect();
        let (supported, unsupported_facts) = figures_and_names(output, &statements, &ground);
        // What a context writes otherwise, such as `30` for `thirty`, it has all the same.
        let has = |word: &Word| ground.has(word) || covers(&supported, word);
        let token_precision = precision(&words, has)?;
        let content_precision = precision(&content, has);
        let opposed: Vec<_> =
            ground.opposed(&statements).iter().map(|sentence| sentence.span.clone()).collect();
        let base = f64::midpoint(
            token_precision.get(),
            content_precision.unwrap_or(token_precision).get(),
        );
        let value = base * factor(&unsupported_facts, !opposed.is_empty());
        let lacking = content.iter().filter(|word| !has(word));
        Some(Self {
            value: Finite::new(value).ok()?,
            token_precision,
            content_precision,
            words: words.len(),
            unsupported_words: lacking.map(|word| word.span.clone()).collect(),
            unsupported_facts,
            opposed,
        })
    }
}

/// Returns the facts of the statements but for negations, those that the texts have apart from those that they lack.
fn figures_and_names(
    output: &str,
    statements: &[&Sentence],
    ground: &Ground,
) -> (Vec<Fact>, Vec<Fact>) {
    let within = |fact: &Fact| {
        let before = statements.partition_point(|it| it.span.start <= fact.span.start);
        let last = before.checked_sub(1).and_then(|index| statements.get(index));
        last.is_some_and(|it| it.span.contains(&fact.span.start))
    };
    let found = facts(output).into_iter();
    found
        .filter(|fact| fact.kind != FactKind::Negation && within(fact))
        .partition(|fact| ground.facts.has(fact))
}

/// Returns whether a word is part of one of the facts, which are in the order of the text.
fn covers(facts: &[Fact], word: &Word) -> bool {
    let before = facts.partition_point(|fact| fact.span.start <= word.span.start);
    let last = before.checked_sub(1).and_then(|index| facts.get(index));
    last.is_some_and(|fact| word.span.end <= fact.span.end)
}

fn precision(words: &[&Word], has: impl Fn(&Word) -> bool) -> Option<Finite> {
    let all = NonZeroUsize::new(words.len())?;
    Some(share(words.iter().filter(|word| has(word)).count(), all))
}

fn factor(unsupported: &[Fact], is_opposed: bool) -> f64 {
    let has =
        |is_name: bool| unsupported.iter().any(|fact| (fact.kind == FactKind::Name) == is_name);
    let mut factor = 1.0;
    if has(false) {
        factor *= AFTER_UNSUPPORTED_FIGURE;
    }
    if has(true) {
        factor *= AFTER_UNSUPPORTED_NAME;
    }
    if is_opposed {
        factor *= AFTER_OPPOSITION;
    }
    factor
}
