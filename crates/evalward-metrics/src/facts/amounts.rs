//! Prices, percentages, durations and other numbers.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::claims::Claims;
use super::decimal::Decimal;
use super::fact::{Fact, FactKind, key};
use super::negations::is_english;
use super::number_words::{self, ONE};

/// A number in digits, with what separates its groups.
const DIGITS: &str = r"\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+\b(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*";

/// Names of powers of ten.
const MAGNITUDES: &str = r"(?:[\s\x{a0}](?:thousand|tausend|tsd|mille|mil|millions?|millionen|mio|millón|millones|billions?|milliarden?|mrd|milliards?)\b)";

const CURRENCIES: [(&str, &str); 6] = [
    (r"(?:US)?\$|USD|dollars?|dólares", "USD"),
    (r"€|EUR|euros?", "EUR"),
    (r"£|GBP|pounds?", "GBP"),
    (r"¥|JPY|yen", "JPY"),
    (r"CHF|Franken", "CHF"),
    (r"₹|INR|rupees?", "INR"),
];

const UNITS: [(&str, Unit); 8] = [
    (r"secs?|seconds?|sekunden?|secondes?|segundos?", Unit::Seconds(1)),
    (r"mins?|minutes?|minuten?|minutos?", Unit::Seconds(60)),
    (r"hrs?|hours?|stunden?|heures?|horas?|h", Unit::Seconds(3_600)),
    (r"(?:business|working)[\s-]days?|werktagen?|werktage?", Unit::WorkingDays),
    (r"days?|tage?n?|jours?|d[ií]as?", Unit::Seconds(86_400)),
    (r"weeks?|wochen?|semaines?|semanas?", Unit::Seconds(604_800)),
    (r"months?|monate?n?|mois|mes(?:es)?", Unit::Months(1)),
    (r"yrs?|years?|jahre?n?|ans|années?|años?", Unit::Months(12)),
];

#[derive(Clone, Copy)]
enum Unit {
    Seconds(u32),
    Months(u32),
    WorkingDays,
}

static PRICE: LazyLock<Regex> = LazyLock::new(|| {
    let names = CURRENCIES.map(|(names, _)| names).join("|");
    compiled(&format!(
        r"(?i)(?P<before>{names})[\s\x{{a0}}]?(?P<number>{DIGITS})(?P<magnitude>[km]\b|bn\b|{MAGNITUDES})?|(?P<number_first>{DIGITS})(?P<magnitude_first>{MAGNITUDES})?[\s\x{{a0}}\x{{202f}}]?(?P<after>{names})"
    ))
});

static PERCENTAGE: LazyLock<Regex> = LazyLock::new(|| {
    let words = number_words::pattern();
    compiled(&format!(
        r"(?i)(?P<number>{DIGITS}|\b(?:{words}))[\s\x{{a0}}\x{{202f}}]?(?:%|(?:percent|per cent|prozent|pour cent|por ciento)\b)"
    ))
});

static DURATION: LazyLock<Regex> = LazyLock::new(|| {
    let (words, units) = (number_words::pattern(), UNITS.map(|(names, _)| names).join("|"));
    compiled(&format!(r"(?i)\b(?P<number>{DIGITS}|{words}|{ONE})[\s\x{{a0}}-]?(?P<unit>{units})\b"))
});

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let words = number_words::pattern();
    compiled(&format!(
        r"(?i)(?P<number>{DIGITS})(?P<magnitude>k\b|{MAGNITUDES})?|\b(?P<words>{words})\b"
    ))
});

static CURRENCY_NAMES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let anchored =
        |(names, code): (&str, &'static str)| (compiled(&format!(r"(?i)^(?:{names})$")), code);
    CURRENCIES.into_iter().map(anchored).collect()
});

static UNIT_NAMES: LazyLock<Vec<(Regex, Unit)>> = LazyLock::new(|| {
    let anchored = |(names, unit): (&str, Unit)| (compiled(&format!(r"(?i)^(?:{names})$")), unit);
    UNITS.into_iter().map(anchored).collect()
});

fn compiled(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is made of literals")
}

