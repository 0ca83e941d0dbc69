//! Words, their stems, and those that say nothing by themselves.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Words of English that any text has; sorted.
const ENGLISH: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "against",
    "all",
    "also",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "below",
    "between",
    "both",
    "but",
    "by",
    "can",
    "could",
    "did",
    "do",
    "does",
    "doing",
    "down",
    "during",
    "each",
    "few",
    "for",
    "from",
    "further",
    "get",
    "got",
    "had",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "herself",
    "him",
    "himself",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "itself",
    "just",
    "let",
    "like",
    "me",
    "more",
    "most",
    "my",
    "myself",
    "no",
    "nor",
    "not",
    "now",
    "of",
    "off",
    "oh",
    "ok",
    "okay",
    "on",
    "once",
    "only",
    "or",
    "other",
    "our",
    "ours",
    "ourselves",
    "out",
    "over",
    "own",
    "same",
    "she",
    "should",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "themselves",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "very",
    "was",
    "we",
    "well",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "why",
    "will",
    "with",
    "would",
    "yeah",
    "yes",
    "you",
    "your",
    "yours",
    "yourself",
    "yourselves",
];

/// Words of German, French and Spanish that any text has and that say nothing in English; sorted.
const OTHERS: &[&str] = &[
    "aber", "als", "au", "auch", "auf", "aus", "avec", "aux", "bei", "bin", "bist", "ce", "ces",
    "cette", "como", "con", "dans", "das", "dass", "de", "del", "dem", "den", "der", "des", "die",
    "du", "durch", "ein", "eine", "einem", "einen", "einer", "el", "elle", "ellos", "en", "er",
    "es", "est", "esta", "este", "et", "für", "hat", "ich", "ihr", "ihre", "il", "ils", "im",
    "ist", "je", "la", "las", "le", "les", "leur", "lo", "los", "mais", "mit", "nach", "nous",
    "oder", "ou", "para", "par", "pero", "por", "pour", "que", "qui", "sa", "se", "ses", "sich",
    "sie", "sind", "son", "sont", "su", "sur", "sus", "um", "un", "una", "und", "une", "unos",
    "uns", "vom", "von", "vous", "war", "wenn", "werden", "wie", "wir", "wird", "y", "zu", "zum",
    "zur",
];

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its stem.
    pub(super) stem: String,
    /// Whether it says something by itself.
    pub(super) is_content: bool,
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
}

/// Returns whether a word in lower case says nothing by itself.
pub(crate) fn is_stop_word(lower: &str) -> bool {
    let bare = lower.split(['\'', '’']).next().unwrap_or(lower);
    // The part before `n't`, such as `doesn` or `won`, is no word.
    let is_negated = lower.len() > bare.len() && bare.ends_with('n');
    is_negated || ENGLISH.binary_search(&bare).is_ok() || OTHERS.contains(&bare)
}

/// Splits a text into words by the rules of Unicode (UAX 29), with the offset of the text in a larger one.
pub(super) fn words(text: &str, offset: usize) -> Vec<Word> {
    let word = |(start, word): (usize, &str)| {
        let lower = word.to_lowercase();
        let span = offset + start..offset + start + word.len();
        Word { is_content: !is_stop_word(&lower), stem: stem(&lower), span }
    };
    text.unicode_word_indices().map(word).collect()
}

/// Endings that inflect a word; the longest that leaves a stem of three letters goes.
const ENDINGS: [(&str, &str); 9] = [
    ("ingly", ""),
    ("edly", ""),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
];

/// Returns a light stem: `rooms` and `room`, `offered` and `offers` meet; related words of other kinds do not.
fn stem(lower: &str) -> String {
    let bare = lower.strip_suffix("'s").or_else(|| lower.strip_suffix("’s")).unwrap_or(lower);
    let mut stem = bare.to_owned();
    for (ending, replacement) in ENDINGS {
        if let Some(rest) = bare.strip_suffix(ending)
            && rest.chars().nth(2).is_some()
        {
            stem = format!("{rest}{replacement}");
            break;
        }
    }
    if stem.chars().nth(3).is_some() {
        if stem.ends_with('e') {
            stem.pop();
        }
        let mut last = stem.chars().rev();
        if let (Some(one), Some(two)) = (last.next(), last.next())
            && one == two
            && one.is_alphabetic()
        {
            stem.pop();
        }
    }
    stem
}
