//! The form in which texts are compared.

use unicode_normalization::UnicodeNormalization;

/// Brings texts into the form in which they are compared: NFKC, case folded, with single spaces in place of punctuation,
/// symbols of ASCII and white space, and without invisible characters.
///
/// What is written to it in pieces is one text, as long as no piece starts with a combining mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Normalizer {
    /// Whether a space belongs before the next character.
    gap: bool,
    /// How many more characters are taken.
    room: usize,
}

impl Normalizer {
    /// Starts a text of at most so many characters.
    pub(crate) const fn with_room(room: usize) -> Self {
        Self { gap: false, room }
    }

    /// Appends the normal form of a piece; returns whether all of it fitted.
    pub(crate) fn write(&mut self, piece: &str, emit: &mut dyn FnMut(char)) -> bool {
        if piece.is_ascii() {
            return piece.bytes().all(|byte| self.character(char::from(byte), emit));
        }
        let folded = piece.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
        folded.nfc().all(|character| self.character(character, emit))
    }

    fn character(&mut self, character: char, emit: &mut dyn FnMut(char)) -> bool {
        if is_invisible(character) {
            return true;
        }
        if !is_kept(character) {
            self.gap = true;
            return true;
        }
        if self.room == 0 {
            return false;
        }
        if std::mem::take(&mut self.gap) {
            emit(' ');
            self.room -= 1;
            if self.room == 0 {
                return false;
            }
        }
        self.room -= 1;
        emit(character.to_ascii_lowercase());
        true
    }
}

/// Returns the normal form of a text, of at most so many characters; spaces at both ends are no part of it.
pub(crate) fn normalize(text: &str, most_characters: usize) -> String {
    let mut normal = String::with_capacity(text.len().min(4 * most_characters));
    let mut first = true;
    Normalizer::with_room(most_characters).write(text, &mut |character| {
        if !(first && character == ' ') {
            normal.push(character);
        }
        first = false;
    });
    normal
}

/// Zero-width characters, soft hyphens, and marks of direction.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Letters, digits, combining marks and symbols beyond Latin, such as emoji; not punctuation.
fn is_kept(character: char) -> bool {
    match character {
        '\0'..'\u{300}'
        | '\u{2000}'..='\u{206f}'
        | '\u{3000}'..='\u{3004}'
        | '\u{3008}'..='\u{3020}'
        | '\u{fe10}'..='\u{fe6f}' => character.is_alphanumeric(),
        // Punctuation of Greek, Armenian, Hebrew, Arabic, the scripts of India, and the katakana dot.
        '\u{37e}'
        | '\u{387}'
        | '\u{55a}'..='\u{55f}'
        | '\u{589}'
        | '\u{5be}'
        | '\u{5c3}'
        | '\u{60c}'
        | '\u{61b}'
        | '\u{61f}'
        | '\u{66a}'..='\u{66d}'
        | '\u{6d4}'
        | '\u{964}'
        | '\u{965}'
        | '\u{30fb}' => false,
        _ => !character.is_whitespace() && !character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(normalize(text, 100), expected);
    }

    #[test]
    fn case_punctuation_and_spaces_do_not_matter() {
        check("  How do I\tRESET my pass-word?! ", "how do i reset my pass word");
        check("Straße, ΟΔΟΣ “ﬁne” ＡＢＣ", "strasse οδοσ fine abc");
        check("पासवर्ड भूल गया।", "पासवर्ड भूल गया");
        check("値段は？", "値段は");
        check("pass\u{200b}word\u{202e}", "password");
        check("¡Hola!\u{0}🙂", "hola 🙂");
        check("?!… —", "");
    }

    #[test]
    fn no_more_characters_are_taken_than_there_is_room_for() {
        assert_eq!(normalize("abcdef", 3), "abc");
        assert_eq!(normalize("abc def", 4).chars().count(), 4);
    }
}
