//! The signs that a short program is written in.

/// A sign of JavaScript or Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign<'a> {
    Word(&'a str),
    Number(&'a str),
    /// A text in quotes, without anything escaped in it.
    Text(&'a str),
    /// A regular expression with its flags.
    Pattern(&'a str, &'a str),
    Mark(&'a str),
}

/// Marks, the longest first.
const MARKS: [&str; 19] = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[", "]", ".", ",",
    "+", "-",
];

/// Splits a program; `None` where it has a sign that no simple condition needs.
pub(super) fn signs(program: &str) -> Option<Vec<Sign<'_>>> {
    let mut signs = Vec::new();
    let mut rest = program.trim_start();
    while let Some(first) = rest.chars().next() {
        let (sign, after) = match first {
            '"' | '\'' => text(rest, first)?,
            '/' => pattern(rest)?,
            letter if letter.is_ascii_digit() => {
                let (number, after) = while_in(rest, |it| it.is_ascii_digit() || it == '.');
                // `1.` and `01` are read differently by the two languages.
                number.parse::<f64>().ok().filter(|_| !number.ends_with('.'))?;
                (Sign::Number(number), after)
            }
            letter if letter.is_ascii_alphabetic() || letter == '_' => {
                let (word, after) = while_in(rest, |it| it.is_ascii_alphanumeric() || it == '_');
                (Sign::Word(word), after)
            }
            _ => {
                let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
                (Sign::Mark(mark), rest.split_at(mark.len()).1)
            }
        };
        signs.push(sign);
        rest = after.trim_start();
    }
    Some(signs)
}

fn while_in(text: &str, is_part: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !is_part(letter)).unwrap_or(text.len()))
}

fn text(from: &str, quote: char) -> Option<(Sign<'_>, &str)> {
    let (text, after) = from.split_at(1).1.split_once(quote)?;
    (!text.contains('\\')).then_some((Sign::Text(text), after))
}

fn pattern(from: &str) -> Option<(Sign<'_>, &str)> {
    let inside = from.split_at(1).1;
    let (mut is_escaped, mut is_class) = (false, false);
    let end = inside.find(|letter| {
        if is_escaped {
            is_escaped = false;
            return false;
        }
        match letter {
            '\\' => is_escaped = true,
            '[' => is_class = true,
            ']' => is_class = false,
            _ => {}
        }
        letter == '/' && !is_class
    })?;
    let (pattern, after) = inside.split_at(end);
    let (flags, after) = while_in(after.split_at(1).1, |letter| letter.is_ascii_alphabetic());
    (!pattern.is_empty()).then_some((Sign::Pattern(pattern, flags), after))
}
