//! JSON web tokens, RFC 7519.

use std::sync::LazyLock;

use regex::Regex;

use super::surroundings::starts_word;
use crate::{Finding, FindingKind};

/// Header, claims and signature in base64url; `eyJ` is the start of `{"`. An
/// unsigned token ends with its second dot.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<header>eyJ[A-Za-z0-9_-]{8,})\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*")
        .expect("the pattern is a constant that the tests compile")
});

pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for captures in TOKEN.captures_iter(text) {
        let (Some(token), Some(header)) = (captures.get(0), captures.name("header")) else {
            continue;
        };
        if starts_word(text, token.start()) && is_json_object(header.as_str()) {
            findings.push(Finding::new(FindingKind::Jwt, token.range()));
        }
    }
}

/// Tells whether a base64url text decodes to something in braces.
fn is_json_object(encoded: &str) -> bool {
    let Some(decoded) = decode(encoded) else { return false };
    let decoded = decoded.trim_ascii();
    decoded.starts_with(b"{\"") && decoded.ends_with(b"}")
}

/// Decodes base64url without padding, RFC 4648 section 5.
fn decode(encoded: &str) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(encoded.len() * 3 / 4);
    for chunk in encoded.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for byte in chunk {
            bits = bits << 6 | sextet(*byte)?;
        }
        // A chunk of 2, 3 or 4 characters holds 1, 2 or 3 bytes, high bits first.
        let length = chunk.len().checked_sub(1).filter(|length| *length > 0)?;
        let bytes = (bits << (6 * (4 - chunk.len()))).to_be_bytes();
        decoded.extend_from_slice(&bytes[1..=length]);
    }
    Some(decoded)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
