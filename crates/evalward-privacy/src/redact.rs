//! Masks what was found.

use std::borrow::Cow;
use std::fmt;

use crate::{Finding, find};

/// How often the text is searched again after masking.
///
/// A mask can bring out what its neighbour hid: `a@b.de+49 30 1234567` is a
/// telephone number only once the address is gone. Each pass can bring out the
/// next such neighbour; the bound keeps a text made of nothing but those from
/// costing quadratic time. What it leaves was no finding in the original text.
const MAX_PASSES: u32 = 8;

/// The error for a text in which something is left to find after masking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unmasked;

impl fmt::Display for Unmasked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("personal data or a secret is left after masking")
    }
}

impl std::error::Error for Unmasked {}

/// Returns the text with every finding replaced by its kind's placeholder, such
/// as `[EMAIL]`, and borrows it when there is nothing to replace.
pub fn redact(text: &str) -> Cow<'_, str> {
    masked(text).0
}

/// Does what [`redact`] does, for those who must not keep what it leaves.
///
/// # Errors
/// [`Unmasked`] where the result still has a finding that names somebody or
/// opens something.
pub fn try_redact(text: &str) -> Result<Cow<'_, str>, Unmasked> {
    let (masked, is_clean) = masked(text);
    let is_clean = is_clean || find(&masked).iter().all(|finding| finding.is_example);
    if is_clean { Ok(masked) } else { Err(Unmasked) }
}

/// Words of names that give a value away which is harmless elsewhere.
const TELLING: [&str; 12] = [
    "credential",
    "fax",
    "handy",
    "key",
    "mobil",
    "pass",
    "phone",
    "pwd",
    "secret",
    "tel",
    "token",
    "whatsapp",
];

/// The longest value that a name can give away; beyond it a value is a text of its own.
const NAMED_BYTES: usize = 512;

/// Does what [`try_redact`] does with the value of a field, which its name may give away: `password` and `Tr0ub4dor&3`
/// stand apart in an object, and either alone tells nothing.
///
/// # Errors
/// [`Unmasked`] as with [`try_redact`].
pub fn try_redact_named<'a>(name: &str, value: &'a str) -> Result<Cow<'a, str>, Unmasked> {
    let masked = try_redact(value)?;
    let has_digit = masked.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit || masked.len() > NAMED_BYTES || !is_telling(name) {
        return Ok(masked);
    }
    let lead = format!("{}: ", name.replace('_', "-"));
    let sentence = format!("{lead}{masked}");
    match try_redact(&sentence)? {
        Cow::Borrowed(_) => Ok(masked),
        // A name that is somebody's own is masked where names are.
        Cow::Owned(named) => match named.strip_prefix(&lead) {
            Some(value) => Ok(Cow::Owned(value.to_owned())),
            None => Ok(masked),
        },
    }
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

/// Returns the masked text, and whether the last look at it found nothing.
fn masked(text: &str) -> (Cow<'_, str>, bool) {
    let mut masked = Cow::Borrowed(text);
    for _ in 0..MAX_PASSES {
        let findings = find(&masked);
        if findings.is_empty() {
            return (masked, true);
        }
        masked = Cow::Owned(mask(&masked, &findings));
    }
    (masked, false)
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
