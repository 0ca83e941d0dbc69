//! The vocabulary: which pieces of words a model knows, and the number of each.

use std::collections::HashMap;

use super::clean::clean;
use super::split::{Word, Words};

/// Longer words are unknown, whatever their pieces.
const LONGEST_WORD: usize = 100;

/// What starts a piece that continues a word.
const CONTINUATION: &str = "##";

/// The tokens that a text may hold literally; they are found before anything else is done.
const LITERAL: [&str; 5] = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

/// The pieces of words that a model knows, with their numbers.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    starts: HashMap<Box<str>, usize>,
    continuations: HashMap<Box<str>, usize>,
    /// The longest piece in bytes.
    longest: usize,
    literal: Vec<(&'static str, usize)>,
    unknown: usize,
    first: usize,
    last: usize,
    size: usize,
}

impl Vocabulary {
    /// Reads a `vocab.txt`: a piece a line, whose number is that of the line.
    ///
    /// # Errors
    /// What is missing.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut starts = HashMap::new();
        let mut continuations = HashMap::new();
        let (mut longest, mut size) = (0, 0);
        for (number, piece) in text.lines().enumerate() {
            longest = longest.max(piece.len());
            size = number + 1;
            match piece.strip_prefix(CONTINUATION) {
                Some(piece) if !piece.is_empty() => continuations.insert(piece.into(), number),
                _ => starts.insert(piece.into(), number),
            };
        }
        let find = |token: &str| starts.get(token).copied();
        let need = |token: &str| find(token).ok_or_else(|| format!("it has no `{token}`"));
        let (unknown, first, last) = (need("[UNK]")?, need("[CLS]")?, need("[SEP]")?);
        let literal = LITERAL.iter().filter_map(|token| Some((*token, find(token)?))).collect();
        Ok(Self { starts, continuations, longest, literal, unknown, first, last, size })
    }

    /// Returns the number of lines; every token is smaller.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Returns the tokens of a text, at most `limit`, the marks of its start and end included. What is beyond the limit is not
    /// looked at.
    pub(crate) fn encode(&self, text: &str, limit: usize) -> Vec<usize> {
        let most = limit.saturating_sub(2);
        let mut tokens = vec![self.first];
        let mut rest = text;
        while tokens.len() <= most && !rest.is_empty() {
            let (before, literal, after) = self.next_literal(rest);
            self.encode_plain(before, most + 1, &mut tokens);
            tokens.extend(literal);
            rest = after;
        }
        tokens.truncate(most + 1);
        tokens.push(self.last);
        tokens
    }

    /// Splits a text at its first literal token.
    fn next_literal<'a>(&self, text: &'a str) -> (&'a str, Option<usize>, &'a str) {
        for (place, _) in text.match_indices('[') {
            let (before, rest) = text.split_at(place);
            let found = self.literal.iter().find_map(|(token, number)| {
                rest.strip_prefix(token).map(|after| (before, Some(*number), after))
            });
            if let Some(found) = found {
                return found;
            }
        }
        (text, None, "")
    }

    fn encode_plain(&self, text: &str, limit: usize, tokens: &mut Vec<usize>) {
        for word in Words::new(clean(text), LONGEST_WORD) {
            match word {
                Word::Of(word) => self.encode_word(&word, tokens),
                Word::TooLong => tokens.push(self.unknown),
            }
            if tokens.len() >= limit {
                return;
            }
        }
    }

    /// Splits a word into the longest known pieces from the left; a word with an unknown piece is unknown as a whole.
    fn encode_word(&self, word: &str, tokens: &mut Vec<usize>) {
        let before = tokens.len();
        let mut rest = word;
        while !rest.is_empty() {
            let pieces = if tokens.len() == before { &self.starts } else { &self.continuations };
            let Some((number, after)) = longest_piece(pieces, rest, self.longest) else {
                tokens.truncate(before);
                tokens.push(self.unknown);
                return;
            };
            tokens.push(number);
            rest = after;
        }
    }
}

fn longest_piece<'a>(
    pieces: &HashMap<Box<str>, usize>,
    word: &'a str,
    longest: usize,
) -> Option<(usize, &'a str)> {
    let mut end = word.floor_char_boundary(longest);
    while end > 0 {
        let (piece, rest) = word.split_at(end);
        if let Some(number) = pieces.get(piece) {
            return Some((*number, rest));
        }
        end = word.floor_char_boundary(end - 1);
    }
    None
}
