//! The parts of a template.

/// A part of a template, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Text, comments and raw blocks among it.
    Text(&'a str),
    /// What stands between `{{` and `}}`, or `{%` and `%}`, with the marks around it.
    Code { open: &'a str, code: &'a str, close: &'a str },
}

/// Splits a template; `None` where a mark is opened and not closed, which promptfoo takes for text.
pub(super) fn split(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    // The words of blocks that do not end; looking for their ends again would read the rest once for each.
    let mut endless = Vec::new();
    while let Some(start) = next_mark(rest) {
        let (before, from) = rest.split_at(start);
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        rest = if from.starts_with("{#") {
            let end = from.find("#}")? + 2;
            let (comment, after) = from.split_at(end);
            parts.push(Part::Text(comment));
            after
        } else {
            let (part, after) = code(from)?;
            let block = raw_block(&part).filter(|word| !endless.contains(word));
            let end = block.and_then(|word| raw_end(word, after));
            if let Some(end) = end {
                let (block, after) = after.split_at(end);
                let length = from.len() - after.len();
                debug_assert!(block.len() <= length);
                parts.push(Part::Text(from.split_at(length).0));
                after
            } else {
                endless.extend(block);
                parts.push(part);
                after
            }
        };
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Some(parts)
}

fn next_mark(text: &str) -> Option<usize> {
    // One pass for all three: a mark that does not occur would be looked for through the whole rest.
    text.match_indices('{').map(|(at, _)| at).find(|at| {
        let after = text.as_bytes().get(at + 1);
        matches!(after, Some(b'{' | b'%' | b'#'))
    })
}

/// Reads a piece of code, whose texts may have any mark in them.
fn code(text: &str) -> Option<(Part<'_>, &str)> {
    let mark = if text.starts_with("{{") { "}}" } else { "%}" };
    let (open, rest) = text.split_at(2);
    let (open, rest) = match rest.strip_prefix('-') {
        Some(after) => (text.split_at(3).0, after),
        None => (open, rest),
    };
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in rest.char_indices() {
        if let Some(mark) = quote {
            if escaped {
                escaped = false;
            } else if letter == '\\' {
                escaped = true;
            } else if letter == mark {
                quote = None;
            }
            continue;
        }
        if matches!(letter, '"' | '\'') {
            quote = Some(letter);
            continue;
        }
        let (code, end) = rest.split_at(at);
        let dash = usize::from(end.starts_with('-'));
        if end.split_at(dash).1.starts_with(mark) {
            let (close, after) = end.split_at(dash + 2);
            return Some((Part::Code { open, code, close }, after));
        }
    }
    None
}

/// Returns the word of a tag that begins a block of plain text.
fn raw_block<'a>(part: &Part<'a>) -> Option<&'a str> {
    let Part::Code { open, code, .. } = part else { return None };
    let word = code.trim();
    (open.starts_with("{%") && matches!(word, "raw" | "verbatim")).then_some(word)
}

/// Returns where the block ends that a tag with this word begins.
fn raw_end(word: &str, after: &str) -> Option<usize> {
    let end_word = format!("end{word}");
    let mut from = 0;
    while let Some(found) = after.split_at(from).1.find("{%") {
        let start = from + found;
        let tag = after.split_at(start).1;
        let end = tag.find("%}")? + 2;
        let inner = tag.split_at(end).0.trim_matches(['{', '%', '}', '-', ' ', '\n', '\t']);
        if inner == end_word {
            return Some(start + end);
        }
        from = start + end;
    }
    None
}

/// A word or sign of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Space(&'a str),
    Name(&'a str),
    Literal(&'a str),
    Sign(&'a str),
}

impl<'a> Token<'a> {
    pub(super) const fn text(self) -> &'a str {
        match self {
            Self::Space(text) | Self::Name(text) | Self::Literal(text) | Self::Sign(text) => text,
        }
    }
}

/// The signs of more than one letter, the longest first.
const SIGNS: [&str; 10] = ["===", "!==", "==", "!=", "<=", ">=", "//", "**", "&&", "||"];

/// Splits code into its words and signs.
pub(super) fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let cut = |length: usize| rest.split_at(length);
        let (token, after) = if first.is_whitespace() {
            let (text, after) = cut(length_while(rest, char::is_whitespace));
            (Token::Space(text), after)
        } else if matches!(first, '"' | '\'') {
            let (text, after) = cut(length_of_text(rest, first));
            (Token::Literal(text), after)
        } else if first.is_ascii_digit() {
            let (text, after) = cut(length_while(rest, char::is_alphanumeric));
            (Token::Literal(text), after)
        } else if is_name(first) {
            let (text, after) = cut(length_while(rest, is_name));
            (Token::Name(text), after)
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let (text, after) = cut(sign.map_or(first.len_utf8(), |sign| sign.len()));
            (Token::Sign(text), after)
        };
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn length_while(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !holds(letter)).unwrap_or(text.len())
}

fn length_of_text(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if !escaped && letter == quote {
            return at + 1;
        }
        escaped = !escaped && letter == '\\';
    }
    text.len()
}
