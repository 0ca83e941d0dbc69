//! Showing texts that others wrote without obeying them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use evalward_core::visible;

/// Escapes as [`visible`] does and turns each run of white space into one space.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect();
    visible(&words.join(" ")).into_owned()
}

/// Writes a text as the content or an attribute of an XML or HTML element.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Cuts a text after `max` characters and says how many are missing.
pub(crate) fn shorten(text: &str, max: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(max) else { return Cow::Borrowed(text) };
    let (head, tail) = text.split_at(end);
    Cow::Owned(format!("{head} … ({} more characters)", tail.chars().count()))
}

/// Indents every line but the first.
pub(crate) fn hang(text: &str, columns: usize) -> String {
    text.replace('\n', &format!("\n{:columns$}", ""))
}

/// Appends formatted text.
pub(crate) fn append(text: &mut String, more: fmt::Arguments<'_>) {
    text.write_fmt(more).expect("writing to a String cannot fail");
}

/// Breaks a line between words so that it fits the terminal, where its width is known; what follows is indented by `columns`.
pub(crate) fn wrap(text: &str, width: Option<u16>, columns: usize) -> String {
    let Some(width) = width.map(usize::from) else { return text.to_owned() };
    let mut wrapped = String::new();
    let mut column = 0;
    for (index, word) in text.split(' ').enumerate() {
        let length = shown(word);
        if column > columns && column + 1 + length > width {
            append(&mut wrapped, format_args!("\n{:columns$}{word}", ""));
            column = columns + length;
        } else {
            let gap = if index == 0 { "" } else { " " };
            append(&mut wrapped, format_args!("{gap}{word}"));
            column += gap.len() + length;
        }
    }
    wrapped
}

/// Counts the characters that a terminal shows, without its colours.
fn shown(word: &str) -> usize {
    let mut is_escaped = false;
    let counts = |character: &char| {
        is_escaped |= *character == '\u{1b}';
        let counts = !is_escaped;
        is_escaped &= *character != 'm';
        counts
    };
    word.chars().filter(counts).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_colours_take_no_room() {
        let text = "  \u{1b}[31mone two\u{1b}[0m three";
        assert_eq!(wrap(text, None, 4), text);
        assert_eq!(wrap(text, Some(9), 4), "  \u{1b}[31mone two\u{1b}[0m\n    three");
        assert_eq!(wrap("a-very-long-word b", Some(4), 2), "a-very-long-word\n  b");
    }

    #[test]
    fn cutting_counts_characters_and_one_line_collapses_space() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äöü … (1 more characters)");
        assert_eq!(one_line("  a \n\n b\tc\u{7} "), r"a b c\u{7}");
    }
}
