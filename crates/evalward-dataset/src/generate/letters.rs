//! Tables of letters: neighbours on a keyboard, and letters that look alike.

/// The rows of a keyboard with the letters of English.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// Latin letters and the Cyrillic or Greek ones that look like them.
const LOOK_ALIKES: [(char, char); 17] = [
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('e', '\u{435}'),
    ('i', '\u{456}'),
    ('j', '\u{458}'),
    ('o', '\u{43e}'),
    ('p', '\u{440}'),
    ('s', '\u{455}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
    ('A', '\u{410}'),
    ('B', '\u{412}'),
    ('E', '\u{415}'),
    ('H', '\u{41d}'),
    ('K', '\u{39a}'),
    ('O', '\u{41e}'),
    ('T', '\u{422}'),
];

/// Returns the letters to the left and right on a keyboard.
pub(super) fn neighbours(letter: char) -> Vec<char> {
    let lower = letter.to_ascii_lowercase();
    let beside = |row: &&str| {
        let row: Vec<char> = row.chars().collect();
        let at = row.iter().position(|it| *it == lower)?;
        let before = at.checked_sub(1).and_then(|at| row.get(at));
        Some(before.into_iter().chain(row.get(at + 1)).copied().collect::<Vec<_>>())
    };
    let found = ROWS.iter().find_map(beside).unwrap_or_default();
    let same_case =
        |it: char| if letter.is_ascii_uppercase() { it.to_ascii_uppercase() } else { it };
    found.into_iter().map(same_case).collect()
}

/// Returns a letter of another script that looks the same.
pub(super) fn look_alike(letter: char) -> Option<char> {
    LOOK_ALIKES.iter().find(|(latin, _)| *latin == letter).map(|(_, other)| *other)
}
