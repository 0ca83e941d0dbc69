//! What changes from run to run, blanked for snapshots.

use std::sync::LazyLock;

use regex::Regex;

use crate::Scratch;

/// What is blanked, and by what; the order matters.
const PATTERNS: &[(&str, &str)] = &[
    (r"\d{8}-\d{6}-\d{3}-[0-9a-f]{6}", "[run]"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[time]"),
    (r"\b[0-9a-f]{64}\b", "[hash]"),
    (r" *\b\d+ ms\b", " [n] ms"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:[port]"),
    (r#"((?:evalward |"tool_version": ?")v?)\d+\.\d+\.\d+"#, "${1}[version]"),
];

static REDACTIONS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile =
        |&(pattern, blank)| (Regex::new(pattern).expect("the pattern is a literal"), blank);
    PATTERNS.iter().map(compile).collect()
});

/// Blanks run ids, times, hashes, milliseconds, ports, the tool's version and the scratch folder's path.
pub fn redact(text: &str, scratch: &Scratch) -> String {
    let mut text = text.replace(&scratch.folder().display().to_string(), "[folder]");
    for (pattern, blank) in REDACTIONS.iter() {
        text = pattern.replace_all(&text, *blank).into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(redact(text, &Scratch::new()), expected);
    }

    #[test]
    fn blanks_what_changes_and_nothing_else() {
        check("run 20261123-232850-017-744013", "run [run]");
        check("at 2026-11-03T14:22:07.123Z", "at [time]");
        check("took   153 ms", "took [n] ms");
        check("http://127.0.0.1:40123/v1", "http://127.0.0.1:[port]/v1");
        check("evalward 0.1.0", "evalward [version]");
        check(r#""tool_version": "0.1.0""#, r#""tool_version": "[version]""#);
        check("3 of 4 passed, 100.0 %", "3 of 4 passed, 100.0 %");
    }

    #[test]
    fn blanks_the_folder() {
        let scratch = Scratch::new();
        let text = scratch.path("suite.toml").display().to_string();
        assert_eq!(redact(&text, &scratch), "[folder]/suite.toml");
    }
}
