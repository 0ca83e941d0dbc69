//! Groups of digits with separators between them.

use std::ops::Range;

use super::surroundings::slice;

/// Returns the runs of ASCII digits in a text.
pub(super) fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(u8::is_ascii_digit)?;
        at = run_end(bytes, start);
        Some(start..at)
    })
}

/// Returns the groups of digits from `start` on that are joined by separators,
/// as many as together have at most `max_digits` digits.
///
/// `separator` returns the length of the separator at the start of a text, and
/// 0 if there is none.
pub(super) fn groups(
    text: &str,
    start: usize,
    max_digits: usize,
    separator: fn(&str) -> usize,
) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut digits = 0;
    let mut at = start;
    loop {
        let limit = bytes.len().min(at + max_digits - digits + 1);
        let end = run_end(&bytes[..limit], at);
        digits += end - at;
        if end == at || digits > max_digits {
            return groups;
        }
        groups.push(at..end);
        let gap = separator(slice(text, end..text.len()));
        if gap == 0 || digits == max_digits {
            return groups;
        }
        at = end + gap;
    }
}

/// Returns the length of one space, no-break space or hyphen.
pub(super) fn single_separator(rest: &str) -> usize {
    match rest.chars().next() {
        Some(first @ (' ' | '-' | '\u{a0}' | '\u{202f}' | '\u{2011}')) => first.len_utf8(),
        _ => 0,
    }
}

/// Returns the values of the digits in some groups.
pub(super) fn values<'a>(
    text: &'a str,
    groups: &'a [Range<usize>],
) -> impl DoubleEndedIterator<Item = u8> + 'a {
    groups.iter().flat_map(|group| slice(text, group.clone()).bytes()).map(|byte| byte - b'0')
}

fn run_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    start + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
}
