//! Telephone numbers, conservatively: a missed one is better than an alarm at
//! every price, date and order number.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::digits::groups;
use super::surroundings::{
    before, ends_word, last_word, number_came_before, number_goes_on, slice,
};
use crate::{Finding, FindingKind};

/// The most digits a number has: ITU-T E.164.
const MAX_DIGITS: usize = 15;

/// Words that announce something else than a telephone number.
const OTHER_NUMBERS: [&str; 12] = [
    "order",
    "invoice",
    "ticket",
    "ref",
    "reference",
    "id",
    "sku",
    "isbn",
    "version",
    "bestellung",
    "rechnung",
    "case",
];

/// The start of a number in international form, or after a word that says so.
static ANNOUNCED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<plus>\+)[1-9]|(?-u:\b)(?P<zeros>00)[1-9][0-9]{0,2}[ /-]|",
        r"(?i-u:\b(?:tel|telefon|telephone|phone|mobile|mobil|fax|handy|whatsapp))",
        r"(?i-u:[ .-]{0,2}(?:number|no|nr))?[.:=]{0,2}[ \t]{0,2}(?P<word>\(?[0-9])",
    ))
});

/// National forms: North American with its three groups, a leading zero before
/// an area code, French pairs.
static NATIONAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\([2-9][0-9]{2}\) ?[0-9]{3}[ .-][0-9]{4}",
        r"|(?-u:\b)[2-9][0-9]{2}(?:-[0-9]{3}-|\.[0-9]{3}\.)[0-9]{4}",
        r"|(?-u:\b)0[1-9](?:[ .][0-9]{2}){4}",
        r"|\(0[1-9][0-9]{1,4}\) ?[0-9]{2,8}(?:[ -][0-9]{2,8}){0,3}",
        r"|(?-u:\b)0[1-9][0-9]{1,4}(?:[ -]|/ ?| / )[0-9]{3,8}(?:[ -][0-9]{2,5}){0,3}",
    ))
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant that the tests compile")
}

pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for captures in ANNOUNCED.captures_iter(text) {
        let end = if let Some(plus) = captures.name("plus") {
            let is_sum = before(text, plus.start())
                .is_some_and(|character| character.is_alphanumeric() || "_+".contains(character));
            if is_sum { None } else { announced(text, plus.start(), 8) }
        } else if let Some(zeros) = captures.name("zeros") {
            if is_free(text, zeros.start()) { announced(text, zeros.start(), 10) } else { None }
        } else {
            captures.name("word").and_then(|word| announced(text, word.start(), 7))
        };
        findings.extend(end.map(|span| Finding::new(FindingKind::Phone, span)));
    }
    for candidate in NATIONAL.find_iter(text) {
        let span = candidate.range();
        let digits = candidate.as_str().bytes().filter(u8::is_ascii_digit).count();
        if (9..=12).contains(&digits)
            && !is_postal_code(candidate.as_str())
            && !goes_on_in_pairs(text, &span)
            && is_free(text, span.start)
            && is_complete(text, span.end)
        {
            findings.push(Finding::new(FindingKind::Phone, span));
        }
    }
}

/// Returns the number in free grouping that starts at `start`: as many groups as
/// it can have, the last of which is not part of something else.
fn announced(text: &str, start: usize, fewest: usize) -> Option<Range<usize>> {
    let head = slice(text, start..text.len());
    let first = start + head.find(|character: char| character.is_ascii_digit())?;
    let groups = groups(text, first, MAX_DIGITS, separator);
    let count = (1..=groups.len()).rev().find(|count| {
        let lengths: Vec<usize> = groups[..*count].iter().map(ExactSizeIterator::len).collect();
        let is_date = matches!(lengths[..], [4, 2, 2] | [2, 2, 4]);
        let is_decimal = matches!(lengths[..], [4..=15, _])
            && slice(text, groups[0].end..groups[1].start) == ".";
        lengths.iter().sum::<usize>() >= fewest
            && !is_date
            && !is_decimal
            && is_complete(text, groups[count - 1].end)
    })?;
    Some(start..groups[count - 1].end)
}

/// Returns the length of the separator at the start of a text: one of space,
/// hyphen, dot and slash, with brackets around an area code.
fn separator(rest: &str) -> usize {
    let after_bracket = rest.strip_prefix(')').unwrap_or(rest);
    let after_gap = after_bracket
        .strip_prefix([' ', '-', '.', '/', '\u{a0}', '\u{202f}', '\u{2011}'])
        .unwrap_or(after_bracket);
    let after_all = after_gap.strip_prefix('(').unwrap_or(after_gap);
    rest.len() - after_all.len()
}

/// Tells whether no word, amount, identifier or longer number leads into `at`.
fn is_free(text: &str, at: usize) -> bool {
    let is_glued = before(text, at)
        .is_some_and(|character| character.is_alphanumeric() || "_#$€£+.,-/".contains(character));
    !is_glued && !number_came_before(text, at, ": ") && !names_another_number(text, at)
}

/// Tells whether a number has the form of an American postal code, as in `Boston, MA 02110-1301`; announced, it is none.
fn is_postal_code(candidate: &str) -> bool {
    matches!(candidate.split_once('-'), Some((area, street)) if area.len() == 5 && street.len() == 4)
}

/// Tells whether what looks like a French number is part of a longer row of pairs, such as bytes in hexadecimal.
fn goes_on_in_pairs(text: &str, span: &Range<usize>) -> bool {
    let candidate = slice(text, span.clone());
    candidate.split([' ', '.']).all(|pair| pair.len() == 2) && number_goes_on(text, span.end, " ")
}

fn names_another_number(text: &str, at: usize) -> bool {
    let lead = last_word(text, at);
    OTHER_NUMBERS.iter().any(|word| lead.eq_ignore_ascii_case(word))
}

fn is_complete(text: &str, end: usize) -> bool {
    ends_word(text, end) && !number_goes_on(text, end, ".,:-/")
}
