//! Numbers as people write them.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which mark stands before the decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// A point: `1,234.5`.
    #[default]
    Point,
    /// A comma: `1.234,5`.
    Comma,
}

/// What a percent sign does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PercentSign {
    /// It is only a sign: `12 %` is 12.
    #[default]
    Ignored,
    /// It divides by 100: `12 %` is 0.12.
    Hundredth,
}

/// A number in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WrittenNumber {
    pub(super) value: f64,
    /// The same, where it is a whole number that fits.
    pub(super) whole: Option<i128>,
    /// Its bytes, with sign and percent sign.
    pub(super) span: Range<usize>,
    pub(super) has_percent_sign: bool,
}

/// Marks that may stand between thousands beside the one that is no decimal mark: apostrophes and spaces that do not break.
const THIN_MARKS: [char; 5] = ['\'', '\u{2019}', '\u{a0}', '\u{202f}', '\u{2009}'];

impl DecimalMark {
    const fn decimal(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    const fn thousands(self) -> char {
        match self {
            Self::Point => ',',
            Self::Comma => '.',
        }
    }
}

/// Iterates over the numbers of a text.
///
/// A number is digits with, perhaps, a sign, marks between thousands, decimals, an exponent and a percent sign. Digits that follow
/// a letter (`GPT4`) belong to a word; digits with two decimal marks (`12.05.2024`) are a date or a version. Neither is a number.
pub(super) struct Numbers<'a> {
    text: &'a str,
    place: usize,
    mark: DecimalMark,
    percent: PercentSign,
}

impl<'a> Numbers<'a> {
    pub(super) const fn new(text: &'a str, mark: DecimalMark, percent: PercentSign) -> Self {
        Self { text, place: 0, mark, percent }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn before(&self) -> &'a str {
        self.text.get(..self.place).unwrap_or_default()
    }

    /// Moves to the next digit that could start a number.
    fn seek(&mut self) -> Option<()> {
        loop {
            self.place += self.rest().find(|it: char| it.is_ascii_digit())?;
            let joins = |it: char| it.is_alphabetic() || it == '_';
            if !self.before().chars().next_back().is_some_and(joins) {
                return Some(());
            }
            self.skip_digits_and_marks();
        }
    }

    fn skip_digits_and_marks(&mut self) {
        let rest = self.rest();
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.' && it != ',');
        self.place += end.unwrap_or(rest.len());
    }

    /// Takes digits.
    fn digits(&mut self, into: &mut String) -> usize {
        let rest = self.rest();
        let length = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
        into.push_str(rest.get(..length).unwrap_or_default());
        self.place += length;
        length
    }

    /// Takes the digits before the decimals, with marks between thousands: groups of three, or of two and a last one of three.
    fn whole_part(&mut self, into: &mut String) {
        let first = self.digits(into);
        let Some(mark) = self.rest().chars().next().filter(|mark| self.separates(*mark)) else {
            return;
        };
        if first > 3 {
            return;
        }
        let mut groups: Vec<&str> = Vec::new();
        let mut rest = self.rest();
        let mut length = 0;
        while let Some(after) = rest.strip_prefix(mark) {
            let size = after.find(|it: char| !it.is_ascii_digit()).unwrap_or(after.len());
            if size != 3 && size != 2 {
                break;
            }
            let (group, after) = after.split_at(size);
            groups.push(group);
            length += mark.len_utf8() + size;
            rest = after;
        }
        let Some((last, others)) = groups.split_last() else { return };
        let by_three = others.iter().all(|group| group.len() == 3);
        let by_two = first <= 2 && mark == ',' && others.iter().all(|group| group.len() == 2);
        if last.len() == 3 && (by_three || by_two) {
            into.extend(groups);
            self.place += length;
        }
    }

    fn separates(&self, mark: char) -> bool {
        mark == self.mark.thousands() || THIN_MARKS.contains(&mark)
    }

