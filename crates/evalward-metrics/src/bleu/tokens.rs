//! From texts to the numbers of their tokens.

use std::borrow::Cow;

use super::{international, mteval};
use crate::BleuTokenizer;
use crate::words::{Vocabulary, is_white_space, trim_end, words};

/// Appends the numbers of a text's tokens.
pub(super) fn tokens(
    text: &str,
    tokenizer: BleuTokenizer,
    lowercase: bool,
    vocabulary: &mut Vocabulary,
) -> Vec<u32> {
    let text = match lowercase {
        false => Cow::Borrowed(text),
        true if text.is_ascii() => Cow::Owned(text.to_ascii_lowercase()),
        true => Cow::Owned(text.to_lowercase()),
    };
    let text = trim_end(&text);
    let mut tokens = Vec::with_capacity(text.len() / 4);
    match tokenizer {
        BleuTokenizer::Mteval13a => {
            let text = mteval::prepared(text);
            let bytes = text.as_bytes();
            mteval::split(&text, |start, end| tokens.push(vocabulary.number_in(bytes, start, end)));
        }
        BleuTokenizer::International => {
            international::split(text, |token| tokens.push(vocabulary.number(token.as_bytes())));
        }
        BleuTokenizer::Characters => {
            let mut buffer = [0; 4];
            for letter in text.chars().filter(|&letter| !is_white_space(letter)) {
                tokens.push(vocabulary.number(letter.encode_utf8(&mut buffer).as_bytes()));
            }
        }
        BleuTokenizer::None => {
            tokens.extend(words(text).map(|word| vocabulary.number(word.as_bytes())));
        }
    }
    tokens
}
