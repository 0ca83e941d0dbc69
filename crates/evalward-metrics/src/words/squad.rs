//! Words after the normalisation of SQuAD's script, read from plain ASCII without a copy.

use super::ascii::SpecialBytes;

/// A word of a text; letters and digits, in their original case.
#[derive(Debug)]
pub(crate) enum SquadWord {
    /// It stands there as it is.
    Span(usize, usize),
    /// Punctuation stood in it.
    Joined(Vec<u8>),
}

/// The words of a text that is plain ASCII, without articles.
#[derive(Debug)]
pub(crate) struct SquadWords<'a> {
    text: &'a [u8],
    specials: SpecialBytes<'a>,
    /// Where the present run of letters and digits starts.
    start: usize,
    ended: bool,
}

impl<'a> SquadWords<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, specials: SpecialBytes::new(text), start: 0, ended: false }
    }

    /// Returns the next word, articles among them.
    #[inline]
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
                Some(at) if self.text[at].is_ascii_punctuation() => continue,
                Some(_) => {}
            }
            if word.is_some() {
                return word;
            }
        }
        None
    }

    #[cold]
    fn join(&self, before: SquadWord, start: usize, end: usize) -> SquadWord {
        let mut bytes = match before {
            SquadWord::Span(start, end) => self.text[start..end].to_vec(),
            SquadWord::Joined(bytes) => bytes,
        };
        bytes.extend_from_slice(&self.text[start..end]);
        SquadWord::Joined(bytes)
    }

    /// Returns the bytes of a word.
    #[inline]
    pub(crate) fn bytes<'b>(&self, word: &'b SquadWord) -> &'b [u8]
    where
        'a: 'b,
    {
        match word {
            SquadWord::Span(start, end) => &self.text[*start..*end],
            SquadWord::Joined(bytes) => bytes,
        }
    }
}

impl Iterator for SquadWords<'_> {
    type Item = SquadWord;

    #[inline]
    fn next(&mut self) -> Option<SquadWord> {
        loop {
            let word = self.any_word()?;
            if !is_article(self.bytes(&word)) {
                return Some(word);
            }
        }
    }
}

#[inline]
const fn is_article(word: &[u8]) -> bool {
    match word.len() {
        1 => word[0] | 0x20 == b'a',
        2 => word[0] | 0x20 == b'a' && word[1] | 0x20 == b'n',
        3 => word[0] | 0x20 == b't' && word[1] | 0x20 == b'h' && word[2] | 0x20 == b'e',
        _ => false,
    }
}
