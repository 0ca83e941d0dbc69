//! Private keys in PEM armour, RFC 7468, and in that of `OpenPGP`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::surroundings::slice;
use crate::{Finding, FindingKind};

static ARMOUR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"-----(?P<edge>BEGIN|END) [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----")
        .expect("the pattern is a constant that the tests compile")
});

/// Pairs every opening line with the closing line before the next opening one;
/// without that, the key was cut off and goes as far as lines of base64 do.
pub(crate) fn detect(text: &str, findings: &mut Vec<Finding>) {
    let mut open: Option<Range<usize>> = None;
    for captures in ARMOUR.captures_iter(text) {
        let Some(line) = captures.get(0) else { continue };
        if captures.name("edge").is_some_and(|edge| edge.as_str() == "END") {
            let start = open.take().map_or(line.start(), |opening| opening.start);
            findings.push(Finding::new(FindingKind::PrivateKey, start..line.end()));
        } else {
            findings.extend(open.take().map(|opening| cut_off(text, &opening, line.start())));
            open = Some(line.range());
        }
    }
    findings.extend(open.map(|opening| cut_off(text, &opening, text.len())));
}

/// Reports the opening line with the lines of base64 that follow it before `limit`.
fn cut_off(text: &str, opening: &Range<usize>, limit: usize) -> Finding {
    let mut end = opening.end;
    for line in slice(text, opening.end..limit).split_inclusive('\n') {
        let body = line.trim();
        if body.contains(|character: char| !is_base64(character)) {
            break;
        }
        end += line.trim_end().len();
        if !body.is_empty() && body.len() < 16 {
            break;
        }
        end += line.len() - line.trim_end().len();
    }
    let length = slice(text, opening.start..end).trim_end().len();
    Finding::new(FindingKind::PrivateKey, opening.start..opening.start + length)
}

/// Base64, and the backslash of a line break inside a string.
fn is_base64(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/=\\".contains(character)
}
