//! International bank account numbers, ISO 13616.

use super::digits::single_separator;
use super::surroundings::{ends_word, slice, starts_word};
use crate::{Finding, FindingKind};

/// The length of an account number by country: the SWIFT IBAN registry.
const LENGTHS: [(&[u8; 2], usize); 88] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
];

/// Reads two letters and two digits anywhere as the start of a candidate.
pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for (start, head) in text.as_bytes().windows(4).enumerate() {
        let [first, second, tens, ones] = *head else { continue };
        if !(tens.is_ascii_digit() && ones.is_ascii_digit() && second.is_ascii_alphabetic()) {
            continue;
        }
        let country = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        let Ok(row) = LENGTHS.binary_search_by(|(code, _)| (*code).cmp(&country)) else {
            continue;
        };
        if !starts_word(text, start) {
            continue;
        }
        if let Some((number, end)) = read(text, start, LENGTHS[row].1)
            && ends_word(text, end)
            && has_valid_checksum(&number)
        {
            findings.push(Finding::new(FindingKind::Iban, start..end));
        }
    }
}

/// Returns the number's characters in capitals and where it ends, if it is
/// written in one piece or in groups of four.
fn read(text: &str, start: usize, length: usize) -> Option<(Vec<u8>, usize)> {
    let bytes = text.as_bytes();
    let mut number = Vec::with_capacity(length);
    let mut gaps = 0;
    let mut at = start;
    while number.len() < length {
        let is_group_end = !number.is_empty() && number.len().is_multiple_of(4);
        if is_group_end {
            let gap = single_separator(slice(text, at..text.len()));
            gaps += usize::from(gap > 0);
            at += gap;
        }
        let byte = bytes.get(at).filter(|byte| byte.is_ascii_alphanumeric())?;
        number.push(byte.to_ascii_uppercase());
        at += 1;
    }
    let is_grouped_throughout = gaps == 0 || gaps == (length - 1) / 4;
    is_grouped_throughout.then_some((number, at))
}

/// ISO 7064, MOD 97-10, over the number with its first four characters last.
fn has_valid_checksum(number: &[u8]) -> bool {
    let (head, tail) = number.split_at(4);
    let remainder = tail.iter().chain(head).fold(0_u32, |remainder, byte| {
        if byte.is_ascii_digit() {
            (remainder * 10 + u32::from(byte - b'0')) % 97
        } else {
            (remainder * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    remainder == 1
}