/// Makes a fact of what a pattern matched.
type Reader = fn(&Captures<'_>, Range<usize>) -> Option<Fact>;

/// Finds prices, percentages, durations and numbers, in this order.
pub(super) fn find(text: &str, claims: &mut Claims, found: &mut Vec<Fact>) {
    let readers: [(&Regex, Reader); 4] =
        [(&PRICE, price), (&PERCENTAGE, percentage), (&DURATION, duration), (&NUMBER, number)];
    for (pattern, read) in readers {
        for captures in pattern.captures_iter(text) {
            let span = captures.get_match().range();
            if claims.overlaps(&span) || is_no_amount(text, &span) {
                continue;
            }
            if let Some(fact) = read(&captures, span.clone()) {
                claims.take(&span);
                found.push(fact);
            }
        }
    }
}

/// Tells what only looks like an amount: the number of a list's item, a formula between dollar signs, a word of English.
fn is_no_amount(text: &str, span: &Range<usize>) -> bool {
    let (before, rest) = text.split_at(span.start);
    let (found, after) = rest.split_at(span.len());
    is_list_number(before, found, after)
        || is_formula(before, found, after)
        || (number_words::is_english_too(&found.to_lowercase()) && is_english(text))
}

/// `1.` or `2)` at the start of a line, behind nothing but marks such as `#` and `*`.
fn is_list_number(before: &str, found: &str, after: &str) -> bool {
    let is_short = found.len() <= 2 && found.bytes().all(|byte| byte.is_ascii_digit());
    let mark = after.trim_start_matches('*').strip_prefix(['.', ')']);
    let mark = mark.map(|rest| rest.trim_start_matches('*'));
    is_short
        && mark.is_some_and(|rest| rest.starts_with(char::is_whitespace))
        && before
            .trim_end_matches([' ', '\t', '#', '*', '>', '-', '(', '•'])
            .chars()
            .next_back()
            .is_none_or(|last| last == '\n')
}

/// `$3$`, `$2^2$`, `$A=6$`: the dollar sign begins or ends a formula.
fn is_formula(before: &str, found: &str, after: &str) -> bool {
    (found.starts_with('$') && after.starts_with(['$', '^', '_', '{', '\\']))
        || (found.ends_with('$')
            && before.ends_with(['$', '^', '_', '=', '+', '*', '/', '{', '}', '\\']))
}

fn price(captures: &Captures<'_>, span: Range<usize>) -> Option<Fact> {
    let named = |first: &str, second: &str| captures.name(first).or_else(|| captures.name(second));
    let number = named("number", "number_first")?.as_str();
    let magnitude = named("magnitude", "magnitude_first").map_or("", |it| it.as_str());
    let name = named("before", "after")?.as_str();
    let (_, code) = CURRENCY_NAMES.iter().find(|(names, _)| names.is_match(name))?;
    let values = scaled(number, magnitude);
    let value = format!("{} {code}", values.first()?);
    let asserted =
        values.iter().map(|value| key(FactKind::Price, &format!("{value} {code}"))).collect();
    // A table may state the amount and leave the currency to its head.
    let accepted = values.iter().map(|value| bare(value)).collect();
    Some(Fact { kind: FactKind::Price, value, span, asserted, offered: numbers(&values), accepted })
}

fn percentage(captures: &Captures<'_>, span: Range<usize>) -> Option<Fact> {
    let values = read(captures.name("number")?.as_str());
    let value = format!("{}%", values.first()?);
    let asserted = values.iter().map(|value| key(FactKind::Percentage, value)).collect();
    Some(Fact {
        kind: FactKind::Percentage,
        value,
        span,
        asserted,
        offered: numbers(&values),
        accepted: Vec::new(),
    })
}

fn duration(captures: &Captures<'_>, span: Range<usize>) -> Option<Fact> {
    let unit = captures.name("unit")?.as_str();
    let (_, unit) = UNIT_NAMES.iter().find(|(names, _)| names.is_match(unit))?;
    let number = captures.name("number")?.as_str();
    let values = decimals(number);
    let values = if values.is_empty() { vec![Decimal::whole(1)] } else { values };
    let of = |value: Decimal| {
        Some(match unit {
            Unit::Seconds(length) => format!("{} s", value.times(u128::from(*length))?),
            Unit::Months(length) => format!("{} months", value.times(u128::from(*length))?),
            Unit::WorkingDays => format!("{value} working days"),
        })
    };
    let asserted: Vec<String> =
        values.iter().filter_map(|value| Some(key(FactKind::Duration, &of(*value)?))).collect();
    let value = match unit {
        Unit::Seconds(86_400) => format!("{} days", values.first()?),
        _ => of(*values.first()?)?,
    };
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    Some(Fact {
        kind: FactKind::Duration,
        value,
        span,
        asserted,
        offered: numbers(&texts),
        accepted: Vec::new(),
    })
}

fn number(captures: &Captures<'_>, span: Range<usize>) -> Option<Fact> {
    let magnitude = captures.name("magnitude").map_or("", |it| it.as_str());
    let written = captures.name("number").or_else(|| captures.name("words"))?.as_str();
    let values = match scaled(written, magnitude) {
        values if values.is_empty() => vec![written.to_owned()],
        values => values,
    };
    let value = values.first()?.clone();
    let offered = values.iter().map(|value| bare(value)).collect();
    let asserted = numbers(&values);
    Some(Fact { kind: FactKind::Number, value, span, asserted, offered, accepted: Vec::new() })
}

/// Returns the keys of numbers, whatever they count.
fn numbers(values: &[String]) -> Vec<String> {
    values.iter().map(|value| key(FactKind::Number, value)).collect()
}

/// Returns the key of a number that stands without a unit.
fn bare(value: &str) -> String {
    format!("bare:{value}")
}

fn decimals(written: &str) -> Vec<Decimal> {
    if written.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Decimal::readings(written);
    }
    number_words::value(&written.to_lowercase()).map(Decimal::whole).into_iter().collect()
}

fn read(written: &str) -> Vec<String> {
    decimals(written).iter().map(ToString::to_string).collect()
}

fn scaled(written: &str, magnitude: &str) -> Vec<String> {
    let magnitude = magnitude.trim().to_lowercase();
    let factor = match magnitude.as_str() {
        "" => 1,
        "k" | "thousand" | "tausend" | "tsd" | "mille" | "mil" => 1_000,
        "bn" => 1_000_000_000,
        other if other.starts_with("bil") || other.starts_with("milliard") || other == "mrd" => {
            1_000_000_000
        }
        _ => 1_000_000,
    };
    decimals(written)
        .into_iter()
        .filter_map(|value| value.times(factor))
        .map(|value| value.to_string())
        .collect()
}
