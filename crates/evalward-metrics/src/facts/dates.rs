//! Dates and times of day.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Match, Regex};

use super::claims::Claims;
use super::fact::{Fact, FactKind, key};

/// The months in English, German, French and Spanish.
const MONTHS: [&str; 12] = [
    "january|january|januar|jänner|janvier|enero|jan",
    "february|februar|février|fevrier|febrero|feb",
    "march|märz|maerz|mars|marzo|mar",
    "april|avril|abril|apr",
    "may|mai|mayo",
    "june|juni|juin|junio|jun",
    "july|juli|juillet|julio|jul",
    "august|août|aout|agosto|aug",
    "september|septembre|septiembre|setiembre|sept|sep",
    "october|oktober|octobre|octubre|oct|okt",
    "november|novembre|noviembre|nov",
    "december|dezember|décembre|decembre|diciembre|dec|dez",
];

static DATE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let months = MONTHS.join("|");
    [
        r"\b(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})\b".to_owned(),
        format!(
            r"(?i)\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s+(?:of\s+|de\s+)?(?P<name>{months})\b\.?(?:,?\s+(?:del?\s+)?(?P<year>\d{{4}})\b)?"
        ),
        format!(
            r"(?i)\b(?P<name>{months})\.?\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year>\d{{4}})\b)?"
        ),
        format!(r"(?i)\b(?P<name>{months})\.?,?\s+(?:del?\s+|of\s+)?(?P<year>\d{{4}})\b"),
        r"\b(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})\b".to_owned(),
        r"\b(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4}|\d{2})\b".to_owned(),
    ]
    .iter()
    .map(|pattern| Regex::new(pattern).expect("the pattern is made of literals"))
    .collect()
});

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?P<hour>\d{1,2}):(?P<minute>\d{2})\b(?:[\s\x{a0}]?(?P<half>[ap])\.?m\b\.?)?|\b(?P<hour_only>\d{1,2})[\s\x{a0}]?(?P<half_only>[ap])(?:m\b|\.m\.)|\b(?P<hour_de>\d{1,2})(?:[.:](?P<minute_de>\d{2}))?[\s\x{a0}]Uhr\b",
    )
    .expect("the pattern is a valid literal")
});

/// A date; what is absent was not said.
#[derive(Clone, Copy)]
struct Parts {
    year: Option<u16>,
    month: u8,
    day: Option<u8>,
}

impl Parts {
    fn checked(self) -> Option<Self> {
        let is_real =
            (1..=12).contains(&self.month) && self.day.is_none_or(|day| (1..=31).contains(&day));
        is_real.then_some(self)
    }

    fn value(self) -> String {
        match (self.year, self.day) {
            (Some(year), Some(day)) => format!("{year:04}-{:02}-{day:02}", self.month),
            (Some(year), None) => format!("{year:04}-{:02}", self.month),
            (None, Some(day)) => format!("--{:02}-{day:02}", self.month),
            (None, None) => format!("--{:02}", self.month),
        }
    }

    /// Returns what it tells beside itself: the month of the year, the day of any year, and each number.
    fn offered(self) -> Vec<String> {
        let date = |parts: Self| key(FactKind::Date, &parts.value());
        let mut offered = vec![date(Self { year: None, ..self }), date(Self { day: None, ..self })];
        let number = |number: u16| key(FactKind::Number, &number.to_string());
        offered.extend(self.year.map(number));
        offered.extend(self.day.map(|day| number(day.into())));
        offered
    }
}

/// Finds dates, then times.
pub(super) fn find(text: &str, claims: &mut Claims, found: &mut Vec<Fact>) {
    for pattern in DATE.iter() {
        for captures in pattern.captures_iter(text) {
            let span = captures.get_match().range();
            let readings = readings(&captures);
            if !readings.is_empty() && claims.take(&span) {
                found.extend(date(&readings, span));
            }
        }
    }
    for captures in TIME.captures_iter(text) {
        let span = captures.get_match().range();
        if let Some(time) = time(&captures)
            && claims.take(&span)
        {
            found.push(time_fact(time, span));
        }
    }
}

fn date(readings: &[Parts], span: Range<usize>) -> Option<Fact> {
    Some(Fact {
        kind: FactKind::Date,
        value: readings.first()?.value(),
        span,
        asserted: readings.iter().map(|parts| key(FactKind::Date, &parts.value())).collect(),
        offered: readings.iter().flat_map(|parts| parts.offered()).collect(),
        accepted: Vec::new(),
    })
}

fn readings(captures: &Captures<'_>) -> Vec<Parts> {
    let number = |name: &str| captures.name(name).and_then(|it| it.as_str().parse::<u8>().ok());
    let year = captures.name("year").and_then(year);
    if let (Some(first), Some(second)) = (number("first"), number("second")) {
        // `05/03/2026` is in May in America and in March elsewhere.
        let either = [(first, second), (second, first)];
        let mut readings: Vec<Parts> = either
            .into_iter()
            .filter_map(|(month, day)| Parts { year, month, day: Some(day) }.checked())
            .collect();
        if first == second {
            readings.truncate(1);
        }
        return readings;
    }
    let month = number("month").or_else(|| captures.name("name").and_then(|it| month(it.as_str())));
    month
        .and_then(|month| Parts { year, month, day: number("day") }.checked())
        .into_iter()
        .collect()
}

fn year(digits: Match<'_>) -> Option<u16> {
    let year: u16 = digits.as_str().parse().ok()?;
    Some(if digits.len() == 2 { 2000 + year } else { year })
}

fn month(name: &str) -> Option<u8> {
    let name = name.to_lowercase();
    let index = MONTHS.iter().position(|names| names.split('|').any(|known| known == name))?;
    u8::try_from(index + 1).ok()
}

fn time(captures: &Captures<'_>) -> Option<(u8, u8)> {
    let number = |name: &str| captures.name(name).and_then(|it| it.as_str().parse::<u8>().ok());
    let hour = number("hour").or_else(|| number("hour_only")).or_else(|| number("hour_de"))?;
    let minute = number("minute").or_else(|| number("minute_de")).unwrap_or(0);
    let half = captures.name("half").or_else(|| captures.name("half_only"));
    let hour = match half.map(|half| half.as_str().to_lowercase()) {
        Some(half) if half == "p" && hour < 12 => hour + 12,
        Some(half) if half == "a" && hour == 12 => 0,
        _ => hour,
    };
    (hour < 25 && minute < 60).then_some((hour, minute))
}

fn time_fact((hour, minute): (u8, u8), span: Range<usize>) -> Fact {
    let value = format!("{hour:02}:{minute:02}");
    let mut fact = Fact::plain(FactKind::Time, value, span);
    // What `9:00` says, `at 9` may say too.
    fact.offered.push(key(FactKind::Number, &hour.to_string()));
    if hour > 12 {
        fact.offered.push(key(FactKind::Number, &(hour - 12).to_string()));
    }
    if minute == 0 {
        fact.accepted.push(format!("bare:{hour}"));
    }
    fact
}
