//! Assertions on the tools that were called.

use evalward_core::CountRange;
use serde_json::Value;

use super::condition::{expression, quoted};
use super::demand::Translated;
use super::pattern::literal;
use super::read::Assertion;

/// What differs wherever promptfoo reads its traces.
const DIFFERENCE: &str =
    "calls are those that a response tells as its `tool_calls`, not those of a trace";

/// The names of all calls, in order.
const NAMES: &str = "tool_calls|map(attribute='name')|list";

/// `tool-call-f1`: the tools that were called, as a set, beside those that should be.
pub(super) fn tool_call_f1(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let mut tools = match value {
        Value::String(list) => list.split(',').map(|name| name.trim().to_owned()).collect(),
        value => names(value)?,
    };
    tools.sort_unstable();
    tools.dedup();
    let threshold = assertion.threshold.unwrap_or(1.0);
    if threshold <= 0.0 || threshold > 1.0 {
        return Err("every score, or none, reaches its threshold".to_owned());
    }
    let expected = tools.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    let called = "tool_calls|map(attribute='name')|unique(case_sensitive=true)";
    // F1 is twice what both have in common by the sum of their sizes.
    let sizes = format!("{called}|list|length + {}", tools.len());
    let least = if threshold < 1.0 { format!("{threshold} * ({sizes})") } else { sizes };
    let condition = format!("2 * {called}|select('in', [{expected}])|list|length >= {least}");
    let difference = "calls are those that a response tells as its `tool_calls`; promptfoo also finds calls within the text of an answer";
    Ok(held(assertion, condition).but(difference))
}

/// `trajectory:tool-used`: one tool or several, or one so many times.
pub(super) fn tool_used(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let condition = if let Value::Object(keys) = value {
        let name = keys.get("pattern").or_else(|| keys.get("name")).and_then(Value::as_str);
        let count = count_of(name.ok_or("it names no tool")?);
        let min = Some(number(keys.get("min"))?.unwrap_or(1));
        in_range(&count, CountRange { min, max: number(keys.get("max"))? })?
    } else {
        let used = |name: &String| format!("{} > 0", count_of(name));
        // Of several, all must be called; where they must not be, none may.
        let word = if assertion.is_negated { " or " } else { " and " };
        names(value)?.iter().map(used).collect::<Vec<_>>().join(word)
    };
    Ok(held(assertion, condition).but(DIFFERENCE))
}

/// `trajectory:tool-sequence`: tools in their order, with others between them or without.
pub(super) fn tool_sequence(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let (steps, mode) = match value {
        Value::Object(keys) => (keys.get("steps").unwrap_or(&Value::Null), keys.get("mode")),
        value => (value, None),
    };
    let steps: Vec<String> = names(steps)?.iter().map(|name| glob(name)).collect();
    let pattern = match mode.and_then(Value::as_str) {
        Some("exact") => format!(r"(?i)\A{}\z", steps.join(r"\n")),
        None | Some("in_order") => format!(r"(?im)^{}$", steps.join(r"$(?s:.*)^")),
        Some(mode) => return Err(format!("its mode `{mode}` is not known")),
    };
    let condition = format!("{NAMES}|join('\\n') is matching({})", quoted(&pattern));
    Ok(held(assertion, condition).but(DIFFERENCE))
}

/// `trajectory:step-count`, of calls of tools.
pub(super) fn step_count(assertion: &Assertion, value: &Value) -> Result<Translated, String> {
    let Value::Object(keys) = value else { return Err("it has no range of counts".to_owned()) };
    if keys.get("type").and_then(Value::as_str) != Some("tool") {
        return Err("of a trace's steps a response tells only the calls of tools".to_owned());
    }
    let name = keys.get("pattern").or_else(|| keys.get("name")).and_then(Value::as_str);
    let count = name.map_or_else(|| "tool_calls|length".to_owned(), count_of);
    let range = CountRange { min: number(keys.get("min"))?, max: number(keys.get("max"))? };
    Ok(held(assertion, in_range(&count, range)?).but(DIFFERENCE))
}

/// Demands a condition, or its opposite.
pub(super) fn held(assertion: &Assertion, condition: String) -> Translated {
    Translated::rules(expression(if assertion.is_negated {
        format!("not ({condition})")
    } else {
        condition
    }))
}

/// Writes that a count lies in a range.
///
/// # Errors
/// Says why every count does, or none.
pub(super) fn in_range(count: &str, range: CountRange) -> Result<String, String> {
    match (range.min.filter(|min| *min > 0), range.max) {
        (None, None) => Err("it can never fail: every count lies in its range".to_owned()),
        (Some(min), Some(max)) if min > max => {
            Err("it can never hold: no count lies in its range".to_owned())
        }
        (Some(min), Some(max)) if min == max => Ok(format!("{count} == {min}")),
        (Some(min), Some(max)) => Ok(format!("{count} >= {min} and {count} <= {max}")),
        (Some(min), None) => Ok(format!("{count} >= {min}")),
        (None, Some(max)) => Ok(format!("{count} <= {max}")),
    }
}

fn count_of(tool: &str) -> String {
    let pattern = quoted(&format!(r"(?i)\A{}\z", glob(tool)));
    format!("tool_calls|selectattr('name', 'matching', {pattern})|list|length")
}

/// Writes a name with `*` and `?` as a pattern.
fn glob(name: &str) -> String {
    literal(name).replace(r"\*", ".*").replace(r"\?", ".")
}

fn names(value: &Value) -> Result<Vec<String>, String> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::String(_) => std::slice::from_ref(value),
        _ => &[],
    };
    if items.is_empty() {
        return Err("it names no tool".to_owned());
    }
    let name = |item: &Value| item.as_str().map(str::to_owned);
    let names: Option<_> = items.iter().map(name).collect();
    names.ok_or_else(|| "it names a tool by more than its name".to_owned())
}

fn number(value: Option<&Value>) -> Result<Option<u64>, String> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_u64().map(Some).ok_or("a bound is no count".to_owned()),
    }
}