    /// Takes decimals, which need a digit after their mark.
    fn decimals(&mut self, into: &mut String) -> bool {
        let Some(after) = self.rest().strip_prefix(self.mark.decimal()) else { return false };
        if !after.starts_with(|it: char| it.is_ascii_digit()) {
            return false;
        }
        self.place += 1;
        into.push('.');
        self.digits(into);
        true
    }

    fn exponent(&mut self, into: &mut String) -> bool {
        let Some(after) = self.rest().strip_prefix(['e', 'E']) else { return false };
        let (sign, digits) = match after.strip_prefix(['-', '\u{2212}']) {
            Some(digits) => ("-", digits),
            None => ("", after.strip_prefix('+').unwrap_or(after)),
        };
        let length = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
        let (exponent, rest) = digits.split_at(length);
        if length == 0 || rest.starts_with(char::is_alphabetic) {
            return false;
        }
        into.push('e');
        into.push_str(sign);
        into.push_str(exponent);
        self.place = self.text.len() - rest.len();
        true
    }

    /// Returns whether a minus sign stands before the number, and where the number with its sign starts.
    fn sign(&self, start: usize) -> (bool, usize) {
        let is_currency =
            |it: char| matches!(it, '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽' | '₺' | '¢');
        let mut head = self.text.get(..start).unwrap_or_default();
        let mut signed_from = start;
        let mut saw_currency = false;
        while let Some(letter) = head.chars().next_back() {
            let rest = head.get(..head.len() - letter.len_utf8()).unwrap_or_default();
            if matches!(letter, '-' | '\u{2212}' | '+') {
                // A hyphen joins words and ranges: in `10-20` and `A-5` it is no sign.
                let joins = rest.chars().next_back().is_some_and(char::is_alphanumeric);
                return if joins { (false, signed_from) } else { (letter != '+', rest.len()) };
            }
            if !is_currency(letter) || saw_currency {
                break;
            }
            saw_currency = true;
            signed_from = rest.len();
            head = rest;
        }
        (false, signed_from)
    }

    /// Takes a percent sign, after at most one space.
    fn percent_sign(&mut self) -> bool {
        let rest = self.rest();
        let bare = rest.strip_prefix([' ', '\u{a0}', '\u{202f}', '\u{2009}']).unwrap_or(rest);
        let Some(after) = bare.strip_prefix(['%', '\u{ff05}', '\u{66a}']) else { return false };
        self.place = self.text.len() - after.len();
        true
    }
}

impl Iterator for Numbers<'_> {
    type Item = WrittenNumber;

    fn next(&mut self) -> Option<WrittenNumber> {
        loop {
            self.seek()?;
            let mut start = self.place;
            let mut text = String::new();
            let before = self.before();
            let opens_with_mark = before.strip_suffix(self.mark.decimal()).filter(|before| {
                !before.ends_with(|it: char| it.is_alphanumeric() || it == self.mark.decimal())
            });
            let has_decimals = if let Some(before) = opens_with_mark {
                start = before.len();
                text.push_str("0.");
                self.digits(&mut text);
                true
            } else {
                self.whole_part(&mut text);
                self.decimals(&mut text)
            };
            let mut again = self.rest().chars();
            if has_decimals
                && again.next() == Some(self.mark.decimal())
                && again.next().is_some_and(|it| it.is_ascii_digit())
            {
                self.skip_digits_and_marks();
                continue;
            }
            let has_exponent = self.exponent(&mut text);
            let (is_negative, start) = self.sign(start);
            if is_negative {
                text.insert(0, '-');
            }
            let has_percent_sign = self.percent_sign();
            let scale = match self.percent {
                PercentSign::Hundredth if has_percent_sign => 100.0,
                PercentSign::Hundredth | PercentSign::Ignored => 1.0,
            };
            let is_whole = !has_decimals && !has_exponent && scale <= 1.0;
            return Some(WrittenNumber {
                value: text.parse::<f64>().unwrap_or(f64::INFINITY) / scale,
                whole: if is_whole { text.parse().ok() } else { None },
                span: start..self.place,
                has_percent_sign,
            });
        }
    }
}
