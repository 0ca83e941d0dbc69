//! Showing texts that others wrote without obeying them.

use std::borrow::Cow;

/// Escapes every character that could steer a terminal, reorder a line or break XML; line ends and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

fn is_unsafe(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Line and paragraph separators, bidirectional overrides and isolates, and what XML 1.0 has no place for.
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(visible(text), expected);
    }

    #[test]
    fn what_could_steer_is_escaped_and_the_rest_stays() {
        check("plain\n\ttext, 値段 👩‍👩‍👧", "plain\n\ttext, 値段 👩‍👩‍👧");
        check("\u{1b}[2J\u{0}\r", r"\u{1b}[2J\u{0}\r");
        check("\u{9b}31m\u{202e}abc\u{ffff}", r"\u{9b}31m\u{202e}abc\u{ffff}");
    }
}
