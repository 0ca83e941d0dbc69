//! Showing texts that others wrote without obeying them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use evalward_core::visible;

/// Escapes as [`visible`] does and turns each run of white space into one space.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect();
    visible(&words.join(" ")).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cutting_counts_characters_and_one_line_collapses_space() {
        assert_eq!(shorten("äöü", 3), "äöü");
        assert_eq!(shorten("äöüß", 3), "äöü … (1 more characters)");
        assert_eq!(one_line("  a \n\n b\tc\u{7} "), r"a b c\u{7}");
    }
}
