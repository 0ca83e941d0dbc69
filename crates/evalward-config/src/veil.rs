//! Hiding literal secrets, and what could steer a terminal, in the lines that a diagnostic shows.

use std::ops::Range;

use evalward_core::visible;
use evalward_privacy::find;

/// Keys whose values are secrets, wherever they stand.
const SECRET_KEYS: [&str; 4] = ["api_key", "headers", "env", "webhook"];

/// Replaces literal secrets by asterisks, and control characters by question marks, of the same length, so that every position stays what it was.
pub(crate) fn veiled(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut hide = |span: Range<usize>| bytes[span].fill(b'*');
    for finding in find(text).into_iter().filter(|finding| finding.kind.is_secret()) {
        hide(finding.span);
    }
    for (start, character) in text.char_indices() {
        let mut buffer = [0; 4];
        let character = character.encode_utf8(&mut buffer);
        if visible(character) != *character {
            bytes[start..start + character.len()].fill(b'?');
        }
    }
    let mut hide = |span: Range<usize>| bytes[span].fill(b'*');
    let mut in_secret_table = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with('[') {
            let name = trimmed.trim_matches(['[', ']']).rsplit('.').next().unwrap_or_default();
            in_secret_table = SECRET_KEYS.contains(&name);
        } else if in_secret_table || names_secret(line) {
            for span in quoted(line) {
                hide(start + span.start..start + span.end);
            }
        }
        start += line.len();
    }
    // Only whole quoted texts and findings were replaced, both of which end between characters.
    String::from_utf8(bytes).unwrap_or_default()
}

fn names_secret(line: &str) -> bool {
    let key = line.split('=').next().unwrap_or_default();
    let looks_secret = |word: &str| {
        let word = word.trim().trim_matches('"').to_ascii_lowercase();
        SECRET_KEYS.contains(&word.as_str())
            || ["key", "secret", "token", "password"].iter().any(|end| word.ends_with(end))
            // A slip such as `api_kye` must not show what it was meant to hide.
            || strsim::damerau_levenshtein(&word, "api_key") <= 2
    };
    line.contains('=') && key.split('.').any(looks_secret)
}

/// Returns the spans between quotation marks, but for references to the environment.
fn quoted(line: &str) -> Vec<Range<usize>> {
    let (_, value) = line.split_once('=').unwrap_or_default();
    let offset = line.len() - value.len();
    let marks: Vec<usize> =
        value.match_indices(['"', '\'']).map(|(position, _)| offset + position).collect();
    marks
        .chunks_exact(2)
        .map(|pair| pair[0] + 1..pair[1])
        .filter(|span| line.get(span.clone()).is_some_and(|text| !text.starts_with("${")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(veiled(text), expected);
    }

    #[test]
    fn values_of_secret_keys_are_hidden_and_nothing_moves() {
        check("model = \"m\"\napi_key = \"abc-1\"\n", "model = \"m\"\napi_key = \"*****\"\n");
        check("[notify.ops.webhook]\nurl = \"abc\"", "[notify.ops.webhook]\nurl = \"***\"");
        check("api_kye = \"abc\"", "api_kye = \"***\"");
        check("headers = { x = 'abc' }", "headers = { x = '***' }");
        check(
            "[subject.http.headers]\nx = \"é1\"\n[run]\ny = \"z\"",
            "[subject.http.headers]\nx = \"***\"\n[run]\ny = \"z\"",
        );
        check("a = \"\u{1b}[2J\"\t# \u{202e}", "a = \"?[2J\"\t# ???");
        check("api_key = \"${KEY}\"", "api_key = \"${KEY}\"");
    }
}
