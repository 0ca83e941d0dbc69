//! Names: capitalised words within a sentence, and what stands in quotation marks.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::claims::Claims;
use super::fact::{Fact, FactKind};
use super::negations::is_german;
use crate::support::is_stop_word;

static WORD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’&-][\p{L}\p{M}\p{N}]+)*")
        .expect("the pattern is a valid literal")
});

static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#""([^"\n]{2,60})"|“([^”\n]{2,60})”|«([^»\n]{2,60})»|„([^“”\n]{2,60})[“”]"#)
        .expect("the pattern is a valid literal")
});

/// The most words of one name.
const LONGEST: usize = 6;

/// One word and what its place says.
struct Word<'a> {
    text: &'a str,
    span: Range<usize>,
    is_capital: bool,
    begins_sentence: bool,
    follows_closely: bool,
}

/// Finds names; a text that capitalises much, as German and headings do, tells none by capitals.
pub(super) fn find(text: &str, claims: &mut Claims, found: &mut Vec<Fact>) {
    for quoted in QUOTED.captures_iter(text) {
        let Some(inner) = quoted.iter().skip(1).flatten().next() else { continue };
        if inner.as_str().chars().any(char::is_alphabetic) && claims.take(&inner.range()) {
            let value = inner.as_str().trim().to_lowercase();
            found.push(Fact::plain(FactKind::Name, value, inner.range()));
        }
    }
    let words = words(text);
    if capitalises_much(&words) || is_german(text) {
        return;
    }
    let mut rest = words.as_slice();
    while let [first, ..] = rest {
        let length = if starts_name(first) { run_length(rest) } else { 1 };
        let (name, after) = rest.split_at(length);
        rest = after;
        let is_name = starts_name(first) && name.iter().any(|word| !word.begins_sentence);
        if let (true, Some(last)) = (is_name, name.last()) {
            let span = first.span.start..last.span.end;
            if claims.take(&span) {
                let value = name.iter().map(|word| folded(word.text)).collect::<Vec<_>>().join(" ");
                found.push(Fact::plain(FactKind::Name, value, span));
            }
        }
    }
}

/// The days of the week and the shortest form that stands for one; every form between them does too.
const WEEKDAYS: [(&str, &str); 7] = [
    ("monday", "mon"),
    ("tuesday", "tue"),
    ("wednesday", "wed"),
    ("thursday", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
];

/// Returns a word of a name in lower case, without the ending of a possessive; `Fri` and `Fridays` are `friday`.
pub(super) fn folded(word: &str) -> String {
    let lower = word.to_lowercase();
    let bare = lower.strip_suffix("'s").or_else(|| lower.strip_suffix("’s")).unwrap_or(&lower);
    let one = bare.strip_suffix('s').unwrap_or(bare);
    let is_form = |(day, short): &&(&str, &str)| {
        let starts = |form: &str| form.len() >= short.len() && day.starts_with(form);
        starts(bare) || (one.len() == day.len() && starts(one))
    };
    WEEKDAYS.iter().find(is_form).map_or(bare, |(day, _)| day).to_owned()
}

/// Iterates over the words of a text as names know them.
pub(super) fn words_of(text: &str) -> impl Iterator<Item = &str> {
    WORD.find_iter(text).map(|word| word.as_str())
}

fn starts_name(word: &Word<'_>) -> bool {
    word.is_capital && !is_stop_word(&word.text.to_lowercase())
}

fn run_length(words: &[Word<'_>]) -> usize {
    let more = words.iter().skip(1).take(LONGEST - 1);
    1 + more.take_while(|word| word.follows_closely && starts_name(word)).count()
}

fn capitalises_much(words: &[Word<'_>]) -> bool {
    let inner: Vec<&Word<'_>> = words.iter().filter(|word| !word.begins_sentence).collect();
    let capital = inner.iter().filter(|word| word.is_capital).count();
    inner.len() >= 8 && capital * 2 > inner.len()
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut end = 0;
    let mut words: Vec<Word<'_>> = Vec::new();
    for found in WORD.find_iter(text) {
        let between = text.get(end..found.start()).unwrap_or_default();
        // `2) Call us.` begins a sentence as `2. Call us.` does.
        let is_list_item = between.starts_with(')')
            && words.last().is_some_and(|last| last.text.bytes().all(|it| it.is_ascii_digit()));
        let begins_sentence = words.is_empty()
            || is_list_item
            || between.contains([
                '.', '!', '?', ':', ';', '\n', '•', '*', '#', '|', '"', '“', '„', '«', '¿', '¡',
            ]);
        words.push(Word {
            text: found.as_str(),
            span: found.range(),
            is_capital: found.as_str().chars().next().is_some_and(char::is_uppercase),
            begins_sentence,
            follows_closely: between == " " || between == "-",
        });
        end = found.end();
    }
    words
}
