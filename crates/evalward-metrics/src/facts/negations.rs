//! Words that turn a statement into its opposite.

use std::sync::LazyLock;

use regex::Regex;

use super::claims::Claims;
use super::fact::{Fact, FactKind};

const ENGLISH: &[&str] = &[
    "not", "no", "never", "none", "nothing", "nobody", "nowhere", "neither", "nor", "without",
    "cannot",
];
const GERMAN: &[&str] = &[
    "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "nichts",
    "niemand", "ohne", "weder",
];
const FRENCH: &[&str] =
    &["ne", "pas", "jamais", "sans", "aucun", "aucune", "rien", "personne", "ni", "non", "guère"];
const SPANISH: &[&str] = &[
    "no", "nunca", "jamás", "sin", "ningún", "ninguno", "ninguna", "nada", "nadie", "ni", "tampoco",
];

/// Words that tell a language by their number: `sin` is a negation in Spanish only.
const MARKERS: [(&[&str], &[&str]); 3] = [
    (
        &["der", "die", "das", "und", "ist", "ein", "eine", "sie", "wir", "im", "mit", "für", "zu"],
        GERMAN,
    ),
    (
        &[
            "le", "la", "les", "et", "est", "des", "du", "un", "une", "vous", "nous", "dans",
            "pour", "il",
        ],
        FRENCH,
    ),
    (
        &[
            "el", "la", "los", "las", "y", "es", "del", "un", "una", "que", "por", "con", "para",
            "en",
        ],
        SPANISH,
    ),
];

const ENGLISH_MARKERS: &[&str] = &[
    "the", "and", "is", "are", "of", "to", "you", "we", "a", "an", "for", "it", "with", "at",
    "this",
];

/// How many words are looked at to tell the language.
const SAMPLE: usize = 400;

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*").expect("the pattern is a valid literal")
});

/// Finds the negations of English, and those of the language that the text seems to be in.
pub(super) fn find(text: &str, claims: &mut Claims, found: &mut Vec<Fact>) {
    let table = language(text);
    for word in WORD.find_iter(text) {
        let lower = word.as_str().to_lowercase();
        if (is_negation(&lower) || is_of(&lower, table)) && claims.take(&word.range()) {
            found.push(Fact::plain(FactKind::Negation, lower, word.range()));
        }
    }
}

/// Returns whether a word in lower case is a negation in English.
pub(crate) fn is_negation(lower: &str) -> bool {
    ENGLISH.contains(&lower) || lower.ends_with("n't") || lower.ends_with("n’t")
}

fn is_of(lower: &str, table: &[&str]) -> bool {
    let elided = lower.starts_with("n'") || lower.starts_with("n’");
    table.contains(&lower) || (elided && table.contains(&"ne"))
}

/// Returns whether a text seems to be in German, which writes every noun with a capital.
pub(super) fn is_german(text: &str) -> bool {
    language(text).first() == GERMAN.first()
}

/// Returns whether nothing tells that a text is in another language than English.
pub(super) fn is_english(text: &str) -> bool {
    language(text).is_empty()
}

/// Returns the negations of the language whose small words are the most frequent; none beside those of English for English.
fn language(text: &str) -> &'static [&'static str] {
    let words: Vec<String> =
        WORD.find_iter(text).take(SAMPLE).map(|word| word.as_str().to_lowercase()).collect();
    let count =
        |markers: &[&str]| words.iter().filter(|word| markers.contains(&word.as_str())).count();
    let negated = |table: &[&str]| words.iter().filter(|word| is_of(word, table)).count();
    let english = count(ENGLISH_MARKERS);
    MARKERS
        .iter()
        .map(|(markers, table)| (count(markers), negated(table), *table))
        .filter(|(count, _, _)| *count > english)
        // Articles are shared between languages; then the more familiar negations tell.
        .max_by_key(|(count, negated, _)| (*count, *negated))
        .map_or(&[], |(_, _, table)| table)
}
