//! The set of character 5-grams of a text.

use evalward_core::Example;

use super::normal::normalize;
use super::text::input_text;

/// The number of characters of a gram.
pub(crate) const GRAM: usize = 5;

/// Of a text so many characters count, after normalisation.
pub(crate) const MOST_CHARACTERS: usize = 65_536;

/// A gram without loss: 21 bits for each of its characters.
pub(crate) type Gram = u128;

/// The distinct 5-grams of a normalised text, in order.
///
/// A text of fewer than five characters is one gram, so that it is like itself only. An empty one has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Grams(Vec<Gram>);

impl Grams {
    /// Collects the grams of a normalised text.
    pub(crate) fn of(normal: &str) -> Self {
        Self::of_characters(normal.chars())
    }

    /// Collects the grams of the characters of a normalised text.
    pub(crate) fn of_characters(normal: impl Iterator<Item = char>) -> Self {
        let mut grams = Vec::with_capacity(normal.size_hint().0);
        let mut window: Gram = 0;
        let mut length = 0;
        for character in normal {
            window = push(window, character);
            length += 1;
            if length >= GRAM {
                grams.push(window);
            }
        }
        if (1..GRAM).contains(&length) {
            grams.push(window);
        }
        grams.sort_unstable();
        grams.dedup();
        Self(grams)
    }

    /// Returns the grams in order.
    pub(crate) fn as_slice(&self) -> &[Gram] {
        &self.0
    }

    /// Returns the share of all grams that both have, |A ∩ B| / |A ∪ B| (Broder, "On the resemblance and containment of
    /// documents", 1997, section 2); 1 where both are empty.
    pub(crate) fn resemblance(&self, other: &Self) -> f64 {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    left.next();
                    right.next();
                }
            }
        }
        let all = self.0.len() + other.0.len() - shared;
        if all == 0 { 1.0 } else { share(shared, all) }
    }
}

/// Moves a gram on by one character.
pub(crate) fn push(gram: Gram, character: char) -> Gram {
    const MASK: Gram = (1 << (21 * 5)) - 1;
    ((gram << 21) | Gram::from(u32::from(character))) & MASK
}

/// Returns a part of a whole; both are at most [`MOST_CHARACTERS`] times two, so nothing is lost.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

/// Returns how alike the inputs of two examples are, from 0 to 1: the share of character 5-grams that both have, after case,
/// punctuation and white space were evened out.
pub fn similarity(left: &Example, right: &Example) -> f64 {
    let grams = |example: &Example| Grams::of(&comparable(&input_text(&example.input)));
    grams(left).resemblance(&grams(right))
}

/// Returns the normal form of a text; where nothing is left of it, as of `?!` or a space, the text as it is.
pub(crate) fn comparable(text: &str) -> String {
    let normal = normalize(text, MOST_CHARACTERS);
    if normal.is_empty() { text.chars().take(MOST_CHARACTERS).collect() } else { normal }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(left: &str, right: &str) -> f64 {
        let asks =
            |text: &str| Example::new("x", evalward_core::Partition::Golden).with_input("q", text);
        similarity(&asks(left), &asks(right))
    }

    #[track_caller]
    fn check(left: &str, right: &str, expected: f64) {
        assert!((of(left, right) - expected).abs() < 1e-12, "{}", of(left, right));
        assert!((of(right, left) - expected).abs() < 1e-12, "{}", of(right, left));
    }

    #[test]
    fn the_shared_grams_are_counted() {
        check("abcdef", "abcdef", 1.0);
        check("abcdef", "abcdefg", 2.0 / 3.0);
        check("abcdef", "ABC,def", 0.0);
        check("Hello, World!", "hello world", 1.0);
    }

    #[test]
    fn short_and_empty_texts_are_like_themselves_only() {
        check("SSO?", "sso", 1.0);
        check("SSO", "SSL", 0.0);
        check("", "", 1.0);
        check("", "a", 0.0);
        check("", " ", 0.0);
        check("?!", "…", 0.0);
        check("?!", " ?!", 0.0);
    }
}
