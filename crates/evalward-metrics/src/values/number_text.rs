//! Numbers as people write them.

use std::fmt;
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
    /// Its digits with the sign and without zeros in front, where it is a whole number.
    pub(super) whole: Option<String>,
    /// Its bytes, with sign and percent sign.
    pub(super) span: Range<usize>,
    pub(super) has_percent_sign: bool,
}

impl fmt::Display for WrittenNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.whole {
            // A float would round what is compared to the last digit.
            Some(digits) => formatter.write_str(digits),
            None => fmt::Display::fmt(&self.value, formatter),
        }
    }
}

/// Marks that may stand between thousands beside the one that is no decimal mark: apostrophes and spaces that do not break.
const THIN_MARKS: [char; 5] = ['\'', '\u{2019}', '\u{a0}', '\u{202f}', '\u{2009}'];

/// The most groups between marks; a number with more is none that could be compared.
const MOST_GROUPS: usize = 128;

/// Whether a letter makes one word with digits that follow it. Letters without case, such as those of Chinese, Thai and Arabic,
/// stand before numbers without a space.
fn joins(letter: char) -> bool {
    letter.is_lowercase() || letter.is_uppercase() || letter == '_'
}

/// Whether a letter or number makes one word with the mark that follows it.
fn joins_mark(letter: char) -> bool {
    joins(letter) || letter.is_numeric()
}

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
/// a letter with case (`GPT4`) belong to a word; digits with two points (`12.05.2024`) that part no thousands are a date or a
/// version. Neither is a number.
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
            if groups.len() == MOST_GROUPS {
                return;
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
        if length == 0 || rest.starts_with(joins) {
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
                let joins = rest.chars().next_back().is_some_and(joins_mark);
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

    /// Returns whether marks with digits follow that no single number has, so that it is a date or a version.
    fn goes_on(&self, has_decimals: bool) -> bool {
        let step = |text: &'a str, mark: char| {
            let digits = text.strip_prefix(mark)?;
            let after = digits.trim_start_matches(|it: char| it.is_ascii_digit());
            (after.len() < digits.len()).then_some(after)
        };
        if has_decimals {
            return step(self.rest(), self.mark.decimal()).is_some();
        }
        // A comma may also part the numbers of a list.
        self.mark == DecimalMark::Comma
            && step(self.rest(), '.').and_then(|rest| step(rest, '.')).is_some()
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
                !before.ends_with(|it: char| joins_mark(it) || it == self.mark.decimal())
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
            if self.goes_on(has_decimals) {
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
            let value = text.parse::<f64>().unwrap_or(f64::INFINITY) / scale;
            let is_whole = !has_decimals && !has_exponent && scale <= 1.0 && value.is_finite();
            return Some(WrittenNumber {
                value,
                whole: is_whole.then(|| whole_digits(&text)),
                span: start..self.place,
                has_percent_sign,
            });
        }
    }
}

/// Writes whole numbers that are equal alike.
fn whole_digits(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        digits => format!("{sign}{digits}"),
    }
}
