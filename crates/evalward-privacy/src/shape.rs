//! One cheap look at a text, which tells what cannot be in it: most texts name nobody, and the detectors need not read them.

/// What a text could hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// It has a digit.
    pub(crate) has_digit: bool,
    /// It has enough digits close together for a telephone number or a payment card.
    pub(crate) has_number: bool,
    /// It has a piece without a space that is long and mixed enough for a random value.
    pub(crate) has_mixed_piece: bool,
}

/// The fewest digits of a number that a detector reports.
const NUMBER_DIGITS: u32 = 7;

/// The most bytes between two digits of one number: a bracket, a separator of up to three bytes, and another bracket.
const NUMBER_GAP: u32 = 5;

/// The fewest bytes of a random value.
const PIECE_BYTES: u32 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Space,
    /// A byte of a character beyond ASCII, which may be a letter as well as a separator.
    Beyond,
    Sign,
}

/// The class of every byte.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Sign; 256];
    let mut byte = 0_u8;
    loop {
        classes[index_of(byte)] = match byte {
            b'0'..=b'9' => Class::Digit,
            b'A'..=b'Z' | b'a'..=b'z' => Class::Letter,
            b' ' | b'\t'..=b'\r' => Class::Space,
            128..=255 => Class::Beyond,
            _ => Class::Sign,
        };
        if byte == 255 {
            break classes;
        }
        byte += 1;
    }
};

#[expect(clippy::as_conversions, reason = "`usize::from` is not const, and widening loses nothing")]
const fn index_of(byte: u8) -> usize {
    byte as usize
}

impl Shape {
    /// Looks at a text; what it says of one that has something is always true, of one that has nothing only mostly.
    pub(crate) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let (mut digits, mut gap) = (0_u32, 0_u32);
        let (mut piece, mut piece_digit, mut piece_letter) = (0_u32, false, false);
        for byte in text.as_bytes() {
            let class = CLASSES[index_of(*byte)];
            match class {
                Class::Digit => {
                    digits = if gap > NUMBER_GAP { 1 } else { digits + 1 };
                    gap = 0;
                    shape.has_digit = true;
                    shape.has_number |= digits >= NUMBER_DIGITS;
                }
                Class::Letter => digits = 0,
                Class::Space | Class::Beyond | Class::Sign => gap += 1,
            }
            if class == Class::Space {
                (piece, piece_digit, piece_letter) = (0, false, false);
                continue;
            }
            piece += 1;
            piece_digit |= class == Class::Digit;
            piece_letter |= matches!(class, Class::Letter | Class::Beyond);
            shape.has_mixed_piece |= piece >= PIECE_BYTES && piece_digit && piece_letter;
        }
        shape
    }
}
