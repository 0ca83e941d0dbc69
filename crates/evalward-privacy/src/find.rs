//! Runs the detectors and joins what they report.

use std::borrow::Cow;

use crate::detect::{DETECTORS, Detector, detect_private_keys};
use crate::shape::Shape;
use crate::{Finding, FindingKind};

/// Returns what looks like personal data or a secret, in the order of the text
/// and without overlaps.
///
/// Findings that overlap are joined to one that spans all of them and has the
/// most telling kind. Takes time linear in the text.
pub fn find(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The lines of a key may be told apart by escapes alone.
    detect_private_keys(text, &mut findings);
    let text = &*without_escapes(text);
    let shape = Shape::of(text);
    for Detector { detect, may_find } in DETECTORS {
        if may_find(shape) {
            detect(text, &mut findings);
        }
    }
    joined(findings)
}

/// Returns the text with spaces in place of escaped line breaks and tabs, so that every byte stays where it is.
///
/// In JSON that is kept as a text, and in what programs print, a line starts behind `\n`: the letter would hide a number.
fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut clear = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        let (plain, escaped) = rest.split_at(start);
        clear.push_str(plain);
        // JSON within JSON doubles the backslash.
        let letter = escaped.trim_start_matches('\\');
        let backslashes = escaped.len() - letter.len();
        let is_white = letter.starts_with(['n', 'r', 't']);
        let length = backslashes + usize::from(is_white);
        let (escape, behind) = escaped.split_at(length);
        if is_white {
            clear.extend(std::iter::repeat_n(' ', length));
        } else {
            clear.push_str(escape);
        }
        rest = behind;
    }
    clear.push_str(rest);
    Cow::Owned(clear)
}

/// Joins findings that overlap.
fn joined(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| {
        (a.span.start, a.span.end, a.kind).cmp(&(b.span.start, b.span.end, b.kind))
    });
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match joined.last_mut() {
            Some(last) if finding.span.start < last.span.end => join(last, &finding),
            _ => joined.push(finding),
        }
    }
    joined
}

fn join(last: &mut Finding, finding: &Finding) {
    last.span.end = last.span.end.max(finding.span.end);
    last.kind = FindingKind::min(last.kind, finding.kind);
    last.is_example &= finding.is_example;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Runs all detectors, whatever the look at the text says.
    fn find_without_look(text: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        detect_private_keys(text, &mut findings);
        for Detector { detect, .. } in DETECTORS {
            detect(&without_escapes(text), &mut findings);
        }
        joined(findings)
    }

    /// Pieces that detectors recognise, cut up and glued together.
    fn piece() -> impl Strategy<Value = String> {
        let known = prop::sample::select(
            &[
                "+49 30 1234567",
                "(212) 555-0123",
                "01 23 45 67 89",
                "(030)\u{202f}(123) 4567",
                "tel: 1234567",
                "0049-30 1234567",
                "4111 1111 1111 1111",
                "192.0.2.7",
                "10.1.2.3",
                "2001:db8:1:2::3",
                "DE89 3704 0044 0532 0130 00",
                "jane@corp-mail.com",
                "password: Tr0ub4dor&3",
                "api_key=\"aB3dE6gH9\"",
                "token is äB3dE6gH9x",
                "Bearer abcdefghij1234567",
                "https://joe:s3cret@host.de",
                "sk-abcdefghijklmnopqrstuvwx",
            ][..],
        );
        let cut = (known, 0_usize..8, 0_usize..8).prop_map(|(text, left, right)| {
            let kept = text.chars().count().saturating_sub(right);
            text.chars().take(kept).skip(left / 3).collect::<String>()
        });
        prop_oneof![cut, "[ \\.,:/()0-9a-zA-Z@+-]{0,6}", "\\PC{0,4}"]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn the_look_at_a_text_hides_nothing(pieces in proptest::collection::vec(piece(), 0..6)) {
            let text = pieces.concat();
            prop_assert_eq!(find(&text), find_without_look(&text), "{:?}", text);
        }
    }

    #[test]
    fn ordinary_prose_is_not_read_by_the_slow_detectors() {
        let text = "Plans are $9, $29 and $99 a month since 2026-10-03; your password, order 48213, is safe.";
        let shape = Shape { has_digit: true, has_number: true, has_mixed_piece: false };
        assert_eq!(Shape::of(text), shape);
        let shape = Shape { has_number: false, ..shape };
        assert_eq!(Shape::of(&text.replace("2026-", "")), shape);
        assert_eq!(Shape::of("no digit at all, and nothing else"), Shape::default());
    }
}
