//! Words after the normalisation of SQuAD's script, read from plain ASCII without a copy.

#![expect(
    clippy::inline_always,
    reason = "a call for each word takes a fifth of the time of a comparison"
)]

use super::ascii::SpecialBytes;

/// A word of a text; letters and digits, in their original case.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SquadWord {
    /// It stands there as it is.
    Span(usize, usize),
    /// Punctuation stood in it; its bytes are known until the next word is read.
    Joined,
}

/// The words of a text that is plain ASCII, without articles.
#[derive(Debug)]
pub(crate) struct SquadWords<'a> {
    text: &'a [u8],
    specials: SpecialBytes<'a>,
    /// Where the present run of letters and digits starts.
    start: usize,
    ended: bool,
    /// The bytes of the last word in which punctuation stood.
    joined: Vec<u8>,
}

impl<'a> SquadWords<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, specials: SpecialBytes::new(text), start: 0, ended: false, joined: Vec::new() }
    }

    /// Returns the next word, articles among them.
    #[inline(always)]
    fn any_word(&mut self) -> Option<SquadWord> {
        let mut word: Option<SquadWord> = None;
        while !self.ended {
            let special = self.specials.next();
            let end = special.unwrap_or(self.text.len());
            let start = std::mem::replace(&mut self.start, end + 1);
            if end > start {
                word = Some(match word {
                    None => SquadWord::Span(start, end),
                    Some(before) => self.join(before, start, end),
                });
            }
            match special {
                None => self.ended = true,
                // What is special in plain ASCII is either white space or punctuation.
                Some(at) if self.text[at] > b' ' => continue,
                Some(_) => {}
            }
            if word.is_some() {
                return word;
            }
        }
        None
    }

    #[cold]
    fn join(&mut self, before: SquadWord, start: usize, end: usize) -> SquadWord {
        if let SquadWord::Span(start, end) = before {
            self.joined.clear();
            self.joined.extend_from_slice(&self.text[start..end]);
        }
        self.joined.extend_from_slice(&self.text[start..end]);
        SquadWord::Joined
    }

    /// Returns the bytes of the word that was read last.
    #[inline(always)]
    pub(crate) fn bytes(&self, word: SquadWord) -> &[u8] {
        match word {
            SquadWord::Span(start, end) => &self.text[start..end],
            SquadWord::Joined => &self.joined,
        }
    }
}

impl Iterator for SquadWords<'_> {
    type Item = SquadWord;

    #[inline(always)]
    fn next(&mut self) -> Option<SquadWord> {
        loop {
            let word = self.any_word()?;
            if !is_article(self.bytes(word)) {
                return Some(word);
            }
        }
    }
}

#[inline(always)]
const fn is_article(word: &[u8]) -> bool {
    match word {
        [a] => *a | 0x20 == b'a',
        [a, n] => *a | 0x20 == b'a' && *n | 0x20 == b'n',
        [t, h, e] => *t | 0x20 == b't' && *h | 0x20 == b'h' && *e | 0x20 == b'e',
        _ => false,
    }
}
