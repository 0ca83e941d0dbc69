//! Words for people: quotes, excerpts and chains of errors.

use std::error::Error;
use std::ops::Range;

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// Why a metric that compares with a reference does not apply.
pub(crate) const NO_REFERENCE: &str = "has no expected output";

const EXCERPT_CHARACTERS: usize = 80;

/// Returns the text, cut where it is too long to read.
pub(crate) fn excerpt(text: &str) -> String {
    cut(text, EXCERPT_CHARACTERS)
}

/// Returns the text, cut after so many characters.
pub(crate) fn cut(text: &str, characters: usize) -> String {
    match text.grapheme_indices(true).nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.split_at(end).0),
    }
}

/// Returns an excerpt in backticks, with what would break a line or steer a terminal escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("`");
    for letter in excerpt(text).chars() {
        if letter.is_control() || is_direction(letter) {
            quoted.extend(letter.escape_default());
        } else {
            quoted.push(letter);
        }
    }
    quoted.push('`');
    quoted
}

/// Overrides and isolates of the writing direction, which reorder the text around them.
const fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns excerpts in backticks, with commas and a last word such as "and" or "or".
pub(crate) fn quoted_list<'a>(
    texts: impl IntoIterator<Item = &'a str>,
    conjunction: &str,
) -> String {
    let quoted: Vec<_> = texts.into_iter().map(quoted).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// Tells how the two sides at a place of JSON differ; an absent side has nothing there.
pub(crate) fn difference(place: &str, expected: Option<&str>, got: Option<&str>) -> String {
    match (expected, got) {
        (Some(expected), Some(got)) => format!("{place} is {got}, expected {expected}"),
        (Some(expected), None) => format!("{place} is missing, expected {expected}"),
        (None, Some(got)) => format!("{place} is {got}, expected nothing there"),
        (None, None) => format!("{place} differs"),
    }
}

/// Returns the error with all its causes, joined by colons.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Returns the whole output as a place, for what no part of it breaks alone.
pub(crate) fn whole(output: &str) -> [Value; 1] {
    [span_with_text(output, &(0..output.len()))]
}

/// Returns a place in the output, with an excerpt of what stands there.
pub(crate) fn span_with_text(output: &str, span: &Range<usize>) -> Value {
    json!({
        "start": span.start,
        "end": span.end,
        "text": output.get(span.clone()).map(excerpt),
    })
}
