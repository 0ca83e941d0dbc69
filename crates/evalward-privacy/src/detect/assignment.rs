//! Values assigned to names such as `password` or `api_key`, and passwords in
//! URLs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::randomness::{character_classes, entropy_bits};
use super::surroundings::{after, slice};
use crate::{Finding, FindingKind};

static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i-u:(?P<password>password|passwort|passwd|pwd|passphrase)",
        r"|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|credential)",
        // Quotation marks of JSON within JSON have backslashes before them.
        r#"(?:\\{0,7}["'])?(?:\s{0,3}(?:=>|:=|[:=])\s{0,3}|\s{1,3}is\s{1,3})"#,
        r#"(?:\\{0,7}"(?P<double>[^"\n]{8,}?)\\{0,7}"|'(?P<single>[^'\n]{8,})'"#,
        r#"|(?P<bare>[^\s"'`,;<>(){}\[\]]{8,}))"#,
        r"|(?i-u:\bbearer)\s{1,3}(?P<bearer>[A-Za-z0-9._~+/=-]{16,})",
    ))
});

/// The password of `scheme://user:password@host`.
static URL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"://(?P<user>[^\s:/@\[\]]+):(?P<password>[^\s:/@\[\]]{3,})@[A-Za-z0-9]")
});

/// What manuals write in the place of a password.
const PLACEHOLDERS: [&str; 7] =
    ["pass", "passwd", "password", "passwort", "pwd", "secret", "changeme"];

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant that the tests compile")
}

/// Reports assigned values.
pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for captures in ASSIGNMENT.captures_iter(text) {
        let value = ["double", "single", "bare", "bearer"]
            .into_iter()
            .find_map(|group| captures.name(group));
        let Some(value) = value else { continue };
        let is_password = captures.name("password").is_some();
        let kind = if is_password { FindingKind::Password } else { FindingKind::ApiKey };
        let is_code =
            is_call(text, value.range()) || (!is_password && is_made_of_names(value.as_str()));
        if is_random(value.as_str()) && !is_code {
            findings.push(Finding::new(kind, value.range()));
        }
    }
}

/// Reports the passwords in URLs.
pub(super) fn detect_in_urls(text: &str, findings: &mut Vec<Finding>) {
    for captures in URL.captures_iter(text) {
        let (Some(user), Some(password)) = (captures.name("user"), captures.name("password"))
        else {
            continue;
        };
        let is_harmless = is_reference(password.as_str())
            || password.as_str() == user.as_str()
            || PLACEHOLDERS.iter().any(|word| password.as_str().eq_ignore_ascii_case(word));
        if !is_harmless {
            findings.push(Finding::new(FindingKind::Password, password.range()));
        }
    }
}

/// Tells whether a value is the name of a function that is called: `token = base64.b16encode(...)`.
fn is_call(text: &str, value: Range<usize>) -> bool {
    let name = slice(text, value.clone());
    after(text, value.end) == Some('(')
        && name.contains(['_', '.', ':'])
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.:".contains(&byte))
}

/// Tells whether a value is made of words, as the names of variables, constants and resources are: `node.or1_token`,
/// `projects/my-project/secrets/my-secret/versions/1`.
fn is_made_of_names(value: &str) -> bool {
    let pieces = || value.split(['_', '.', ':', '/', '\\']).filter(|piece| !piece.is_empty());
    pieces().count() > 1 && pieces().all(|piece| piece.split('-').all(is_word))
}

/// Tells whether a piece is letters of one case, perhaps behind a capital, and then at most four digits.
fn is_word(piece: &str) -> bool {
    let letters = piece.trim_end_matches(|it: char| it.is_ascii_digit());
    let rest = letters.strip_prefix(|it: char| it.is_ascii_uppercase()).unwrap_or(letters);
    let is_of_one_case = letters.bytes().all(|byte| byte.is_ascii_uppercase())
        || rest.bytes().all(|byte| byte.is_ascii_lowercase());
    is_of_one_case && piece.len() - letters.len() <= 4
}

/// Tells whether a value looks drawn at random, by a person or a machine: no
/// sentence, no name, no reference to a place where the value is kept.
fn is_random(value: &str) -> bool {
    let has_digit = value.contains(|character: char| character.is_ascii_digit());
    let has_letter = value.contains(char::is_alphabetic);
    let is_varied = character_classes(value) >= 3 || value.len() >= 16;
    has_digit
        && has_letter
        && is_varied
        && entropy_bits(value) >= 2.75
        && !value.contains(char::is_whitespace)
        && !is_reference(value)
}

/// Tells whether a value names a variable, a path or a place to fill in.
fn is_reference(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    ["$", "%", "{{", "process.env", "os.environ", "std::env", "env.", "vault:", "[", "<"]
        .iter()
        .any(|start| lower.starts_with(start))
        || ["://", "****", "xxxx", "your_", "your-", "_here", "-here"]
            .iter()
            .any(|part| lower.contains(part))
}
