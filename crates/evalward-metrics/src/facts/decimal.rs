//! Numbers as texts write them, compared without rounding.

use std::fmt;

/// A number of at most 30 digits: `digits / 10^scale`, without zeros at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u128,
    scale: u32,
}

/// The most digits that are read; longer ones are compared as they are written.
const MAX_DIGITS: usize = 30;

impl Decimal {
    pub(super) const fn whole(digits: u128) -> Self {
        Self { digits, scale: 0 }
    }

    fn new(digits: &str, scale: usize) -> Option<Self> {
        if digits.is_empty() || digits.len() > MAX_DIGITS {
            return None;
        }
        Some(Self { digits: digits.parse().ok()?, scale: u32::try_from(scale).ok()? }.trimmed())
    }

    const fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// Returns the product, unless it is too large.
    pub(super) fn times(self, factor: u128) -> Option<Self> {
        let digits = self.digits.checked_mul(factor)?;
        Some(Self { digits, scale: self.scale }.trimmed())
    }

    /// Reads a number in every way that its separators allow: `1.234` is a little more than one, or more than a thousand.
    pub(super) fn readings(text: &str) -> Vec<Self> {
        let text: String = text
            .chars()
            .filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','))
            .collect();
        let bare = |text: &str| text.replace(['.', ','], "");
        let split = |at: char| text.rsplit_once(at).unwrap_or((text.as_str(), ""));
        let fraction = |at: char| {
            let (whole, part) = split(at);
            Self::new(&(bare(whole) + part), part.len())
        };
        let whole = || Self::new(&bare(&text), 0);
        let readings = match (text.rfind('.'), text.rfind(',')) {
            (None, None) => [whole(), None],
            (Some(dot), Some(comma)) => [fraction(if dot > comma { '.' } else { ',' }), None],
            (dot, _) => {
                let at = if dot.is_some() { '.' } else { ',' };
                match grouping(&text, at) {
                    Grouping::Fraction => [fraction(at), None],
                    Grouping::Thousands => [whole(), None],
                    Grouping::Either if at == '.' => [fraction(at), whole()],
                    Grouping::Either => [whole(), fraction(at)],
                    Grouping::Neither => [None, None],
                }
            }
        };
        readings.into_iter().flatten().collect()
    }
}

enum Grouping {
    Fraction,
    Thousands,
    Either,
    /// Such as the number of a version.
    Neither,
}

fn grouping(text: &str, at: char) -> Grouping {
    let parts: Vec<&str> = text.split(at).collect();
    let (first, rest) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let has_groups = rest.iter().all(|part| part.len() == 3) && (1..=3).contains(&first.len());
    match (rest.len(), has_groups) {
        (1, true) if first != "0" => Grouping::Either,
        (1, _) => Grouping::Fraction,
        (_, true) => Grouping::Thousands,
        (_, false) => Grouping::Neither,
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.to_string();
        let scale = usize::try_from(self.scale).unwrap_or(usize::MAX);
        if scale == 0 {
            return formatter.write_str(&digits);
        }
        let padded = format!("{digits:0>width$}", width = scale.saturating_add(1));
        let (whole, part) = padded.split_at(padded.len() - scale);
        write!(formatter, "{whole}.{part}")
    }
}
