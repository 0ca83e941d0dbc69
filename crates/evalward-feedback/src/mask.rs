//! Masking what differs between failures of one cause: numbers, ids, dates, addresses, quoted texts, white space, case.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// A longer message is cut between two words; what failures have in common stands at the start.
const MAX_CHARACTERS: usize = 200;

/// How often a text is masked again until nothing changes: masking can bring out what its neighbour hid.
const MAX_PASSES: u32 = 6;

/// Masks the message of a metric; texts in backticks are the rule's own words and stay as they are.
///
/// Masking a masked message changes nothing.
pub fn mask_message(message: &str) -> String {
    until_stable(message, Backticks::AreRules)
}

/// Masks a text that a user wrote, in which backticks mean nothing.
///
/// Masking a masked text changes nothing.
pub fn mask_text(text: &str) -> String {
    until_stable(text, Backticks::AreQuotes)
}

/// What stands in backticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backticks {
    AreRules,
    AreQuotes,
}

fn until_stable(text: &str, backticks: Backticks) -> String {
    let mut masked = text.to_owned();
    for _ in 0..MAX_PASSES {
        let next = mask_once(&masked, backticks);
        if next == masked {
            break;
        }
        masked = next;
    }
    masked
}

fn mask_once(text: &str, backticks: Backticks) -> String {
    let masked = match backticks {
        Backticks::AreQuotes => mask_prose(&text.replace('`', "\"")),
        Backticks::AreRules => {
            let mut masked = String::with_capacity(text.len());
            // What a pattern matched is a text of the answer, although it stands in backticks.
            let text = MATCHED.replace_all(text, "[text]$1");
            let mut rest = 0;
            for rule in IN_BACKTICKS.find_iter(&text) {
                masked.push_str(&mask_prose(text.get(rest..rule.start()).unwrap_or_default()));
                masked.push_str(&mask_pointer(rule.as_str()));
                rest = rule.end();
            }
            masked.push_str(&mask_prose(text.get(rest..).unwrap_or_default()));
            masked
        }
    };
    cut(&without_repeats(masked.trim()))
}

/// Masks a stretch of text without rules, keeping its outer spaces, since it may stand between two rules.
fn mask_prose(text: &str) -> String {
    let mut masked = evalward_privacy::redact(text).to_lowercase();
    for (pattern, placeholder) in MASKS.iter() {
        masked = pattern.replace_all(&masked, *placeholder).into_owned();
    }
    let number_or_id = |token: &Captures<'_>| {
        let is_number = token.get(0).is_some_and(|token| NUMBER.is_match(token.as_str()));
        if is_number { "[number]" } else { "[id]" }
    };
    masked = WITH_DIGIT.replace_all(&masked, number_or_id).into_owned();
    for (pattern, evened) in EVENED.iter() {
        masked = pattern.replace_all(&masked, *evened).into_owned();
    }
    masked
}

/// Masks the indices of a JSON pointer, which say where in the answer something stands.
fn mask_pointer(rule: &str) -> String {
    if rule.starts_with("`/") {
        return INDEX.replace_all(rule, "/[number]$1").into_owned();
    }
    rule.to_owned()
}

/// Drops items of a list that repeat the one before: two e-mail addresses are one kind of leak.
fn without_repeats(text: &str) -> String {
    if text.contains('`') {
        return text.to_owned();
    }
    let mut items: Vec<&str> = Vec::new();
    for item in text.split(", ") {
        if item.is_empty() || !items.last().is_some_and(|last: &&str| last.ends_with(item)) {
            items.push(item);
        }
    }
    items.join(", ")
}

/// Cuts between two words and never inside a rule, so that what is left is masked already.
fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_CHARACTERS {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut characters = 0;
    for piece in PIECE.find_iter(text) {
        characters += piece.as_str().chars().count();
        if characters > MAX_CHARACTERS {
            break;
        }
        kept.push_str(piece.as_str());
    }
    if kept.trim().is_empty() {
        kept = text.chars().take(MAX_CHARACTERS).collect();
    }
    kept.trim().to_owned()
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a literal that the tests compile")
}

static IN_BACKTICKS: LazyLock<Regex> = LazyLock::new(|| regex("`[^`]*`"));
static MATCHED: LazyLock<Regex> = LazyLock::new(|| regex(r"`[^`]*`( at byte \d+ matches `)"));
static INDEX: LazyLock<Regex> = LazyLock::new(|| regex(r"/\d+(/|`)"));
static PIECE: LazyLock<Regex> = LazyLock::new(|| regex(r"`[^`]*`|\s+|[^\s`]+|`"));

/// A run of characters with a digit in it: a number or the name of some thing.
static WITH_DIGIT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[\w#$€£¥+−-]*\d(?:[\w%$€£¥+−-]|[.,:]\d)*"));

/// A number, or a range, with its sign, currency, groups, exponent and per cent.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^[+−-]?[$€£¥]?[+−-]?\d+(?:[.,:]\d+)*(?:e[+-]?\d+)?[%$€£¥]?(?:[−-]\d+(?:[.,]\d+)*[%$€£¥]?)?$",
    )
});

/// What is masked in prose before numbers and ids; the text is in lower case by then.
static MASKS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    compile(&[
        // Any long number can be taken for one of these.
        (r"\[(?:phone|card)\]", "[number]"),
        // Where in the answer something stands says nothing about why.
        (r" at bytes? \d+\b", ""),
        (r"\b(?:https?|ftp|file|wss?)://[^\s\x22'<>]+", "[url]"),
        (r"\bwww\.[^\s\x22'<>]+", "[url]"),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "[email]"),
        (r"\x22[^\x22]*\x22", "[text]"),
        ("“[^“”]*”|„[^„“]*“|«[^«»]*»|‹[^‹›]*›", "[text]"),
        (r"(^|[\s(:,])'[^']+'($|[\s).,:;!?])", "$1[text]$2"),
        (
            r"\b\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)?\b",
            "[date]",
        ),
        (r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b", "[date]"),
        (r"\b(?:\d{1,3}\.){3}\d{1,3}\b", "[ip_address]"),
    ])
});

/// What is evened out after numbers and ids are masked.
static EVENED: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    compile(&[
        (r"\[number\] (word|character|sentence|token|place)\b", "[number] ${1}s"),
        (r" and \[number\] more$", ""),
        (r"\s+", " "),
    ])
});

fn compile(masks: &[(&str, &'static str)]) -> Vec<(Regex, &'static str)> {
    masks.iter().map(|(pattern, placeholder)| (regex(pattern), *placeholder)).collect()
}
