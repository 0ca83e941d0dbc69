//! Reading ASCII eight bytes at a time.

/// The lowest bit of each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of each byte.
const HIGHS: u64 = ONES << 7;

/// Whether the text is ASCII without control characters other than white space.
pub(crate) fn is_plain_ascii(text: &str) -> bool {
    // No branch in the loop, so that it runs on many bytes at once.
    text.bytes().fold(true, |plain, byte| {
        plain & (matches!(byte, b' '..=b'~') | matches!(byte, b'\t'..=b'\r' | 0x1c..=0x1f))
    })
}

/// The places of the bytes that are no letter and no digit, in order; the text must be ASCII.
#[derive(Debug)]
pub(crate) struct SpecialBytes<'a> {
    text: &'a [u8],
    /// One bit for each byte from `base` that is special and was not given out.
    specials: u64,
    base: usize,
}

impl<'a> SpecialBytes<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, specials: specials_of(text, 0), base: 0 }
    }
}

impl Iterator for SpecialBytes<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.specials == 0 {
            self.base += 64;
            if self.base >= self.text.len() {
                self.base -= 64;
                return None;
            }
            self.specials = specials_of(self.text, self.base);
        }
        let offset = self.specials.trailing_zeros();
        self.specials &= self.specials - 1;
        Some(self.base + usize::try_from(offset).unwrap_or(0))
    }
}

/// Returns a bit for each of the 64 bytes from `base` that is no letter and no digit.
#[inline]
fn specials_of(text: &[u8], base: usize) -> u64 {
    let rest = text.get(base..).unwrap_or_default();
    if let Some(block) = rest.first_chunk::<64>() {
        let (parts, _) = block.as_chunks::<8>();
        return parts.iter().rev().fold(0, |bits, part| bits << 8 | specials_in(*part));
    }
    let mut bits = 0;
    let (parts, tail) = rest.as_chunks::<8>();
    for (index, part) in parts.iter().enumerate() {
        bits |= specials_in(*part) << (8 * index);
    }
    if !tail.is_empty() {
        // The filling is a letter, which is not special.
        let mut last = [b'a'; 8];
        last[..tail.len()].copy_from_slice(tail);
        bits |= specials_in(last) << (8 * parts.len());
    }
    bits
}

/// Returns a bit for each byte that is no letter and no digit.
#[inline]
const fn specials_in(bytes: [u8; 8]) -> u64 {
    let bytes = u64::from_le_bytes(bytes);
    let lower = bytes | (ONES * 0x20);
    // Adding lifts the highest bit of each byte that is at least as large as the limit.
    let letters = (lower + ONES * (0x80 - 0x61)) & !(lower + ONES * (0x80 - 0x7b));
    let digits = (bytes + ONES * (0x80 - 0x30)) & !(bytes + ONES * (0x80 - 0x3a));
    let specials = !(letters | digits) & HIGHS;
    // The product gathers the highest bits in one byte.
    (specials >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_bytes_that_are_no_letter_and_no_digit_are_special() {
        let all: Vec<u8> = (0..128).collect();
        for length in 0..=128 {
            let text = &all[..length];
            let found: Vec<usize> = SpecialBytes::new(text).collect();
            let expected: Vec<usize> =
                (0..length).filter(|&at| !text[at].is_ascii_alphanumeric()).collect();
            assert_eq!(found, expected, "{length}");
        }
    }

    #[test]
    fn long_runs_of_letters_are_passed_over() {
        let text = format!("{}-{}", "a".repeat(1000), "b".repeat(1000));
        assert_eq!(SpecialBytes::new(text.as_bytes()).collect::<Vec<_>>(), [1000]);
    }
}
