//! Finding a quotation in a text, however it was copied.

use std::ops::Range;

/// The longest quotation that is looked for, in bytes.
const LONGEST: usize = 4000;

/// A text as quotations are compared: small letters, single spaces, plain quotation marks and dashes, no emphasis.
#[derive(Debug, Default)]
pub(crate) struct Searchable {
    text: String,
    /// Where each letter stands: first in `text`, then in the original, in bytes.
    places: Vec<(usize, Range<usize>)>,
}

/// Marks of emphasis and headings, which a model leaves out when it quotes.
const EMPHASIS: [char; 4] = ['*', '_', '`', '#'];

impl Searchable {
    pub(crate) fn new(text: &str) -> Self {
        let mut it = Self::default();
        for (start, letter) in text.char_indices() {
            let place = start..start + letter.len_utf8();
            if EMPHASIS.contains(&letter) {
                continue;
            }
            if letter.is_whitespace() {
                if !it.text.is_empty() && !it.text.ends_with(' ') {
                    it.push(' ', &place);
                }
                continue;
            }
            for lower in plain(letter).to_lowercase() {
                it.push(lower, &place);
            }
        }
        it
    }

    fn push(&mut self, letter: char, place: &Range<usize>) {
        self.places.push((self.text.len(), place.clone()));
        self.text.push(letter);
    }

    /// Returns where a quotation stands, in bytes of the text; its parts, where it leaves something out by `...`, in order.
    ///
    /// What has fewer than three bytes is found nowhere, since it stands everywhere.
    pub(crate) fn find(&self, quotation: &str) -> Option<Vec<Range<usize>>> {
        if quotation.len() > LONGEST {
            return None;
        }
        let mut found = Vec::new();
        let mut from = 0;
        for part in quotation.replace('…', "...").split("...") {
            let part = Self::new(part);
            let Some(needle) = trimmed(&part.text) else { continue };
            let at = self.position(from, needle)?;
            from = at + needle.len();
            found.push(self.original(at).start..self.original(from - 1).end);
        }
        let length = found.iter().map(ExactSizeIterator::len).sum::<usize>();
        (length >= 3).then_some(found)
    }

    /// Returns where the needle stands as whole words, from a place on.
    fn position(&self, mut from: usize, needle: &str) -> Option<usize> {
        let inside = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        loop {
            let (_, rest) = self.text.split_at_checked(from)?;
            let at = from + rest.find(needle)?;
            let (before, rest) = self.text.split_at_checked(at)?;
            let after = rest.strip_prefix(needle)?;
            let starts_inside = inside(needle.chars().next()) && inside(before.chars().next_back());
            let ends_inside = inside(needle.chars().next_back()) && inside(after.chars().next());
            if !starts_inside && !ends_inside {
                return Some(at);
            }
            from = at + rest.chars().next()?.len_utf8();
        }
    }

    /// Returns where the letter at a byte of the compared text stands in the original.
    fn original(&self, byte: usize) -> Range<usize> {
        let next = self.places.partition_point(|(start, _)| *start <= byte);
        next.checked_sub(1)
            .and_then(|index| self.places.get(index))
            .map_or(0..0, |(_, it)| it.clone())
    }
}

/// Returns a quotation without spaces, quotation marks and full stops at its ends; `None` where no letter is left.
fn trimmed(text: &str) -> Option<&str> {
    let is_dropped = |letter: char| !letter.is_alphanumeric() && !"$€£%".contains(letter);
    Some(text.trim_matches(is_dropped)).filter(|text| !text.is_empty())
}

/// Returns the plain form of quotation marks and dashes.
const fn plain(letter: char) -> char {
    match letter {
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' | '«' | '»' | '″' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(text: &str, quotation: &str) -> Option<Vec<String>> {
        let found = Searchable::new(text).find(quotation)?;
        Some(found.into_iter().map(|range| text.get(range).unwrap().to_owned()).collect())
    }

    #[test]
    fn a_quotation_is_found_however_it_was_copied() {
        let text = "Refunds are **paid out**\nwithin five\u{a0}days – “always”.";
        for quotation in [
            "refunds are paid out within FIVE days",
            "\"Refunds are paid out within five days - 'always'.\""
                .replace("'always'", "\"always\"")
                .as_str(),
            "Refunds are ... within five days",
        ] {
            assert!(find(text, quotation).is_some(), "{quotation}");
        }
        assert_eq!(find(text, "paid out within").unwrap(), ["paid out**\nwithin"]);
        assert_eq!(find(text, "five … always").unwrap(), ["five", "always"]);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let text = "The price is $49.99 for 30 days; Ottawa.";
        for quotation in ["$49.9", "9.99", "30 day", "Ott", "days for", "", "...", "is", "$59.99"] {
            assert_eq!(find(text, quotation), None, "{quotation}");
        }
        assert_eq!(find(text, "$49.99").unwrap(), ["$49.99"]);
    }

    proptest! {
        #[test]
        fn every_run_of_words_is_found(words in prop::collection::vec("[a-zéß]{2,8}", 3..20), from in 0_usize..20, count in 2_usize..6) {
            let text = words.join(" ");
            let from = from % words.len();
            let quotation = words[from..(from + count).min(words.len())].join(" ");
            if quotation.chars().count() >= 3 {
                prop_assert!(Searchable::new(&text).find(&quotation).is_some());
            }
        }

        #[test]
        fn places_lie_between_letters(text in "\\PC{0,40}", quotation in "\\PC{0,10}") {
            for range in Searchable::new(&text).find(&quotation).unwrap_or_default() {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
