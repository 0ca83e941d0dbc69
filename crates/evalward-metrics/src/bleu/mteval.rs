//! The tokenizer 13a, that of the script mteval-v13a.

use std::borrow::Cow;

use crate::words::{SpecialBytes, is_white_space};

/// Does what comes before the split: drops `<skipped>`, joins lines at a hyphen, and reads four entities.
pub(super) fn prepared(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(|byte| matches!(byte, b'<' | b'\n' | b'&')) {
        return Cow::Borrowed(text);
    }
    let mut text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    for (entity, letter) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
        // One after the other: what an entity leaves may be another.
        if text.contains(entity) {
            text = text.replace(entity, letter);
        }
    }
    Cow::Owned(text)
}

/// Calls `token` with the place of each token.
///
/// It is what the script's substitutions come to: symbols of ASCII stand alone, a period or a comma stands alone unless it touches
/// digits, and a hyphen stands alone after a digit.
pub(super) fn split(text: &str, mut token: impl FnMut(usize, usize)) {
    let mut scan = Scan { bytes: text.as_bytes(), start: 0, isolated: None };
    if text.is_ascii() {
        for at in SpecialBytes::new(text.as_bytes()) {
            scan.special(at, &mut token);
        }
    } else {
        for (at, letter) in text.char_indices() {
            if letter.is_ascii() {
                if !letter.is_ascii_alphanumeric() {
                    scan.special(at, &mut token);
                }
            } else if is_white_space(letter) {
                scan.cut(at, letter.len_utf8(), &mut token);
            }
        }
    }
    scan.cut(text.len(), 0, &mut token);
}

struct Scan<'a> {
    bytes: &'a [u8],
    /// Where the present token starts.
    start: usize,
    /// The last period or comma that stands alone because of what is before it.
    isolated: Option<usize>,
}

impl Scan<'_> {
    /// Ends the present token before a place, and starts the next one behind it.
    #[inline]
    fn cut(&mut self, at: usize, length: usize, token: &mut impl FnMut(usize, usize)) {
        if at > self.start {
            token(self.start, at);
        }
        self.start = at + length;
    }

    #[inline]
    fn alone(&mut self, at: usize, token: &mut impl FnMut(usize, usize)) {
        self.cut(at, 1, token);
        token(at, at + 1);
    }

    /// Decides about a byte of ASCII that is no letter and no digit.
    #[inline]
    fn special(&mut self, at: usize, token: &mut impl FnMut(usize, usize)) {
        let is_digit = |place: Option<usize>| {
            place.and_then(|place| self.bytes.get(place)).is_some_and(u8::is_ascii_digit)
        };
        match self.bytes[at] {
            b' ' | b'\t'..=b'\r' | 0x1c..=0x1f => self.cut(at, 1, token),
            b'.' | b',' => {
                let before = at.checked_sub(1);
                // The substitution that takes the byte before together with this one cannot take a byte twice.
                let taken = before.is_some() && self.isolated == before;
                if !is_digit(before) && !taken {
                    self.isolated = Some(at);
                    self.alone(at, token);
                } else if !is_digit(Some(at + 1)) {
                    self.alone(at, token);
                }
            }
            b'-' if is_digit(at.checked_sub(1)) => self.alone(at, token),
            b'-' | b'\'' | 0..=0x1b | 0x7f.. => {}
            _ => self.alone(at, token),
        }
    }
}
