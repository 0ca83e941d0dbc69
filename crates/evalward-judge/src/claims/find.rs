//! Finding a quotation in a text, however it was copied.

use std::ops::Range;

/// The longest quotation that is looked for, in bytes.
const LONGEST: usize = 4000;

/// How many places are passed over, since they lie within words or numbers, before the search ends: in one letter a million times,
/// it would take hours.
const MOST_PASSED: usize = 2000;

/// A text as quotations are compared: small letters, single spaces, plain quotation marks and dashes, no emphasis.
#[derive(Debug, Default)]
pub(crate) struct Searchable {
    text: String,
    /// Where its letters stand in the original, in order.
    runs: Vec<Run>,
}

/// Letters in a row that stand in a row in the original, too.
#[derive(Debug)]
struct Run {
    /// Where the first of them stands in the compared text, in bytes.
    compared: usize,
    /// Where they stand in the original, in bytes.
    original: Range<usize>,
    /// Whether each has as many bytes as in the original; else the run is a single letter.
    is_even: bool,
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
        let compared = self.text.len();
        let is_even = letter.len_utf8() == place.len();
        self.text.push(letter);
        if let Some(last) = self.runs.last_mut().filter(|last| last.is_even && is_even)
            && last.original.end == place.start
            && last.compared + last.original.len() == compared
        {
            last.original.end = place.end;
        } else {
            self.runs.push(Run { compared, original: place.clone(), is_even });
        }
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

    /// Returns where the needle stands as whole words and numbers, from a place on.
    fn position(&self, mut from: usize, needle: &str) -> Option<usize> {
        for _ in 0..MOST_PASSED {
            let (_, rest) = self.text.split_at_checked(from)?;
            let at = from + rest.find(needle)?;
            let (before, rest) = self.text.split_at_checked(at)?;
            let (_, after) = self.text.split_at_checked(at + needle.len())?;
            if !cuts(before, rest) && !cuts(self.text.get(..at + needle.len())?, after) {
                return Some(at);
            }
            from = at + rest.chars().next()?.len_utf8();
        }
        None
    }

    /// Returns where a byte of the compared text stands in the original: itself, or all of its letter.
    fn original(&self, byte: usize) -> Range<usize> {
        let next = self.runs.partition_point(|run| run.compared <= byte);
        let Some(run) = next.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return 0..0;
        };
        if run.is_even {
            let at = run.original.start + (byte - run.compared);
            at..at + 1
        } else {
            run.original.clone()
        }
    }
}

/// Whether a word or a number goes on from one text to the next: `Ott` cuts `Ottawa`, and `$49` cuts `$49.99`.
fn cuts(before: &str, after: &str) -> bool {
    let (mut back, mut ahead) = (before.chars().rev(), after.chars());
    let (Some(last), Some(first)) = (back.next(), ahead.next()) else { return false };
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let is_point = |letter: char| ".,:".contains(letter);
    if last.is_ascii_digit() && is_point(first) {
        return is_digit(ahead.next());
    }
    if is_point(last) && first.is_ascii_digit() {
        return is_digit(back.next());
    }
    let is_of_a_word = |letter: char| letter.is_alphanumeric() && !stands_without_spaces(letter);
    is_of_a_word(last) && is_of_a_word(first)
}

/// Whether a letter is of a script that puts no spaces between words, so that none are cut: Thai, Lao, Tibetan, Burmese, Khmer,
/// Japanese, Chinese.
const fn stands_without_spaces(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
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

    #[test]
    fn a_part_of_a_number_is_not_the_number() {
        let text = "It costs $49.99 or 1,200 yen, opens at 12:30 and takes 5. 7 are left.";
        for quotation in ["It costs $49", "or 1", "200 yen", "99 or", "opens at 12", "30 and takes"]
        {
            assert_eq!(find(text, quotation), None, "{quotation}");
        }
        for quotation in ["it costs $49.99", "1,200 yen", "opens at 12:30", "takes 5", "7 are left"]
        {
            assert!(find(text, quotation).is_some(), "{quotation}");
        }
    }

    #[test]
    fn words_without_spaces_between_them_are_found() {
        let text = "退款需要五个工作日，运费为10元。คืนเงินภายในห้าวัน";
        for quotation in ["需要五个工作日", "退款需要", "运费为10元", "10元", "ภายในห้าวัน"]
        {
            assert_eq!(find(text, quotation).unwrap(), [quotation]);
        }
        assert_eq!(find(text, "运费为1"), None);
    }

    #[test]
    fn letters_that_change_their_length_keep_their_places() {
        let text = "İstanbul’da “ẞ” *İİ* straße";
        assert_eq!(find(text, "İSTANBUL'DA").unwrap(), ["İstanbul’da"]);
        assert_eq!(find(text, "ß\" İİ STRAßE").unwrap(), ["ẞ” *İİ* straße"]);
        assert_eq!(find(text, "straße").unwrap(), ["straße"]);
    }

    #[test]
    fn a_quotation_that_is_nearly_everywhere_is_looked_for_in_bounded_time() {
        let endless = Searchable::new(&"a".repeat(1 << 20));
        for _ in 0..5 {
            assert_eq!(endless.find(&"a".repeat(LONGEST)), None);
        }
        let endless = Searchable::new(&"$ab".repeat(1 << 18));
        assert_eq!(endless.find(&format!("{}$a", "$ab".repeat(1000))), None);
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
