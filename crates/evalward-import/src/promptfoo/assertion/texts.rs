//! Assertions on the occurrence of texts.

use evalward_core::{CountRange, Rules, TextList};
use serde_json::{Map, Value, json};

use super::calls::{held, in_range};
use super::demand::{Measure, Translated};
use super::pattern::literal;
use super::read::Assertion;
use super::words::comma_separated;

/// Returns a number or a text as JavaScript writes it.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// `contains` and its kin.
pub(super) fn contains(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let kind = assertion.kind.as_str();
    let texts = match value {
        Value::Array(items) if kind.ends_with("-all") || kind.ends_with("-any") => {
            let texts: Option<Vec<String>> = items.iter().map(as_text).collect();
            texts.ok_or("its list has a value that is no text")?
        }
        Value::String(list) if kind.ends_with("-all") || kind.ends_with("-any") => {
            comma_separated(list)?
        }
        value => vec![as_text(value).ok_or("it has no text to look for")?],
    };
    if texts.is_empty() {
        return Err("it has no text to look for".to_owned());
    }
    let filled: TextList = texts.iter().filter(|text| !text.is_empty()).cloned().collect();
    // Of several that must all occur, an empty one asks for nothing.
    if filled.is_empty() || (kind.ends_with("-any") && filled.0.len() < texts.len()) {
        let what = if assertion.is_negated { "hold" } else { "fail" };
        return Err(format!("it can never {what}: every output contains an empty text"));
    }
    let texts = filled;
    let mut rules = Rules { case_sensitive: !kind.starts_with('i'), ..Rules::default() };
    let is_any = kind.ends_with("-any");
    let field = match (assertion.is_negated, is_any) {
        (false, false) => &mut rules.includes_all,
        (false, true) => &mut rules.includes_any,
        (true, true) => &mut rules.excludes_any,
        (true, false) if texts.0.len() == 1 => &mut rules.excludes_any,
        (true, false) => &mut rules.excludes_all,
    };
    *field = texts;
    Ok(Translated::rules(rules))
}

/// `equals`: a text letter by letter, anything else as JSON.
pub(super) fn equals(assertion: &Assertion, value: Value) -> Result<Translated, String> {
    let Some(text) = as_text(&value) else {
        let value = match value {
            Value::Null => return Err("it has no value".to_owned()),
            value => value,
        };
        if assertion.is_negated {
            return Err("no rule says that an output is not a certain JSON value".to_owned());
        }
        let schema = json!({"const": value});
        let rules = Rules { json_schema: Some(schema), ..Rules::default() };
        return Ok(Translated::rules(rules));
    };
    let pattern = Some(format!(r"\A{}\z", literal(&text)));
    if assertion.is_negated {
        return Ok(Translated::rules(Rules { not_regex: pattern, ..Rules::default() }));
    }
    let rules = Rules { regex: pattern, ..Rules::default() };
    Ok(Translated::measure(Measure {
        kind: "exact_match",
        keys: Map::new(),
        references: vec![text],
        as_rules: Some(Box::new(rules)),
    }))
}

/// `starts-with`, as a pattern: the rule of that name overlooks white space at the start.
pub(super) fn starts_with(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let text = value.as_str().filter(|text| !text.is_empty()).ok_or("it has no text")?;
    let pattern = Some(format!(r"\A{}", literal(text)));
    Ok(Translated::rules(if assertion.is_negated {
        Rules { not_regex: pattern, ..Rules::default() }
    } else {
        Rules { regex: pattern, ..Rules::default() }
    }))
}

/// `is-refusal`, whose phrases are others here.
pub(super) fn is_refusal(assertion: &Assertion) -> Translated {
    let rules = Rules { refusal: Some(!assertion.is_negated), ..Rules::default() };
    Translated::rules(rules)
        .but("other phrases tell a refusal; an empty output is one in promptfoo")
}

/// `word-count`: words are what white space separates.
pub(super) fn word_count(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let range = range_of(value).ok_or("its value is no count and no range of counts")?;
    Ok(held(assertion, in_range("output|split|length", range)?))
}

fn range_of(value: &Value) -> Option<CountRange> {
    let count = |value: &Value| match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match value {
        Value::Object(ends) => {
            let end = |name: &str| match ends.get(name) {
                None | Some(Value::Null) => Some(None),
                Some(value) => count(value).map(Some),
            };
            let range = CountRange { min: end("min")?, max: end("max")? };
            (range != CountRange::default()).then_some(range)
        }
        value => count(value).map(|count| CountRange { min: Some(count), max: Some(count) }),
    }
}
