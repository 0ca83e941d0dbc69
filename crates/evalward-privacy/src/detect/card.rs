//! Payment card numbers, ISO/IEC 7812.

use std::ops::{Range, RangeInclusive};

use super::digits::{groups, runs, single_separator, values};
use super::surroundings::{before, ends_word, number_came_before, number_goes_on, starts_word};
use crate::{Finding, FindingKind};

const MAX_DIGITS: usize = 19;

/// What networks issue: the first four digits, and how many there are in all. Visa has three lengths of its own.
const ISSUED: [(RangeInclusive<u16>, RangeInclusive<usize>); 14] = [
    // American Express.
    (3400..=3499, 15..=15),
    (3700..=3799, 15..=15),
    // Diners Club.
    (3000..=3059, 14..=19),
    (3095..=3095, 14..=19),
    (3600..=3699, 14..=19),
    (3800..=3999, 14..=19),
    // JCB.
    (3528..=3589, 16..=19),
    // Mir.
    (2200..=2204, 16..=19),
    // Mastercard.
    (2221..=2720, 16..=16),
    (5100..=5599, 16..=16),
    // Maestro.
    (5000..=5099, 13..=19),
    (5600..=5899, 13..=19),
    // Maestro, Discover, RuPay and UnionPay.
    (6000..=6999, 13..=19),
    // RuPay and UnionPay.
    (8100..=8299, 16..=19),
];

/// Tries a number from every run of digits on, so that a number in front of a
/// card cannot hide it.
pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for run in runs(text) {
        let is_phone = before(text, run.start) == Some('+');
        let is_fraction = number_came_before(text, run.start, ".,");
        let is_first_group = run.len() == 4 || run.len() >= 13;
        if !is_first_group || is_phone || is_fraction || !starts_word(text, run.start) {
            continue;
        }
        let groups = groups(text, run.start, MAX_DIGITS, single_separator);
        let card = (1..=groups.len()).rev().find(|count| is_card(text, &groups[..*count]));
        if let Some(count) = card {
            let end = groups[count - 1].end;
            findings.push(Finding::new(FindingKind::PaymentCard, run.start..end));
        }
    }
}

fn is_card(text: &str, groups: &[Range<usize>]) -> bool {
    let digits: Vec<u8> = values(text, groups).collect();
    let is_plain_run = digits.iter().all(|digit| Some(digit) == digits.first());
    let end = groups.last().map_or(0, |group| group.end);
    !is_plain_run
        && is_grouped_like_a_card(groups)
        && is_issued(&digits)
        && has_valid_checksum(&digits)
        && ends_word(text, end)
        && !number_goes_on(text, end, ".,")
}

/// Cards are printed in one piece or as 4-4-4-4, 4-6-5 and the like.
fn is_grouped_like_a_card(groups: &[Range<usize>]) -> bool {
    let [first, others @ ..] = groups else { return false };
    others.is_empty()
        || (first.len() == 4 && others.iter().all(|group| (3..=7).contains(&group.len())))
}

/// Tells whether a network issues numbers of this length under this prefix.
fn is_issued(digits: &[u8]) -> bool {
    let prefix = digits.iter().take(4).fold(0, |prefix, digit| prefix * 10 + u16::from(*digit));
    let is_visa = (4000..=4999).contains(&prefix) && matches!(digits.len(), 13 | 16 | 19);
    is_visa
        || ISSUED.iter().any(|(prefixes, lengths)| {
            prefixes.contains(&prefix) && lengths.contains(&digits.len())
        })
}

/// The Luhn checksum: ISO/IEC 7812-1, annex B.
fn has_valid_checksum(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(position, digit)| match (position % 2, *digit) {
            (0, digit) => u32::from(digit),
            (_, digit @ 0..=4) => u32::from(digit) * 2,
            (_, digit) => u32::from(digit) * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}
