//! Regular expressions of JavaScript, as this regex engine writes them.

use std::sync::LazyLock;

use evalward_core::Rules;
use regex::Regex;
use serde_json::Value;

use super::demand::Translated;
use super::read::Assertion;

const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";

/// Writes a text so that it stands for itself.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

pub(super) fn regex(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let pattern = value.as_str().filter(|pattern| !pattern.is_empty());
    let pattern = from_javascript(pattern.ok_or("it has no pattern")?)?;
    if matches_anything(&pattern) {
        let what = if assertion.is_negated { "hold" } else { "fail" };
        return Err(format!("it can never {what}: its pattern matches any output"));
    }
    let pattern = Some(pattern);
    Ok(Translated::rules(if assertion.is_negated {
        Rules { not_regex: pattern, ..Rules::default() }
    } else {
        Rules { regex: pattern, ..Rules::default() }
    }))
}

/// Every letter of the first plane, among which a pattern finds one that it refuses, if there is any.
static LETTERS: LazyLock<String> =
    LazyLock::new(|| ('\u{1}'..='\u{ffff}').filter(|letter| !letter.is_control()).collect());

/// Returns whether a pattern matches the empty text, line ends and any letters, hence, as far as one can tell, anything.
fn matches_anything(pattern: &str) -> bool {
    // The rules' own check says what is wrong with a pattern.
    let Ok(regex) = Regex::new(pattern) else { return false };
    ["", "\n", "a\r\nb\n\n", "\0\u{7}"].iter().all(|text| regex.is_match(text))
        && regex.is_match(&LETTERS)
}

/// Translates a pattern without flags.
pub(super) fn from_javascript(pattern: &str) -> Result<String, String> {
    let mut writer = Writer { letters: pattern.chars().collect(), at: 0, written: String::new() };
    while let Some(letter) = writer.next() {
        match letter {
            '\\' => writer.escape(false)?,
            '[' => writer.class()?,
            '.' => writer.written.push_str(r"[^\n\r]"),
            '(' => writer.group()?,
            '{' if !writer.is_count() => writer.written.push_str(r"\{"),
            '}' if !writer.ends_count() => writer.written.push_str(r"\}"),
            ']' => writer.written.push_str(r"\]"),
            letter => writer.written.push(letter),
        }
    }
    Ok(writer.written)
}

/// Returns whether a letter may stand within a count.
const fn in_count(letter: char) -> bool {
    letter.is_ascii_digit() || letter == ','
}

struct Writer {
    letters: Vec<char>,
    at: usize,
    written: String,
}

impl Writer {
    fn next(&mut self) -> Option<char> {
        let letter = self.letters.get(self.at).copied();
        self.at += 1;
        letter
    }

    fn rest(&self) -> &[char] {
        self.letters.get(self.at..).unwrap_or_default()
    }

    fn goes_on_with(&self, text: &str) -> bool {
        let mut rest = self.rest().iter();
        text.chars().all(|letter| rest.next() == Some(&letter))
    }

    fn group(&mut self) -> Result<(), String> {
        if ["?=", "?!", "?<=", "?<!"].iter().any(|mark| self.goes_on_with(mark)) {
            return Err("its pattern looks ahead or behind, which patterns here cannot".to_owned());
        }
        self.written.push('(');
        Ok(())
    }

    /// Returns whether the brace that was just read begins a count such as `{2,5}`.
    fn is_count(&self) -> bool {
        // Looking for the closing brace itself would read the whole rest at every brace.
        let end = self.rest().iter().position(|letter| !in_count(*letter));
        let Some((inside, ['}', ..])) = end.and_then(|end| self.rest().split_at_checked(end))
        else {
            return false;
        };
        let mut parts = inside.splitn(2, |letter| *letter == ',');
        let (low, high) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        !low.is_empty() && !high.contains(&',')
    }

    fn ends_count(&self) -> bool {
        let before = self.written.trim_end_matches(in_count);
        before.len() < self.written.len() && before.ends_with('{') && !before.ends_with(r"\{")
    }

    /// Translates what follows a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(letter) = self.next() else {
            return Err("its pattern ends with a backslash".to_owned());
        };
        let negated = |class: &str| format!("[^{class}]");
        let set = |class: &str| if in_class { class.to_owned() } else { format!("[{class}]") };
        let text = match letter {
            'd' => set(DIGIT),
            'D' => negated(DIGIT),
            'w' => set(WORD),
            'W' => negated(WORD),
            // White space is the same but for U+0085 and U+FEFF, which no pattern is worth being unreadable for.
            's' | 'S' | 't' | 'n' | 'r' | 'f' => format!("\\{letter}"),
            'b' if in_class => r"\x08".to_owned(),
            'b' => r"(?-u:\b)".to_owned(),
            'B' => r"(?-u:\B)".to_owned(),
            'v' => r"\x0B".to_owned(),
            '0' => r"\x00".to_owned(),
            'x' => self.hexadecimal(2).unwrap_or_else(|| "x".to_owned()),
            'u' => self.hexadecimal(4).unwrap_or_else(|| "u".to_owned()),
            'c' => return Err("its pattern has a control letter, `\\c`".to_owned()),
            'k' => {
                return Err(
                    "its pattern refers back to a group, which patterns here cannot".to_owned()
                );
            }
            'p' | 'P' => letter.to_string(),
            digit if digit.is_ascii_digit() => {
                return Err(
                    "its pattern refers back to a group, which patterns here cannot".to_owned()
                );
            }
            letter if letter.is_ascii_punctuation() => format!("\\{letter}"),
            letter => literal(&letter.to_string()),
        };
        self.written.push_str(&text);
        Ok(())
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<String> {
        let text: String = self.rest().get(..digits)?.iter().collect();
        let number = u32::from_str_radix(&text, 16).ok()?;
        char::from_u32(number)?;
        self.at += digits;
        Some(format!(r"\u{{{number:X}}}"))
    }

    /// Translates a class; within one, JavaScript gives no meaning to `[`, `&&`, `--` and `~~`.
    fn class(&mut self) -> Result<(), String> {
        let is_negated = self.goes_on_with("^");
        if is_negated {
            self.at += 1;
        }
        if self.goes_on_with("]") {
            self.at += 1;
            let class = if is_negated { r"[\s\S]" } else { r"[^\s\S]" };
            self.written.push_str(class);
            return Ok(());
        }
        self.written.push_str(if is_negated { "[^" } else { "[" });
        loop {
            match self.next() {
                None => return Err("its pattern has a class that does not end".to_owned()),
                Some(']') => break,
                Some('\\') => self.escape(true)?,
                Some(letter @ ('[' | '&' | '~' | '^')) => {
                    self.written.push('\\');
                    self.written.push(letter);
                }
                Some(letter) => self.written.push(letter),
            }
        }
        self.written.push(']');
        Ok(())
    }
}
