//! Masks what was found.

use std::borrow::Cow;

use crate::{Finding, find};

/// How often the text is searched again after masking.
///
/// A mask can bring out what its neighbour hid: `a@b.de+49 30 1234567` is a
/// telephone number only once the address is gone. Each pass can bring out the
/// next such neighbour; the bound keeps a text made of nothing but those from
/// costing quadratic time. What it leaves was no finding in the original text.
const MAX_PASSES: u32 = 8;

/// Returns the text with every finding replaced by its kind's placeholder, such
/// as `[EMAIL]`, and borrows it when there is nothing to replace.
pub fn redact(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    for _ in 0..MAX_PASSES {
        let findings = find(&masked);
        if findings.is_empty() {
            break;
        }
        masked = Cow::Owned(mask(&masked, &findings));
    }
    masked
}

fn mask(text: &str, findings: &[Finding]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = 0;
    for finding in findings {
        masked.push_str(text.get(rest..finding.span.start).unwrap_or_default());
        masked.push_str(finding.kind.placeholder());
        rest = finding.span.end;
    }
    masked.push_str(text.get(rest..).unwrap_or_default());
    masked
}
