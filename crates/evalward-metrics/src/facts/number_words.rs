//! Numbers in words, in English, German, French and Spanish.
//!
//! Words that mean something else in another of these languages are left out: `once` (Spanish for eleven), `cent`, `neuf`.

const UNITS: [(&str, u8); 8] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
];

const TENS: [(&str, u8); 8] = [
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
];

const OTHERS: [(&str, u8); 56] = [
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwölf", 12),
    ("vierzehn", 14),
    ("fünfzehn", 15),
    ("zwanzig", 20),
    ("dreißig", 30),
    ("dreissig", 30),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("quinze", 15),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("doce", 12),
    ("quince", 15),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("sesenta", 60),
];

/// Words of other languages that mean something else in English: a sprite, an operating system, a fruit, a month, a name.
const ENGLISH_TOO: [&str; 6] = ["elf", "dos", "quince", "sept", "dix", "doce"];

/// Returns whether a word, in lower case, is a number only in a text of its own language.
pub(super) fn is_english_too(word: &str) -> bool {
    ENGLISH_TOO.contains(&word)
}

/// The word for one, which is a pronoun too and counts only before a unit. Articles do not: `$49 a month` is a rate.
pub(super) const ONE: &str = "one";

/// Returns the value of words such as `thirty` or `twenty-five`, in lower case.
pub(super) fn value(words: &str) -> Option<u128> {
    let lookup = |word: &str, table: &[(&str, u8)]| {
        table.iter().find(|(known, _)| *known == word).map(|(_, value)| u128::from(*value))
    };
    let simple = |word: &str| {
        lookup(word, &UNITS).or_else(|| lookup(word, &TENS)).or_else(|| lookup(word, &OTHERS))
    };
    if let Some((tens, unit)) =
        words.split_once(|letter: char| letter == '-' || letter.is_whitespace())
    {
        let unit = if unit == "one" { Some(1) } else { lookup(unit, &UNITS) };
        return Some(lookup(tens, &TENS)? + unit?);
    }
    simple(words)
}

/// Returns a pattern for all words, longer ones first.
pub(super) fn pattern() -> String {
    let names =
        |table: &[(&'static str, u8)]| table.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let mut words = [names(&UNITS), names(&TENS), names(&OTHERS)].concat();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let (tens, units) = (names(&TENS).join("|"), names(&UNITS).join("|"));
    format!(r"(?:{tens})[-\s](?:one|{units})|{}", words.join("|"))
}
