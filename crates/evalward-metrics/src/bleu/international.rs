//! The tokenizer `intl`, that of the script mteval-v14.

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::words::is_white_space;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    WhiteSpace,
    Number,
    Punctuation,
    Symbol,
    Other,
}

/// Calls `token` with each token.
///
/// It is what the script's substitutions come to: symbols stand alone, and so does punctuation unless a number stands before it and
/// a number or the end of the text behind it.
pub(super) fn split<'a>(text: &'a str, mut token: impl FnMut(&'a str)) {
    let (mut start, mut before, mut isolated) = (0, None, false);
    let mut letters =
        text.char_indices().map(|(at, letter)| (at, letter, class(letter))).peekable();
    while let Some((at, letter, class)) = letters.next() {
        let after = letters.peek().map(|(_, _, class)| *class);
        // The substitution that takes the letter before together with this one cannot take a letter twice.
        let by_letter_before = class == Class::Punctuation
            && before.is_some_and(|it| it != Class::Number)
            && !isolated;
        let alone = match class {
            Class::Symbol => true,
            Class::Punctuation => by_letter_before || after.is_some_and(|it| it != Class::Number),
            Class::WhiteSpace | Class::Number | Class::Other => false,
        };
        if alone || isolated || class == Class::WhiteSpace {
            give(text, start, at, &mut token);
            start = at;
        }
        if alone || class == Class::WhiteSpace {
            let end = at + letter.len_utf8();
            if alone {
                give(text, at, end, &mut token);
            }
            start = end;
        }
        isolated = by_letter_before;
        before = Some(class);
    }
    give(text, start, text.len(), &mut token);
}

fn give<'a>(text: &'a str, start: usize, end: usize, token: &mut impl FnMut(&'a str)) {
    if let Some(found) = text.get(start..end).filter(|found| !found.is_empty()) {
        token(found);
    }
}

fn class(letter: char) -> Class {
    use GeneralCategory as Category;
    if is_white_space(letter) {
        return Class::WhiteSpace;
    }
    match get_general_category(letter) {
        Category::DecimalNumber | Category::LetterNumber | Category::OtherNumber => Class::Number,
        Category::ConnectorPunctuation
        | Category::DashPunctuation
        | Category::OpenPunctuation
        | Category::ClosePunctuation
        | Category::InitialPunctuation
        | Category::FinalPunctuation
        | Category::OtherPunctuation => Class::Punctuation,
        Category::MathSymbol
        | Category::CurrencySymbol
        | Category::ModifierSymbol
        | Category::OtherSymbol => Class::Symbol,
        _ => Class::Other,
    }
}
