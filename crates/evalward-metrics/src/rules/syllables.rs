//! Counting the syllables of English words by their letters.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

/// How a pattern that is found in a word changes the number of its groups of vowels.
struct Correction {
    pattern: Regex,
    change: i32,
}

/// Counts syllables, each word once however often it occurs.
#[derive(Debug, Default)]
pub(super) struct Syllables<'a> {
    known: BTreeMap<&'a str, u32>,
}

static VOWELS: LazyLock<Regex> = LazyLock::new(|| pattern("[aeiouy]+"));

/// An ending of which only the first kind that fits counts: it says that the `e` of the last group of vowels is silent.
static SILENT_ENDING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        // The `e` of `make`, of `makes` and of `baked`, but not of `table`, `boxes` and `needed`.
        r"(?:[^aeiouyl]|[aeiouy]l)e$",
        r"|(?:[^aeiouylsxzcgh]|[aeiouy]l|[^sc]h)es$",
        r"|(?:[^aeiouyltd]|[aeiouy]l)ed$",
    ))
});

static CORRECTIONS: LazyLock<[Correction; 4]> = LazyLock::new(|| {
    [
        // The silent `e` inside a word that has another behind it: `safely`, `statement`, `something`.
        (
            concat!(
                r"[aeiouy](?:[^aeiouy]*(?:[^aeiouyl]|[aeiouy]l)|l)e(?:ly|ments?|ful|less|ness|where|times?|thing|body|one|side",
                r"|land|line|life|work|how)$",
            ),
            -1,
        ),
        // Vowels that meet but are spoken apart: `radio`, `create`, `science`, `going`.
        (r"i[ao]|iu|eo|ua|uo|crea|oem|useu|[aeou]ing|ie[nrt]|[aeiou]y[aeiou]", 1),
        // Vowels of that form which are spoken as one all the same: `station`, `million`, `quality`, `friend`.
        (
            concat!(
                r"[tscxgln]i[ao]|[gq]u[ao]|[dg]eo(?:n|us)|peop|frien|view|[cs]hie|[bdfps]ierc?|tien|cien",
                r"|every",
            ),
            -1,
        ),
        // A syllable without a vowel: `realism`, `rhythm`.
        (r"(?:sm|thm)s?$", 1),
    ]
    .map(|(source, change)| Correction { pattern: pattern(source), change })
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant that the tests compile")
}

impl<'a> Syllables<'a> {
    /// Returns the number of syllables of a word, at least 1.
    pub(super) fn of(&mut self, word: &'a str) -> u32 {
        *self.known.entry(word).or_insert_with(|| count(word))
    }
}

/// Counts groups of vowels and corrects the count; a number has a syllable for each digit.
fn count(word: &str) -> u32 {
    let word = word.to_lowercase().replace('\u{2019}', "'");
    if !word.contains(char::is_alphabetic) {
        return tally(word.chars().filter(char::is_ascii_digit)).max(1);
    }
    if let Some(owner) = word.strip_suffix("'s").filter(|owner| !owner.is_empty()) {
        let hisses = ["s", "x", "z", "ch", "sh", "ce", "ge", "se"];
        let is_spoken = hisses.iter().any(|end| owner.ends_with(end));
        return count(owner) + u32::from(is_spoken);
    }
    // The negation of `didn't` is a syllable, that of `don't` is none.
    let negation = u32::from(word.ends_with("dn't") || word.ends_with("sn't"));
    let letters = word.replace('\'', "");
    let mut syllables = tally(VOWELS.find_iter(&letters));
    if syllables > 1 && SILENT_ENDING.is_match(&letters) {
        syllables -= 1;
    }
    for Correction { pattern, change } in &*CORRECTIONS {
        let found = tally(pattern.find_iter(&letters));
        syllables = if *change > 0 {
            syllables.saturating_add(found)
        } else {
            syllables.saturating_sub(found)
        };
    }
    syllables.saturating_add(negation).max(1)
}

fn tally<T>(items: impl Iterator<Item = T>) -> u32 {
    items.fold(0, |count, _| count.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(syllables: u32, words: &str) {
        for word in words.split(' ') {
            assert_eq!(count(word), syllables, "{word}");
        }
    }

    #[test]
    fn syllables_are_those_of_a_dictionary() {
        check(1, "the makes baked asked friend friends through view 7 don't —");
        check(2, "table boxes needed going didn't isn't Safely every quiet million 42 church's");
        check(3, "radio company animal somebody imagine 100");
        check(4, "information");
    }

    #[test]
    fn a_word_without_a_vowel_has_a_syllable() {
        check(1, "zzz tv 中 \u{301}");
    }
}
