//! Short pieces of what the outside world said, for errors.

/// The length of an excerpt in characters.
const LENGTH: usize = 300;

/// Returns the first 300 characters on one line.
pub fn excerpt(text: &str) -> String {
    let mut flat = String::new();
    for word in text.split_whitespace() {
        if !flat.is_empty() {
            flat.push(' ');
        }
        flat.push_str(word);
        // Four bytes a character at most: far enough to cut by characters below.
        if flat.len() > LENGTH * 4 {
            break;
        }
    }
    let mut characters = flat.chars();
    let start: String = characters.by_ref().take(LENGTH).collect();
    if characters.next().is_some() { start + "…" } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt(" a\n\tb  "), "a b");
        assert_eq!(excerpt(&"é".repeat(301)), "é".repeat(300) + "…");
    }
}
